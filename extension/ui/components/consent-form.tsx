import { useState } from 'react'
import { PLAIN_BUDGET_USD } from '@valetkey/wallet/grants'
import type { ConsentRequest, Terms } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { draftOf, readDraft } from '../consent-draft.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { askForSockets } from '../socket-permission.ts'
import { canSentences, cannotSentence, capabilitiesOf, wantsSentence } from '../sentences.ts'
import { ConsentAnswers } from './consent-answers.tsx'
import { ConsentApp } from './consent-app.tsx'
import { ConsentLink } from './consent-link.tsx'
import { ConsentSubject } from './consent-subject.tsx'
import { ConsentTerms } from './consent-terms.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

/** Whether a site may use the person's AI: who asks, on which terms, and the answer. */
export function ConsentForm({ asked }: { readonly asked: ConsentRequest }) {
  const [draft, setDraft] = useState(() => draftOf(asked))
  const [isPlain, setIsPlain] = useState(false)
  const { busy, error, run } = useAction()
  const [denied, setDenied] = useState(false)
  const reading = readDraft(asked, draft)
  const link = asked.app?.link ?? null
  const terms: Terms = link
    ? { ...reading.terms, sealed: isPlain ? 'plain' : 'required' }
    : reading.terms
  const mustBePlain = link?.canSeal === false && !isPlain
  const wanted = capabilitiesOf(terms.providers.length > 0 ? terms : asked.proposed)
  // An app none of the keys is for: there is nothing to choose before there is one.
  const hasNothing = asked.app !== null && asked.proposed.providers.length === 0

  const allow = (decision: 'allow' | 'once', given: Terms) => {
    // Within the click: the browser asks only inside the gesture.
    const permitted = askForSockets(given)
    setDenied(false)
    run(async () => {
      if (!(await permitted)) {
        setDenied(true)
        return
      }
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
          program={link?.byCode ? MESSAGES.consent.link.named(link.name) : undefined}
          wants={wantsSentence(wanted.length > 0 ? wanted : (asked.app?.capabilities ?? []))}
        >
          {asked.app && <ConsentApp app={asked.app} proposed={asked.proposed} />}
        </ConsentSubject>
        {link && !hasNothing && (
          <ConsentLink
            origin={asked.origin}
            link={link}
            isPlain={isPlain}
            onChange={(next) => {
              setIsPlain(next)
              // What a stranger could spend in the app's name is little unless the person says otherwise.
              if (next && Number(draft.amount) > Number(PLAIN_BUDGET_USD)) {
                setDraft({ ...draft, amount: PLAIN_BUDGET_USD })
              }
            }}
          />
        )}
        {!hasNothing && (
          <>
            <div className="border-t border-line p-4">
              <ConsentTerms
                choices={asked}
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
          </>
        )}
        {(error ?? denied) && (
          <div className="grid gap-2 px-4 pb-4">
            {error && <ErrorNotice error={error} />}
            {denied && <Notice tone="warn" message={MESSAGES.consent.socketsDenied} />}
          </div>
        )}
      </main>
      <ConsentAnswers
        ready={reading.kind === 'complete' && !mustBePlain}
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
