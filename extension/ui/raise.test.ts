import { describe, expect, it } from 'vitest'
import { canRaise, offeredAskAbove, readRaise } from './raise.ts'

describe('asking less often', () => {
  it.each([
    ['0.00', '0.01'],
    ['0.000015', '0.01'],
    ['0.01', '0.01'],
    ['0.011', '0.02'],
    ['0.31', '0.50'],
    ['0.50', '0.50'],
    ['0.51', '1.00'],
    ['1.00', '1.00'],
    ['12.345678901', '13.00'],
  ])('a call of %s at most is not asked about above %s', (bound, offered) => {
    expect(offeredAskAbove(bound)).toBe(offered)
    expect(readRaise(offered, bound)).toBe(offered)
  })

  it('takes no amount below what this call may cost', () => {
    expect(readRaise('0.30', '0.31')).toBeNull()
    expect(readRaise('', '0.31')).toBeNull()
    expect(readRaise('$0,31', '0.31')).toBe('0.31')
  })

  it('is offered only where the call has a bound (C44)', () => {
    const call = { provider: 'openai', model: null, expectedUsd: null } as const

    expect(canRaise({ ...call, boundUsd: '0.10', why: 'above' })).toBe(true)
    expect(canRaise({ ...call, boundUsd: '0.10', why: 'every_call' })).toBe(true)
    expect(canRaise({ ...call, boundUsd: null, why: 'unbounded' })).toBe(false)
    expect(canRaise({ ...call, boundUsd: null, why: 'above' })).toBe(false)
  })
})
