import { describe, expect, it } from 'vitest'
import { EXPIRY_NOTICE_MS } from '@valetkey/wallet/protocol'
import { dateOfExpiry, expiryForPeople, expiryOfDate, expiryState } from './expiry.ts'

const now = new Date(2026, 10, 21, 14, 0).getTime()
const on = (day: number, hour = 23) => new Date(2026, 10, day, hour, 59, 59).getTime()

describe('the end of a key', () => {
  it('is near a week before, and over in its last second', () => {
    expect(expiryState(null, now)).toBe('never')
    expect(expiryState(now + EXPIRY_NOTICE_MS + 1, now)).toBe('later')
    expect(expiryState(now + EXPIRY_NOTICE_MS, now)).toBe('soon')
    expect(expiryState(now + 1, now)).toBe('soon')
    expect(expiryState(now, now)).toBe('over')
  })

  it.each([
    [on(21), 'expires today'],
    [on(22), 'expires tomorrow'],
    [on(24), 'expires in 3 days'],
    [on(30), 'expires 30 November'],
    [on(21, 8), 'expired today'],
    [on(20), 'expired yesterday'],
    [on(18), 'expired 3 days ago'],
  ])('is said in days of the calendar (%#)', (expiresAt, words) => {
    expect(expiryForPeople(expiresAt, now)).toBe(words)
  })

  it('survives the date box', () => {
    expect(dateOfExpiry(on(24))).toBe('2026-11-24')
    expect(expiryOfDate('2026-11-24')).toBe(on(24))
    expect(dateOfExpiry(null)).toBe('')
  })

  it.each(['', '24.11.2026', '2026-11', 'never', '0000-00-00'])('is never for “%s”', (date) => {
    expect(expiryOfDate(date)).toBeNull()
  })
})
