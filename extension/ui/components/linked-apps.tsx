import { useState } from 'react'
import type { LinkedApp } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { canSentences, siteSentence } from '../sentences.ts'
import { hostOf } from '../site-address.ts'
import { AppPill } from './app-pill.tsx'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { Section } from './section.tsx'
import { SpendMeter } from './spend-meter.tsx'

const readLinked = async () => (await request('linked.list', {})).apps

/** Apps whose servers call through the relay: what each may do, what it spent, and an end to it. */
export function LinkedApps() {
  const loaded = useLoaded(readLinked)
  if (loaded.state === 'failed') return <ErrorNotice error={loaded.error} retry={loaded.retry} />
  // Most people have none: nothing stands there for them.
  if (loaded.state === 'loading' || loaded.value.length === 0) return null
  return (
    <div className="mt-4 max-w-180 overflow-hidden rounded-window bg-paper shadow-[0_0_0_1px_var(--line)]">
      <Section title={MESSAGES.apps.linked.title}>
        <p className="text-ink2">{MESSAGES.apps.linked.text}</p>
        <ul className="mt-3 grid gap-4">
          {loaded.value.map((app) => (
            <LinkedRow key={app.grantId} app={app} />
          ))}
        </ul>
      </Section>
    </div>
  )
}

function LinkedRow({ app }: { readonly app: LinkedApp }) {
  const words = MESSAGES.apps.linked
  const { busy, error, run } = useAction()
  const [asking, setAsking] = useState(false)
  const now = useNow()
  const { grantId, name, origin, server, terms, usedNanoUsd } = app
  const who = origin === null ? words.program(name) : hostOf(origin)
  const through = hostOf(server)
  const paused = app.status === 'paused'
  const isOver = terms.expiresAt <= now
  return (
    <li className="border-t border-line pt-3 first:border-t-0 first:pt-0">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <p className="font-medium wrap-anywhere">{who}</p>
          <p className="text-small text-ink2 wrap-anywhere">
            {origin === null ? words.byCode(through) : words.by(name, through)} ·{' '}
            {siteSentence(terms)}
          </p>
        </div>
        <AppPill state={isOver ? 'expired' : paused ? 'paused' : 'on'} />
      </div>
      {terms.budgets.map(({ usd, window }, index) => (
        <div key={window} className="mt-2">
          <SpendMeter
            usedNanoUsd={usedNanoUsd[index] ?? 0}
            heldNanoUsd={0}
            limitUsd={usd}
            window={window}
            amongOthers
          />
        </div>
      ))}
      <p className={`mt-2 text-small ${terms.sealed === 'plain' ? 'text-warn' : 'text-ink2'}`}>
        {terms.sealed === 'plain' ? words.plain(through) : words.sealed(through)}{' '}
        {canSentences(terms).slice(1).join(' ')}
      </p>
      {asking ? (
        <InlineQuestion
          question={words.revokeQuestion(who)}
          yes={words.revokeYes}
          no={words.keep}
          busy={busy}
          onYes={() => {
            run(async () => {
              await request('linked.revoke', { grantId })
            })
          }}
          onNo={() => {
            setAsking(false)
          }}
        />
      ) : (
        <div className="mt-2 flex gap-2">
          <Button
            small
            look="paper"
            disabled={busy}
            onClick={() => {
              run(async () => {
                await request('linked.pause', { grantId, paused: !paused })
              })
            }}
          >
            {paused ? words.resume : words.pause}
          </Button>
          <Button
            small
            look="text"
            disabled={busy}
            onClick={() => {
              setAsking(true)
            }}
          >
            {words.revoke}
          </Button>
        </div>
      )}
      {error && (
        <div className="mt-2">
          <ErrorNotice error={error} />
        </div>
      )}
    </li>
  )
}
