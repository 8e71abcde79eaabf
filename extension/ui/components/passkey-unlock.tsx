import { useState } from 'react'
import { isWalletError } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { usePasskeys } from '../hooks/use-passkeys.ts'
import { MESSAGES } from '../messages.ts'
import { openDashboard } from '../open-dashboard.ts'
import { touchPasskey } from '../passkey.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly takesFocus: boolean
  readonly inPopup: boolean
}

/** Opens the vault with a passkey, where it has one. */
export function PasskeyUnlock({ takesFocus, inPopup }: Props) {
  const words = MESSAGES.unlock
  const passkeys = usePasskeys()
  const { busy, error, run } = useAction()
  const [unsupported, setUnsupported] = useState(false)
  if (passkeys.length === 0) return null

  const unlock = () => {
    run(async () => {
      setUnsupported(false)
      const touch = await touchPasskey(passkeys)
      // A no is an answer: the person takes the passphrase, or tries again.
      if (touch === 'refused') return
      if (touch === 'unsupported') setUnsupported(true)
      else await request('vault.unlock_with_passkey', touch)
    })
  }
  return (
    <>
      <Button
        className="mt-2 w-full"
        disabled={busy}
        autoFocus={takesFocus}
        onClick={() => {
          if (inPopup) void openDashboard('unlock')
          else unlock()
        }}
      >
        {busy ? words.passkeyBusy : words.passkey}
      </Button>
      {(error !== null || unsupported) && (
        <div className="mt-3">
          {error && !isWalletError(error, 'vault.unlock_failed') ? (
            <ErrorNotice error={error} />
          ) : (
            <Notice
              tone="stop"
              {...(unsupported ? MESSAGES.security.passkeys.unsupported : words.passkeyWrong)}
            />
          )}
        </div>
      )}
    </>
  )
}
