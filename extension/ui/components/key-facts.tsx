import type { ReactNode } from 'react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { moneyForPeople } from '../money.ts'
import { dateForPeople, momentForPeople } from '../time-left.ts'
import { KeyPageLink } from './key-page-link.tsx'
import { Pill } from './pill.tsx'

interface Props {
  readonly summary: KeySummary
  readonly now: number
}

/** What is known about a key, line by line. */
export function KeyFacts({ summary, now }: Props) {
  const words = MESSAGES.dashboardKeys.facts
  const { baseUrl, createdAt, lastUsedAt, spentThisMonthNanoUsd, sites, lastTest } = summary
  return (
    <dl className="grid gap-y-1.5 px-4 py-3 tabular-nums">
      {baseUrl !== null && <Fact name={words.server}>{baseUrl}</Fact>}
      <Fact name={words.added}>{dateForPeople(createdAt, now)}</Fact>
      <Fact name={words.lastUsed}>
        {lastUsedAt === null ? words.never : momentForPeople(lastUsedAt, now)}
      </Fact>
      <Fact name={words.spent}>{moneyForPeople(spentThisMonthNanoUsd)}</Fact>
      <Fact name={words.tested}>
        {lastTest ? (
          <span className="flex flex-wrap items-center gap-2">
            {momentForPeople(lastTest.at, now)}
            <Pill outcome={lastTest.outcome} />
            {lastTest.outcome === 'refused' && (
              <KeyPageLink provider={summary.provider} text={MESSAGES.keys.atProvider} />
            )}
          </span>
        ) : (
          words.notTested
        )}
      </Fact>
      <Fact name={words.sites}>
        {sites.length === 0
          ? words.noSites
          : sites.map((origin) => (
              <span key={origin} className="block">
                {new URL(origin).host}
              </span>
            ))}
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-3 max-[400px]:grid-cols-1 max-[400px]:gap-0">
      <dt className="text-ink2">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
