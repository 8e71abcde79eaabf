import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BUDGET_WINDOWS,
  CAPABILITIES,
  keyIdSchema,
  parseUsd,
  type Grant,
  type GrantId,
  type ProviderTerms,
  type Terms,
} from '../protocol/index.ts'
import { FUZZED } from '../testing/fuzz.ts'
import { compareTerms } from './compare-terms.ts'
import { defaultTerms } from './default-terms.ts'
import { evaluate } from './evaluate.ts'

const NOW = 1_800_000_000_000
const KEY = keyIdSchema.parse(`${'k'.repeat(21)}A`)
const OTHER_KEY = keyIdSchema.parse(`${'o'.repeat(21)}A`)
const BASE: Terms = defaultTerms({ now: NOW, keys: [{ provider: 'openai', keyId: KEY }] })
const ENTRY: ProviderTerms = {
  ...{ provider: 'openai', keys: { only: KEY }, models: 'any', capabilities: ['chat'] },
}

/** Term and whether it widens, for a change of the usual terms. */
function changes(from: Partial<Terms>, to: Partial<Terms>): [string, boolean][] {
  return compareTerms({ ...BASE, ...from }, { ...BASE, ...to }).map(({ term, wider }) => [
    term,
    wider,
  ])
}
const entry = (over: Partial<ProviderTerms>): Partial<Terms> => ({
  providers: [{ ...ENTRY, ...over }],
})

describe('what differs between two sets of terms', () => {
  it('is nothing where they mean the same', () => {
    const models = { models: ['a', 'b'] }
    expect(changes({}, {})).toEqual([])
    expect(changes(entry(models), entry({ models: ['b', 'a'] }))).toEqual([])
    expect(changes({ budgets: [{ usd: '5', window: 'month' }] }, {})).toEqual([])
    expect(changes(entry({ keys: { pool: [KEY] } }), entry({}))).toEqual([])
    expect(changes({ askAlways: false }, {})).toEqual([])
  })

  it.each<[string, Partial<Terms>, Partial<Terms>, string]>([
    ['one provider more', { providers: [] }, entry({}), 'provider'],
    ['one key more', entry({}), entry({ keys: { pool: [KEY, OTHER_KEY] } }), 'keys'],
    ['another key', entry({}), entry({ keys: { only: OTHER_KEY } }), 'keys'],
    ['any model', entry({ models: ['a'] }), entry({ models: 'any' }), 'models'],
    ['one model more', entry({ models: ['a'] }), entry({ models: ['a', 'b'] }), 'models'],
    ['a pattern more', entry({ models: ['a1'] }), entry({ models: ['a*'] }), 'models'],
    ['one ability more', entry({}), entry({ capabilities: ['chat', 'image'] }), 'capabilities'],
    ['more money', {}, { budgets: [{ usd: '5.01', window: 'month' }] }, 'budgets'],
    ['more calls', { requests: [{ count: 1, window: 'day' }] }, {}, 'requests'],
    ['more text', { tokens: [{ count: 1, window: 'day' }] }, {}, 'tokens'],
    ['fewer questions', { askAlways: true }, { askAbove: '0.01' }, 'ask'],
    ['no questions', { askAbove: '0.01' }, {}, 'ask'],
    ['more endpoints', { endpoints: ['GET /a'] }, {}, 'endpoints'],
    ['more time', {}, { expiresAt: BASE.expiresAt + 1 }, 'expiresAt'],
  ])('%s is wider, and the way back is not', (_what, from, to, term) => {
    expect(changes(from, to)).toEqual([[term, true]])
    const back = term === 'keys' && changes(to, from)[0]?.[1] === true
    if (!back) expect(changes(to, from)).toEqual([[term, false]])
  })

  it.each(['perMinute', 'parallel', 'maxOutputTokens'] as const)('%s counts by itself', (name) => {
    const more = { limits: { ...BASE.limits, [name]: BASE.limits[name] + 1 } }

    expect(changes({}, more)).toEqual([[name, true]])
    expect(changes(more, {})).toEqual([[name, false]])
  })

  it('a pattern that an older one takes is no wider', () => {
    expect(changes(entry({ models: ['gpt-*'] }), entry({ models: ['gpt-5*', 'gpt-4'] }))).toEqual([
      ['models', false],
    ])
  })

  it('the first budget opens and the last one shuts; another period beside one narrows', () => {
    const month = { budgets: [{ usd: '5.00', window: 'month' as const }] }
    const both = { budgets: [...month.budgets, { usd: '1.00', window: 'day' as const }] }

    expect(changes({ budgets: [] }, month)).toEqual([['budgets', true]])
    expect(changes(month, { budgets: [] })).toEqual([['budgets', false]])
    expect(changes(month, both)).toEqual([['budgets', false]])
    expect(changes(both, month)).toEqual([['budgets', true]])
  })

  it('several entries of a provider are told as a whole', () => {
    const two = { providers: [ENTRY, { ...ENTRY, models: ['a'], keys: { only: OTHER_KEY } }] }

    expect(changes(two, two)).toEqual([])
    expect(changes(entry({}), two)).toEqual([['entries', true]])
    expect(changes(two, entry({}))).toEqual([['entries', false]])
  })
})

