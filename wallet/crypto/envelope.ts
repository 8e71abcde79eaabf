/**
 * The sealed form of everything stored (formats §3):
 *
 *   "VLTK" | suite 1 | type u8 | schema u16 | epoch u32 | nonce 24 | commit 32 | ciphertext | tag 16
 *   └──────────── first 12 bytes, authenticated ──────┘
 *   plain = u32 length ‖ JSON ‖ zeros up to the bucket
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import {
  WalletError,
  fromBase64url,
  isJsonObject,
  parseJson,
  type DeviceId,
  type JsonObject,
  type Random,
  type RecordId,
  type VaultId,
} from '../protocol/index.ts'
import {
  canonicalBytes,
  concat,
  equalBytes,
  label,
  lp,
  readU32,
  u16,
  u32,
  u64,
  u8,
  utf8,
  type Bytes,
} from './bytes.ts'
import { hkdfExpand, hkdfExtract } from './hash.ts'
import { drawBytes } from './random.ts'

/** What an envelope holds. Types 2–5 are wraps: each seals a root key. */
export const ENVELOPE_TYPES = {
  record: 1,
  passphrase: 2,
  recovery: 3,
  passkey: 4,
  epoch: 5,
  device: 6,
  backup: 7,
  log: 8,
} as const
export type EnvelopeType = keyof typeof ENVELOPE_TYPES
export type WrapMethod = 'passphrase' | 'recovery' | 'passkey' | 'epoch'

/** What stands in clear beside an envelope and is authenticated with it. */
export interface EnvelopeRow {
  readonly recordId: RecordId
  readonly rev: number
  readonly prev: Uint8Array
  readonly del: 0 | 1
  readonly writerDeviceId: DeviceId
  /** Wraps only. */
  readonly method?: WrapMethod | undefined
  /** Wraps only: the text exactly as stored. */
  readonly params?: string | undefined
}

export interface Sealing {
  readonly type: EnvelopeType
  readonly epoch: number
  /** 32 bytes, see {@link deriveEpochKey} and {@link deriveUnlockKey} */
  readonly key: Uint8Array
  readonly vaultId: VaultId
  readonly row: EnvelopeRow
  readonly content: JsonObject
}

export interface Opening {
  /** The type the reader expects. */
  readonly type: EnvelopeType
  /** The key of an epoch, if the reader has it. */
  readonly keyOf: (epoch: number) => Uint8Array | undefined
  readonly vaultId: VaultId
  readonly row: EnvelopeRow
  readonly envelope: Uint8Array
}

const MAGIC = utf8('VLTK')
const SUITE = 1
const SCHEMA = 1
const START = 12
const NONCE = 24
const COMMIT = 32
const TAG = 16
const OVERHEAD = START + NONCE + COMMIT + TAG
const LARGE_BUCKET = 65_536
const BUCKETS = [256, 1024, 4096, 16_384, LARGE_BUCKET]
const LENGTH = 4
const JSON_LIMIT_BYTES = LARGE_BUCKET - LENGTH
const WRAPS: readonly EnvelopeType[] = ['passphrase', 'recovery', 'passkey', 'epoch']

/**
 * Seals content under a fresh nonce. The nonce is drawn here and is no argument, so that no caller can
 * use one twice (C89).
 * @throws `request.too_large` for JSON above 65,532 bytes (but for a backup)
 * @throws `request.invalid` for content that canonical JSON cannot hold
 * @throws `vault.locked` for a key that was wiped
 * @throws `internal` if the generator repeats itself
 */
export function sealEnvelope(sealing: Sealing, random: Random): Bytes {
  const { type, epoch, key, vaultId, row, content } = sealing
  if (WRAPS.includes(type) !== (row.method !== undefined && row.params !== undefined)) {
    throw new TypeError('method and params belong to wraps, and to each of them')
  }
  assertKey(key)
  const plain = pad(canonicalBytes(content), type)
  const start = concat(MAGIC, u8(SUITE), u8(ENVELOPE_TYPES[type]), u16(SCHEMA), u32(epoch))
  const nonce = drawBytes(random, NONCE)
  const { cipherKey, commitment } = deriveSubkeys(key, nonce, start)
  const aad = associatedBytes(start, vaultId, row)
  const sealed = xchacha20poly1305(cipherKey, nonce, aad).encrypt(plain)
  cipherKey.fill(0)
  plain.fill(0)
  return concat(start, nonce, commitment, sealed)
}

/**
 * Opens an envelope against the row it stands in.
 * @throws `vault.newer` for a suite, type or schema this version does not know
 * @throws `vault.unlock_failed` for a wrap whose key does not fit
 * @throws `vault.corrupt` for everything else: one code, so that a forger learns nothing from it
 */
