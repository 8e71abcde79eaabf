/** When an app spends far more than it usually does. */
import type { NanoUsd } from '../protocol/index.ts'

/** Days that are looked back at, and how many of them an app must have been used on. */
export const HABIT_DAYS = 14
const DAYS_NEEDED = 5
const TIMES_USUAL = 10

/**
 * What an app usually spends on a day it is used: the median of such days.
 * @param pastDays nano-USD of each of the last {@link HABIT_DAYS} days, today left out; a day without use
 * is 0 or absent
 * @returns nano-USD; null: it was used on too few days to have a habit
 */
export function usualSpend(pastDays: readonly NanoUsd[]): NanoUsd | null {
  const used = pastDays.filter((nanoUsd) => nanoUsd > 0).sort((a, b) => a - b)
  if (used.length < DAYS_NEEDED) return null
  const middle = Math.floor(used.length / 2)
  const [low = 0, high = 0] = [used[middle - 1], used[middle]]
  return used.length % 2 === 1 ? high : Math.ceil((low + high) / 2)
}

/** Whether today is far from the habit. @returns what is usual, or null where today is nothing unusual */
export function unusualSpend(todayNanoUsd: NanoUsd, pastDays: readonly NanoUsd[]): NanoUsd | null {
  const usual = usualSpend(pastDays)
  return usual !== null && todayNanoUsd >= TIMES_USUAL * usual ? usual : null
}
