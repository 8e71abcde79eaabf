import { useRef, useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { TextField } from './text-field.tsx'

/** Opens the vault of this computer. The passphrase leaves the box with every try. */
export function UnlockForm() {
  const words = MESSAGES.unlock
  const [passphrase, setPassphrase] = useState('')
  const { busy, error, run } = useAction()
  const box = useRef<HTMLInputElement>(null)

  const unlock = () => {
    if (passphrase === '') return
    run(async () => {
      setPassphrase('')
      try {
        await request('vault.unlock', { passphrase })
      } finally {
        box.current?.focus()
      }
    })
  }

  return (
    <form
      autoComplete="off"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        unlock()
      }}
    >
      <TextField
        label={words.passphrase}
        type="password"
        autoComplete="current-password"
        autoFocus
        ref={box}
        value={passphrase}
        onChange={(event) => {
          setPassphrase(event.target.value)
        }}
      />
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
      <Button look="primary" type="submit" disabled={busy} className="mt-4 w-full">
        {busy ? words.busy : words.submit}
      </Button>
    </form>
  )
}
