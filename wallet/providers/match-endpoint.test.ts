import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { PROVIDER_IDS, type ProviderId } from '../protocol/index.ts'
import { parseCallUrl } from './call-url.ts'
import { PROVIDERS } from './catalogue.ts'
import { matchEndpoint } from './match-endpoint.ts'
import { placeProvider } from './place-provider.ts'
import type { Provider } from './provider.ts'
import { LEFT_OUT } from './__fixtures__/left-out.ts'
import endpointFacts from './__fixtures__/endpoint-facts.json' with { type: 'json' }

const fact = z.object({
  method: z.optional(z.string()),
  pathPattern: z.string(),
  capability: z.optional(z.string()),
  samples: z.array(z.string()),
})
const facts = z.record(
  z.enum(PROVIDER_IDS),
  z.object({ endpoints: z.array(fact), denyPaths: z.array(fact) }),
)
const FACTS = facts.parse(Object.fromEntries(PROVIDER_IDS.map((id) => [id, endpointFacts[id]])))
/** formats §7: the collection's words and the catalogue's. */
const CAPABILITIES: Readonly<Record<string, string>> = { language: 'chat', embeddings: 'embedding' }
/** Sockets, jobs and stored conversations: known, and refused until they are built. */
const LATER = ['realtime', 'video']
/** The model decides, which the path does not show. */
const MIXED = 'mixed'

/** Where a provider without hosts of its own is tried: below a base path, at a port. */
const PLACES: Readonly<Partial<Record<ProviderId, string>>> = {
  'azure-openai': 'https://res-1.openai.azure.com',
  lmstudio: 'http://127.0.0.1:1234',
  custom: 'https://models.example.test:8443/gateway/v1',
}

function providerAt(id: ProviderId): Provider {
  const placed = placeProvider(PROVIDERS[id], PLACES[id] ?? null)
  if (!placed) throw new TypeError(id)
  return placed
}

function urlOf(id: ProviderId, path: string): URL {
  const base = PLACES[id] ?? `https://${String(PROVIDERS[id].hosts[0])}`
  return parseCallUrl(base + path, providerAt(id).place)
}

function rows(kind: 'endpoints' | 'denyPaths') {
  return PROVIDER_IDS.flatMap((id) =>
    FACTS[id][kind].flatMap((each) => each.samples.map((path) => ({ id, path, ...each }))),
  )
}
const endpointRows = rows('endpoints')
const isLater = (row: (typeof endpointRows)[number]) =>
  LATER.includes(row.capability ?? '') ||
  LEFT_OUT[row.id]?.test(`${row.method ?? ''} ${row.path}`) === true

describe('the catalogue against the collected facts', () => {
  it('has samples that are what the facts mean', () => {
    for (const row of [...endpointRows, ...rows('denyPaths')]) {
      expect(row.path).toMatch(new RegExp(row.pathPattern))
    }
  })

  it.each(endpointRows.filter((row) => !isLater(row)))('allows $id $method $path', (row) => {
    const match = matchEndpoint(providerAt(row.id), row.method ?? '', urlOf(row.id, row.path))

    const capability = row.capability ?? ''
    expect(match.outcome).toBe('endpoint')
    if (capability === MIXED) return
    expect(match).toMatchObject({
      endpoint: { capability: CAPABILITIES[capability] ?? capability },
    })
  })

  it.each(endpointRows.filter(isLater))('does not open $id $method $path yet', (row) => {
    const match = matchEndpoint(providerAt(row.id), row.method ?? '', urlOf(row.id, row.path))

    expect(match.outcome).not.toBe('endpoint')
  })

  it.each(rows('denyPaths'))('refuses $id $method $path (C37, C38)', (row) => {
    const methods =
      row.method === undefined ? ['GET', 'POST', 'DELETE', 'PUT', 'PATCH'] : [row.method]
    for (const method of methods) {
      const match = matchEndpoint(providerAt(row.id), method, urlOf(row.id, row.path))
      expect(match.outcome).not.toBe('endpoint')
    }
  })
})

describe('matchEndpoint', () => {
  const { openai, google } = PROVIDERS

  it.each([
    'https://eu.api.openai.com/v1/models',
    'https://api.openai.com./v1/models',
    'https://api.openai.com.evil.test/v1/models',
    'https://xapi.openai.com/v1/models',
    'https://openai.com/v1/models',
  ])('does not know %s', (text) => {
    expect(matchEndpoint(openai, 'GET', parseCallUrl(text))).toEqual({ outcome: 'unknown' })
  })

  it.each(['http://api.openai.com/v1/models', 'https://api.openai.com:8443/v1/models'])(
    'does not know %s even where nobody refused it before',
    (text) => {
      expect(matchEndpoint(openai, 'GET', new URL(text))).toEqual({ outcome: 'unknown' })
    },
  )

  it.each([
    ['POST', '/v1/models'],
    ['get', '/v1/models'],
    ['HEAD', '/v1/models'],
    ['OPTIONS', '/v1/chat/completions'],
    ['PUT', '/v1/chat/completions'],
    ['POST', '/v1/chat/completions/'],
    ['POST', '/V1/chat/completions'],
    ['POST', '/v1/chat/completionsx'],
    ['GET', '/'],
    ['GET', '/v1'],
    ['POST', '/v2/anything/new'],
  ])('has no endpoint for %s %s (C31)', (method, path) => {
    expect(matchEndpoint(openai, method, urlOf('openai', path)).outcome).not.toBe('endpoint')
  })

  it.each([
    '/v1beta/models/gemini-3.5-flash:generateContent/x',
    '/v1beta/models/a/b:generateContent',
    '/v1beta/models/a:generateContent:generateContent',
    '/v1beta/models/%67emini:generateContent',
    '/v2/models/gemini-3.5-flash:generateContent',
  ])('has no endpoint for POST %s', (path) => {
    expect(matchEndpoint(google, 'POST', urlOf('google', path)).outcome).not.toBe('endpoint')
  })

  it('judges a path after its dots are resolved (C23)', () => {
    const url = parseCallUrl('https://api.openai.com/v1/chat/../files')

    expect(matchEndpoint(openai, 'GET', url)).toEqual({ outcome: 'denied' })
  })
})

describe('every path pattern', () => {
  const patterns = Object.values(PROVIDERS).flatMap((provider) => [
    ...provider.endpoints.map(({ path }) => path),
    ...provider.denied.map(({ path }) => path),
  ])

  it.each(patterns)('%s is anchored and keeps no state', (pattern) => {
    expect(pattern.source).toMatch(/^\^\\\/.*\$$/)
    expect(pattern.source).not.toContain('|$')
    expect(pattern.flags).toBe('')
  })

  it('reads hostile paths in linear time (C76)', () => {
    const long = 100_000
    const paths = ['/', '/v1/models/', '/v1beta/models/', '/openai/v1/models/'].flatMap((start) =>
      ['a', '/', 'a/', ':', '.', '-a', 'a:generateContent', '/operations', 'batch'].map(
        (piece) => `${start}${piece.repeat(long / piece.length)}\n`,
      ),
    )
    const startedAt = performance.now()
    for (const pattern of patterns) for (const path of paths) pattern.test(path)

    // Tens of thousands of tests of 100 kB: anything worse than linear takes minutes.
    expect(performance.now() - startedAt).toBeLessThan(30_000)
  })
})
