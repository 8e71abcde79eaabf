import { useState } from 'react'
import { fromWire } from '@valetkey/wallet/protocol'
import type { MadeKit } from '../made-kit.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { Button } from './button.tsx'
import { KitSteps } from './kit-steps.tsx'
import { ReissueKeys } from './reissue-keys.tsx'
import { ServerError } from './server-error.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

interface Props {
  readonly made: MadeKit
  readonly onDone: () => void
}

/** A kit just made; then what went wrong after it, and the keys to be made anew, where there are any. */
export function MadeKitSteps({ made, onDone }: Props) {
  const { kit, lostPasskeys, leaked, from, problem = null } = made
  const [step, setStep] = useState<'kit' | 'problem' | 'keys'>('kit')
  const afterProblem = () => {
    if (leaked) setStep('keys')
    else onDone()
  }
  if (step === 'keys') {
    const text = from === 'devices' ? { text: DEVICE_WORDS.list.reissue } : {}
    return <ReissueKeys {...text} onDone={onDone} />
  }
  if (step === 'problem' && problem) {
    const words = DEVICE_WORDS.after
    return (
      <WelcomeFrame title={words.title} text={words.text} takesFocus>
        <div className="mt-3">
          <ServerError error={fromWire(problem)} />
        </div>
        <Button look="primary" className="mt-4 w-full" onClick={afterProblem}>
          {words.done}
        </Button>
      </WelcomeFrame>
    )
  }
  const afterKit = () => {
    if (problem) setStep('problem')
    else afterProblem()
  }
  return <KitSteps kit={kit} isNew lostPasskeys={lostPasskeys} onDone={afterKit} />
}
