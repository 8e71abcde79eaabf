import { useId, useState } from 'react'
import type { Terms } from '@valetkey/wallet/protocol'
import { browser } from '../../adapters/browser.ts'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { ErrorNotice } from './error-notice.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { Notice } from './notice.tsx'
import { PassphraseConfirm } from './passphrase-question.tsx'
import { Switch } from './switch.tsx'

interface Props {
  readonly origin: string
  readonly lane: Terms['lane']
}

type Step = 'none' | 'asking' | 'passphrase' | 'denied'

/** Compatibility mode of a site: off unless asked for, and what it gives up is said first. */
export function SiteLane({ origin, lane }: Props) {
  const words = MESSAGES.lane
  const [step, setStep] = useState<Step>('none')
  const { busy, error, run } = useAction()
  const hint = useId()
  const isOn = lane === 'inject'

  const switchOff = () => {
    run(async () => {
      await request('site.set_lane', { origin, lane: 'proxy' })
    })
  }
  const goOn = () => {
    // Within the click: the browser gives it without a question of its own.
    const permitted = browser.permissions.request({ permissions: ['webRequest'] })
    run(async () => {
      setStep((await permitted) ? 'passphrase' : 'denied')
    })
  }

  return (
    <div className="mt-3 border-t border-line pt-2">
      <div className="flex items-center justify-between gap-2">
        <span>{words.title}</span>
        <Switch
          name={words.title}
          describedBy={hint}
          checked={isOn}
          disabled={busy}
          onChange={(wanted) => {
            if (wanted) setStep('asking')
            else switchOff()
          }}
        />
      </div>
      <p id={hint} className="text-small text-ink2">
        {isOn ? words.on : words.off}
      </p>
      {step === 'asking' && !isOn && (
        <InlineQuestion
          question={words.question}
          yes={words.yes}
          no={words.no}
          busy={busy}
          onYes={goOn}
          onNo={() => {
            setStep('none')
          }}
        />
      )}
      {step === 'passphrase' && !isOn && (
        <div className="mt-2">
          <PassphraseConfirm
            look="secondary"
            hint={words.passphraseHint}
            submit={words.submit}
            busyText={words.busy}
            onConfirmed={async () => {
              await request('site.set_lane', { origin, lane: 'inject', dropsLimits: true })
              setStep('none')
            }}
          />
        </div>
      )}
      {(error ?? step === 'denied') && (
        <div className="mt-2 grid gap-2">
          {error && <ErrorNotice error={error} />}
          {step === 'denied' && <Notice tone="warn" message={words.denied} />}
        </div>
      )}
    </div>
  )
}
