import {
  formatUsd,
  parseUsd,
  type UsageBudget,
  type UsageMonth,
  type UsageTotals,
} from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { dollarsForPeople, moneyForPeople } from '../money.ts'
import { dayForPeople } from '../usage-sentences.ts'

interface Props {
  readonly month: UsageMonth
  readonly totals: UsageTotals
  readonly budgets: readonly UsageBudget[]
}

/** The three figures at the top: the month, the calls, and where it leads. */
export function UsageFigures({ month, totals, budgets }: Props) {
  const words = MESSAGES.usage.figures
  const allowed = allowedAMonth(budgets)
  const figures = [
    {
      title: words.month,
      figure: moneyForPeople(month.nanoUsd),
      hint: allowed === null ? words.noLimit : words.ofAllowed(dollarsForPeople(allowed)),
    },
    {
      title: words.calls,
      figure: totals.calls.toLocaleString('en-US'),
      hint: words.failed(totals.failed),
    },
    month.forecastNanoUsd === null
      ? { title: words.pace, figure: words.noPace, hint: words.noPaceHint }
      : {
          title: words.pace,
          figure: moneyForPeople(month.forecastNanoUsd),
          hint: words.by(dayForPeople(month.lastDay)),
        },
  ]
  return (
    <dl className="grid gap-4 p-4 md:grid-cols-3">
      {figures.map(({ title, figure, hint }) => (
        <div key={title}>
          <dt className="text-group font-bold text-ink2">{title}</dt>
          <dd className="mt-1 text-figure font-bold tracking-tight tabular-nums">{figure}</dd>
          <dd className="text-small text-ink2">{hint}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What all sites together may spend in a month, dollars; null: not every one has a limit of a month. */
function allowedAMonth(budgets: readonly UsageBudget[]): string | null {
  const limits = budgets.map(
    (entry) => entry.budgets.find(({ window }) => window === 'month')?.usd ?? null,
  )
  if (limits.length === 0 || limits.includes(null)) return null
  return formatUsd(limits.reduce((sum, usd) => sum + parseUsd(usd ?? '0'), 0))
}
