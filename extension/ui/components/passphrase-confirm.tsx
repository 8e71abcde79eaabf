import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { TextField } from './text-field.tsx'
import { VaultPhrase } from './vault-phrase.tsx'

interface Props {
  /** Which of the boxes of a window this is. */
  readonly label: string
  readonly submit: string
  readonly busyText: string
  /** Runs once the passphrase was right. */
  readonly onConfirmed: () => Promise<void>
}

/** Asks for the passphrase again before something leaves the vault. It leaves the box with every try. */
export function PassphraseConfirm({ label, submit, busyText, onConfirmed }: Props) {
  const words = MESSAGES.transfer
  const [passphrase, setPassphrase] = useState('')
  const { busy, error, run } = useAction()

  const confirm = () => {
    if (passphrase === '') return
    run(async () => {
      setPassphrase('')
      await request('vault.reauthenticate', { passphrase })
      await onConfirmed()
    })
  }

  return (
    <form
      autoComplete="off"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        confirm()
      }}
    >
      <VaultPhrase />
      <TextField
        label={label}
        type="password"
        autoComplete="current-password"
        value={passphrase}
        hint={words.passphraseHint}
        onChange={(event) => {
          setPassphrase(event.target.value)
        }}
      />
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
      <Button look="primary" type="submit" disabled={busy} className="mt-3">
        {busy ? busyText : submit}
      </Button>
    </form>
  )
}
