import type { UsageGrouping, UsageRange, UsageSummary } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { UsageBudgets } from './usage-budgets.tsx'
import { UsageCalls } from './usage-calls.tsx'
import { UsageChanges } from './usage-changes.tsx'
import { UsageChart } from './usage-chart.tsx'
import { UsageFigures } from './usage-figures.tsx'
import { UsageKeeping } from './usage-keeping.tsx'
import { WideCard } from './wide-card.tsx'

interface Props {
  readonly range: UsageRange
  /** What the summary goes by; `chosenBy` is ahead of it while the next one is read. */
  readonly by: UsageGrouping
  readonly summary: UsageSummary
  readonly chosenBy: UsageGrouping
  readonly onBy: (by: UsageGrouping) => void
}

/** All there is about usage, once it is read. */
export function UsageReport({ range, by, summary, chosenBy, onBy }: Props) {
  const words = MESSAGES.usage
  const { series, month, unused, budgets, choices, from, to } = summary
  return (
    <>
      <WideCard>
        <UsageFigures month={month} totals={series.totals} budgets={budgets} />
        {unused ? (
          <div className="border-t border-line px-4 py-12 text-center">
            <p className="font-bold">{words.empty.title}</p>
            <p className="mx-auto mt-1 max-w-100 text-ink2">{words.empty.text}</p>
          </div>
        ) : (
          <UsageChart range={range} by={by} series={series} chosenBy={chosenBy} onBy={onBy} />
        )}
      </WideCard>
      <div className="grid max-w-240 gap-x-4 md:grid-cols-2">
        <WideCard>
          <UsageChanges />
        </WideCard>
        <WideCard>
          <UsageBudgets budgets={budgets} />
        </WideCard>
      </div>
      {!unused && <UsageCalls choices={choices} from={from} to={to} />}
      <WideCard>
        <UsageKeeping />
      </WideCard>
    </>
  )
}
