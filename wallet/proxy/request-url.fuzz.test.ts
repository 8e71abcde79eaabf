import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { PROVIDER_IDS, isWalletError, type ProviderId } from '../protocol/index.ts'
import { matchEndpoint, parseCallUrl, providerById } from '../providers/index.ts'
import { LEFT_OUT } from '../providers/__fixtures__/left-out.ts'
import endpointFacts from '../providers/__fixtures__/endpoint-facts.json' with { type: 'json' }
import { FUZZED, tryInputs } from '../testing/fuzz.ts'
import { outgoingUrl } from './outgoing-url.ts'

/** Stated here once more: a host that is added to the catalogue must be added on purpose. */
const HOSTS: Readonly<Record<ProviderId, string | null>> = {
  openai: 'api.openai.com',
  anthropic: 'api.anthropic.com',
  google: 'generativelanguage.googleapis.com',
  groq: 'api.groq.com',
  openrouter: 'openrouter.ai',
  mistral: 'api.mistral.ai',
  xai: 'api.x.ai',
  deepseek: 'api.deepseek.com',
  together: 'api.together.xyz',
  fireworks: 'api.fireworks.ai',
  cohere: 'api.cohere.com',
  perplexity: 'api.perplexity.ai',
  cerebras: 'api.cerebras.ai',
  huggingface: 'router.huggingface.co',
  replicate: 'api.replicate.com',
  moonshot: 'api.moonshot.ai',
  zhipu: 'api.z.ai',
  voyage: 'api.voyageai.com',
  novita: 'api.novita.ai',
  sambanova: 'api.sambanova.ai',
  nvidia: 'integrate.api.nvidia.com',
  minimax: 'api.minimax.io',
  alibaba: 'dashscope-intl.aliyuncs.com',
  jina: 'api.jina.ai',
  elevenlabs: 'api.elevenlabs.io',
  deepgram: 'api.deepgram.com',
  fal: 'fal.run',
  stability: 'api.stability.ai',
  ollama: 'ollama.com',
  // No host of its own: its place is tried in the base URL's own tests.
  'azure-openai': null,
  lmstudio: null,
  custom: null,
}
/** What no query may carry to a provider: a credential, or who is to pay. */
const REMOVED = [
  ...['key', 'api_key', 'apikey', 'api-key', '$key', 'access_token', 'oauth_token', 'token'],
  ...['bearer_token', 'userproject', '$userproject'],
]
/** Names that ask a server to read another request than the one that was judged. */
const OVERRIDES = [
  ...['_method', '$httpmethod', 'x-http-method-override', 'x-http-method', 'x-method-override'],
  ...['$httpheaders', '$ct', '$req'],
]

const HOSTED = PROVIDER_IDS.filter((id) => HOSTS[id] !== null)

const fact = z.object({
  method: z.optional(z.string()),
  pathPattern: z.string(),
  samples: z.array(z.string()),
})
const FACTS = z
  .record(z.enum(PROVIDER_IDS), z.object({ endpoints: z.array(fact), denyPaths: z.array(fact) }))
  .parse(Object.fromEntries(PROVIDER_IDS.map((id) => [id, endpointFacts[id]])))

/** What would be sent, or null where nothing would. Any error but a refusal is thrown on. */
function sent(id: ProviderId, method: string, text: string): string | null {
  const provider = providerById(id)
  try {
    const url = parseCallUrl(text)
    const match = matchEndpoint(provider, method, url)
    return match.outcome === 'endpoint' ? outgoingUrl(url).href : null
  } catch (error) {
    if (isWalletError(error, 'request.invalid')) return null
    throw error
  }
}

interface Address {
  readonly host: string
  readonly path: string
  readonly query: readonly (readonly [name: string, value: string])[]
}

/**
 * The WHATWG reading of an https address, made for this test: it shares nothing with `URL`.
 * Null: no such address, or one with a user, a port, a fragment, or other than two slashes.
 */
