import { useRef, useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { openDashboard } from '../open-dashboard.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Form } from './form.tsx'
import { PasskeyUnlock } from './passkey-unlock.tsx'
import { TextField } from './text-field.tsx'
import { VaultPhrase } from './vault-phrase.tsx'

interface Props {
  /** Which window this is: a popup closes when the browser asks for a passkey. */
  readonly place?: 'popup' | 'tab' | 'window'
  /** Whether the person came to use a passkey. */
  readonly byPasskey?: boolean
}

/** Opens the vault of this computer. The passphrase leaves the box with every try. */
export function UnlockForm({ place = 'window', byPasskey = false }: Props) {
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
    <Form onSubmit={unlock}>
      <VaultPhrase />
      <TextField
        label={words.passphrase}
        type="password"
        autoComplete="current-password"
        autoFocus={!byPasskey}
        ref={box}
        value={passphrase}
        onType={setPassphrase}
      />
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
      <Button look="primary" type="submit" disabled={busy} className="mt-4 w-full">
        {busy ? words.busy : words.submit}
      </Button>
      <PasskeyUnlock takesFocus={byPasskey} inPopup={place === 'popup'} />
      <ForgotLink inTab={place === 'tab'} />
    </Form>
  )
}

function ForgotLink({ inTab }: { readonly inTab: boolean }) {
  const words = MESSAGES.unlock
  return (
    <Button
      look="text"
      className="mt-2 w-full"
      onClick={() => {
        // What is typed on the way back in must not go with a popup that closes.
        if (inTab) location.hash = 'recover'
        else void openDashboard('recover')
      }}
    >
      {words.forgot}
    </Button>
  )
}
