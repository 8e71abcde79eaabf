import { useState } from 'react'
import type { ConsentRequest, Terms } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { draftOf, readDraft } from '../consent-draft.ts'
import { useAction } from '../hooks/use-action.ts'
import { canSentences, cannotSentence, wantsSentence } from '../sentences.ts'
import { ConsentAnswers } from './consent-answers.tsx'
import { ConsentSubject } from './consent-subject.tsx'
import { ConsentTerms } from './consent-terms.tsx'
import { ErrorNotice } from './error-notice.tsx'

/** Whether a site may use the person's AI: who asks, on which terms, and the answer. */
export function ConsentForm({ asked }: { readonly asked: ConsentRequest }) {
  const [draft, setDraft] = useState(() => draftOf(asked))
  const { busy, error, run } = useAction()
  const reading = readDraft(asked, draft)
  const { terms } = reading

  const allow = (decision: 'allow' | 'once', given: Terms) => {
    run(async () => {
      await request('consent.decide', { id: asked.id, decision, terms: given })
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
          wants={wantsSentence(terms.providers.length > 0 ? terms : asked.proposed)}
        />
        <div className="border-t border-line p-4">
          <ConsentTerms
            request={asked}
            draft={draft}
            onChange={(change) => {
              setDraft({ ...draft, ...change })
            }}
          />
          <p role="status" className="text-small text-warn not-empty:mt-2">
            {reading.kind === 'incomplete' && reading.missing}
          </p>
        </div>
        <p className="border-t border-line p-4 text-ink2">
          {[...canSentences(terms), cannotSentence(terms)].join(' ')}
        </p>
        {error && (
          <div className="px-4 pb-4">
            <ErrorNotice error={error} />
          </div>
        )}
      </main>
      <ConsentAnswers
        ready={reading.kind === 'complete'}
        busy={busy}
        onDeny={deny}
        onOnce={() => {
          allow('once', terms)
        }}
        onAllow={() => {
          allow('allow', terms)
        }}
      />
    </>
  )
}
