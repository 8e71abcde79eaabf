import { useState } from 'react'
import type { RecoveryKit, UiResult } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { ErrorNotice } from '../components/error-notice.tsx'
import { KitSteps } from '../components/kit-steps.tsx'
import { Join, type JoinWay } from '../components/join.tsx'
import { Joined } from '../components/joined.tsx'
import { FormSkeleton } from '../components/form-skeleton.tsx'
import { RestoreForm } from '../components/restore-form.tsx'
import { UnlockForm } from '../components/unlock-form.tsx'
import { WelcomeFrame } from '../components/welcome-frame.tsx'
import { WelcomeStart } from '../components/welcome-start.tsx'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { Recovery } from './recovery.tsx'
import { WelcomeFirstKey } from './welcome-first-key.tsx'

const readStatus = async () => {
  const status = await request('status.get', {})
  const isPairing = status.vault === 'none' && isUnderWay((await request('pairing.get', {})).step)
  return { ...status, isPairing }
}

function isUnderWay(step: UiResult<'pairing.get'>['step']): boolean {
  return step === 'waiting' || step === 'words' || step === 'confirmed'
}

/** The first run: a passphrase, the recovery kit, the first key. */
export function Welcome() {
  const words = MESSAGES.welcome
  const status = useLoaded(readStatus)
  const [kit, setKit] = useState<{ kit: RecoveryKit; isNew: boolean } | null>(null)
  const [restores, setRestores] = useState<'no' | 'yes' | 'left'>('no')
  const [joins, setJoins] = useState<'no' | 'yes' | 'resumed' | 'left' | JoinWay>('no')
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
  if (joins === 'no' && status.value.isPairing) setJoins('resumed')
  switch (joins) {
    case 'yes':
    case 'resumed':
      // The vault is there before the words have gone: this stays until it says that all is done.
      return (
        <Join
          isPairing={joins === 'resumed'}
          onDone={(way, made) => {
            if (made) setKit({ kit: made, isNew: true })
            setJoins(way)
          }}
          onCancel={() => {
            setJoins('left')
          }}
        />
      )
    case 'pair':
    case 'kit':
    case 'recover':
      return <Joined by={joins} />
    case 'no':
    case 'left':
      break
  }
  // The vault is there before its kit has arrived: this step stays until both are.
  switch (busy ? 'none' : status.value.vault) {
    case 'none':
      return (
        <WelcomeStart
          {...{ busy, error }}
          cameFrom={restores === 'left' ? 'restore' : joins === 'left' ? 'join' : null}
          onChosen={create}
          onRestore={() => {
            setRestores('yes')
          }}
          onJoin={() => {
            setJoins('yes')
          }}
        />
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
