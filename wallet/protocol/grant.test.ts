import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  grantValetKeySchema,
  isGrantableOrigin,
  keysOf,
  originSchema,
  termsSchema,
} from './grant.ts'
import { createId, keyIdSchema, type KeyId } from './ids.ts'
import { formatUsd, parseUsd } from './money.ts'
import { ERROR_TABLE } from './errors.ts'
import { VALET_KEY_SHAPES, createValetKey, isValetKey } from './valet-key.ts'

describe('a choice of keys', () => {
  it('names one, or several in their order', () => {
    const [one = '' as KeyId, other = '' as KeyId] = ['a', 'b'] as KeyId[]

    expect(keysOf({ only: one })).toEqual([one])
    expect(keysOf({ pool: [other, one] })).toEqual([other, one])
    expect(keysOf({ pool: [] })).toEqual([])
  })
})

describe('an origin', () => {
  it.each([
    'https://app.example',
    'https://app.example:8443',
    'https://xn--pple-43d.example',
    'https://192.0.2.1',
    'http://localhost',
    'http://localhost:3000',
    'http://127.0.0.1:8080',
  ])('may hold a grant: %s', (origin) => {
    expect(isGrantableOrigin(origin)).toBe(true)
    expect(originSchema.parse(origin)).toBe(origin)
  })

  it.each([
    '',
    'null',
    'app.example',
    '//app.example',
    'https://app.example/',
    'https://app.example/path',
    'https://app.example?q',
    'https://app.example#f',
    'https://app.example.',
    'https://app.example.:8443',
    'https://APP.example',
    'HTTPS://app.example',
    'https://app.example:443',
    'http://localhost:80',
    'https://app.example:0443',
    'https://app.example:',
    'https://app.example:99999',
    'https://user@app.example',
    'https://аpple.example',
    'https://app。example',
    'https://*.example',
    'https://app.example ',
    ' https://app.example',
    'https://app.\texample',
    'https://app.example\\',
    'https:app.example',
    'http://app.example',
    'http://localhost.app.example',
    'http://app.localhost',
    'http://127.0.0.2',
    'http://127.1',
    'http://0.0.0.0',
    'http://localhost.',
    'file://',
    'file:///etc/passwd',
    'data:text/html,x',
    'blob:https://app.example',
    'about:blank',
    'about:srcdoc',
    'javascript:0',
    'chrome-extension://abcdefghijklmnop',
    'ws://localhost',
    'wss://app.example',
    'ftp://app.example',
  ])('may never hold a grant: "%s"', (origin) => {
    expect(isGrantableOrigin(origin)).toBe(false)
    expect(originSchema.safeParse(origin).success).toBe(false)
  })
})

describe('terms', () => {
  const terms = {
    schema: 1,
    providers: [
      { provider: 'openai', keys: { pool: [] }, models: ['gpt-*'], capabilities: ['chat'] },
    ],
    budgets: [{ usd: '5.00', window: 'month' }],
    limits: { perMinute: 60, parallel: 4, maxOutputTokens: 4096 },
    expiresAt: 1,
    lane: 'proxy',
  }

  it('are taken as proposed', () => {
    expect(termsSchema.parse(terms)).toEqual(terms)
  })

  it.each<[string, object]>([
    ['a member too many', { more: 1 }],
    ['another schema', { schema: 2 }],
    ['an unknown lane', { lane: 'direct' }],
    ['an unknown provider', { providers: [{ ...terms.providers[0], provider: 'nobody' }] }],
    ['an unknown capability', { providers: [{ ...terms.providers[0], capabilities: ['admin'] }] }],
    ['two key choices', { providers: [{ ...terms.providers[0], keys: { only: 'x', pool: [] } }] }],
    ['a budget that is a number', { budgets: [{ usd: 5, window: 'month' }] }],
    ['a negative budget', { budgets: [{ usd: '-5.00', window: 'month' }] }],
    ['an unknown window', { budgets: [{ usd: '5.00', window: 'year' }] }],
    ['no budgets at all', { budgets: undefined }],
    ['a limit of 0', { limits: { ...terms.limits, parallel: 0 } }],
    ['an endless limit', { limits: { ...terms.limits, perMinute: Infinity } }],
    ['an endpoint that is no path', { endpoints: ['POST https://evil.example'] }],
    ['an expiry that is text', { expiresAt: '1' }],
  ])('are refused with %s', (_, change) => {
    expect(termsSchema.safeParse({ ...terms, ...change }).success).toBe(false)
  })
})

