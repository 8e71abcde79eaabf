import { expect, it } from 'vitest'
import { dateForPeople, expiryChoices, momentForPeople, timeLeft } from './time-left.ts'

const NOW = new Date(2026, 10, 21, 14, 2).getTime()
const HOUR_MS = 3_600_000

it.each([
  [9.4 * 24, '9 days left'],
  [29.99 * 24, '30 days left'],
  [24, '1 day left'],
  [23.9, '23 hours left'],
  [1, '1 hour left'],
  [0.5, 'less than an hour left'],
  [0, 'time is over'],
  [-5, 'time is over'],
])('says of %d hours: %s', (hours, text) => {
  expect(timeLeft(NOW + hours * HOUR_MS, NOW)).toBe(text)
})

it('names the year only of another year', () => {
  expect(dateForPeople(new Date(2026, 11, 21).getTime(), NOW)).toBe('21 December')
  expect(dateForPeople(new Date(2027, 1, 3).getTime(), NOW)).toBe('3 February 2027')
})

it('names the day only of another day', () => {
  expect(momentForPeople(NOW, NOW)).toBe('14:02')
  expect(momentForPeople(NOW - 24 * HOUR_MS, NOW)).toBe('20 November, 14:02')
})

it('offers the end of today and three later days, all in the future', () => {
  const choices = expiryChoices(NOW)

  expect(choices.map((at) => dateForPeople(at, NOW))).toEqual([
    '21 November',
    '28 November',
    '21 December',
    '19 February 2027',
  ])
  expect(choices.every((at) => at > NOW)).toBe(true)
})
