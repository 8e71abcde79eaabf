import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  PROVIDER_IDS,
  isWalletError,
  type ProviderId,
  type ProviderKey,
} from '../protocol/index.ts'
import { providerById, type Endpoint } from '../providers/index.ts'
import { FUZZED, tryInputs } from '../testing/fuzz.ts'
import { outgoingHeaders } from './request-headers.ts'

const SECRET = ['sk-', 'aB3dE6gH9jK2mN5pQ8sT'].join('') as ProviderKey

/** Stated here once more: a header that is let through must be let through on purpose. */
const ALLOWED: Readonly<Partial<Record<ProviderId, RegExp>>> = {
  openai: /^(?:accept|accept-language|idempotency-key|x-stainless-.*|openai-beta)$/,
  anthropic:
    /^(?:accept|accept-language|idempotency-key|x-stainless-.*|anthropic-(?:beta|version|dangerous-direct-browser-access))$/,
  google: /^(?:accept|accept-language|idempotency-key|x-stainless-.*|x-goog-api-client)$/,
  groq: /^(?:accept|accept-language|idempotency-key|x-stainless-.*|groq-model-version)$/,
  openrouter:
    /^(?:accept|accept-language|idempotency-key|x-stainless-.*|http-referer|x-title|x-openrouter-.*)$/,
  mistral: /^(?:accept|accept-language|idempotency-key|x-stainless-.*|x-mistral-user-agent)$/,
  fireworks:
    /^(?:accept|accept-language|idempotency-key|x-stainless-.*|http-referer|x-title|x-session-affinity)$/,
  cohere: /^(?:accept|accept-language|idempotency-key|x-stainless-.*|x-client-name|x-fern-.*)$/,
  perplexity: /^(?:accept|accept-language|idempotency-key|x-stainless-.*|x-title|x-source)$/,
  cerebras: /^(?:accept|accept-language|idempotency-key|x-stainless-.*|x-cerebras-.*)$/,
  fal: /^(?:accept|accept-language|idempotency-key|x-stainless-.*|x-fal-object-lifecycle-preference|x-fal-queue-priority)$/,
  stability:
    /^(?:accept|accept-language|idempotency-key|x-stainless-.*|stability-client-(?:id|version))$/,
  replicate: /^(?:accept|accept-language|idempotency-key|x-stainless-.*|prefer|cancel-after)$/,
}
/** What every other provider is sent. */
const COMMON = /^(?:accept|accept-language|idempotency-key|x-stainless-.*)$/
/** Ours, whatever the page sends under the name. */
const OURS: Readonly<Record<string, string>> = {
  'anthropic-version': '2023-06-01',
  'anthropic-dangerous-direct-browser-access': 'true',
}
const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override']

/** Where the key goes, and what stands before it. */
function credentialOf(id: ProviderId, { name }: Endpoint): readonly [string, string] {
  const isOpenAiLayer = name.startsWith('openai.') || name === 'chat.completions'
  if (id === 'anthropic' && !isOpenAiLayer) return ['x-api-key', '']
  if (id === 'elevenlabs') return ['xi-api-key', '']
  if (id === 'deepgram') return ['authorization', 'Token ']
  if (id === 'fal') return ['authorization', 'Key ']
  if (id === 'azure-openai') return [name === 'messages' ? 'x-api-key' : 'api-key', '']
  if (id === 'deepseek' && name === 'messages') return ['x-api-key', '']
  if (id === 'google' && !isOpenAiLayer) return ['x-goog-api-key', '']
  return ['authorization', 'Bearer ']
}

