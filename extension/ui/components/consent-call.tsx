import { useState } from 'react'
import { parseUsd, type ConsentRequest } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { dollarsForPeople, moneyAtMost, preciseMoney } from '../money.ts'
import { providerName } from '../provider-facts.ts'
import { canRaise, offeredAskAbove, readRaise } from '../raise.ts'
import { Button } from './button.tsx'
import { ConsentAnswers } from './consent-answers.tsx'
import { ConsentRaise } from './consent-raise.tsx'
import { ConsentSubject } from './consent-subject.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

type Call = NonNullable<ConsentRequest['call']>
interface Props {
  readonly asked: ConsentRequest
  readonly call: Call
}

/** Whether one call of a site that is on already may be made. */
export function ConsentCall({ asked, call }: Props) {
  const words = MESSAGES.consent
  const { busy, error, run } = useAction()
  /** What is typed under “ask me less often”; null while that is not looked at. */
  const [raise, setRaise] = useState<string | null>(null)
  const raised = raise !== null && canRaise(call) ? readRaise(raise, call.boundUsd) : null

  const answer = (work: () => Promise<object>) => {
    run(async () => {
      await work()
      window.close()
    })
  }
  const allow = () => {
    const { id, proposed } = asked
    answer(() =>
      raised === null
        ? request('consent.decide', { id, decision: 'once', terms: proposed })
        : request('consent.decide', { id, decision: 'raise', askAbove: raised }),
    )
  }

  return (
    <>
      <main className="flex-1">
        <ConsentSubject
          origin={asked.origin}
          wants={words.wantsCall(providerName(call.provider), call.model)}
        />
        <div className="grid gap-3 border-t border-line p-4">
          <Notice
            tone={call.boundUsd === null ? 'warn' : 'plain'}
            message={
              call.boundUsd === null
                ? words.callUnbound
                : words.callBound(moneyAtMost(call.boundUsd))
            }
            action={whyOf(asked, call)}
          />
          {call.expectedUsd !== null && (
            <p className="text-ink2">
              {words.callExpected(preciseMoney(parseUsd(call.expectedUsd)))}
            </p>
          )}
          {raise === null && <p className="text-ink2">{words.callScope}</p>}
          {canRaise(call) &&
            (raise === null ? (
              <Button
                look="text"
                small
                className="-ml-3 justify-self-start"
                onClick={() => {
                  setRaise(offeredAskAbove(call.boundUsd))
                }}
              >
                {words.raise}
              </Button>
            ) : (
              <ConsentRaise
                call={call}
                now={asked.proposed.askAbove}
                amount={raise}
                onType={setRaise}
                onBack={() => {
                  setRaise(null)
                }}
              />
            ))}
        </div>
        {error && (
          <div className="px-4 pb-4">
            <ErrorNotice error={error} />
          </div>
        )}
      </main>
      <ConsentAnswers
        ready={raise === null || raised !== null}
        busy={busy}
        allow={raised === null ? words.callOnce : words.raiseYes(dollarsForPeople(raised))}
        onDeny={() => {
          answer(() => request('consent.decide', { id: asked.id, decision: 'deny' }))
        }}
        onAllow={allow}
      />
    </>
  )
}

function whyOf({ proposed }: ConsentRequest, { why }: Call): string {
  const words = MESSAGES.consent.callWhy
  return why === 'above' ? words.above(dollarsForPeople(proposed.askAbove ?? '0')) : words[why]
}
