import { describe, expect, it } from 'vitest'
import { unusualSpend, usualSpend } from './anomaly.ts'

describe('what an app usually spends', () => {
  it.each([
    ['nothing is known', [], null],
    ['it was used on four days', [1, 2, 3, 4], null],
    ['days without use do not count', [1, 2, 3, 4, 0, 0, 0], null],
    ['it is the middle day', [5, 1, 100, 2, 3], 3],
    ['of an even number the mean of the middle two, rounded up', [1, 2, 3, 6, 7, 100], 5],
    ['one wild day does not move it', [1, 1, 1, 1, 1_000_000], 1],
  ])('%s', (_what, days, usual) => {
    expect(usualSpend(days)).toBe(usual)
  })
})

describe('a day that is unusual', () => {
  const days = [4, 5, 6, 5, 5]

  it('is ten times as dear as usual, or more', () => {
    expect(unusualSpend(49, days)).toBeNull()
    expect(unusualSpend(50, days)).toBe(5)
    expect(unusualSpend(5_000, days)).toBe(5)
  })

  it('is none without a habit, however dear', () => {
    expect(unusualSpend(1e15, days.slice(1))).toBeNull()
    expect(unusualSpend(0, [0, 0, 0, 0, 0, 0])).toBeNull()
  })
})
