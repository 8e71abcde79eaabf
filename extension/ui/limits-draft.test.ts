import { describe, expect, it } from 'vitest'
import { parseUsd, type Terms } from '@valetkey/wallet/protocol'
import { draftOfLimits, readCount, readLimits } from './limits-draft.ts'
import { MESSAGES } from './messages.ts'

const { wrong } = MESSAGES.consent
const TERMS: Terms = {
  ...{ schema: 1, lane: 'proxy', providers: [], expiresAt: 0 },
  budgets: [
    { usd: '5.00', window: 'month' },
    { usd: '1.50', window: 'day' },
  ],
  requests: [{ count: 1000, window: 'week' }],
  tokens: [{ count: 2_000_000, window: 'total' }],
  limits: { perMinute: 60, parallel: 4, maxOutputTokens: 16_384 },
}
const draft = draftOfLimits(TERMS)

describe('the limits behind the fold', () => {
  it('say what the terms say, and give it back untouched', () => {
    expect(draft).toMatchObject({
      budgets: { day: '1.50', week: '', month: '5.00', total: '' },
      requests: { week: '1,000' },
      tokens: { total: '2,000,000' },
      maxOutputTokens: '16,384',
    })
    const { limits, requests, tokens } = TERMS
    expect(readLimits(draft, 'month')).toEqual({
      terms: { limits, requests, tokens },
      otherBudgets: [{ usd: '1.50', window: 'day' }],
      missing: null,
    })
  })

  it('leave the period of the budget above the fold to it', () => {
    expect(readLimits(draft, 'day').otherBudgets).toEqual([{ usd: '5.00', window: 'month' }])
  })

  it('of two for one period show the smaller one', () => {
    const twice = [...TERMS.budgets, { usd: '0.50', window: 'day' as const }]

    expect(draftOfLimits({ ...TERMS, budgets: twice }).budgets.day).toBe('0.50')
  })

  it('that are empty are no limits at all', () => {
    const empty = { day: '', week: ' ', month: '', total: '' }
    const { terms, missing } = readLimits({ ...draft, requests: empty, tokens: empty }, 'month')

    expect(terms).toEqual({ limits: TERMS.limits })
    expect(missing).toBeNull()
  })

  it.each([
    ['budgets', { budgets: { ...draft.budgets, week: 'five' } }],
    ['requests', { requests: { ...draft.requests, day: '1.5' } }],
    ['tokens', { tokens: { ...draft.tokens, day: '0' } }],
    ['perMinute', { perMinute: '' }],
    ['parallel', { parallel: '-1' }],
    ['maxOutputTokens', { maxOutputTokens: 'much' }],
  ] as const)('that cannot be read say which: %s', (name, change) => {
    expect(readLimits({ ...draft, ...change }, 'month').missing).toBe(wrong[name])
  })
})

describe('a number a person types', () => {
  it.each([
    ['1', 1],
    [' 60 ', 60],
    ['16,384', 16_384],
    ['2 000 000', 2_000_000],
    ['1,00', null],
    ['1.5', null],
    ['0', null],
    ['-1', null],
    ['1e3', null],
    ['9999999999999', null],
    ['', null],
  ])('%j is %s', (text, count) => {
    expect(readCount(text)).toBe(count)
  })

  it('of dollars is read as the protocol writes it', () => {
    expect(parseUsd(readLimits(draft, 'month').otherBudgets[0]?.usd ?? '')).toBe(1_500_000_000)
  })
})
