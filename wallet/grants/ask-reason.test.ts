import { describe, expect, it } from 'vitest'
import type { KeyId } from '../protocol/index.ts'
import { askReason } from './ask-reason.ts'
import type { Decision } from './evaluate.ts'

const keyIds = ['k' as KeyId]
const allow = { outcome: 'allow', keyIds } as const
const ask = (why: 'every_call' | 'unbounded'): Exclude<Decision, { outcome: 'deny' }> => ({
  ...{ outcome: 'ask', code: 'grant.consent_required', why, keyIds },
})
const CENT = 10_000_000

describe('a call within the terms', () => {
  it.each([
    [undefined, 1e15, null],
    ['0.25', 25 * CENT, null],
    ['0.25', 25 * CENT + 1, 'above'],
    ['0.00', 0, null],
    ['0.00', 1, 'above'],
  ] as const)('with “ask above %s” at %d nano-dollars: %s', (askAbove, bound, why) => {
    expect(askReason(allow, { ...(askAbove && { askAbove }) }, bound)).toBe(why)
  })

  it('is asked about where the person wants every one', () => {
    expect(askReason(ask('every_call'), {}, 1)).toBe('every_call')
  })

  it('that nothing bounds is always asked about as such (C44)', () => {
    expect(askReason(allow, {}, null)).toBe('unbounded')
    expect(askReason(ask('every_call'), { askAbove: '5.00' }, null)).toBe('unbounded')
    expect(askReason(ask('unbounded'), {}, 1)).toBe('unbounded')
  })
})
