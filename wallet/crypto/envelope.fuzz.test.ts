import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createId,
  isWalletError,
  type DeviceId,
  type JsonObject,
  type JsonValue,
  type RecordId,
  type VaultId,
} from '../protocol/index.ts'
import { FUZZED, tryInputs } from '../testing/fuzz.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import {
  openEnvelope,
  sealEnvelope,
  type EnvelopeRow,
  type EnvelopeType,
  type WrapMethod,
} from './envelope.ts'

const random = createSeededRandom('envelope fuzz')
const key = random(32)
const TYPES = ['record', 'device', 'backup', 'log'] as const
const METHODS = ['passphrase', 'recovery', 'passkey', 'epoch'] as const

/** Text in which composition, escapes and the marks of JSON meet. */
const trickyText = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
      fc.constantFrom('\n', '\r', '\t', '\b', '\f', '\v', '\u001f', '"', '\\', '/', '\u2028'),
      fc.constantFrom('\u0300', '\u0301', '\u0303', '\u0307', '\u030c', '\u0338', '\u1161', '가'),
      fc.constantFrom('a', 'e', 'n', 'u000', '=', '<', 'ᄀ', 'Å', 'ﬁ', '😀', '\ufeff', '\u0000'),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''))

const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    trickyText,
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(trickyText, tie('value'), { maxKeys: 3 }),
  ),
})).value
const content = fc.dictionary(fc.oneof(trickyText, fc.constant('__proto__')), json, { maxKeys: 4 })

const bytes = (sizeBytes: number) => fc.uint8Array({ minLength: sizeBytes, maxLength: sizeBytes })
const id = <T extends string>() => fc.constantFrom(...ids).map((text) => text as T)
const ids = [0, 1, 2, 3].map(() => createId<RecordId>(random) as string)

/** A place an envelope may be sealed for. */
const place = fc.record({
  type: fc.constantFrom<EnvelopeType>(...TYPES, ...METHODS),
  epoch: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  vaultId: id<VaultId>(),
  recordId: id<RecordId>(),
  writerDeviceId: id<DeviceId>(),
  rev: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.maxSafeNat()),
  prev: fc.oneof(fc.constant(new Uint8Array()), bytes(32), fc.uint8Array({ maxLength: 3 })),
  del: fc.constantFrom(0 as const, 1 as const),
  params: fc.constantFrom('', '{}', '{"salt":"AAAA"}', '{"salt":"AAAB"}'),
})
type Place = typeof place extends fc.Arbitrary<infer T> ? T : never

function rowOf({ type, recordId, rev, prev, del, writerDeviceId, params }: Place): EnvelopeRow {
  const method = METHODS.find((one): one is WrapMethod => one === type)
  const wrap = method === undefined ? {} : { method, params }
  return { recordId, rev, prev, del, writerDeviceId, ...wrap }
}

function seal(at: Place, value: JsonObject, sealingKey = key): Uint8Array<ArrayBuffer> {
  const { type, epoch, vaultId: vault } = at
  return sealEnvelope(
    { type, epoch, key: sealingKey, vaultId: vault, row: rowOf(at), content: value },
    random,
  )
}

function open(at: Place, envelope: Uint8Array): JsonObject {
  return openEnvelope({
    type: at.type,
    keyOf: (epoch) => (epoch === at.epoch ? key : undefined),
    vaultId: at.vaultId,
    row: rowOf(at),
    envelope,
  })
}

/** The code an act is refused with. Any other error is a bug, and is thrown on. */
function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (isWalletError(error)) return error.code
    throw error
  }
  return 'not refused'
}

const REFUSED = /^vault\.(?:corrupt|newer|unlock_failed)$/

