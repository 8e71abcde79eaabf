import { describe, expect, it } from 'vitest'
import type { ConnectRequest, KeyId, ProviderId, Terms } from '../protocol/index.ts'
import { coversRequest, proposeTerms } from './connect-request.ts'

const NOW = 1_800_000_000_000
const KEYS = (['openai', 'anthropic', 'elevenlabs'] as const).map((provider) => ({
  provider,
  keyId: `${provider}-key` as KeyId,
}))
const CHAT: ConnectRequest = { capabilities: ['chat'] }

const propose = (request: ConnectRequest, standing: Terms | null = null, now = NOW): Terms =>
  proposeTerms({
    ...{ request, now, standing, keys: KEYS },
    can: (provider, capability) => (provider === 'elevenlabs') === (capability === 'speech'),
  })
const providersOf = (terms: Terms): ProviderId[] => terms.providers.map(({ provider }) => provider)

describe('proposeTerms', () => {
  it('offers a key of each provider that can do what is asked', () => {
    expect(providersOf(propose(CHAT))).toEqual(['openai', 'anthropic'])
    expect(providersOf(propose({ capabilities: ['speech'] }))).toEqual(['elevenlabs'])
  })

  it('offers none the app cannot work with', () => {
    expect(providersOf(propose({ ...CHAT, providers: ['anthropic', 'groq'] }))).toEqual([
      'anthropic',
    ])
    expect(propose({ ...CHAT, providers: ['groq'] }).providers).toEqual([])
  })

  it('narrows to the models and kinds of call asked for', () => {
    const { providers } = propose({ ...CHAT, providers: ['openai'], models: ['gpt-4o*'] })

    expect(providers).toEqual([
      {
        provider: 'openai',
        keys: { only: 'openai-key' },
        models: ['gpt-4o*'],
        capabilities: ['chat'],
      },
    ])
  })

  it.each<[string, ConnectRequest['budget'], Terms['budgets']]>([
    ['nothing is asked', undefined, [{ usd: '5.00', window: 'month' }]],
    ['less', { usd: '2.00', window: 'month' }, [{ usd: '2.00', window: 'month' }]],
    ['less in all', { usd: '1.00', window: 'total' }, [{ usd: '1.00', window: 'total' }]],
    ['more (C55)', { usd: '500.00', window: 'month' }, [{ usd: '5.00', window: 'month' }]],
    [
      'what may be more in a month',
      { usd: '1.00', window: 'day' },
      [
        { usd: '5.00', window: 'month' },
        { usd: '1.00', window: 'day' },
      ],
    ],
  ])('proposes no more than usual to spend: %s', (_, budget, budgets) => {
    expect(propose({ ...CHAT, ...(budget && { budget }) }).budgets).toEqual(budgets)
  })

  it('adds to what the app has, and keeps what the person set', () => {
    const before = propose({ ...CHAT, providers: ['openai'], models: ['gpt-4o'] })
    const standing: Terms = {
      ...before,
      budgets: [{ usd: '1.00', window: 'day' }],
      askAbove: '0.10',
    }

    const after = propose({ capabilities: ['chat', 'speech'], models: ['gpt-5'] }, standing)

    expect(after).toMatchObject({ budgets: standing.budgets, askAbove: '0.10' })
    expect(after.expiresAt).toBe(standing.expiresAt)
    expect(after.providers[0]).toMatchObject({ provider: 'openai', models: ['gpt-4o', 'gpt-5'] })
    expect(providersOf(after)).toEqual(['openai', 'anthropic', 'elevenlabs'])
  })

  it('gives what ended a new end', () => {
    const standing = propose(CHAT)
    const now = standing.expiresAt

    expect(propose(CHAT, standing, now).expiresAt).toBeGreaterThan(now)
  })
})

describe('coversRequest', () => {
  const terms = propose({ capabilities: ['chat', 'speech'], models: ['gpt-4*'] })
  const covers = (request: ConnectRequest, now = NOW): boolean => coversRequest(terms, request, now)

  it('takes what was granted for it', () => {
    expect(covers(CHAT)).toBe(true)
    expect(covers({ capabilities: ['speech', 'chat'], models: ['gpt-4o', 'gpt-4*'] })).toBe(true)
    expect(covers({ ...CHAT, budget: { usd: '900.00', window: 'day' } })).toBe(true)
  })

  it.each<[string, ConnectRequest]>([
    ['a thing that was not granted', { capabilities: ['chat', 'image'] }],
    ['a provider that was not', { ...CHAT, providers: ['groq'] }],
    [
      'a thing its provider was not granted for',
      { capabilities: ['speech'], providers: ['openai'] },
    ],
    ['a model that was not', { ...CHAT, models: ['gpt-4o', 'o3'] }],
    ['more models than were', { ...CHAT, models: ['gpt-*'] }],
  ])('asks again for %s', (_, request) => {
    expect(covers(request)).toBe(false)
  })

  it('asks again when the time is over', () => {
    expect(covers(CHAT, terms.expiresAt - 1)).toBe(true)
    expect(covers(CHAT, terms.expiresAt)).toBe(false)
  })

  it('asks again where no key is left', () => {
    const keyless = terms.providers.map((entry) => ({ ...entry, keys: { pool: [] } }))

    expect(coversRequest({ ...terms, providers: keyless }, CHAT, NOW)).toBe(false)
  })
})