describe('ids', () => {
  it('are 16 bytes in base64url with no stray bits', () => {
    const id = createId<KeyId>(() => new Uint8Array(16).fill(255))

    expect(keyIdSchema.parse(id)).toBe(id)
  })

  it.each(['', 'A'.repeat(21), 'A'.repeat(23), 'A'.repeat(21) + 'B', 'A'.repeat(21) + '=', 7])(
    'refuse "%s"',
    (id) => {
      expect(keyIdSchema.safeParse(id).success).toBe(false)
    },
  )
})

describe('money', () => {
  it('comes back as it was, for every amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (nanoUsd) => {
        expect(parseUsd(formatUsd(nanoUsd))).toBe(nanoUsd)
      }),
    )
  })

  it.each([
    ['0', 0, '0.00'],
    ['10.00', 10_000_000_000, '10.00'],
    ['0.000000001', 1, '0.000000001'],
    ['0.15', 150_000_000, '0.15'],
    ['1.280000001', 1_280_000_001, '1.280000001'],
    ['999999.999999999', 999_999_999_999_999, '999999.999999999'],
  ])('%s is %d nano-dollars', (text, nanoUsd, shown) => {
    expect(parseUsd(text)).toBe(nanoUsd)
    expect(formatUsd(nanoUsd)).toBe(shown)
  })

  it.each(['', '.5', '5.', '-1', '+1', '1e3', '0x1', ' 1', '1 ', '1\n', '1,00', '1.0000000001'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseUsd(text)).toThrow(ERROR_TABLE['request.invalid'].message)
    },
  )

  it.each(['1000000', 'NaN', 'Infinity', '١', '1.2.3', '$5'])('refuses "%s" too', (text) => {
    expect(() => parseUsd(text)).toThrow(ERROR_TABLE['request.invalid'].message)
  })
})

describe('valet keys', () => {
  const shapes = VALET_KEY_SHAPES.map(({ id, template }) => ({ id, template }))
  const bytes = fc.infiniteStream(fc.integer({ min: 0, max: 255 }))

  it.each(shapes)('of the shape $id are known whatever the generator gives', ({ id, template }) => {
    fc.assert(
      fc.property(bytes, (stream) => {
        const key = createValetKey(id, () => Uint8Array.of(Number(stream.next().value)))

        expect(key).toHaveLength(template.length)
        expect(isValetKey(key)).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  it.each(shapes)('of the shape $id are not known with any character changed', ({ id }) => {
    let seed = 7
    const key = createValetKey(id, () => Uint8Array.of((seed = (seed * 73 + 41) % 256)))
    for (let index = 0; index < key.length; index++) {
      const other = key[index] === 'a' ? 'b' : 'a'

      expect(isValetKey(key.slice(0, index) + other + key.slice(index + 1))).toBe(false)
    }
    expect(isValetKey(`${key} `)).toBe(false)
    expect(isValetKey(key + key)).toBe(false)
    expect(isValetKey(key.slice(1))).toBe(false)
  })

  it('are not any other text, at once however long it is', () => {
    const started = performance.now()

    for (const text of ['', 'sk-', 'VALET', '*'.repeat(51), 'sk-VALET'.repeat(1_000_000)]) {
      expect(isValetKey(text)).toBe(false)
    }
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('are made in shapes of the list only', () => {
    expect(() => createValetKey('sk-1' as 'sk-48', () => new Uint8Array(1))).toThrow(TypeError)
  })

  it('stand in a grant only where they are valet keys', () => {
    const key = createValetKey('sk-48', () => Uint8Array.of(1))
    const row = { provider: 'openai', shape: 'sk-48', key }

    expect(grantValetKeySchema.parse(row)).toEqual(row)
    expect(grantValetKeySchema.safeParse({ ...row, key: `${key.slice(0, -1)}*` }).success).toBe(
      false,
    )
  })
})
