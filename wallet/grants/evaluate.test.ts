import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CAPABILITIES,
  grantSchema,
  keyIdSchema,
  termsSchema,
  type Grant,
  type KeyId,
  type ProviderTerms,
  type Terms,
} from '../protocol/index.ts'
import { defaultTerms } from './default-terms.ts'
import { evaluate, type CallToJudge, type Decision } from './evaluate.ts'
import { grantState } from './grant-state.ts'

const NOW = Date.UTC(2026, 10, 21)
const KEY = keyId(1)
const OTHER_KEY = keyId(2)

function keyId(number: number): KeyId {
  return keyIdSchema.parse(`${'k'.repeat(20)}${String(number)}A`)
}

function grantWith(terms: Partial<Terms>, over: Partial<Grant> = {}): Grant {
  const standard = defaultTerms({ now: NOW, keys: [{ provider: 'openai', keyId: KEY }] })
  const base = grantSchema.parse({
    id: `${'g'.repeat(21)}A`,
    subject: { origin: 'https://app.example.test' },
    status: 'active',
    terms: standard,
    createdAt: NOW,
  })
  return { ...base, ...over, terms: { ...standard, ...terms } }
}

function providerTerms(over: Partial<ProviderTerms>): Partial<Terms> {
  return {
    providers: [
      { provider: 'openai', keys: { only: KEY }, models: 'any', capabilities: ['chat'], ...over },
    ],
  }
}

const CHAT: Omit<CallToJudge, 'grant'> = {
  provider: 'openai',
  endpoint: { method: 'POST', capability: 'chat' },
  facts: { path: '/v1/chat/completions', model: 'gpt-5.4', needs: [], unbounded: false },
  now: NOW,
}

function judge(terms: Partial<Terms>, over: Partial<CallToJudge> = {}): Decision {
  return evaluate({ ...CHAT, grant: grantWith(terms), ...over })
}

function leftOut(term: 'endpoints' | 'providers' | 'keys') {
  return { outcome: 'deny', code: 'grant.denied', term, details: { term } }
}

function withFacts(facts: Partial<CallToJudge['facts']>): Partial<CallToJudge> {
  return { facts: { ...CHAT.facts, ...facts } }
}

describe('the state of a grant', () => {
  it('allows an active one', () => {
    expect(judge({})).toEqual({ outcome: 'allow', keyIds: [KEY] })
  })

  it.each([
    ['revoked', 'grant.revoked'],
    ['paused', 'grant.paused'],
    ['expired', 'grant.expired'],
    ['pending', 'grant.missing'],
  ] as const)('refuses a %s one with %s', (status, code) => {
    const term = code === 'grant.expired' ? 'expiresAt' : 'status'
    expect(judge({}, { grant: grantWith({}, { status }) })).toEqual({ outcome: 'deny', code, term })
  })

  it.each([
    [NOW - 1, true],
    [NOW, true],
    [NOW + 1, false],
    [Number.NaN, true],
  ])('ends at %i (C68, C75)', (expiresAt, over) => {
    expect(judge({ expiresAt })).toEqual(
      over
        ? { outcome: 'deny', code: 'grant.expired', term: 'expiresAt' }
        : { outcome: 'allow', keyIds: [KEY] },
    )
  })

  it.each([
    ['revoked', NOW - 1, 'revoked'],
    ['paused', NOW - 1, 'expired'],
    ['pending', NOW - 1, 'expired'],
    ['active', NOW - 1, 'expired'],
    ['expired', NOW + 1, 'expired'],
    ['paused', NOW + 1, 'paused'],
  ] as const)('%s until %i is %s', (status, expiresAt, state) => {
    expect(grantState(grantWith({ expiresAt }, { status }), NOW)).toBe(state)
  })

  it('trusts no clock that is none', () => {
    expect(grantState(grantWith({}), Number.NaN)).toBe('expired')
  })
})