const NAMES = [
  ...['authorization', 'x-api-key', 'x-goog-api-key', 'api-key', 'proxy-authorization', 'cookie'],
  ...['host', 'origin', 'referer', 'openai-organization', 'openai-project', 'x-goog-user-project'],
  ...['content-type', 'content-length', 'transfer-encoding', 'connection', 'x-forwarded-for'],
  ...['accept', 'accept-language', 'accept-encoding', 'idempotency-key', 'x-stainless-lang'],
  ...['x-stainless-', 'anthropic-beta', 'anthropic-version', 'openai-beta', 'x-goog-api-client'],
  ...['anthropic-dangerous-direct-browser-access', 'groq-model-version', ...OVERRIDES],
  ...['http-referer', 'x-title', 'x-fern-sdk', 'prefer', 'x-hf-bill-to', 'x-dashscope-workspace'],
  ...['__proto__', 'constructor', 'toString', 'x-stainless', 'authorization ', 'x_api_key', ''],
  ...['authorizatıon', 'x-api-\u212aey', 'a\r\nauthorization', 'accept:', 'accept\0', 'set-cookie'],
]
const letterCase = fc.func(fc.boolean())
const name = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...NAMES), letterCase)
      .map(([text, isUpper]) =>
        Array.from(text, (one, at) => (isUpper(at) ? one.toUpperCase() : one)).join(''),
      ),
  },
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ maxLength: 8 }).map((text) => `x-stainless-${text}`),
)
const VALUES = ['Bearer page', SECRET, `a\r\nauthorization: Bearer page`, 'nul\0', 'snow ☃', '']
const value = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  fc.constantFrom(...VALUES, ' padded\t', '\u0080', '\u00ff', '\u0100', '\x7f', 'one\n', '\ttab'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const headers = fc.array(fc.tuple(name, value), { maxLength: 6 })
/** Of names and values any client could send, so that many lists are taken. */
const sendable = fc.array(
  fc.tuple(
    fc.constantFrom(...NAMES.filter((text) => isToken(text) && !OVERRIDES.includes(text))),
    fc.string({ maxLength: 12 }),
  ),
  { maxLength: 8 },
)
const target = fc.constantFrom(
  ...PROVIDER_IDS.flatMap((id) =>
    providerById(id).endpoints.map((endpoint) => ({ id, provider: providerById(id), endpoint })),
  ),
)

function isToken(text: string): boolean {
  return (
    text !== '' &&
    Array.from(text).every((one) => /[A-Za-z0-9]/.test(one) || "!#$%&'*+-.^_`|~".includes(one))
  )
}

function isFieldValue(text: string): boolean {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).every(
    (code) => code === 9 || (code >= 0x20 && code <= 0xff && code !== 0x7f),
  )
}

describe('whatever headers a page sends', () => {
  it('only known ones are sent, with one credential: ours (C32, C33)', FUZZED, async () => {
    await tryInputs(
      4000,
      fc.property(target, fc.oneof(headers, sendable), ({ id, provider, endpoint }, given) => {
        const refusable = given.some(
          ([one, text]) =>
            !isToken(one) || !isFieldValue(text) || OVERRIDES.includes(one.toLowerCase()),
        )
        let sent: Headers
        try {
          sent = outgoingHeaders(given, { provider, endpoint }, SECRET)
        } catch (error) {
          expect(isWalletError(error, 'request.invalid')).toBe(true)
          expect(refusable).toBe(true)
          return
        }
        expect(refusable).toBe(false)

        const [keyHeader, prefix] = credentialOf(id, endpoint)
        const page = new Map<string, string[]>()
        for (const [one, text] of given) {
          const lower = one.toLowerCase()
          page.set(lower, [...(page.get(lower) ?? []), text.replace(/^[\t ]+|[\t ]+$/g, '')])
        }
        const expected = new Map<string, string>()
        for (const [one, texts] of page) {
          if ((ALLOWED[id] ?? COMMON).test(one)) expected.set(one, texts.join(', '))
        }
        if (id === 'anthropic')
          for (const [one, text] of Object.entries(OURS)) expected.set(one, text)
        expected.set(keyHeader, prefix + SECRET)
        expect(new Map(sent.entries())).toEqual(expected)
      }),
    )
  })
})
