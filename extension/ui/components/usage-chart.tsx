import { useState } from 'react'
import type { UsageGrouping, UsageRange, UsageSeries } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { moneyForPeople } from '../money.ts'
import { ChoiceBar } from './choice-bar.tsx'
import { UsageBars } from './usage-bars.tsx'
import { UsageLegend } from './usage-legend.tsx'
import { UsageReadout } from './usage-readout.tsx'
import { UsageTwin } from './usage-twin.tsx'

interface Props {
  readonly range: UsageRange
  readonly by: UsageGrouping
  readonly series: UsageSeries
  readonly chosenBy: UsageGrouping
  readonly onBy: (by: UsageGrouping) => void
}

const GROUPINGS = (['app', 'provider', 'model'] as const).map((value) => ({
  value,
  label: MESSAGES.usage.groupings[value],
}))

/** Spend over time as columns, with what each part is, and the same as a table. */
export function UsageChart({ range, by, series, chosenBy, onBy }: Props) {
  const words = MESSAGES.usage
  const [shown, setShown] = useState<string | null>(null)
  const { estimatedNanoUsd } = series.totals
  const bucket = series.buckets.find(({ start }) => start === shown)
  return (
    <section
      aria-label={words.chart.title}
      className="border-t border-line p-4"
      onKeyDown={(event) => {
        if (event.key === 'Escape') setShown(null)
      }}
    >
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-group font-bold text-ink2">{words.chart.title}</h2>
        <ChoiceBar label={words.by} value={chosenBy} choices={GROUPINGS} onChange={onBy} />
      </div>
      {series.totals.calls === 0 ? (
        <p className="py-12 text-center text-ink2">{words.emptyRange}</p>
      ) : (
        <>
          <UsageBars range={range} series={series} shown={shown} onShow={setShown} />
          <UsageReadout range={range} by={by} series={series} bucket={bucket} />
          <UsageLegend groups={series.groups} by={by} />
          <UsageTwin range={range} by={by} series={series} />
        </>
      )}
      <p className="mt-3 text-small text-ink2">
        {words.chart.days}
        {estimatedNanoUsd > 0 && ` ${words.chart.estimated(moneyForPeople(estimatedNanoUsd))}`}
      </p>
    </section>
  )
}
