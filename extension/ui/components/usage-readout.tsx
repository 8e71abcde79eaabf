import type { UsageGrouping, UsageRange, UsageSeries } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { moneyForPeople } from '../money.ts'
import { bucketSentence, groupName } from '../usage-sentences.ts'

interface Props {
  readonly range: UsageRange
  readonly by: UsageGrouping
  readonly series: UsageSeries
  /** The column that is pointed at or in focus; undefined: none, and the whole time is told. */
  readonly bucket: UsageSeries['buckets'][number] | undefined
}

/** What one column holds, in words. A screen reader hears it from the column itself. */
export function UsageReadout({ range, by, series, bucket }: Props) {
  const words = MESSAGES.usage
  const parts = series.groups.flatMap((group, index) => {
    const nanoUsd = bucket?.nanoUsd[index] ?? 0
    return nanoUsd > 0 ? [`${groupName(group, by)} ${moneyForPeople(nanoUsd)}`] : []
  })
  const { nanoUsd, calls } = series.totals
  const whole = `${words.ranges[range]}: ${moneyForPeople(nanoUsd)}, ${words.calls(calls)}`
  return (
    <p aria-hidden="true" className="mt-1 min-h-10 text-small text-ink2">
      <span className="font-medium text-ink">{bucket ? bucketSentence(bucket, range) : whole}</span>
      {parts.length > 0 && <span className="block">{parts.join(' · ')}</span>}
    </p>
  )
}