describe('providers and keys', () => {
  it('refuses a provider it does not list', () => {
    expect(judge({}, { provider: 'groq' })).toEqual(leftOut('providers'))
    expect(judge({ providers: [] })).toEqual(leftOut('providers'))
  })

  it('offers a pool in its order, and refuses an empty one', () => {
    expect(judge(providerTerms({ keys: { pool: [OTHER_KEY, KEY] } }))).toEqual({
      outcome: 'allow',
      keyIds: [OTHER_KEY, KEY],
    })
    expect(judge(providerTerms({ keys: { pool: [] } }))).toEqual(leftOut('keys'))
  })

  it('never mixes the rights of two entries', () => {
    const entry = (over: Partial<ProviderTerms>) => providerTerms(over).providers ?? []
    const terms = {
      providers: [
        ...entry({ models: ['gpt-5.4'], capabilities: ['embedding'] }),
        ...entry({ models: ['gpt-4.1'], capabilities: ['chat'], keys: { only: OTHER_KEY } }),
      ],
    }

    expect(judge(terms).outcome).toBe('deny')
    expect(judge(terms, withFacts({ model: 'gpt-4.1' }))).toEqual({
      outcome: 'allow',
      keyIds: [OTHER_KEY],
    })
  })
})

describe('capabilities', () => {
  it('refuses an endpoint of another kind, and names it', () => {
    const endpoint = { method: 'POST', capability: 'image' } as const

    expect(judge({}, { endpoint })).toEqual({
      outcome: 'deny',
      code: 'grant.capability_denied',
      term: 'capabilities',
      details: { capability: 'image' },
    })
    expect(judge(providerTerms({ capabilities: [] })).outcome).toBe('deny')
  })

  it('refuses what the body needs beyond it (C38, C43)', () => {
    const call = withFacts({ needs: ['tools.fetch', 'stored.ids'] })

    expect(judge(providerTerms({ capabilities: ['chat', 'tools.fetch'] }), call)).toEqual({
      outcome: 'deny',
      code: 'grant.capability_denied',
      term: 'capabilities',
      details: { capability: 'stored.ids' },
    })
    const all = providerTerms({ capabilities: ['chat', 'tools.fetch', 'stored.ids'] })
    expect(judge(all, call).outcome).toBe('allow')
  })

  it.each(['models', 'tokens'] as const)(
    'gives %s with any capability and with none nothing',
    (kind) => {
      const call = {
        endpoint: { method: 'GET', capability: kind } as const,
        ...withFacts({ model: null }),
      }

      expect(judge(providerTerms({ capabilities: ['speech'] }), call).outcome).toBe('allow')
      expect(judge(providerTerms({ capabilities: [] }), call)).toMatchObject({
        code: 'grant.capability_denied',
      })
      expect(judge(providerTerms({ models: ['gpt-5.4'] }), call).outcome).toBe('allow')
      expect(judge(providerTerms({ models: [] }), call).outcome).toBe('deny')
    },
  )
})

describe('models (C40)', () => {
  it.each<[ProviderTerms['models'], string | null, boolean]>([
    ['any', 'gpt-5.4', true],
    ['any', null, true],
    [['gpt-5.4'], 'gpt-5.4', true],
    [['gpt-4.1', 'gpt-5.*'], 'gpt-5.4-mini', true],
    [['*'], 'whatever', true],
    [[], 'gpt-5.4', false],
    [['gpt-5.4'], null, false],
    [['*'], null, false],
    [['gpt-5.4'], 'GPT-5.4', false],
    [['gpt-5.4'], 'gpt-5.4-mini', false],
    [['gpt-5.4'], 'openai/gpt-5.4', false],
    [['gpt-5.4'], 'ft:gpt-5.4:org::1', false],
    [['gpt-5?4'], 'gpt-5.4', false],
    [['gpt.5.4'], 'gpt-5.4', false],
  ])('%j with %j: %s', (models, model, allowed) => {
    const decision = judge(providerTerms({ models }), withFacts({ model }))

    expect(decision).toEqual(
      allowed
        ? { outcome: 'allow', keyIds: [KEY] }
        : {
            ...{ outcome: 'deny', code: 'grant.model_denied', term: 'models' },
            details: { model: model ?? '' },
          },
    )
  })

  it('counts the tokens of listed models only', () => {
    const endpoint = { method: 'POST', capability: 'tokens' } as const
    const terms = providerTerms({ models: ['gpt-4.1'] })

    expect(judge(terms, { endpoint })).toMatchObject({ code: 'grant.model_denied' })
    expect(judge(terms, { endpoint, ...withFacts({ model: 'gpt-4.1' }) }).outcome).toBe('allow')
  })
})

