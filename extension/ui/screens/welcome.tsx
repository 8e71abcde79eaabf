import { useState } from 'react'
import type { RecoveryKit } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { ErrorNotice } from '../components/error-notice.tsx'
import { KitSteps } from '../components/kit-steps.tsx'
import { Button } from '../components/button.tsx'
import { PassphraseForm } from '../components/passphrase-form.tsx'
import { FormSkeleton } from '../components/form-skeleton.tsx'
import { RestoreForm } from '../components/restore-form.tsx'
import { UnlockForm } from '../components/unlock-form.tsx'
import { WelcomeFrame } from '../components/welcome-frame.tsx'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { Recovery } from './recovery.tsx'
import { WelcomeFirstKey } from './welcome-first-key.tsx'

const readStatus = () => request('status.get', {})

/** The first run: a passphrase, the recovery kit, the first key. */
export function Welcome() {
  const words = MESSAGES.welcome
  const status = useLoaded(readStatus)
  const [kit, setKit] = useState<{ kit: RecoveryKit; isNew: boolean } | null>(null)
  const [restores, setRestores] = useState<'no' | 'yes' | 'left'>('no')
  const { busy, error, run } = useAction()

  const create = (passphrase: string) => {
    run(async () => {
      const created = await request('vault.create', { passphrase })
      setKit({ kit: created.kit, isNew: false })
    })
  }

  if (kit !== null) {
    return (
      <KitSteps
        {...kit}
        {...(!kit.isNew && { step: 2 })}
        onDone={() => {
          setKit(null)
        }}
      />
    )
  }
  if (status.state === 'loading') {
    return (
      <WelcomeFrame title={words.title} text={words.text} step={1}>
        <div className="mt-3" aria-busy="true">
          <FormSkeleton boxes={3} />
        </div>
      </WelcomeFrame>
    )
  }
  if (status.state === 'failed') {
    return (
      <WelcomeFrame title={words.title}>
        <div className="mt-3">
          <ErrorNotice error={status.error} retry={status.retry} />
        </div>
      </WelcomeFrame>
    )
  }
  if (restores === 'yes') {
    // The vault is there before its kit has arrived: this stays until it says that both are.
    return (
      <WelcomeFrame
        title={MESSAGES.transfer.restoreTitle}
        text={MESSAGES.transfer.restoreText}
        takesFocus
      >
        <RestoreForm
          onDone={(made) => {
            setRestores('no')
            if (made) setKit({ kit: made, isNew: true })
          }}
          onCancel={() => {
            setRestores('left')
          }}
        />
      </WelcomeFrame>
    )
  }
  // The vault is there before its kit has arrived: this step stays until both are.
  switch (busy ? 'none' : status.value.vault) {
    case 'none':
      return (
        <WelcomeFrame title={words.title} text={words.text} step={1}>
          <h2 className="mt-6 font-bold">{words.passphraseTitle}</h2>
          <p className="text-ink2">{words.passphraseText}</p>
          <PassphraseForm words={words.form} busy={busy} error={error} onChosen={create} />
          <Button
            look="text"
            className="mt-2 w-full"
            disabled={busy}
            autoFocus={restores === 'left'}
            onClick={() => {
              setRestores('yes')
            }}
          >
            {MESSAGES.transfer.restoreOffer}
          </Button>
        </WelcomeFrame>
      )
    case 'locked':
      return (
        <WelcomeFrame title={MESSAGES.unlock.title} text={words.existsLocked}>
          <UnlockForm />
        </WelcomeFrame>
      )
    case 'damaged':
      return <Recovery />
    case 'unlocked':
      return <WelcomeFirstKey />
  }
}
