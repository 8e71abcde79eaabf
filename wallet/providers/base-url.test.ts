import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FUZZED, tryInputs } from '../testing/fuzz.ts'
import { judgeBase, liesAt } from './base-url.ts'
import { PROVIDERS } from './catalogue.ts'
import { matchEndpoint } from './match-endpoint.ts'
import { placeProvider } from './place-provider.ts'

const outcomeOf = (text: string): string => {
  const judged = judgeBase(text)
  return judged.outcome === 'fits' ? judged.reach : judged.reason
}

describe('judgeBase', () => {
  it.each([
    ['https://models.example.com/v1', 'public'],
    ['https://models.example.com/v1/', 'public'],
    ['https://models.example.com', 'public'],
    ['https://models.example.com:8443/gateway/v1', 'public'],
    ['https://203.0.114.7/v1', 'public'],
    ['http://localhost:11434', 'this-computer'],
    ['http://127.0.0.1:1234/v1', 'this-computer'],
    ['https://localhost:8443', 'this-computer'],
  ])('lets %s pass as %s', (text, reach) => {
    expect(outcomeOf(text)).toBe(reach)
  })

  it.each([
    'https://10.0.0.5/v1',
    'https://172.16.0.1',
    'https://172.31.255.255',
    'https://192.168.1.20:8443/v1',
    'https://100.64.0.1',
    'https://nas/v1',
    'https://box.local',
    'https://gpu.lan/v1',
    'https://models.corp',
    'https://a.localhost',
    'https://box.home.arpa',
  ])('says that %s is in a network of one’s own (C27)', (text) => {
    expect(outcomeOf(text)).toBe('own-network')
  })

  it.each([
    ...['https://169.254.169.254/latest', 'https://169.254.170.2', 'https://100.100.100.200'],
    ...['https://168.63.129.16', 'https://metadata.google.internal', 'https://metadata/v1'],
    ...['https://metadata.goog', 'https://instance-data.ec2.internal'],
  ])('never sends a key to the metadata of a cloud machine: %s (C27)', (text) => {
    expect(outcomeOf(text)).toBe('metadata')
  })

  it.each([
    // Decimal, hexadecimal, octal and short forms of one address.
    ...['https://2130706433/v1', 'https://0x7f000001', 'https://0x7f.1', 'https://0177.0.0.1'],
    ...['http://127.1:11434', 'https://10.1', 'https://3232235777', 'https://192.168.257'],
    // A host that the parser writes anew.
    ...['https://mödels.example', 'https://ⓛocalhost', 'https://models。example.com'],
    ...['https://MODELS.example.com', 'https://models.example.com.', 'https://models..example.com'],
    ...['https://models.example.com:443/v1', 'http://localhost:80', 'https://a_b.example.com'],
    // A path that two servers could read as two.
    ...['https://models.example.com/v1/../admin', 'https://models.example.com//v1'],
    ...['https://models.example.com/%2e%2e/v1', 'https://models.example.com/a;b', 'https://a\\b'],
    ...[' https://models.example.com', 'https:models.example.com', 'https:///models.example.com'],
    ...['https://mod\tels.example.com', 'HTTPS://models.example.com'],
  ])('refuses another spelling: %j (C27)', (text) => {
    expect(outcomeOf(text)).toBe('spelling')
  })

  it.each([
    ['https://[::1]:11434', 'ipv6'],
    ['https://[::ffff:127.0.0.1]', 'ipv6'],
    ['https://[::ffff:a9fe:a9fe]', 'ipv6'],
    ['https://[fd00:ec2::254]', 'ipv6'],
    ['https://0.0.0.0:11434', 'reserved'],
    ['https://127.0.0.2', 'reserved'],
    ['https://255.255.255.255', 'reserved'],
    ['https://224.0.0.1', 'reserved'],
    ['https://192.0.0.192', 'reserved'],
    ['http://models.example.com/v1', 'scheme'],
    ['http://192.168.1.20:11434', 'scheme'],
    ['http://nas:11434', 'scheme'],
    ['ftp://models.example.com', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['https://user@models.example.com', 'url'],
    ['https://user:word@models.example.com', 'url'],
    ['https://@models.example.com', 'url'],
    ['https://models.example.com/v1?key=a', 'url'],
    ['https://models.example.com/v1#a', 'url'],
    ['models.example.com', 'url'],
    ['', 'url'],
    [`https://models.example.com/${'a'.repeat(600)}`, 'url'],
    ['https://api.openai.com/v1', 'provider'],
    ['https://openrouter.ai', 'provider'],
  ])('refuses what can be no such server: %s, %s (C27)', (text, reason) => {
    expect(outcomeOf(text)).toBe(reason)
  })

  it('lets no spelling of an address pass for another one (C27)', FUZZED, async () => {
    const byte = fc.oneof(fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 254), fc.nat(255))
    const address = fc.tuple(byte, byte, byte, byte)
    const form = fc.constantFrom<(parts: readonly number[]) => string>(
      (parts) => parts.join('.'),
      (parts) => `${parts.reduce((sum, part) => sum * 256 + part, 0)}`,
      (parts) => parts.map((part) => `0x${part.toString(16)}`).join('.'),
      (parts) => parts.map((part) => `0${part.toString(8)}`).join('.'),
      ([a = 0, b = 0, c = 0, d = 0]) => `${a}.${b}.${c * 256 + d}`,
      (parts) => `[::ffff:${parts.join('.')}]`,
      (parts) => `${parts.join('.')}.`,
      (parts) =>
        Array.from(parts.join('.'), (one) => `%${one.charCodeAt(0).toString(16)}`).join(''),
    )
    await tryInputs(
      4000,
      fc.property(address, form, fc.constantFrom('http', 'https'), (parts, write, scheme) => {
        const plain = parts.join('.')
        const written = write(parts)
        const judged = judgeBase(`${scheme}://${written}/v1`)
        if (judged.outcome === 'refused') return

        expect(written).toBe(plain)
        const [a, b] = parts
        expect(`${a}.${b}`).not.toBe('169.254')
        if (scheme === 'http') expect(plain).toBe('127.0.0.1')
        const isOwn =
          a === 10 ||
          a === 127 ||
          (a === 192 && b === 168) ||
          (a === 172 && b >= 16 && b < 32) ||
          (a === 100 && b >= 64 && b < 128)
        expect(judged.reach !== 'public').toBe(isOwn)
      }),
    )
  })

  it(
    'takes whatever is typed without throwing, and keeps only what it said (C27)',
    FUZZED,
    async () => {
      const typed = fc.oneof(
        fc.webUrl({ withFragments: true, withQueryParameters: true }),
        fc.string({ unit: 'binary' }).map((text) => `https://${text}`),
        fc.string({ unit: 'binary' }),
      )
      await tryInputs(
        3000,
        fc.property(typed, (text) => {
          const judged = judgeBase(text)
          if (judged.outcome === 'refused') return
          expect(text.replace(/\/$/, '')).toBe(judged.place.origin + judged.place.path)
        }),
      )
    },
  )
})