describe('endpoints', () => {
  it.each<[string[], boolean]>([
    [['POST /v1/chat/completions'], true],
    [['POST /v1/*'], true],
    [['GET /v1/models', 'POST */completions'], true],
    [[], false],
    [['GET /v1/chat/completions'], false],
    [['POST /v1/chat'], false],
    [['POST /v1/chat/completions/'], false],
    [['post /v1/chat/completions'], false],
  ])('%j narrows to %s', (endpoints, allowed) => {
    const decision = judge({ endpoints })

    if (allowed) expect(decision.outcome).toBe('allow')
    else expect(decision).toEqual(leftOut('endpoints'))
  })

  it('never opens what the terms do not allow otherwise', () => {
    const endpoint = { method: 'POST', capability: 'image' } as const

    expect(judge({ endpoints: ['POST *'] }, { endpoint }).outcome).toBe('deny')
  })
})

describe('asking', () => {
  const ask = { outcome: 'ask', code: 'grant.consent_required', keyIds: [KEY] }

  it('asks about every call where the person wants it', () => {
    expect(judge({ askAlways: true })).toEqual({ ...ask, why: 'every_call' })
    expect(judge({ askAlways: false }).outcome).toBe('allow')
  })

  it('asks about a call that nothing bounds (C44)', () => {
    expect(judge({}, withFacts({ unbounded: true }))).toEqual({ ...ask, why: 'unbounded' })
  })

  it('never asks about what is refused', () => {
    const call = withFacts({ unbounded: true, needs: ['tools.fetch'] })

    expect(judge({ askAlways: true }, call).outcome).toBe('deny')
  })
})

const capabilities = fc.subarray([...CAPABILITIES])
const models: fc.Arbitrary<ProviderTerms['models']> = fc.oneof(
  fc.constant('any' as const),
  fc.subarray(['gpt-5.4', 'gpt-*', '*', 'gpt-4.1', '*-mini']),
)
const entry: fc.Arbitrary<ProviderTerms> = fc.record({
  provider: fc.constantFrom<'openai' | 'groq'>('openai', 'groq'),
  keys: fc.constantFrom<ProviderTerms['keys']>({ only: KEY }, { pool: [OTHER_KEY] }, { pool: [] }),
  models,
  capabilities,
})
const anyTerms = fc.record(
  {
    providers: fc.array(entry, { maxLength: 3 }),
    endpoints: fc.subarray(['POST *', 'GET /v1/models', 'POST /v1/chat/completions']),
    askAlways: fc.boolean(),
    expiresAt: fc.integer({ min: NOW - 5, max: NOW + 5 }),
  },
  { requiredKeys: ['providers', 'expiresAt'] },
)
const anyCall = fc.record({
  provider: fc.constantFrom<'openai' | 'groq'>('openai', 'groq'),
  endpoint: fc.record({
    method: fc.constantFrom<'GET' | 'POST'>('GET', 'POST'),
    capability: fc.constantFrom(...CAPABILITIES, 'models' as const, 'tokens' as const),
  }),
  facts: fc.record({
    path: fc.constantFrom('/v1/chat/completions', '/v1/models'),
    model: fc.constantFrom('gpt-5.4', 'gpt-4.1', 'gpt-5.4-mini', null),
    needs: capabilities,
    unbounded: fc.boolean(),
  }),
  now: fc.integer({ min: NOW - 5, max: NOW + 5 }),
})
const RANK = { deny: 0, ask: 1, allow: 2 }