export function openEnvelope(opening: Opening): JsonObject {
  const { type, keyOf, vaultId, row, envelope } = opening
  assertStart(type, envelope)
  const start = envelope.subarray(0, START)
  const nonce = envelope.subarray(START, START + NONCE)
  const key = keyOf(envelopeEpoch(envelope))
  if (key === undefined) throw new WalletError('vault.corrupt')
  const { cipherKey, commitment } = deriveSubkeys(key, nonce, start)
  // C79: Poly1305 does not commit to its key. One ciphertext could open under two keys and tell a
  // guesser which of many passphrases is right; so the key is compared before anything is opened.
  const found = envelope.subarray(START + NONCE, START + NONCE + COMMIT)
  if (!equalBytes(commitment, found)) {
    throw new WalletError(WRAPS.includes(type) ? 'vault.unlock_failed' : 'vault.corrupt')
  }
  const aad = associatedBytes(start, vaultId, row)
  const sealed = envelope.subarray(START + NONCE + COMMIT)
  const plain = decrypt(xchacha20poly1305(cipherKey, nonce, aad), sealed)
  cipherKey.fill(0)
  try {
    return readPlain(plain)
  } finally {
    plain.fill(0)
  }
}

/** The epoch an envelope names. Trust it only after {@link openEnvelope}. */
export function envelopeEpoch(envelope: Uint8Array): number {
  return readU32(envelope, 8)
}

function assertStart(type: EnvelopeType, envelope: Uint8Array): void {
  if (envelope.length < START || !equalBytes(envelope.subarray(0, 4), MAGIC)) {
    throw new WalletError('vault.corrupt')
  }
  const [suite, typeNumber] = envelope.subarray(4, 6)
  const known = Object.values(ENVELOPE_TYPES).some((number) => number === typeNumber)
  const schema = envelope.subarray(6, 8)
  if (suite !== SUITE || !known || !equalBytes(schema, u16(SCHEMA))) {
    throw new WalletError('vault.newer')
  }
  if (typeNumber !== ENVELOPE_TYPES[type]) throw new WalletError('vault.corrupt')
  const plainBytes = envelope.length - OVERHEAD
  const large = type === 'backup' && plainBytes > 0 && plainBytes % LARGE_BUCKET === 0
  if (!BUCKETS.includes(plainBytes) && !large) throw new WalletError('vault.corrupt')
}

function assertKey(key: Uint8Array): void {
  if (key.length !== 32) throw new TypeError('an envelope key has 32 bytes')
  // A wiped key is known to everyone: what is sealed under it lies open.
  if (key.every((byte) => byte === 0)) throw new WalletError('vault.locked')
}

function deriveSubkeys(
  key: Uint8Array,
  nonce: Uint8Array,
  start: Uint8Array,
): { cipherKey: Bytes; commitment: Bytes } {
  const derived = hkdfExpand(hkdfExtract(nonce, key), label('envelope', start), 64)
  return { cipherKey: derived.slice(0, 32), commitment: derived.slice(32) }
}

/** C78: whatever says where and when this row belongs, so that no envelope opens anywhere else. */
function associatedBytes(start: Uint8Array, vaultId: VaultId, row: EnvelopeRow): Bytes {
  const { method, params } = row
  const wrap = method === undefined ? [] : [lp(utf8(method)), lp(utf8(params ?? ''))]
  return concat(
    start,
    lp(fromBase64url(vaultId)),
    lp(fromBase64url(row.recordId)),
    u64(row.rev),
    lp(row.prev),
    u8(row.del),
    lp(fromBase64url(row.writerDeviceId)),
    ...wrap,
  )
}

/** Padded so that the length of an envelope tells its bucket and no more. */
function pad(json: Bytes, type: EnvelopeType): Bytes {
  if (json.length > JSON_LIMIT_BYTES && type !== 'backup') {
    throw new WalletError('request.too_large', { limitBytes: JSON_LIMIT_BYTES })
  }
  const sizeBytes = bucketOf(LENGTH + json.length)
  return concat(u32(json.length), json, new Uint8Array(sizeBytes - LENGTH - json.length))
}

function bucketOf(sizeBytes: number): number {
  const small = BUCKETS.find((bucket) => bucket >= sizeBytes)
  return small ?? Math.ceil(sizeBytes / LARGE_BUCKET) * LARGE_BUCKET
}

function decrypt(cipher: { decrypt(sealed: Uint8Array): Uint8Array }, sealed: Uint8Array) {
  try {
    return cipher.decrypt(sealed)
  } catch {
    throw new WalletError('vault.corrupt')
  }
}

/** One content has one plain form: anything else was not written by this format. */
function readPlain(plain: Uint8Array): JsonObject {
  const length = readU32(plain, 0)
  const padding = plain.subarray(LENGTH + length)
  if (bucketOf(LENGTH + length) !== plain.length || padding.some((byte) => byte !== 0)) {
    throw new WalletError('vault.corrupt')
  }
  const value = parseJson(readText(plain.subarray(LENGTH, LENGTH + length)))
  if (!isJsonObject(value)) throw new WalletError('vault.corrupt')
  return value
}

function readText(bytes: Uint8Array): string {
  try {
    // ignoreBOM leaves the mark in the text, where JSON refuses it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new WalletError('vault.corrupt')
  }
}
