import { useState } from 'react'
import { request } from '../background-client.ts'
import { ErrorNotice } from '../components/error-notice.tsx'
import { Notice } from '../components/notice.tsx'
import { PassphraseForm } from '../components/passphrase-form.tsx'
import { SecretKeyCard } from '../components/secret-key-card.tsx'
import { FormSkeleton } from '../components/form-skeleton.tsx'
import { UnlockForm } from '../components/unlock-form.tsx'
import { WelcomeFrame } from '../components/welcome-frame.tsx'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { WelcomeFirstKey } from './welcome-first-key.tsx'

const readStatus = () => request('status.get', {})

/** The first run: a passphrase, the Secret Key, the first key. */
export function Welcome() {
  const words = MESSAGES.welcome
  const status = useLoaded(readStatus)
  const [secretKey, setSecretKey] = useState<string | null>(null)
  const { busy, error, run } = useAction()

  const create = (passphrase: string) => {
    run(async () => {
      const created = await request('vault.create', { passphrase })
      setSecretKey(created.secretKey)
    })
  }

  if (secretKey !== null) {
    return (
      <WelcomeFrame title={MESSAGES.secretKey.title} text={MESSAGES.secretKey.text} step={2}>
        <SecretKeyCard
          secretKey={secretKey}
          onSaved={() => {
            setSecretKey(null)
          }}
        />
      </WelcomeFrame>
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
  // The vault is there before its Secret Key has arrived: this step stays until both are.
  switch (busy ? 'none' : status.value.vault) {
    case 'none':
      return (
        <WelcomeFrame title={words.title} text={words.text} step={1}>
          <h2 className="mt-6 font-bold">{words.passphraseTitle}</h2>
          <p className="text-ink2">{words.passphraseText}</p>
          <PassphraseForm busy={busy} error={error} onCreate={create} />
        </WelcomeFrame>
      )
    case 'locked':
      return (
        <WelcomeFrame title={MESSAGES.unlock.title} text={words.existsLocked}>
          <UnlockForm />
        </WelcomeFrame>
      )
    case 'damaged':
      return (
        <WelcomeFrame title={MESSAGES.damaged.title}>
          <div className="mt-3">
            <Notice tone="stop" {...MESSAGES.damaged} />
          </div>
        </WelcomeFrame>
      )
    case 'unlocked':
      return <WelcomeFirstKey />
  }
}
