/** Spend over time, by app, provider or model: what the chart and its table show. */
import type { UsageGroup, UsageGrouping, UsageSeries, UsageTotals } from '../protocol/index.ts'
import { failedCalls, type UsageDay } from './usage-day.ts'
import type { RangeDays } from './usage-range.ts'

/** How many parts a column has before the rest are one. */
const SHOWN_GROUPS = 5

/** The name of an app: a host, null where it is not known any more. */
export type AppOf = (grantId: UsageDay['grantId']) => string | null

/**
 * @param sums of the days of the range; others are left out
 * @param appOf several grants of one app have one name, and are one part
 */
export function usageSeries(
  sums: readonly UsageDay[],
  range: RangeDays,
  { by, appOf }: { readonly by: UsageGrouping; readonly appOf: AppOf },
): UsageSeries {
  const inRange = sums.filter(({ day }) => day >= range.from && day <= range.to)
  const named = new Map<string | null, UsageDay[]>()
  for (const sum of inRange) {
    const name = nameOf(sum, by, appOf)
    const members = named.get(name)
    if (members) members.push(sum)
    else named.set(name, [sum])
  }
  const ranked = [...named]
    .map(([name, members]) => ({ name, members, totals: totalsOf(members) }))
    .sort((a, b) => b.totals.nanoUsd - a.totals.nanoUsd || b.totals.calls - a.totals.calls)
  const shown = ranked.length > SHOWN_GROUPS + 1 ? ranked.slice(0, SHOWN_GROUPS) : ranked
  const rest = ranked.slice(shown.length).flatMap(({ members }) => members)
  const groups: UsageGroup[] = shown.map(({ name, totals }) => ({ kind: 'named', name, ...totals }))
  const parts = shown.map(({ members }) => members)
  if (rest.length > 0) {
    groups.push({ kind: 'other', name: null, ...totalsOf(rest) })
    parts.push(rest)
  }
  return { groups, buckets: bucketsOf(range.starts, parts), totals: totalsOf(inRange) }
}

/** What many sums come to. */
export function totalsOf(sums: readonly UsageDay[]): UsageTotals {
  const totals = { nanoUsd: 0, estimatedNanoUsd: 0, calls: 0, failed: 0, tokensIn: 0, tokensOut: 0 }
  for (const sum of sums) {
    const { input, cachedInput, cacheWriteInput, output } = sum.tokens
    totals.nanoUsd += sum.nanoUsd
    totals.estimatedNanoUsd += sum.estimatedNanoUsd
    totals.calls += sum.calls
    totals.failed += failedCalls(sum)
    totals.tokensIn += input + cachedInput + cacheWriteInput
    totals.tokensOut += output
  }
  return totals
}

function nameOf(sum: UsageDay, by: UsageGrouping, appOf: AppOf): string | null {
  switch (by) {
    case 'app':
      return appOf(sum.grantId)
    case 'provider':
      return sum.provider
    case 'model':
      return sum.model === '' ? null : sum.model
  }
}

function bucketsOf(
  starts: readonly string[],
  parts: readonly (readonly UsageDay[])[],
): UsageSeries['buckets'] {
  const buckets = starts.map((start) => ({ start, calls: 0, nanoUsd: parts.map(() => 0) }))
  for (const [part, members] of parts.entries()) {
    for (const sum of members) {
      const bucket = buckets.findLast(({ start }) => start <= sum.day)
      if (!bucket) continue
      bucket.calls += sum.calls
      bucket.nanoUsd[part] = (bucket.nanoUsd[part] ?? 0) + sum.nanoUsd
    }
  }
  return buckets
}
