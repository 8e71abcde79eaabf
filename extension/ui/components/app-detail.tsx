import { useState } from 'react'
import { PROVIDER_IDS, type AppDetail } from '@valetkey/wallet/protocol'
import { appCan, appCannot } from '../app-sentences.ts'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { dateForPeople, timeLeft } from '../time-left.ts'
import { AppCalls } from './app-calls.tsx'
import { AppControl } from './app-control.tsx'
import { AppEdit } from './app-edit.tsx'
import { AppPill } from './app-pill.tsx'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { Section } from './section.tsx'
import { SpendMeter } from './spend-meter.tsx'
import { Ticket } from './ticket.tsx'

/** All about one app: what it may and may not do, what it did, and what can be done about it. */
export function AppDetailPanel({ app }: { readonly app: AppDetail }) {
  const words = MESSAGES.apps
  const now = useNow()
  const [edits, setEdits] = useState(false)
  const { state, terms } = app
  const hint = words.stateHints[state]
  if (edits && state !== 'off') {
    return (
      <AppEdit
        app={app}
        onDone={() => {
          setEdits(false)
        }}
      />
    )
  }
  return (
    <>
      <div className="grid gap-3 p-4 pt-2">
        <p className="flex flex-wrap items-center gap-2 text-ink2">
          <AppPill state={state} />
          {words.since(dateForPeople(app.createdAt, now))}
        </p>
        {hint !== null && <Notice tone={state === 'off' ? 'plain' : 'warn'} message={hint} />}
        {terms.lane === 'inject' && state !== 'off' && (
          <Notice tone="warn" message={words.compat} action={words.compatHint} />
        )}
        {state !== 'off' && (
          <div className="-mt-3">
            {terms.budgets.map(({ usd, window }, index) => (
              <SpendMeter
                key={window}
                usedNanoUsd={app.usedNanoUsd[index] ?? 0}
                limitUsd={usd}
                window={window}
                amongOthers
                note={index === 0 ? timeLeft(terms.expiresAt, now) : undefined}
              />
            ))}
          </div>
        )}
      </div>
      {state !== 'off' && (
        <>
          <Sentences title={words.can} sentences={appCan(terms)} />
          <Sentences title={words.cannot} sentences={appCannot(terms, now)} />
          {terms.lane === 'proxy' && (
            <div className="px-4 pb-4">
              <Button
                onClick={() => {
                  setEdits(true)
                }}
              >
                {words.edit}
              </Button>
            </div>
          )}
          <AppControl origin={app.origin} state={state} />
        </>
      )}
      <AppCalls grantId={app.grantId} now={now} />
      {app.valetKeys.length > 0 && <Tickets valetKeys={app.valetKeys} />}
    </>
  )
}

function Sentences(props: { readonly title: string; readonly sentences: readonly string[] }) {
  return (
    <Section title={props.title}>
      <ul className="grid gap-1">
        {props.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Section>
  )
}

function Tickets({ valetKeys }: Pick<AppDetail, 'valetKeys'>) {
  const words = MESSAGES.apps
  return (
    <Section title={words.tickets}>
      <p className="text-ink2">{words.ticketsHint}</p>
      {PROVIDER_IDS.map((provider) => {
        const [first, ...others] = valetKeys.filter((entry) => entry.provider === provider)
        const title = MESSAGES.ticket.titleOf(providerName(provider))
        return first && <Ticket key={provider} {...{ title, provider, first, others }} />
      })}
    </Section>
  )
}
