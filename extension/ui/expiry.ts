import { EXPIRY_NOTICE_MS } from '@valetkey/wallet/protocol'
import { MESSAGES } from './messages.ts'
import { dateForPeople } from './time-left.ts'

const DAY_MS = 86_400_000

/** How near the end of a key is. `soon` and `over` want something done. */
export type ExpiryState = 'never' | 'later' | 'soon' | 'over'

export function expiryState(expiresAt: number | null, now: number): ExpiryState {
  if (expiresAt === null) return 'never'
  if (expiresAt <= now) return 'over'
  return expiresAt - EXPIRY_NOTICE_MS <= now ? 'soon' : 'later'
}

/** `expires in 3 days`, counted in the days of the calendar. */
export function expiryForPeople(expiresAt: number, now: number): string {
  const words = MESSAGES.dashboardKeys.expiry
  const days = Math.round((startOfDay(expiresAt) - startOfDay(now)) / DAY_MS)
  if (expiresAt <= now) {
    if (days === 0) return words.earlierToday
    return days === -1 ? words.yesterday : words.daysAgo(-days)
  }
  if (days === 0) return words.today
  if (days === 1) return words.tomorrow
  if (expiryState(expiresAt, now) === 'soon') return words.inDays(days)
  return words.on(dateForPeople(expiresAt, now))
}

/** What a date box holds: the day a key ends, `''` for never. */
export function dateOfExpiry(expiresAt: number | null): string {
  if (expiresAt === null) return ''
  const day = new Date(expiresAt)
  const part = (value: number) => String(value).padStart(2, '0')
  const year = String(day.getFullYear()).padStart(4, '0')
  return `${year}-${part(day.getMonth() + 1)}-${part(day.getDate())}`
}

/** A day in a date box → its last second here: providers let a key work on the day it ends. */
export function expiryOfDate(date: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  if (!match) return null
  const [, year, month, day] = match.map(Number)
  const end = new Date(year ?? 0, (month ?? 1) - 1, day, 23, 59, 59).getTime()
  return end > 0 ? end : null
}

function startOfDay(at: number): number {
  const day = new Date(at)
  return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate())
}
