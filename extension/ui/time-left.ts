import { LOCALE, MESSAGES } from './messages.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How long a grant still holds, in words: `9 days left`. Rounded to the whole day. */
export function timeLeft(expiresAt: number, now: number): string {
  const leftMs = expiresAt - now
  const words = MESSAGES.site
  if (leftMs <= 0) return words.timeOver
  if (leftMs < HOUR_MS) return words.minutesLeft
  if (leftMs < DAY_MS) return words.hoursLeft(Math.floor(leftMs / HOUR_MS))
  return words.daysLeft(Math.round(leftMs / DAY_MS))
}

/** `21 December`, with the year when it is not this one. */
export function dateForPeople(at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at)
}

/** `14:02`, or `20 November, 14:02` when it was not today. */
export function momentForPeople(at: number, now: number): string {
  const time = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' }).format(at)
  const today = new Date(at).toDateString() === new Date(now).toDateString()
  return today ? time : `${dateForPeople(at, now)}, ${time}`
}

/** The dates a grant may end on: the end of today, then in 7, 30 and 90 days. */
export function expiryChoices(now: number): readonly number[] {
  return [0, 7, 30, 90].map((days) => endOfDay(now, days))
}

function endOfDay(now: number, daysAhead: number): number {
  const day = new Date(now)
  return new Date(
    day.getFullYear(),
    day.getMonth(),
    day.getDate() + daysAhead,
    23,
    59,
    59,
  ).getTime()
}
