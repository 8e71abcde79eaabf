import { useState } from 'react'
import type { RecoveryKit } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { KitQuizForm } from './kit-quiz-form.tsx'
import { Notice } from './notice.tsx'
import { RecoveryKitCard } from './recovery-kit-card.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

interface Props {
  readonly kit: RecoveryKit
  /** Whether another kit was in force before. */
  readonly isNew: boolean
  readonly step?: number
  /** Passkeys that were dropped with the old root key. */
  readonly lostPasskeys?: number
  /** The quiz was passed, or put off. */
  readonly onDone: () => void
}

/** A kit just made: shown, then asked about. Nothing else may come between, as it cannot be shown again. */
export function KitSteps({ kit, isNew, step, lostPasskeys = 0, onDone }: Props) {
  const words = MESSAGES.kit
  const [asks, setAsks] = useState(false)
  const { busy, error, run } = useAction()
  const place = { takesFocus: true, ...(step !== undefined && { step }) }

  if (!asks) {
    return (
      <WelcomeFrame
        title={isNew ? words.newTitle : words.title}
        text={isNew ? words.newText : words.text}
        {...place}
      >
        {lostPasskeys > 0 && (
          <div className="mt-3">
            <Notice tone="warn" {...words.lostPasskeys(lostPasskeys)} />
          </div>
        )}
        <RecoveryKitCard
          kit={kit}
          onKept={() => {
            setAsks(true)
          }}
        />
      </WelcomeFrame>
    )
  }
  return (
    <WelcomeFrame title={words.quizTitle} text={words.quizText} {...place}>
      <KitQuizForm
        kit={kit}
        busy={busy}
        error={error}
        onPassed={() => {
          run(async () => {
            await request('kit.confirm', { recoveryKey: kit.recoveryKey })
            onDone()
          })
        }}
        onBack={() => {
          setAsks(false)
        }}
        onLater={onDone}
      />
    </WelcomeFrame>
  )
}
