import type { AppSummary } from '@valetkey/wallet/protocol'
import { linkTo } from '../hooks/use-route.ts'
import { MESSAGES } from '../messages.ts'
import { dollarsForPeople, moneyForPeople } from '../money.ts'
import { siteSentence } from '../sentences.ts'
import { hostOf } from '../site-address.ts'
import { momentForPeople } from '../time-left.ts'
import { AppPill } from './app-pill.tsx'
import { Tile } from './tile.tsx'

interface Props {
  readonly app: AppSummary
  readonly isCurrent: boolean
  readonly now: number
}

/** One app: its exact host, what it may do, what it spent, when it was used. */
export function AppsRow({ app, isCurrent, now }: Props) {
  const host = hostOf(app.origin)
  return (
    <li className={`border-line not-last:border-b ${isCurrent ? 'bg-sunken' : ''}`}>
      <a
        href={linkTo('apps', app.grantId)}
        aria-current={isCurrent ? 'true' : undefined}
        className="flex min-h-14 items-center gap-2.5 px-4 py-2 hover:bg-sunken"
      >
        <Tile of={host.replace(/^http:\/\//, '')} />
        <span className="min-w-0 flex-1">
          <span className="block font-medium wrap-anywhere">{host}</span>
          <span className="block text-small text-ink2 tabular-nums">{lineOf(app, now)}</span>
        </span>
        <AppPill state={app.state} />
      </a>
    </li>
  )
}

function lineOf(app: AppSummary, now: number): string {
  const words = MESSAGES.apps
  const { terms, usedNanoUsd, lastUsedAt, state } = app
  const [budget] = terms.budgets
  const parts = [
    ...(state === 'off' ? [] : [siteSentence(terms)]),
    ...(budget && state !== 'off'
      ? [`${moneyForPeople(usedNanoUsd[0] ?? 0)} ${spentOf(budget.usd)}`]
      : []),
    lastUsedAt === null ? words.neverUsed : words.lastUsed(momentForPeople(lastUsedAt, now)),
  ]
  return parts.join(' · ')
}

function spentOf(limitUsd: string): string {
  return MESSAGES.site.spent(dollarsForPeople(limitUsd), null)
}
