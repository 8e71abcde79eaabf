import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useShowKit } from '../made-kit.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { kitNotice } from './kit-notice.tsx'
import { PassphraseForm } from './passphrase-form.tsx'
import { RecoveryKeyField } from './recovery-key-field.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

/** The way back in for who forgot the passphrase: the recovery kit, and everything new. */
export function RecoverForm() {
  const words = MESSAGES.recover
  const show = useShowKit()
  const [recoveryKey, setRecoveryKey] = useState('')
  const { busy, error, run } = useAction()
  const recover = (newPassphrase: string) => {
    run(async () => {
      const { kit } = await request('vault.recover', { recoveryKey, newPassphrase })
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