function readAddress(text: string): Address | null {
  const stripped = text.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '')
  const parts = /^https:\/\/([^/\\?#]*)([^?#]*)(?:\?([^#]*))?$/i.exec(stripped)
  if (!parts) return null
  const [, authority = '', path = '', query = ''] = parts
  const [, name = '', port = ''] = /^([^:@[\]]*)(?::0*(443)?)?$/.exec(authority) ?? []
  if (authority !== name && !authority.includes(':')) return null
  if (name === '' || (port !== '' && port !== '443')) return null
  const host = asciiHost(name)
  return host === null ? null : { host, path: resolved(path), query: pairsOf(query) }
}

function asciiHost(name: string): string | null {
  const mapped = decoded(name)
    .replace(/\u00ad|\u034f|[\u180b-\u180f]|\u200b|\u2060|\u2064|[\ufe00-\ufe0f]|\ufeff/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[。．｡]/g, '.')
  return /^[a-z0-9.-]+$/.test(mapped) ? mapped : null
}

function resolved(path: string): string {
  const out: string[] = []
  const segments = path.replaceAll('\\', '/').split('/').slice(1)
  segments.forEach((segment, index) => {
    const dots = segment.replace(/%2e/gi, '.')
    if (dots === '..') out.pop()
    else if (dots !== '.') out.push(segment)
    if ((dots === '..' || dots === '.') && index === segments.length - 1) out.push('')
  })
  return `/${out.join('/')}`
}

function pairsOf(query: string): Address['query'] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...value] = part.replaceAll('+', ' ').split('=')
      return [decoded(name), decoded(value.join('='))] as const
    })
}

function decoded(text: string): string {
  const bytes: number[] = []
  for (const character of text
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => `\0\0${hex}`)
    .split(/(\0\0[0-9a-f]{2})/i)) {
    if (/^\0\0[0-9a-f]{2}$/i.test(character)) bytes.push(parseInt(character.slice(2), 16))
    else bytes.push(...new TextEncoder().encode(character))
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
}

const good = fc.constantFrom(
  ...HOSTED.flatMap((id) =>
    FACTS[id].endpoints.flatMap(({ method = 'GET', samples }) =>
      samples.map((path) => ({ id, method, text: `https://${String(HOSTS[id])}${path}` })),
    ),
  ),
)

const TOKENS = [
  ...['/', '//', '\\', '.', '..', '/../', '/./', '/..;/', ';', ':', '@', '#', '?', '&', '=', '*'],
  ...['%2e', '%2E%2e', '%2f', '%2F', '%5c', '%25', '%252e', '%00', '%0d%0a', '%', '%zz', '%3b'],
  ...['%c0%af', '%e3%80%82', '\t', '\n', '\r', ' ', '\0', '\x7f', '\u00ad', '\u200b', '\ufeff'],
  ...['。', '．', '／', '＼', '：', '＠', '＃', '？', '％', 'ſ', 'K', '℀', '℅', '⒈', '\ud800', 'é'],
  ...['user@', 'user:pw@', ':443', ':0443', ':8443', ':', '[::1]', '127.0.0.1', '0x7f.1', 'xn--'],
  ...['evil.test', '.evil.test', 'evil.test/', 'https:', 'http:', 'https://', 'wss:', '/v1/files'],
  ...[
    '?key=a',
    '&API_KEY=b',
    '&%6bey=c',
    '?alt=sse',
    '&token',
    '&access_token=',
    '&%24userProject=d',
  ],
  ...['&oauth_token=e', '?_method=DELETE', '&%5Fmethod=PUT', '&$httpMethod=DELETE', '&$ct=text'],
  ...HOSTED.map((id) => String(HOSTS[id])),
]
const token = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TOKENS) },
  fc.string({ unit: 'binary', maxLength: 3 }),
)
type Edit = (text: string) => string
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.nat(), token).map(([at, piece]): Edit => (text) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + piece + text.slice(place)
  }),
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 4 })).map(([at, length]): Edit => (text) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + text.slice(place + length)
  }),
  fc
    .tuple(fc.nat(), fc.constantFrom(...(['percent', 'PERCENT', 'wide', 'upper'] as const)))
    .map(([at, way]): Edit => (text) => {
      const place = at % Math.max(1, text.length)
      return text.slice(0, place) + respelled(text.charAt(place), way) + text.slice(place + 1)
    }),
  fc.tuple(fc.nat(), token).map(([at, piece]): Edit => (text) => {
    const places = [...text.matchAll(/[/?:.]/g)].map(({ index }) => index)
    const place = places[at % Math.max(1, places.length)] ?? 0
    return text.slice(0, place) + piece + text.slice(place + 1)
  }),
)

