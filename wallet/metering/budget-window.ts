import { BUDGET_WINDOWS, type BudgetWindow } from '../protocol/index.ts'

const DAY_MS = 86_400_000

/**
 * The UTC calendar period a time falls into (formats §7).
 * @param timeMs Unix milliseconds
 * @returns `day/2026-11-21`, `week/2026-W47` (ISO 8601), `month/2026-11` or `total`
 */
export function periodOf(window: BudgetWindow, timeMs: number): string {
  const date = new Date(timeMs)
  const [day] = date.toISOString().split('T')
  switch (window) {
    case 'day':
      return `day/${String(day)}`
    case 'week':
      return `week/${isoWeek(timeMs)}`
    case 'month':
      return `month/${String(day).slice(0, -3)}`
    case 'total':
      return 'total'
  }
}

/** The period of every window: a call counts in all of them, whichever the grant limits today. */
export function allPeriods(timeMs: number): string[] {
  return BUDGET_WINDOWS.map((window) => periodOf(window, timeMs))
}

/** The window a period belongs to. */
export function windowOf(period: string): BudgetWindow {
  return BUDGET_WINDOWS.find((window) => window === period.split('/', 1)[0]) ?? 'total'
}

/** The first millisecond after the period of `timeMs`, Unix ms; `Infinity` for `total`. */
export function periodEnd(window: BudgetWindow, timeMs: number): number {
  const date = new Date(timeMs)
  const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate())
  switch (window) {
    case 'day':
      return midnight + DAY_MS
    case 'week':
      return midnight + (8 - isoWeekday(date)) * DAY_MS
    case 'month':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
    case 'total':
      return Infinity
  }
}

/** Monday 1 … Sunday 7. */
function isoWeekday(date: Date): number {
  return date.getUTCDay() === 0 ? 7 : date.getUTCDay()
}

/** ISO 8601: a week belongs to the year its Thursday lies in, and week 1 holds the first Thursday. */
function isoWeek(timeMs: number): string {
  const date = new Date(timeMs)
  const thursday = new Date(timeMs + (4 - isoWeekday(date)) * DAY_MS)
  const year = thursday.getUTCFullYear()
  const dayOfYear = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS)
  return `${String(year)}-W${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`
}