describe('whatever the terms', () => {
  it('narrowing them never allows more', () => {
    const cut = fc.record({
      dropProvider: fc.boolean(),
      keepCapabilities: capabilities,
      keepModels: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      endpoints: fc.option(fc.subarray(['POST /v1/chat/completions'])),
      askAlways: fc.boolean(),
      earlierMs: fc.nat({ max: 5 }),
    })
    fc.assert(
      fc.property(anyTerms, anyCall, cut, (terms, call, by) => {
        const narrowed: Partial<Terms> = {
          ...terms,
          providers: terms.providers.slice(by.dropProvider ? 1 : 0).map((each) => ({
            ...each,
            models:
              each.models === 'any'
                ? 'any'
                : each.models.filter((_, index) => by.keepModels[index]),
            capabilities: each.capabilities.filter((name) => by.keepCapabilities.includes(name)),
          })),
          expiresAt: terms.expiresAt - by.earlierMs,
          ...(by.askAlways && { askAlways: true }),
          ...(by.endpoints && terms.endpoints === undefined && { endpoints: by.endpoints }),
        }
        const before = evaluate({ ...call, grant: grantWith(terms) })
        const after = evaluate({ ...call, grant: grantWith(narrowed) })

        expect(RANK[after.outcome]).toBeLessThanOrEqual(RANK[before.outcome])
        if (before.outcome !== 'deny' && after.outcome !== 'deny') {
          for (const id of after.keyIds) expect(before.keyIds).toContain(id)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('an expired, revoked, paused or pending grant allows nothing', () => {
    const status = fc.constantFrom<Grant['status']>(
      'active',
      'revoked',
      'paused',
      'pending',
      'expired',
    )
    fc.assert(
      fc.property(anyTerms, anyCall, status, (terms, call, is) => {
        const grant = grantWith(terms, { status: is })
        const decision = evaluate({ ...call, grant })

        if (is !== 'active' || call.now >= terms.expiresAt) expect(decision.outcome).toBe('deny')
      }),
      { numRuns: 1000 },
    )
  })

  it('what is allowed has a key, and a capability the terms name', () => {
    fc.assert(
      fc.property(anyTerms, anyCall, (terms, call) => {
        const decision = evaluate({ ...call, grant: grantWith(terms) })
        if (decision.outcome === 'deny') return

        expect(decision.keyIds.length).toBeGreaterThan(0)
        const named = terms.providers.flatMap((each) => each.capabilities)
        for (const need of call.facts.needs) expect(named).toContain(need)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('defaultTerms', () => {
  const keys = [
    { provider: 'openai' as const, keyId: KEY },
    { provider: 'groq' as const, keyId: KEY },
    { provider: 'openai' as const, keyId: OTHER_KEY },
  ]

  it('is five dollars a month, thirty days, chat only (security §5)', () => {
    const terms = defaultTerms({ now: NOW, keys })

    expect(termsSchema.parse(terms)).toEqual(terms)
    expect(terms).toMatchObject({
      budgets: [{ usd: '5.00', window: 'month' }],
      limits: { perMinute: 60, parallel: 4, maxOutputTokens: 16_384 },
      expiresAt: NOW + 30 * 86_400_000,
      lane: 'proxy',
    })
    expect(terms.providers).toEqual([
      {
        provider: 'openai',
        keys: { pool: [KEY, OTHER_KEY] },
        models: 'any',
        capabilities: ['chat'],
      },
      { provider: 'groq', keys: { only: KEY }, models: 'any', capabilities: ['chat'] },
    ])
  })

  it('offers what it is told, and nothing without a key', () => {
    const terms = defaultTerms({ now: NOW, keys: [], capabilities: ['chat', 'embedding'] })

    expect(terms.providers).toEqual([])
    expect(
      defaultTerms({ now: NOW, keys, capabilities: ['embedding'] }).providers[0]?.capabilities,
    ).toEqual(['embedding'])
  })
})
