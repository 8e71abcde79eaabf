import type { UsageRange } from '../protocol/index.ts'
import { dayAfter, dayOf } from './usage-day.ts'

/** The days a range stands for, and the columns they are shown in. */
export interface RangeDays {
  /** Its first and its last day, UTC, both in it. */
  readonly from: string
  readonly to: string
  /** The first day of each column, in order. */
  readonly starts: readonly string[]
}

const COLUMNS = { week: 7, days: 30, year: 12 } as const

/**
 * Days are those of UTC, as budgets count them: no clock that is put forward or back makes one of 23 or
 * of 25 hours.
 * @param nowMs Unix ms; its day is the last one
 */
export function rangeDays(range: UsageRange, nowMs: number): RangeDays {
  const to = dayOf(nowMs)
  switch (range) {
    case 'week':
    case 'days': {
      const count = COLUMNS[range]
      const from = dayAfter(to, 1 - count)
      return { from, to, starts: Array.from({ length: count }, (_, at) => dayAfter(from, at)) }
    }
    case 'month': {
      const from = monthOf(to)
      const count = Number(to.slice(8))
      return { from, to, starts: Array.from({ length: count }, (_, at) => dayAfter(from, at)) }
    }
    case 'year': {
      const starts = Array.from({ length: COLUMNS.year }, (_, at) =>
        monthBefore(to, COLUMNS.year - 1 - at),
      )
      return { from: starts[0] ?? to, to, starts }
    }
  }
}

/** The first day of the month a day lies in. */
export function monthOf(day: string): string {
  return `${day.slice(0, 7)}-01`
}

/** The last day of the month a day lies in. */
export function lastDayOfMonth(day: string): string {
  return dayAfter(monthBefore(day, -1), -1)
}

/** The first day of the month `count` months before the one a day lies in. */
function monthBefore(day: string, count: number): string {
  const [year = 0, month = 0] = day.split('-').map(Number)
  return dayOf(Date.UTC(year, month - 1 - count, 1))
}
