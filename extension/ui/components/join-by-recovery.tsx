import { useState } from 'react'
import type { RecoveryKit } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useServerAddress } from '../hooks/use-server-address.ts'
import { MESSAGES } from '../messages.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { onEscapeFromEmpty } from '../on-escape.ts'
import { serverRefusal } from '../server-address.ts'
import { AccountFields } from './account-fields.tsx'
import { Button } from './button.tsx'
import { joinNotice } from './join-by-kit.tsx'
import { PassphraseForm } from './passphrase-form.tsx'
import { RecoveryKeyField } from './recovery-key-field.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

interface Props {
  readonly onDone: (kit: RecoveryKit) => void
  readonly onCancel: () => void
}

/** With the passphrase forgotten and no device at hand: the kit alone, and everything new. */
export function JoinByRecovery({ onDone, onCancel }: Props) {
  const words = DEVICE_WORDS.join
  const address = useServerAddress()
  const [accountId, setAccountId] = useState('')
  const [recoveryKey, setRecoveryKey] = useState('')
  const { busy, error, run } = useAction()
  const missing =
    serverRefusal(address.field.read) ??
    (accountId.trim() === '' ? words.missing : null) ??
    (recoveryKey.trim() === '' ? MESSAGES.recover.missing : null)

  const recover = (newPassphrase: string) => {
    run(async () => {
      const server = await address.permitted()
      if (server === null) return
      const given = { accountId: accountId.trim(), recoveryKey, newPassphrase }
      onDone((await request('sync.recover', { server, ...given })).kit)
    })
  }
  return (
    <WelcomeFrame title={words.recover.title} text={words.recover.text}>
      <div onKeyDown={onEscapeFromEmpty(onCancel)}>
        <PassphraseForm
          words={words.recover.form}
          busy={busy}
          error={error && joinNotice(error)}
          missing={missing}
          onChosen={recover}
          above={
            <>
              <AccountFields {...{ address, accountId, busy }} onAccountId={setAccountId} />
              <RecoveryKeyField
                hint={MESSAGES.recover.recoveryKeyHint}
                busy={busy}
                value={recoveryKey}
                onChange={setRecoveryKey}
              />
            </>
          }
        />
        <Button look="text" className="w-full" disabled={busy} onClick={onCancel}>
          {words.other}
        </Button>
      </div>
    </WelcomeFrame>
  )
}
