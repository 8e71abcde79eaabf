import { useState, type ReactNode } from 'react'
import { useAction } from '../hooks/use-action.ts'
import { Button } from './button.tsx'
import { CurrentPassphrase } from './current-passphrase.tsx'
import { ErrorNotice } from './error-notice.tsx'

interface Props {
  readonly submit: string
  readonly busyText: string
  /** Boxes above the passphrase, and a choice below. */
  readonly above?: ReactNode
  readonly below?: ReactNode
  /** What the passphrase was asked for. The box is empty again before it begins. */
  readonly onAnswer: (passphrase: string) => Promise<void>
}

/** Asks for the passphrase, for what an open vault alone does not give. */
export function PassphraseQuestion({ submit, busyText, above, below, onAnswer }: Props) {
  const [passphrase, setPassphrase] = useState('')
  const { busy, error, run } = useAction()
  return (
    <form
      autoComplete="off"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (passphrase === '') return
        run(async () => {
          setPassphrase('')
          await onAnswer(passphrase)
        })
      }}
    >
      {above}
      <CurrentPassphrase
        value={passphrase}
        onChange={setPassphrase}
        busy={busy}
        takesFocus={above === undefined}
      />
      {below}
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
      <Button look="primary" type="submit" className="mt-4" disabled={busy}>
        {busy ? busyText : submit}
      </Button>
    </form>
  )
}
