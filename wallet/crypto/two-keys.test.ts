import { xchacha20, xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { describe, expect, it } from 'vitest'
import {
  createId,
  fromBase64url,
  isWalletError,
  type DeviceId,
  type RecordId,
  type VaultId,
} from '../protocol/index.ts'
import { createSeededRandom } from '../testing/seeded-random.ts'
import { concat, label, lp, u64, u8, utf8, type Bytes } from './bytes.ts'
import { openEnvelope, sealEnvelope, type EnvelopeRow } from './envelope.ts'
import { hkdfExpand, hkdfExtract } from './hash.ts'

const START = 12
const NONCE_END = 36
const BLOCK = 16
const FREE_BLOCK = 3
const P = 2n ** 130n - 5n
const HIGH = 2n ** 128n
const CLAMP = 0x0ffffffc0ffffffc0ffffffc0fffffffn

const random = createSeededRandom('two keys')
const vaultId = createId<VaultId>(random)
const METHOD = 'passphrase'
const PARAMS = '{}'
const row: EnvelopeRow = {
  recordId: createId<RecordId>(random),
  rev: 1,
  prev: new Uint8Array(32),
  del: 0,
  writerDeviceId: createId<DeviceId>(random),
  method: METHOD,
  params: PARAMS,
}
const [first, second, third] = [random(32), random(32), random(32)]

describe('a wrap that was made to open under two keys', () => {
  const sealing = { type: METHOD, epoch: 1, key: first, vaultId, row, content: {} } as const
  const genuine = sealEnvelope(sealing, random)
  const nonce = genuine.slice(START, NONCE_END)
  const aad = associated(genuine.slice(0, START))
  const ciphers = [first, second].map((key) => subkeys(key, genuine).slice(0, 32))
  const sealed = openForBoth(ciphers, nonce, aad)
  const codeFor = (key: Uint8Array) => {
    const envelope = concat(
      genuine.slice(0, START),
      nonce,
      subkeys(first, genuine).slice(32),
      sealed,
    )
    try {
      return openEnvelope({ type: METHOD, keyOf: () => key, vaultId, row, envelope })
    } catch (error) {
      return isWalletError(error) ? error.code : String(error)
    }
  }

  it('does so for the bare cipher', () => {
    for (const key of ciphers) {
      expect(() => xchacha20poly1305(key, nonce, aad).decrypt(sealed)).not.toThrow()
    }
  })

  it('tells whoever guesses no more of the second key than of any other (C79)', () => {
    expect(codeFor(first)).toBe('vault.corrupt')
    expect([codeFor(second), codeFor(third)]).toEqual([
      'vault.unlock_failed',
      'vault.unlock_failed',
    ])
  })
})

/** Cipher key and commitment of a key, formats §3. */
function subkeys(key: Uint8Array, envelope: Uint8Array): Bytes {
  const [start, nonce] = [envelope.slice(0, START), envelope.slice(START, NONCE_END)]
  return hkdfExpand(hkdfExtract(nonce, key), label('envelope', start), 64)
}

/** What is authenticated with the ciphertext, formats §3. */
function associated(start: Uint8Array): Bytes {
  const ids = [vaultId, row.recordId].map((id) => lp(fromBase64url(id)))
  const writer = lp(fromBase64url(row.writerDeviceId))
  const wrap = [lp(utf8(METHOD)), lp(utf8(PARAMS))]
  return concat(start, ...ids, u64(row.rev), lp(row.prev), u8(row.del), writer, ...wrap)
}

/**
 * Random bytes with one tag that both keys take (Len, Grubbs, Ristenpart, “Partitioning Oracle Attacks”,
 * 2021): a tag is linear in each block, so one block is free to make two of them equal.
 */
function openForBoth(ciphers: readonly Uint8Array[], nonce: Uint8Array, aad: Uint8Array): Bytes {
  const [one, two] = ciphers.map((key) => macKey(key, nonce))
  if (!one || !two) throw new TypeError('two keys')
  for (;;) {
    const text = random(256)
    const message = concat(padded(aad), text, u64le(aad.length), u64le(text.length))
    const at = padded(aad).length / BLOCK + FREE_BLOCK
    const power = BigInt(message.length / BLOCK - at)
    const without = ({ r }: MacKey) => sum(message, r) - block(message, at) * modPow(r, power)
    const slope = modulo(modPow(one.r, power) - modPow(two.r, power))
    for (let turn = -4n; turn <= 4n; turn++) {
      const gap = two.s - one.s + turn * HIGH - without(one) + without(two)
      const free = modulo(gap * modPow(slope, P - 2n)) - HIGH
      if (free < 0n || free >= HIGH) continue
      text.set(littleEndian(free), FREE_BLOCK * BLOCK)
      message.set(text, padded(aad).length)
      const [tag, other] = [one, two].map(({ r, s }) => (sum(message, r) + s) % HIGH)
      if (tag !== undefined && tag === other) return concat(text, littleEndian(tag))
    }
  }
}

interface MacKey {
  readonly r: bigint
  readonly s: bigint
}

function macKey(key: Uint8Array, nonce: Uint8Array): MacKey {
  const bytes = xchacha20(key, nonce, new Uint8Array(32))
  return { r: number(bytes.slice(0, BLOCK)) & CLAMP, s: number(bytes.slice(BLOCK)) }
}

function sum(message: Uint8Array, r: bigint): bigint {
  let total = 0n
  for (let at = 0; at < message.length / BLOCK; at++) total = ((total + block(message, at)) * r) % P
  return total
}

function block(message: Uint8Array, at: number): bigint {
  return number(message.slice(at * BLOCK, (at + 1) * BLOCK)) + HIGH
}

function modPow(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let left = exponent, power = modulo(base); left > 0n; left >>= 1n, power = power ** 2n % P) {
    if (left & 1n) result = (result * power) % P
  }
  return result
}

function modulo(value: bigint): bigint {
  return ((value % P) + P) % P
}

function number(bytes: Uint8Array): bigint {
  return bytes.reduceRight((total, byte) => total * 256n + BigInt(byte), 0n)
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: BLOCK }, (_, at) => Number((value >> BigInt(8 * at)) & 255n))
}

function u64le(value: number): Uint8Array {
  return littleEndian(BigInt(value)).slice(0, 8)
}

function padded(bytes: Uint8Array): Bytes {
  return concat(bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK))
}
