import { asWalletError } from '@valetkey/wallet/protocol'
import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useShowKit } from '../made-kit.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { CheckRow } from './check-row.tsx'
import { kitNotice } from './kit-notice.tsx'
import { Notice } from './notice.tsx'
import { PassphraseForm } from './passphrase-form.tsx'
import { RecoveryKeyField } from './recovery-key-field.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

/** The way back in for who forgot the passphrase: the recovery kit, and everything new. */
export function RecoverForm() {
  const words = MESSAGES.recover
  const show = useShowKit()
  const [recoveryKey, setRecoveryKey] = useState('')
  const [offersAlone, setOffersAlone] = useState(false)
  const [isAlone, setIsAlone] = useState(false)
  const { busy, error, run } = useAction()
  const recover = (newPassphrase: string) => {
    run(async () => {
      const how = { recoveryKey, newPassphrase, ...(isAlone && { alone: true as const }) }
      const { kit } = await request('vault.recover', how).catch((thrown: unknown) => {
        if (isOfServer(thrown)) setOffersAlone(true)
        throw thrown
      })
      show({ kit, lostPasskeys: 0, leaked: false })
    })
  }
  return (
    <WelcomeFrame title={words.title} text={words.text} takesFocus>
      <PassphraseForm
        words={words.form}
        busy={busy}
        error={error && kitNotice(error, recoveryKey)}
        missing={recoveryKey.trim() === '' ? words.missing : null}
        onChosen={recover}
        below={
          offersAlone && (
            <Notice tone="warn" message={words.alone.text}>
              <CheckRow label={words.alone.label} checked={isAlone} onChange={setIsAlone} />
            </Notice>
          )
        }
        above={
          <RecoveryKeyField
            hint={words.recoveryKeyHint}
            busy={busy}
            value={recoveryKey}
            onChange={setRecoveryKey}
          />
        }
      />
      <Button
        look="text"
        className="w-full"
        disabled={busy}
        onClick={() => {
          location.hash = ''
        }}
      >
        {words.back}
      </Button>
    </WelcomeFrame>
  )
}

/** The kit is right: the vault’s server is gone, or wants nothing of this device. */
function isOfServer(thrown: unknown): boolean {
  const { code } = asWalletError(thrown)
  return /^(?:provider|auth|protocol)\.|^sync\.rollback$/.test(code)
}
