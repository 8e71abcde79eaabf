import { useEffect, useState } from 'react'
import { useTakenFocus } from '../hooks/use-taken-focus.ts'
import { MESSAGES } from '../messages.ts'
import type { ChangeLine } from '../terms-change.ts'
import { AppChange } from './app-change.tsx'
import { Button } from './button.tsx'

interface Props {
  readonly lines: readonly ChangeLine[]
  readonly busy: boolean
  readonly onBack: () => void
  readonly onSave: () => void
}

/** The second press of a double click on “Review” must not save what nobody has read. */
const READING_MS = 600

/** What a change means, before it counts. */
export function AppReview({ lines, busy, onBack, onSave }: Props) {
  const words = MESSAGES.apps
  const title = useTakenFocus()
  const [isReady, setReady] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => {
      setReady(true)
    }, READING_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [])
  return (
    <>
      <h3 ref={title} tabIndex={-1} className="mb-3 font-bold outline-none">
        {words.reviewTitle}
      </h3>
      <AppChange lines={lines} />
      <div className="mt-4 flex flex-wrap gap-2">
        <Button look="text" disabled={busy} onClick={onBack}>
          {words.back2form}
        </Button>
        <Button look="primary" className="flex-1" disabled={busy || !isReady} onClick={onSave}>
          {lines.some(({ wider }) => wider) ? words.saveWider : words.save}
        </Button>
      </div>
    </>
  )
}
