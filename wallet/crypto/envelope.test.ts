import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ERROR_TABLE,
  createId,
  isWalletError,
  type DeviceId,
  type JsonObject,
  type RecordId,
  type VaultId,
} from '../protocol/index.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { envelopeEpoch, openEnvelope, sealEnvelope, type EnvelopeRow } from './envelope.ts'
import { openWrap, sealWrap } from './wrap.ts'

const random = createSeededRandom('envelope')
const key = random(32)
const vaultId = createId<VaultId>(random)
const row: EnvelopeRow = {
  recordId: createId<RecordId>(random),
  rev: 7,
  prev: random(32),
  del: 0,
  writerDeviceId: createId<DeviceId>(random),
}
const wrapRow = { ...row, method: 'passphrase', params: '{"salt":"AAAA"}' } as const
const content = { kind: 'key', fields: { label: 'Küche 🔑' } }
const sealing = { type: 'record', epoch: 3, key, vaultId, row, content } as const
const envelope = sealEnvelope(sealing, random)
const opening = { type: 'record', keyOf: () => key, vaultId, row, envelope } as const

function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return isWalletError(error) ? error.code : String(error)
  }
  return 'not refused'
}

describe('an envelope', () => {
  const text = fc.string({ unit: 'binary' })
  const json = fc.dictionary(
    text.map((name) => name.normalize('NFC')).filter((name) => name !== '__proto__'),
    fc.oneof(text, fc.maxSafeInteger(), fc.boolean(), fc.constant(null)),
  )

  it('gives back what was sealed, composed, whatever it is', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 1, max: 2 ** 32 - 1 }), (value, epoch) => {
        const sealed = sealEnvelope({ ...sealing, epoch, content: value }, random)
        const opened = openEnvelope({ ...opening, envelope: sealed })

        expect(opened).toEqual(composed(value))
        expect(envelopeEpoch(sealed)).toBe(epoch)
      }),
      { numRuns: 300 },
    )
  })

  it.each(['a\n\u0303', 'r\r\u030c', '\u000b\u0307', '\u0301', '"\u0338'])(
    'gives back %j: an accent composes with a letter, never with an escape',
    (text) => {
      const sealed = sealEnvelope({ ...sealing, content: { [text]: text } }, random)

      expect(openEnvelope({ ...opening, envelope: sealed })).toEqual(composed({ [text]: text }))
    },
  )

  it('never opens with a bit flipped (C77)', () => {
    for (let bit = 0; bit < envelope.length * 8; bit++) {
      const flipped = Uint8Array.from(envelope)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))

      expect(codeOf(() => openEnvelope({ ...opening, envelope: flipped }))).toMatch(
        /^vault\.(corrupt|newer)$/,
      )
    }
  })

  it('never opens at another length', () => {
    for (let length = 0; length < envelope.length; length++) {
      const cut = envelope.subarray(0, length)

      expect(codeOf(() => openEnvelope({ ...opening, envelope: cut }))).toBe('vault.corrupt')
    }
  })

  it.each<[string, Partial<EnvelopeRow>]>([
    ['record id', { recordId: createId<RecordId>(random) }],
    ['a lower rev', { rev: 6 }],
    ['a higher rev', { rev: 8 }],
    ['prev', { prev: random(32) }],
    ['an empty prev', { prev: new Uint8Array() }],
    ['del', { del: 1 }],
    ['writer', { writerDeviceId: createId<DeviceId>(random) }],
    ['a method added', { method: 'epoch', params: '{}' }],
  ])('never opens in a row of another %s (C78)', (_, change) => {
    const moved = { ...opening, row: { ...row, ...change } }

    expect(codeOf(() => openEnvelope(moved))).toBe('vault.corrupt')
  })

  it('never opens in another vault, as another type, under another key or epoch (C78)', () => {
    const refusals = [
      { ...opening, vaultId: createId<VaultId>(random) },
      { ...opening, type: 'device' as const },
      { ...opening, keyOf: () => random(32) },
      { ...opening, keyOf: () => undefined },
    ].map((changed) => codeOf(() => openEnvelope(changed)))

    expect(refusals).toEqual(Array(4).fill('vault.corrupt'))
  })

  it('uses a nonce once', () => {
    const nonces = new Set<string>()
    const rounds = process.env['SLOW'] ? 1_000_000 : 5_000
    for (let round = 0; round < rounds; round++) {
      nonces.add(sealEnvelope(sealing, random).subarray(12, 36).join())
    }

    expect(nonces.size).toBe(rounds)
  })

  it('tells its bucket and nothing finer', () => {
    const sizes = [0, 100, 200].map(
      (length) => sealEnvelope({ ...sealing, content: { a: 'x'.repeat(length) } }, random).length,
    )

    expect(new Set(sizes).size).toBe(1)
  })
})

