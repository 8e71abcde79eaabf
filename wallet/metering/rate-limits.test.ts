import { describe, expect, it } from 'vitest'
import { createId, type GrantId } from '../protocol/index.ts'
import { createSeededRandom } from '../testing/index.ts'
import { createRateLimits } from './rate-limits.ts'

const random = createSeededRandom('rate limits')
const grantId = createId<GrantId>(random)
const limits = { perMinute: 3, parallel: 2 }
const MINUTE = 60_000

describe('the rate limits of a grant', () => {
  it('let so many calls begin in any minute, and say when the next may', () => {
    const rates = createRateLimits()
    for (const at of [0, 10_000, 20_000]) rates.take(grantId, limits, at).release()

    expect(() => rates.take(grantId, limits, 30_000)).toThrow(
      expect.objectContaining({
        code: 'request.rate_limited',
        message: 'This site makes more calls than you allow it.',
        details: { retryAfterMs: 30_000 },
      }),
    )
    rates.take(grantId, limits, MINUTE).release()
    expect(() => rates.take(grantId, limits, MINUTE + 1)).toThrow()
  })

  it('let so many calls run at once', () => {
    const rates = createRateLimits()
    const slot = rates.take(grantId, limits, 0)
    rates.take(grantId, limits, 0)

    expect(() => rates.take(grantId, limits, 0)).toThrow(
      expect.objectContaining({ code: 'request.rate_limited', details: { retryAfterMs: 1000 } }),
    )
    slot.release()
    rates.take(grantId, limits, 0)
  })

  it('give a place back once, however often it is released', () => {
    const rates = createRateLimits()
    const first = rates.take(grantId, limits, 0)
    rates.take(grantId, limits, 0)
    first.release()
    first.release()
    rates.take(grantId, limits, 0)

    expect(() => rates.take(grantId, { ...limits, perMinute: 100 }, 0)).toThrow()
  })

  it('count a refused call not at all', () => {
    const rates = createRateLimits()
    const slots = [rates.take(grantId, limits, 0), rates.take(grantId, limits, 0)]
    for (let index = 0; index < 50; index++) {
      expect(() => rates.take(grantId, limits, 0)).toThrow()
    }
    for (const slot of slots) slot.release()

    expect(() => rates.take(grantId, limits, 1)).not.toThrow()
  })

  it('count each grant for itself', () => {
    const rates = createRateLimits()
    for (let index = 0; index < 2; index++) rates.take(grantId, limits, 0)

    expect(() => rates.take(createId<GrantId>(random), limits, 0)).not.toThrow()
  })

  it('are not stuck by a clock set back', () => {
    const rates = createRateLimits()
    const future = 1000 * MINUTE
    for (let index = 0; index < 3; index++) rates.take(grantId, limits, future).release()

    expect(() => rates.take(grantId, limits, 0)).toThrow()
    expect(() => rates.take(grantId, limits, MINUTE)).not.toThrow()
  })
})