/** Edits after which an address is mostly still one that is sent. */
const QUERY = [
  ...[
    'alt=sse',
    'a=b%20c+d',
    'key=a',
    'API_KEY=b',
    '%6bey=c',
    'token',
    'access_token=',
    '=x',
    '&',
    '%',
  ],
  ...[
    '%24userProject=d',
    'oauth_token=e',
    'userProject=f',
    'pageToken=g',
    'a;key=h',
    'keys=i',
    'é=\ud800',
  ],
  ...[
    '_method=DELETE',
    '%5Fmethod=PUT',
    '$httpMethod=DELETE',
    '$ct=text',
    "q='",
    '$httpHeaders=x%0d%0ay',
  ],
]
const softEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.nat(), fc.constantFrom('\t', '\n', '\r')).map(([at, space]): Edit => (text) => {
    const place = 'https://'.length + (at % (text.length - 'https://'.length))
    return text.slice(0, place) + space + text.slice(place)
  }),
  fc.oneof(fc.constantFrom(...QUERY), token).map((piece): Edit => (text) => {
    return text.includes('?') ? `${text}&${piece}` : `${text}?${piece}`
  }),
  fc
    .tuple(fc.nat(), fc.constantFrom('/.', '/%2e', '/zz/..', '/zz/%2E.', '/a/b/.%2e/..'))
    .map(([at, piece]): Edit => (text) => {
      const places = [...text.matchAll(/\//g)].map(({ index }) => index).slice(2)
      const place = places[at % Math.max(1, places.length)] ?? text.length
      return text.slice(0, place) + piece + text.slice(place)
    }),
  fc
    .tuple(fc.nat(), fc.constantFrom(...(['percent', 'PERCENT', 'wide', 'upper'] as const)))
    .map(([at, way]): Edit => (text) => {
      const end = text.indexOf('/', 'https://'.length)
      const place = 'https://'.length + (at % Math.max(1, end - 'https://'.length))
      return text.slice(0, place) + respelled(text.charAt(place), way) + text.slice(place + 1)
    }),
  fc.constantFrom(':443', ':', ':00443', '\u00ad', '\u200b', '.').map((piece): Edit => (text) => {
    const end = text.indexOf('/', 'https://'.length)
    return text.slice(0, end) + piece + text.slice(end)
  }),
)

function respelled(character: string, way: 'percent' | 'PERCENT' | 'wide' | 'upper'): string {
  const code = character.charCodeAt(0)
  if (way === 'upper') return character.toUpperCase()
  if (Number.isNaN(code) || code < 0x21 || code > 0x7e) return character
  if (way === 'wide') return String.fromCharCode(code + 0xfee0)
  const hex = `%${code.toString(16)}`
  return way === 'percent' ? hex : hex.toUpperCase()
}

const edits = fc.oneof(
  { weight: 4, arbitrary: fc.array(softEdit, { minLength: 1, maxLength: 4 }) },
  { weight: 2, arbitrary: fc.array(fc.oneof(softEdit, edit), { minLength: 1, maxLength: 3 }) },
  fc.array(edit, { minLength: 1, maxLength: 4 }),
)
const hostile = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(good, edits).map(([call, changes]) => ({
      ...call,
      text: changes.reduce((text, change) => change(text), call.text),
    })),
  },
  fc.tuple(good, fc.array(token, { maxLength: 8 })).map(([call, pieces]) => ({
    ...call,
    text: `https://${pieces.join('')}`,
  })),
  fc
    .tuple(good, fc.webUrl({ withQueryParameters: true, withFragments: true }))
    .map(([call, text]) => ({
      ...call,
      text,
    })),
  fc.tuple(good, fc.string({ unit: 'binary' })).map(([call, text]) => ({ ...call, text })),
)
const method = fc.oneof(
  fc.constantFrom(...['GET', 'POST', 'PUT', 'DELETE', 'get', 'Post', 'HEAD', 'GET ', '', 'P\0ST']),
  fc.string({ maxLength: 5 }),
)

