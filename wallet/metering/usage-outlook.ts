import type { UsageMonth } from '../protocol/index.ts'
import { dayAfter, dayOf, dayStart, type UsageDay } from './usage-day.ts'
import { lastDayOfMonth, monthOf } from './usage-range.ts'
import { totalsOf } from './usage-series.ts'

/** Over how many days before today the pace is taken, and of how many at least. */
const PACE_DAYS = 14
const PACE_DAYS_MIN = 3

const DAY_MS = 86_400_000

/** The first day whose sums the outlook needs. */
export function outlookFrom(nowMs: number): string {
  const today = dayOf(nowMs)
  const paceFrom = dayAfter(today, -PACE_DAYS)
  return monthOf(today) < paceFrom ? monthOf(today) : paceFrom
}

/**
 * What the running month cost so far, and what it comes to at this pace.
 *
 * The forecast is the month so far, and the pace for each day that is left; of today, what the pace is
 * still ahead of what today cost. The pace is the mean of a day over the 14 days before today, or over
 * those since the first call in them; days without a call count. With less than three such days there is
 * no forecast.
 * @param sums at least those from `outlookFrom` on
 */
export function monthOutlook(sums: readonly UsageDay[], nowMs: number): UsageMonth {
  const today = dayOf(nowMs)
  const lastDay = lastDayOfMonth(today)
  const cost = (from: string, to: string): number =>
    totalsOf(sums.filter(({ day }) => day >= from && day <= to)).nanoUsd
  const nanoUsd = cost(monthOf(today), today)
  const pace = paceBefore(sums, today)
  if (pace === null) return { nanoUsd, forecastNanoUsd: null, lastDay }
  const daysLeft = (dayStart(lastDay) - dayStart(today)) / DAY_MS
  const restOfToday = Math.max(0, pace - cost(today, today))
  return { nanoUsd, forecastNanoUsd: Math.ceil(nanoUsd + restOfToday + pace * daysLeft), lastDay }
}

/** Nano-USD a day; null: too few days. */
function paceBefore(sums: readonly UsageDay[], today: string): number | null {
  const from = dayAfter(today, -PACE_DAYS)
  const before = sums.filter(({ day }) => day >= from && day < today)
  const [first] = before.map(({ day }) => day).sort()
  if (first === undefined) return null
  const days = (dayStart(today) - dayStart(first)) / DAY_MS
  return days < PACE_DAYS_MIN ? null : totalsOf(before).nanoUsd / days
}
