import { useCallback, useState } from 'react'
import type { UsageGrouping, UsageRange } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { ChoiceBar } from '../components/choice-bar.tsx'
import { ErrorNotice } from '../components/error-notice.tsx'
import { UsageReport } from '../components/usage-report.tsx'
import { UsageSkeleton } from '../components/usage-skeleton.tsx'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'

const RANGES = (['week', 'days', 'month', 'year'] as const).map((value) => ({
  value,
  label: MESSAGES.usage.ranges[value],
}))

/** What was used and what it cost: in figures, over time, and call by call. */
export function UsageSection() {
  const words = MESSAGES.usage
  const [range, setRange] = useState<UsageRange>('days')
  const [by, setBy] = useState<UsageGrouping>('app')
  const read = useCallback(
    async () => ({ range, by, summary: await request('usage.summary_get', { range, by }) }),
    [range, by],
  )
  const loaded = useLoaded(read)
  return (
    <>
      <div className="flex max-w-240 flex-wrap items-center justify-between gap-3">
        <h1 className="text-question font-bold tracking-tight">{words.title}</h1>
        <ChoiceBar label={words.range} value={range} choices={RANGES} onChange={setRange} />
      </div>
      {loaded.state === 'loading' && <UsageSkeleton />}
      {loaded.state === 'failed' && (
        <div className="mt-4 max-w-240">
          <ErrorNotice error={loaded.error} retry={loaded.retry} />
        </div>
      )}
      {loaded.state === 'ready' && <UsageReport {...loaded.value} chosenBy={by} onBy={setBy} />}
    </>
  )
}