describe('whatever address a page gives', () => {
  it(
    'what is sent is an address of the catalogue, as an independent reader reads it',
    FUZZED,
    async () => {
      await tryInputs(
        5000,
        fc.property(
          hostile,
          fc.option(method, { freq: 6 }),
          ({ id, method: usual, text }, other) => {
            const asked = other ?? usual
            const href = sent(id, asked, text)
            if (href === null) return

            const address = readAddress(text)
            expect(address?.host).toBe(HOSTS[id])
            const { path, query } = address ?? { path: '', query: [] }
            expect(isKnown(id, asked, path)).toBe(true)
            expect(query.some(([name]) => OVERRIDES.includes(name.toLowerCase()))).toBe(false)
            const [, sentPath, sentQuery = ''] =
              /^https:\/\/[a-z.-]+(\/[A-Za-z0-9._:/-]*)(?:\?([\x21\x24-\x7e]*))?$/.exec(href) ?? []
            expect(href.slice(0, `https://${String(HOSTS[id])}/`.length)).toBe(
              `https://${String(HOSTS[id])}/`,
            )
            expect(sentPath).toBe(path)
            expect(pairsOf(sentQuery)).toEqual(
              query.filter(([name]) => !REMOVED.includes(name.toLowerCase())),
            )
          },
        ),
      )
    },
  )

  it('a plain one is sent as it is', FUZZED, async () => {
    const word = fc.stringMatching(/^[a-z][A-Za-z0-9_-]{0,8}$/)
    const query = fc
      .array(fc.tuple(word, word), { maxLength: 3 })
      .map((pairs) => pairs.filter(([name]) => !REMOVED.includes(name.toLowerCase())))
    await tryInputs(
      2000,
      fc.property(good, query, ({ id, method: usual, text }, pairs) => {
        const search = pairs.map((pair) => pair.join('=')).join('&')
        const whole = search === '' ? text : `${text}?${search}`
        if (!isSent(id, usual, text)) return

        expect(sent(id, usual, whole)).toBe(whole)
      }),
    )
  })
})

/** By the collected facts, with their own patterns. */
function isKnown(id: ProviderId, asked: string, path: string): boolean {
  const { endpoints, denyPaths } = FACTS[id]
  // A model's own page comes with the list of models.
  const isModel = asked === 'GET' && /\/models(?:\/[A-Za-z0-9._:-]+){1,3}$/.test(path)
  return (
    (isModel ||
      endpoints.some(
        ({ method: one, pathPattern }) => one === asked && new RegExp(pathPattern).test(path),
      )) &&
    !denyPaths.some(
      ({ method: one, pathPattern }) =>
        (one === undefined || one === asked) && new RegExp(pathPattern).test(path),
    )
  )
}

/** Sockets, jobs and stored conversations are in the facts, and refused until they are built. */
function isSent(id: ProviderId, asked: string, text: string): boolean {
  if (LEFT_OUT[id]?.test(`${asked} ${new URL(text).pathname}`)) return false
  const later =
    /\/(?:realtime|listen|converse|videos|video_generation|interactions|operations|ws)\b|:predictLongRunning$/
  return !later.test(text) || sent(id, asked, text) !== null
}