describe('whatever is sealed', () => {
  it('comes back, composed, at its own place', FUZZED, async () => {
    await tryInputs(
      600,
      fc.property(place, content, (at, value) => {
        const expected = composed(value)
        if (expected === undefined) {
          expect(codeOf(() => seal(at, value))).toBe('request.invalid')
          return
        }
        expect(open(at, seal(at, value))).toEqual(expected)
      }),
    )
  })

  it('opens at no other place: id, type, vault, epoch, rev … (C78)', FUZZED, async () => {
    await tryInputs(
      600,
      fc.property(place, place, fc.subarray(PARTS, { minLength: 1 }), (at, other, parts) => {
        const moved: Place = { ...at }
        for (const part of parts) Object.assign(moved, { [part]: other[part] })
        const same = fc.stringify([rowOf(moved), moved.type, moved.vaultId, moved.epoch])
        if (same === fc.stringify([rowOf(at), at.type, at.vaultId, at.epoch])) return

        expect(codeOf(() => open(moved, seal(at, { a: 1 })))).toMatch(REFUSED)
      }),
    )
  })

  it('opens with no bit flipped, and cut nowhere (C77)', FUZZED, async () => {
    await tryInputs(
      4,
      fc.property(place, fc.dictionary(trickyText, fc.integer(), { maxKeys: 1 }), (at, value) => {
        const envelope = seal(at, composed(value) ?? {})
        for (let bit = 0; bit < envelope.length * 8; bit++) {
          const flipped = Uint8Array.from(envelope)
          flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          expect(codeOf(() => open(at, flipped))).toMatch(REFUSED)
        }
        for (let end = 0; end < envelope.length; end++) {
          expect(codeOf(() => open(at, envelope.subarray(0, end)))).toMatch(REFUSED)
        }
      }),
    )
  })
})

describe('whatever lies in the store', () => {
  it('is opened, or refused with a code of the vault: nothing else happens', FUZZED, async () => {
    await tryInputs(
      600,
      fc.property(place, hostileEnvelope, (at, make) => {
        expect(codeOf(() => open(at, make(at)))).toMatch(REFUSED)
      }),
    )
  })
})

const PARTS = [
  ...(['type', 'epoch', 'vaultId', 'recordId', 'writerDeviceId'] as const),
  ...(['rev', 'prev', 'del', 'params'] as const),
] as (keyof Place)[]

/** Bytes that are no envelope of this place: noise, noise behind a right start, a right one mistreated. */
const hostileEnvelope: fc.Arbitrary<(at: Place) => Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 500 }).map((noise) => () => noise),
  fc
    .tuple(fc.nat({ max: 36 }), fc.uint8Array({ minLength: 1, maxLength: 400 }))
    .map(([kept, noise]) => (at: Place) => {
      const start = seal(at, {}).subarray(0, kept)
      return Uint8Array.from([...start, ...noise])
    }),
  fc
    .tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }))
    .map(([from, length, mask]) => (at: Place) => {
      const envelope = seal(at, { a: 'b' })
      const first = from % envelope.length
      for (
        let index = first;
        index <= Math.min(first + (length % 40), envelope.length - 1);
        index++
      )
        envelope[index] = (envelope[index] ?? 0) ^ mask
      return envelope
    }),
  fc.uint8Array({ minLength: 1, maxLength: 70 }).map((more) => (at: Place) => {
    return Uint8Array.from([...seal(at, {}), ...more])
  }),
  bytes(32).map((other) => (at: Place) => {
    const wrongKey = other.every((byte) => byte === 0) ? key.map((byte) => byte ^ 1) : other
    return seal(at, { a: 1 }, wrongKey)
  }),
)

/** What composition makes of a value; undefined where two names become one. */
function composed<T extends JsonValue>(value: T): T | undefined {
  try {
    return compose(value) as T
  } catch {
    return undefined
  }
}

function compose(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    // Throws for a lone surrogate, which UTF-8 cannot hold.
    encodeURIComponent(value)
    return value.normalize('NFC')
  }
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(compose)
  const members = Object.entries(value).map(([name, member]) => [compose(name), compose(member)])
  if (new Set(members.map(([name]) => name)).size < members.length) throw new RangeError('names')
  return Object.fromEntries(members) as JsonObject
}