describe('a placed provider', () => {
  const placed = placeProvider(PROVIDERS.custom, 'http://localhost:11434/v1')

  it.each([
    ['http://localhost:11434/v1/chat/completions', 'endpoint'],
    ['http://localhost:11434/v1/files', 'denied'],
    ['http://localhost:11434/v1/anything', 'unknown'],
    ['http://localhost:11434/chat/completions', 'unknown'],
    ['http://localhost:11434/v1x/chat/completions', 'unknown'],
    ['http://localhost:11435/v1/chat/completions', 'unknown'],
    ['https://localhost:11434/v1/chat/completions', 'unknown'],
    ['http://127.0.0.1:11434/v1/chat/completions', 'unknown'],
    ['http://localhost.evil.test:11434/v1/chat/completions', 'unknown'],
  ])('is known by its very origin and path: %s is %s (C27)', (text, outcome) => {
    expect(placed && matchEndpoint(placed, 'POST', new URL(text)).outcome).toBe(outcome)
  })

  it('costs nothing at home, and is reckoned elsewhere', () => {
    expect(placed?.costs).toBe('nothing')
    expect(placeProvider(PROVIDERS.custom, 'https://models.example.com')?.costs).toBeUndefined()
  })

  it('stands only where its kind may stand (C27)', () => {
    const { custom, openai, ollama } = PROVIDERS
    const azure = PROVIDERS['azure-openai']

    expect(placeProvider(azure, 'https://res-1.openai.azure.com')?.place?.path).toBe('')
    expect(placeProvider(azure, 'https://res-1.openai.azure.com.evil.test')).toBeNull()
    expect(placeProvider(azure, 'https://openai.azure.com')).toBeNull()
    expect(placeProvider(azure, 'https://a.b.openai.azure.com')).toBeNull()
    expect(placeProvider(azure, 'https://res-1.openai.azure.com:8443')).toBeNull()
    expect(placeProvider(azure, null)).toBeNull()
    expect(placeProvider(openai, 'https://models.example.com')).toBeNull()
    expect(placeProvider(custom, 'https://169.254.169.254')).toBeNull()
    expect(placeProvider(custom, null)).toBeNull()
    expect(placeProvider(ollama, null)).toBe(ollama)
    expect(placeProvider(ollama, 'http://127.0.0.1:11434')?.hosts).toEqual([])
  })
})

describe('liesAt', () => {
  it('takes a path below the base, and not the base itself', () => {
    const place = { origin: 'https://a.test', path: '/v1' }

    expect(liesAt(new URL('https://a.test/v1/x'), place)).toBe(true)
    expect(liesAt(new URL('https://a.test/v1'), place)).toBe(false)
    expect(liesAt(new URL('https://a.test/v11/x'), place)).toBe(false)
  })
})
