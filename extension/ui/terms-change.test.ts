import { describe, expect, it } from 'vitest'
import { keyIdSchema, type Terms } from '@valetkey/wallet/protocol'
import { describeTermsChange } from './terms-change.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const DAY_MS = 86_400_000
const KEY = keyIdSchema.parse(`${'a'.repeat(21)}A`)
const WORK = keyIdSchema.parse(`${'b'.repeat(21)}A`)
const keys = [
  { id: KEY, provider: 'openai' as const, label: 'personal' },
  { id: WORK, provider: 'openai' as const, label: 'work' },
]
const [entry]: Terms['providers'] = [
  { provider: 'openai', keys: { only: KEY }, models: ['gpt-5.4'], capabilities: ['chat'] },
]
const BASE: Terms = {
  ...{ schema: 1, lane: 'proxy', providers: entry ? [entry] : [] },
  budgets: [{ usd: '5.00', window: 'month' }],
  limits: { perMinute: 60, parallel: 4, maxOutputTokens: 16_384 },
  askAbove: '0.25',
  expiresAt: NOW + 30 * DAY_MS,
}
const with1 = (over: object): Partial<Terms> => ({
  providers: BASE.providers.map((each) => ({ ...each, ...over })),
})

/** The lines of a change, as they are read: `what: from → to`, with a plus where it allows more. */
function linesOf(change: Partial<Terms>): string[] {
  return describeTermsChange(BASE, { ...BASE, ...change }, { keys, now: NOW }).map(
    ({ what, from, to, wider }) => `${wider ? '+ ' : ''}${what}: ${from} → ${to}`,
  )
}

describe('a change of terms, in words', () => {
  it('is nothing where nothing changes', () => {
    expect(linesOf({})).toEqual([])
  })

  it.each<[Partial<Terms>, string]>([
    [{ providers: [] }, 'OpenAI: allowed → not allowed'],
    [
      with1({ keys: { pool: [KEY, WORK] } }),
      '+ Keys of OpenAI: OpenAI · personal → OpenAI · personal and OpenAI · work',
    ],
    [with1({ models: 'any' }), '+ Models of OpenAI: gpt-5.4 → any model'],
    [with1({ models: ['gpt-5*', 'o3'] }), '+ Models of OpenAI: gpt-5.4 → gpt-5* and o3'],
    [
      with1({ capabilities: ['chat', 'image'] }),
      '+ What it may do with OpenAI: write and answer → write and answer and make images',
    ],
    [{ budgets: [{ usd: '7.50', window: 'month' }] }, '+ Spend a month: $5.00 → $7.50'],
    [{ budgets: [{ usd: '2.00', window: 'month' }] }, 'Spend a month: $5.00 → $2.00'],
    [{ requests: [{ count: 1000, window: 'day' }] }, 'Calls a day: no limit → 1,000'],
    [{ tokens: [{ count: 9, window: 'total' }] }, 'Text pieces in total: no limit → 9'],
    [{ limits: { ...BASE.limits, parallel: 8 } }, '+ Calls at once: 4 → 8'],
    [{ askAlways: true }, 'Ask me: above $0.25 a call → before every call'],
    [{ askAbove: '1.00' }, '+ Ask me: above $0.25 a call → above $1.00 a call'],
    [
      { endpoints: ['POST /v1/chat/completions'] },
      'Addresses of the provider: all that are known → POST /v1/chat/completions',
    ],
    [{ expiresAt: NOW + 60 * DAY_MS }, '+ Until: 21 December → 20 January 2027'],
  ])('%j', (change, line) => {
    expect(linesOf(change)).toEqual([line])
  })

  it('tells of a key that is gone, without its name', () => {
    const gone = keyIdSchema.parse(`${'z'.repeat(21)}A`)

    expect(linesOf(with1({ keys: { only: gone } }))).toEqual([
      '+ Keys of OpenAI: OpenAI · personal → a removed key',
    ])
  })
})
