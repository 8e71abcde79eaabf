import { defaultTerms } from '../grants/index.ts'
import {
  authorizationDetailsSchema,
  type KeyId,
  type ProviderTerms,
  type Terms,
} from '../protocol/index.ts'
import { describe, expect, it } from 'vitest'
import { checkRedirect, detailsOfTerms, siteOfRedirect, wishOfDetails } from './oauth-request.ts'

const SERVER = 'https://sync.example.test'
const REDIRECT = 'https://app.example.test/callback?from=here'
const asked = { redirectUri: REDIRECT, server: SERVER }
const iss = encodeURIComponent(SERVER)
const code = `&code=a%20code&state=st&iss=${iss}`.replace('%20', '+')
const terms: Terms = defaultTerms({
  now: 1_800_000_000_000,
  keys: [{ provider: 'openai', keyId: 'AAAAAAAAAAAAAAAAAAAAAA' as KeyId }],
})

describe('where the tab goes', () => {
  it('is where the person read that it goes, with the answer', () => {
    expect(checkRedirect(REDIRECT + code, asked, 'code').href).toBe(REDIRECT + code)
    const no = `&error=access_denied&state=st&iss=${iss}`
    expect(checkRedirect(REDIRECT + no, asked, 'error').href).toBe(REDIRECT + no)
  })

  it.each<[string, string | null]>([
    ['another site', `https://evil.example.test/callback?from=here${code}`],
    ['another page of the site', `https://app.example.test/other?from=here${code}`],
    ['something else said to the app', `${REDIRECT}${code}&admin=1`],
    ['something of the app left out', `https://app.example.test/callback?${code.slice(1)}`],
    ['two codes', `${REDIRECT}&code=another${code}`],
    ['a fingerprint of the server’s making', `${REDIRECT}${code}&wallet_fpr=x`],
    ['a fragment', `${REDIRECT}${code}#x`],
    [
      'an answer in another server’s name',
      `${REDIRECT}&code=c&state=st&iss=https%3A%2F%2Fevil.example`,
    ],
    ['a no for a yes', `${REDIRECT}&error=access_denied&state=st&iss=${iss}`],
    ['a script', 'javascript:alert(1)'],
    ['nothing', null],
  ])('C93, C97: is not %s', (_, redirect) => {
    expect(() => checkRedirect(redirect, asked, 'code')).toThrow(
      expect.objectContaining({ code: 'protocol.invalid_message' }) as Error,
    )
  })

  it('is shown as its site', () => {
    expect(siteOfRedirect({ redirectUri: REDIRECT })).toBe('https://app.example.test')
    expect(siteOfRedirect({ redirectUri: 'http://127.0.0.1:4000/cb' })).toBe(
      'http://127.0.0.1:4000',
    )
  })

  it.each(['com.example.app:/callback', 'http://app.example.test/callback', null])(
    'is never one that cannot be shown: %s',
    (redirectUri) => {
      expect(() => siteOfRedirect({ redirectUri })).toThrow(
        expect.objectContaining({ code: 'request.invalid' }) as Error,
      )
    },
  )
})

describe('what an app asks for', () => {
  it('is one wish of all it names', () => {
    const budget = { usd: '5.00', window: 'month' as const }
    expect(
      wishOfDetails([
        { type: 'ai_inference', actions: ['chat', 'image'], providers: ['openai'], budget },
        { type: 'ai_inference', actions: ['chat'], providers: ['anthropic', 'openai'] },
      ]),
    ).toEqual({ capabilities: ['chat', 'image'], providers: ['openai', 'anthropic'], budget })
  })

  it('is any provider where a part of it names none', () => {
    const wish = wishOfDetails([
      { type: 'ai_inference', providers: ['openai'] },
      { type: 'ai_inference' },
    ])
    expect(wish).toEqual({ capabilities: ['chat'] })
  })
})

describe('what an app is told that it got', () => {
  const entry: ProviderTerms = { ...terms.providers[0], models: ['gpt-4o*'] } as ProviderTerms

  it('is what the person allowed, in the form of the wire, without keys', () => {
    const told = detailsOfTerms({ ...terms, providers: [entry], sealed: 'plain' })
    expect(authorizationDetailsSchema.parse(told)).toEqual(told)
    expect(told).toMatchObject([
      {
        ...{ providers: ['openai'], models: ['gpt-4o*'], sealed: 'plain' },
        ...{ budget: terms.budgets[0], actions: entry.capabilities },
        expires_at: new Date(terms.expiresAt).toISOString(),
      },
    ])
    expect(JSON.stringify(told)).not.toContain('AAAAAAAAAAAAAAAAAAAAAA')
  })

  it('names any model where one provider allows any', () => {
    const other: ProviderTerms = { ...entry, provider: 'anthropic', models: 'any' }
    const [told] = detailsOfTerms({ ...terms, providers: [entry, other] })
    expect(told?.models).toEqual(['gpt-4o*', '*'])
  })
})
