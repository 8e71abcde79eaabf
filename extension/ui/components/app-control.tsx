import { useState } from 'react'
import type { AppSummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { Section } from './section.tsx'

/** Pausing an app, and taking its access back. */
export function AppControl({ origin, state }: Pick<AppSummary, 'origin' | 'state'>) {
  const words = MESSAGES.apps
  const { busy, error, run } = useAction()
  const [asksOff, setAsksOff] = useState(false)
  const isPaused = state === 'paused'
  return (
    <Section title={words.control}>
      <div className="flex flex-wrap gap-2">
        {(state === 'on' || isPaused) && (
          <Button
            disabled={busy}
            onClick={() => {
              run(async () => {
                await request('site.pause', { origin, paused: !isPaused })
              })
            }}
          >
            {isPaused ? words.resume : words.pause}
          </Button>
        )}
        <Button
          disabled={busy}
          onClick={() => {
            setAsksOff(true)
          }}
        >
          <span className="text-stop">{words.off}</span>
        </Button>
      </div>
      {asksOff && (
        <InlineQuestion
          question={words.confirmOff}
          yes={words.offYes}
          no={words.offNo}
          busy={busy}
          onYes={() => {
            run(async () => {
              await request('site.switch_off', { origin })
              setAsksOff(false)
            })
          }}
          onNo={() => {
            setAsksOff(false)
          }}
        />
      )}
      {error && (
        <div className="mt-2">
          <ErrorNotice error={error} />
        </div>
      )}
    </Section>
  )
}