const anyEntry: fc.Arbitrary<ProviderTerms> = fc.record({
  provider: fc.constantFrom<'openai' | 'groq'>('openai', 'groq'),
  keys: fc.constantFrom<ProviderTerms['keys']>(
    { only: KEY },
    { only: OTHER_KEY },
    { pool: [KEY, OTHER_KEY] },
    { pool: [] },
  ),
  models: fc.oneof(fc.constant('any' as const), fc.subarray(['a', 'a*', '*', 'b', '*b', 'a*b'])),
  capabilities: fc.subarray(['chat', 'image', 'tools.fetch'] as const),
})
const counts = fc.array(
  fc.record({ count: fc.integer({ min: 1, max: 3 }), window: fc.constantFrom(...BUDGET_WINDOWS) }),
  { maxLength: 2 },
)
const anyTerms: fc.Arbitrary<Terms> = fc.record(
  {
    schema: fc.constant(1 as const),
    lane: fc.constant('proxy' as const),
    providers: fc.array(anyEntry, { maxLength: 3 }),
    budgets: fc.array(
      fc.record({
        usd: fc.constantFrom('1.00', '2.00', '3.00'),
        window: fc.constantFrom(...BUDGET_WINDOWS),
      }),
      { maxLength: 3 },
    ),
    requests: counts,
    tokens: counts,
    limits: fc.record({
      perMinute: fc.integer({ min: 1, max: 3 }),
      parallel: fc.integer({ min: 1, max: 3 }),
      maxOutputTokens: fc.integer({ min: 1, max: 3 }),
    }),
    askAbove: fc.constantFrom('0.00', '0.50'),
    askAlways: fc.boolean(),
    endpoints: fc.subarray(['POST *', 'GET /v1/models', 'POST /v1/chat']),
    expiresAt: fc.integer({ min: NOW - 1, max: NOW + 2 }),
  },
  {
    requiredKeys: ['schema', 'lane', 'providers', 'budgets', 'limits', 'expiresAt'],
  },
)
const anyCall = fc.record({
  provider: fc.constantFrom<'openai' | 'groq'>('openai', 'groq'),
  endpoint: fc.record({
    method: fc.constantFrom<'GET' | 'POST'>('GET', 'POST'),
    capability: fc.constantFrom(...CAPABILITIES, 'models' as const),
  }),
  facts: fc.record({
    path: fc.constantFrom('/v1/chat', '/v1/models'),
    model: fc.constantFrom('a', 'b', 'ab', 'axb', 'c', null),
    needs: fc.subarray(['image', 'tools.fetch'] as const),
    unbounded: fc.boolean(),
  }),
  now: fc.integer({ min: NOW - 1, max: NOW + 2 }),
})
const RANK = { deny: 0, ask: 1, allow: 2 }

function grantWith(terms: Terms): Grant {
  const subject = { origin: 'https://app.example.test' }
  return { id: 'g' as GrantId, subject, status: 'active', terms, createdAt: NOW }
}

describe('whatever the terms', () => {
  it(
    'a change none of whose parts is wider allows no call more, and with no other key',
    FUZZED,
    () => {
      let narrowed = 0
      fc.assert(
        fc.property(anyTerms, anyTerms, anyCall, (before, after, call) => {
          if (compareTerms(before, after).some(({ wider }) => wider)) return
          narrowed += 1
          const was = evaluate({ ...call, grant: grantWith(before) })
          const is = evaluate({ ...call, grant: grantWith(after) })

          expect(RANK[is.outcome]).toBeLessThanOrEqual(RANK[was.outcome])
          if (was.outcome === 'deny' || is.outcome === 'deny') return
          for (const id of is.keyIds) expect(was.keyIds).toContain(id)
        }),
        { numRuns: 20_000 },
      )
      expect(narrowed).toBeGreaterThan(10)
    },
  )

  it('every limit that was raised or taken away is told as wider', () => {
    fc.assert(
      fc.property(anyTerms, anyTerms, (before, after) => {
        const told = compareTerms(before, after)
        for (const name of ['perMinute', 'parallel', 'maxOutputTokens'] as const) {
          const isTold = told.some(({ term, wider }) => term === name && wider)
          expect(isTold).toBe(after.limits[name] > before.limits[name])
        }
        const opens = BUDGET_WINDOWS.some((window) => least(after, window) > least(before, window))
        expect(told.some(({ term, wider }) => term === 'budgets' && wider)).toBe(opens)
      }),
      { numRuns: 2_000 },
    )
  })

  it('the same terms differ in nothing', () => {
    fc.assert(
      fc.property(anyTerms, (terms) => {
        expect(compareTerms(terms, structuredClone(terms))).toEqual([])
      }),
    )
  })
})

/** What may be spent in a period: nothing at all where there is no budget, anything where it has none. */
function least(terms: Terms, window: (typeof BUDGET_WINDOWS)[number]): number {
  if (terms.budgets.length === 0) return 0
  const limits = terms.budgets.filter((budget) => budget.window === window)
  return Math.min(...limits.map(({ usd }) => parseUsd(usd)), Infinity)
}
