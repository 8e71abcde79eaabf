import { describe, expect, it } from 'vitest'
import { defaultTerms } from '../grants/index.ts'
import {
  WalletError,
  type Grant,
  type GrantId,
  type KeyId,
  type ProviderId,
  type ProviderKey,
  type Terms,
} from '../protocol/index.ts'
import { estimateInjected } from './estimate-injected.ts'
import { injectRules, ruleOf, withoutLimits } from './inject-rules.ts'
import type { CallVault } from './ports.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const ORIGIN = 'https://app.example.test'
const KEY_ID = 'BBBBBBBBBBBBBBBBBBBBBQ' as KeyId
const SECRET = ['sk-', 'aB3dE6gH9jK2mN5pQ8sT1vW4'].join('') as ProviderKey

const usual = (provider: ProviderId = 'openai'): Terms =>
  defaultTerms({ now: NOW, keys: [{ provider, keyId: KEY_ID }] })
const injectable = (provider?: ProviderId): Terms => withoutLimits(usual(provider))
const grantWith = (terms: Terms): Grant => ({
  ...{ id: 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId, subject: { origin: ORIGIN }, status: 'active' },
  ...{ createdAt: NOW, terms },
})
const vaultOf = (provider: ProviderId, baseUrl: string | null = null): CallVault => ({
  readGrant: () => Promise.reject(new WalletError('internal')),
  openKey: (keyId) => Promise.resolve({ keyId, provider, secret: SECRET, baseUrl }),
})
const rulesOf = (terms: Terms, vault = vaultOf('openai')) => injectRules(grantWith(terms), vault)

describe('the rules of compatibility mode', () => {
  it('are one for each endpoint that is granted, with the key in its own header', async () => {
    const rules = await rulesOf(injectable())

    expect(new Set(rules.map(({ endpoint }) => endpoint.capability))).toEqual(
      new Set(['chat', 'models', 'tokens']),
    )
    expect(rules.map(({ host }) => host)).toEqual(rules.map(() => 'api.openai.com'))
    expect(rules[0]?.header).toEqual({ name: 'authorization', value: `Bearer ${SECRET}` })
  })

  it.each([
    ['https://api.openai.com/v1/chat/completions', true],
    ['https://api.openai.com/v1/chat/completions?a=b', true],
    ['https://corsproxy.example.test/?https://api.openai.com/v1/chat/completions', false],
    ['https://corsproxy.example.test/https://api.openai.com/v1/chat/completions', false],
    ['https://api.openai.com.evil.test/v1/chat/completions', false],
    ['https://apixopenai.com/v1/chat/completions', false],
    ['https://api.openai.com:8443/v1/chat/completions', false],
    ['http://api.openai.com/v1/chat/completions', false],
    ['https://api.openai.com/v1/chat/completions/chatcmpl-1', false],
    ['https://api.openai.com/v1/files', false],
    ['https://api.openai.com/v1/organization/admin_api_keys', false],
  ])('fit exactly the addresses of the catalogue: %s', async (address, fits) => {
    const rules = await rulesOf(injectable())

    expect(rules.some(({ addressPattern }) => new RegExp(addressPattern).test(address))).toBe(fits)
  })

  it.each<[string, Partial<Terms>]>([
    ['a budget', { budgets: [{ usd: '5.00', window: 'month' }] }],
    ['a limit of calls', { requests: [{ count: 9, window: 'day' }] }],
    ['a limit of tokens', { tokens: [{ count: 9, window: 'day' }] }],
    ['a question before dear calls', { askAbove: '0.10' }],
    ['a question before every call', { askAlways: true }],
    ['a choice of endpoints', { endpoints: ['POST /v1/chat/completions'] }],
    [
      'a choice of models',
      { providers: usual().providers.map((each) => ({ ...each, models: ['gpt-4o-mini'] })) },
    ],
    ['a server of the person’s own', { providers: usual('custom').providers }],
  ])('are refused with %s', async (_what, change) => {
    await expect(rulesOf({ ...injectable(), ...change })).rejects.toMatchObject({
      code: 'grant.lane_denied',
    })
  })

  it('are none for a key of another provider, or of another server (C78)', async () => {
    expect(await rulesOf(injectable(), vaultOf('groq'))).toEqual([])
    expect(await rulesOf(injectable(), vaultOf('openai', 'https://own.example.test'))).toEqual([])
  })
})

describe('a request the browser tells of', () => {
  it('is counted by its own text where a rule added a key, and only there', async () => {
    const rules = await rulesOf(injectable())
    const url = new URL('https://api.openai.com/v1/chat/completions')
    const rule = ruleOf(rules, { origin: ORIGIN, method: 'POST', url })
    const messages = [{ role: 'user', content: 'x'.repeat(4000) }]
    const bodyText = JSON.stringify({ model: 'gpt-4o-mini', messages })

    expect(ruleOf(rules, { origin: 'https://evil.test', method: 'POST', url })).toBeNull()
    expect(ruleOf(rules, { origin: ORIGIN, method: 'OPTIONS', url })).toBeNull()
    if (!rule) throw new TypeError('no rule')
    const estimate = estimateInjected(rule, { url, bodyText, at: NOW })
    expect(estimate.model).toBe('gpt-4o-mini')
    expect(estimate.tokens?.input).toBeGreaterThan(999)
    expect(estimate.costNanoUsd).toBeGreaterThan(0)
    expect(estimateInjected(rule, { url, bodyText: null, at: NOW })).toEqual({
      ...{ model: null, tokens: null, costNanoUsd: 0 },
    })
  })
})
