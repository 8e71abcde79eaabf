import { useRef, useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { TextField } from './text-field.tsx'
import { VaultPhrase } from './vault-phrase.tsx'

interface Props {
  readonly hint: string
  readonly submit: string
  /** What the passphrase was asked for. */
  readonly onDone: () => Promise<void>
}

/** Asks for the passphrase although the vault is open, before what an open vault alone does not give away. */
export function ReauthForm({ hint, submit, onDone }: Props) {
  const words = MESSAGES.dashboardKeys.secret
  const [passphrase, setPassphrase] = useState('')
  const { busy, error, run } = useAction()
  const box = useRef<HTMLInputElement>(null)

  return (
    <form
      autoComplete="off"
      noValidate
      className="appear"
      onSubmit={(event) => {
        event.preventDefault()
        if (passphrase === '') return
        run(async () => {
          setPassphrase('')
          try {
            await request('vault.reauthenticate', { passphrase })
            await onDone()
          } finally {
            box.current?.focus()
          }
        })
      }}
    >
      <VaultPhrase />
      <TextField
        label={words.passphrase}
        type="password"
        autoComplete="current-password"
        autoFocus
        ref={box}
        value={passphrase}
        hint={hint}
        onChange={(event) => {
          setPassphrase(event.target.value)
        }}
      />
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
      <Button type="submit" className="mt-3" disabled={busy}>
        {busy ? words.confirmBusy : submit}
      </Button>
    </form>
  )
}
