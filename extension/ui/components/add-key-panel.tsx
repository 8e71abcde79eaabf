import { useState } from 'react'
import { MESSAGES } from '../messages.ts'
import type { SavedKey } from '../hooks/use-new-key.ts'
import { AddKeyForm } from './add-key-form.tsx'
import { Button } from './button.tsx'
import { KeyTestNotice } from './key-test-notice.tsx'

interface Props {
  /** Leaves the panel, before or after saving; without it there is nowhere else to go. */
  readonly onDone?: () => void
  readonly onSaved?: () => void
  /** What was put beside the form, with a key in it: for the first key alone. */
  readonly given?: string
}

/** Adding a key from the empty form to what its provider said about it. */
export function AddKeyPanel({ onDone, onSaved, given }: Props) {
  const [saved, setSaved] = useState<SavedKey | null>(null)
  const [isFirst, setIsFirst] = useState(true)
  if (!saved) {
    return (
      <>
        <AddKeyForm
          takesFocus={onDone !== undefined}
          given={isFirst ? given : undefined}
          onSaved={(key) => {
            setSaved(key)
            setIsFirst(false)
            onSaved?.()
          }}
        />
        {onDone && (
          <Button look="text" className="mt-2 w-full" onClick={onDone}>
            {MESSAGES.back}
          </Button>
        )}
      </>
    )
  }
  return (
    <>
      <KeyTestNotice provider={saved.provider} outcome={saved.outcome} />
      <div className="mt-3 flex flex-wrap gap-2">
        {onDone && (
          <Button look="primary" onClick={onDone}>
            {MESSAGES.addKey.done}
          </Button>
        )}
        <Button
          onClick={() => {
            setSaved(null)
          }}
        >
          {MESSAGES.addKey.another}
        </Button>
      </div>
    </>
  )
}
