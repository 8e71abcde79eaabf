import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ERROR_TABLE } from '../protocol/index.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { equalBytes, passphraseBytes, u16, u64, u8 } from './bytes.ts'
import { formatHlc, nextHlc } from './hlc.ts'
import { KDF_DEFAULT, assertKdfParams, type KdfParams } from './kdf-params.ts'
import { deriveArgon2id } from './kdf.ts'
import { checkedRandom } from './random.ts'
import { formatSecretKey, parseSecretKey } from './secret-key.ts'
import { createKeySeed } from './signing.ts'

describe('KDF parameters', () => {
  const refused: [string, Record<string, unknown>][] = [
    ['less memory', { m: 64 * 1024 - 1 }],
    ['fewer passes', { t: 2 }],
    ['a tebibyte of memory', { m: 1024 ** 3 }],
    ['more passes than the cap', { t: 17 }],
    ['two lanes', { p: 2 }],
    ['another algorithm', { alg: 'argon2i' }],
    ['another version', { v: 16 }],
    ['memory that is no number', { m: '65536' }],
    ['memory that is no integer', { m: 65536.5 }],
    ['endless passes', { t: Infinity }],
  ]

  it.each(refused)('with %s are refused before hashing (C81)', async (_, change) => {
    const params = { ...KDF_DEFAULT, ...change } as KdfParams
    const { message } = ERROR_TABLE['vault.corrupt']

    expect(() => {
      assertKdfParams(params)
    }).toThrow(message)
    await expect(deriveArgon2id(new Uint8Array(12), new Uint8Array(16), params)).rejects.toThrow(
      message,
    )
  })

  it('of a new vault and at the cap are taken', () => {
    for (const params of [KDF_DEFAULT, { ...KDF_DEFAULT, m: 1024 * 1024, t: 16 }]) {
      expect(() => {
        assertKdfParams(params)
      }).not.toThrow()
    }
  })
})

describe('Secret Key text', () => {
  it('reads back every key it writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (secretKey) => {
        expect(parseSecretKey(formatSecretKey(secretKey))).toEqual(secretKey)
      }),
    )
  })

  it.each(['', 'VK1', 'VK1-', 'VK1-3GQ00Q2', 'x'.repeat(10_000), 'VK1-'.repeat(8)])(
    'refuses "%.20s"',
    (text) => {
      expect(() => parseSecretKey(text)).toThrow(ERROR_TABLE['request.invalid'].message)
    },
  )

  it('is written for 16 bytes only', () => {
    expect(() => formatSecretKey(new Uint8Array(15))).toThrow(TypeError)
  })
})

describe('random bytes', () => {
  it('pass through from a generator that works', () => {
    const random = checkedRandom(createSeededRandom('works'))

    expect(random(16)).not.toEqual(random(16))
    expect(createKeySeed(random)).toHaveLength(32)
  })

  it('are refused from a generator that is stuck (C89)', () => {
    const random = checkedRandom((sizeBytes) => new Uint8Array(sizeBytes).fill(7))

    expect(() => random(16)).toThrow(ERROR_TABLE.internal.message)
  })
})

describe('hybrid logical clocks', () => {
  it('sort as text in the order of time, then of the counter', () => {
    const stamps = [formatHlc(0, 0), formatHlc(9, 65_535), formatHlc(10, 0), formatHlc(2 ** 47, 1)]

    expect([...stamps].sort()).toEqual(stamps)
  })

  it('move on with the clock, and by the counter when the clock stands or went back', () => {
    expect(nextHlc(1000, [])).toBe(formatHlc(1000, 0))
    expect(nextHlc(1000, [formatHlc(999, 5)])).toBe(formatHlc(1000, 0))
    expect(nextHlc(1000, [formatHlc(1000, 0)])).toBe(formatHlc(1000, 1))
    expect(nextHlc(10, [formatHlc(3, 0), formatHlc(1000, 7)])).toBe(formatHlc(1000, 8))
    expect(nextHlc(10, [formatHlc(1000, 65_535)])).toBe(formatHlc(1001, 0))
  })

  it('stay writable at the last stamp a hostile clock can reach', () => {
    expect(nextHlc(10, ['f'.repeat(16)])).toBe('f'.repeat(16))
  })

  it.each([
    [-1, 0],
    [2 ** 48, 0],
    [0.5, 0],
    [NaN, 0],
    [0, 65_536],
    [0, -1],
  ])('refuse ms=%d counter=%d', (ms, counter) => {
    expect(() => formatHlc(ms, counter)).toThrow(TypeError)
  })
})

describe('bytes', () => {
  it('refuse numbers that do not fit', () => {
    for (const write of [() => u8(256), () => u16(-1), () => u64(2 ** 53), () => u8(0.5)]) {
      expect(write).toThrow(TypeError)
    }
  })

  it('are compared whole', () => {
    const bytes = createSeededRandom('compare')(32)
    const changed = Uint8Array.from(bytes)
    changed[31] = (changed[31] ?? 0) ^ 1

    expect(equalBytes(bytes, Uint8Array.from(bytes))).toBe(true)
    expect(equalBytes(bytes, changed)).toBe(false)
    expect(equalBytes(bytes, bytes.subarray(0, 31))).toBe(false)
    expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true)
  })

  it('of a passphrase keep its spaces and fold what looks alike', () => {
    expect(passphraseBytes(' ﬁne ')).toEqual(passphraseBytes(' fine '))
    expect(passphraseBytes('fine')).not.toEqual(passphraseBytes(' fine '))
  })
})
