import { describe, expect, it } from 'vitest'
import { PROVIDER_IDS, VALET_KEY_SHAPES } from '../protocol/index.ts'
import { PROVIDER_HOSTS } from '../protocol/provider-hosts.ts'
import { PROVIDERS, providerById, providerOfHost } from './catalogue.ts'
import { matchEndpoint } from './match-endpoint.ts'

const providers = Object.values(PROVIDERS)

describe('the catalogue', () => {
  it('has every provider of the contract under its own id', () => {
    expect(providers.map(({ id }) => id)).toEqual([...PROVIDER_IDS])
    for (const id of PROVIDER_IDS) expect(providerById(id)).toBe(PROVIDERS[id])
  })

  it('gives each host to one provider', () => {
    const hosts = providers.flatMap((provider) => provider.hosts)

    expect(new Set(hosts).size).toBe(hosts.length)
    for (const host of hosts) expect(host).toBe(new URL(`https://${host}`).host)
  })

  it('has the hosts that app servers call instead of the relay', () => {
    const first = providers.flatMap(({ id, hosts: [host] }) =>
      host === undefined ? [] : [[id, host]],
    )

    expect(Object.entries(PROVIDER_HOSTS)).toEqual(first)
  })

  it('gives each environment variable to one provider', () => {
    const names = providers.flatMap(({ envNames }) => envNames)

    expect(new Set(names).size).toBe(names.length)
    for (const { envNames } of providers) expect(envNames.length).toBeGreaterThan(0)
    for (const name of names) expect(name).toMatch(/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/)
  })

  it.each(providers)('$id names valet key shapes that exist', ({ valetKeyShapes }) => {
    const known: readonly string[] = VALET_KEY_SHAPES.map(({ id }) => id)

    expect(valetKeyShapes.length).toBeGreaterThan(0)
    expect(known).toEqual(expect.arrayContaining([...valetKeyShapes]))
  })

  it.each(providers)(
    '$id has endpoints of different names, and its key check makes nothing',
    (provider) => {
      const names = provider.endpoints.map(({ name }) => name)
      const { method, path, host } = provider.keyCheck
      const place = { origin: 'https://own.example.test', path: '' }
      const at = provider.hosts.length > 0 ? provider : { ...provider, place }
      const origin = at.place?.origin ?? `https://${host ?? String(provider.hosts[0])}`
      const match = matchEndpoint(at, method, new URL(path, origin))

      expect(new Set(names).size).toBe(names.length)
      // A list of models, an account page that apps are denied, or an empty request.
      if (method === 'GET') {
        const allowed = match.outcome === 'endpoint' ? match.endpoint.capability : 'denied'
        expect(['models', 'denied']).toContain(host === undefined ? allowed : 'denied')
        if (host === undefined) expect(match.outcome).not.toBe('unknown')
      } else expect(match.outcome).toBe('endpoint')
      expect(host ?? 'huggingface.co').toMatch(/^(?:huggingface\.co|api\.fal\.ai)$/)
    },
  )

  it.each(providers)('$id spells headers as they are compared', (provider) => {
    const headers = [
      provider.auth.header,
      ...provider.endpoints.flatMap(({ auth }) => auth?.header ?? []),
      ...provider.forwardHeaders,
      ...Object.keys(provider.requiredHeaders),
    ]

    for (const header of headers) expect(header).toBe(header.toLowerCase())
    expect(provider.forwardHeaders).not.toContain(provider.auth.header)
  })

  it.each(providers)('$id offers at most twelve models, each once', ({ models, hosts }) => {
    expect(new Set(models).size).toBe(models.length)
    // What runs on a machine of the person's own has the names they gave it.
    if (hosts.length > 0) expect(models.length).toBeGreaterThan(0)
    expect(models.length).toBeLessThanOrEqual(12)
  })

  it.each(providers)('$id reads every endpoint it has', (provider) => {
    for (const endpoint of provider.endpoints) {
      expect(() => provider.createUsageReader(endpoint, { usageAddedByUs: false })).not.toThrow()
    }
  })
})

describe('providerOfHost', () => {
  it.each([
    'api.openai.com.',
    'API.openai.com',
    'eu.api.openai.com',
    'openai.com',
    '',
    'api.openai.com:443',
  ])('knows nobody at %j (C25)', (host) => {
    expect(providerOfHost(host)).toBeNull()
  })

  it('knows each host', () => {
    expect(providerOfHost('generativelanguage.googleapis.com')?.id).toBe('google')
    expect(providerOfHost('api.groq.com')?.id).toBe('groq')
  })
})