describe('sealing refuses', () => {
  let draws = 0
  it.each<[string, () => Uint8Array<ArrayBuffer>]>([
    ['zeros', () => new Uint8Array(24)],
    ['one byte over and over', () => new Uint8Array(24).fill(0x5a)],
    ['one byte, another each time', () => new Uint8Array(24).fill((draws += 1))],
    ['the same bytes each time', () => Uint8Array.from({ length: 24 }, (_, index) => index)],
    ['too few bytes', () => random(23)],
  ])('a generator that gives %s (C89)', (_, stuck) => {
    expect(codeOf(() => sealEnvelope(sealing, stuck))).toBe('internal')
  })

  it('a key that was wiped', () => {
    const wiped = { ...sealing, key: new Uint8Array(32) }

    expect(codeOf(() => sealEnvelope(wiped, random))).toBe('vault.locked')
  })

  it('more than a record may hold, and says how much that is', () => {
    const fits = { ...sealing, content: { a: 'x'.repeat(65_532 - 8) } }
    const over = { ...sealing, content: { a: 'x'.repeat(65_532 - 7) } }

    expect(() => sealEnvelope(fits, random)).not.toThrow()
    expect(() => sealEnvelope(over, random)).toThrow(ERROR_TABLE['request.too_large'].message)
    expect(() => sealEnvelope({ ...over, type: 'backup' }, random)).not.toThrow()
  })

  it.each<[string, JsonObject]>([
    ['a fraction', { a: 0.5 }],
    ['a lone surrogate', { a: '\ud800' }],
    ['an integer a double cannot hold', { a: 2 ** 53 }],
    ['two names that composition makes one', { a: { é: 1, 'e\u0301': 2 } }],
  ])('%s', (_, value) => {
    expect(codeOf(() => sealEnvelope({ ...sealing, content: value }, random))).toBe(
      'request.invalid',
    )
  })

  it('a wrap without its method, and a record with one', () => {
    expect(() => sealEnvelope({ ...sealing, type: 'passphrase' }, random)).toThrow(TypeError)
    expect(() => sealEnvelope({ ...sealing, row: wrapRow }, random)).toThrow(TypeError)
    expect(() => sealEnvelope({ ...sealing, key: random(16) }, random)).toThrow(TypeError)
  })
})

describe('a wrap', () => {
  const rootKey = random(32)
  const wrapping = { type: 'passphrase', epoch: 1, key, vaultId, row: wrapRow } as const
  const wrap = sealWrap(wrapping, rootKey, random)
  const unwrapping = { ...wrapping, keyOf: () => key, envelope: wrap }

  it('gives back the root key of its epoch', () => {
    expect(openWrap(unwrapping)).toEqual({ epoch: 1, rootKey })
  })

  it('says that the passphrase is wrong, not that the vault is damaged', () => {
    expect(codeOf(() => openWrap({ ...unwrapping, keyOf: () => random(32) }))).toBe(
      'vault.unlock_failed',
    )
  })

  it('never opens with other parameters or another method', () => {
    for (const change of [{ params: '{"salt":"AAAB"}' }, { method: 'recovery' as const }]) {
      const moved = { ...unwrapping, row: { ...wrapRow, ...change } }

      expect(codeOf(() => openWrap(moved))).toBe('vault.corrupt')
    }
  })

  it.each<[string, JsonObject]>([
    ['another epoch', { epoch: 2, vrk: 'A'.repeat(43) }],
    ['no root key', { epoch: 1 }],
    ['a root key that is no text', { epoch: 1, vrk: 7 }],
    ['a root key with stray bits', { epoch: 1, vrk: 'A'.repeat(42) + 'B' }],
    ['a further member', { epoch: 1, vrk: 'A'.repeat(43), more: 1 }],
  ])('holding %s is damaged', (_, inner) => {
    const forged = sealEnvelope({ ...wrapping, content: inner }, random)

    expect(codeOf(() => openWrap({ ...unwrapping, envelope: forged }))).toBe('vault.corrupt')
  })
})

function composed(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typeof member === 'string' ? member.normalize('NFC') : member,
    ]),
  )
}
