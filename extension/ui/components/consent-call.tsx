import type { ConsentRequest } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { dollarsForPeople } from '../money.ts'
import { providerName } from '../provider-facts.ts'
import { ConsentAnswers } from './consent-answers.tsx'
import { ConsentSubject } from './consent-subject.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly asked: ConsentRequest
  readonly call: NonNullable<ConsentRequest['call']>
}

/** Whether one call of a site that is on already may be made. */
export function ConsentCall({ asked, call }: Props) {
  const words = MESSAGES.consent
  const { busy, error, run } = useAction()

  const allow = () => {
    run(async () => {
      await request('consent.decide', { id: asked.id, decision: 'once', terms: asked.proposed })
      window.close()
    })
  }
  const deny = () => {
    run(async () => {
      await request('consent.decide', { id: asked.id, decision: 'deny' })
      window.close()
    })
  }

  return (
    <>
      <main className="flex-1">
        <ConsentSubject
          origin={asked.origin}
          wants={words.wantsCall(providerName(call.provider), call.model)}
        />
        <div className="border-t border-line p-4">
          {call.boundUsd === null ? (
            <Notice tone="warn" message={words.callUnbound} action={words.callScope} />
          ) : (
            <Notice
              tone="plain"
              message={words.callBound(dollarsForPeople(call.boundUsd))}
              action={words.callScope}
            />
          )}
        </div>
        {error && (
          <div className="px-4 pb-4">
            <ErrorNotice error={error} />
          </div>
        )}
      </main>
      <ConsentAnswers ready busy={busy} onDeny={deny} onAllow={allow} />
    </>
  )
}
