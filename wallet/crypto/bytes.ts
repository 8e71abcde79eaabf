/** Integers, length prefixes and labels: the conventions every format here is built from (formats §1). */
import { WalletError, canonicalJson, isJsonObject, type JsonValue } from '../protocol/index.ts'

export type Bytes = Uint8Array<ArrayBuffer>

/** The parts one after another, in a buffer that holds nothing else. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sizeBytes, part) => sizeBytes + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Big-endian unsigned integers. @throws TypeError for a number that does not fit */
export const u8 = (value: number): Bytes => bigEndian(value, 1)
export const u16 = (value: number): Bytes => bigEndian(value, 2)
export const u32 = (value: number): Bytes => bigEndian(value, 4)
/** Up to 2⁵³−1: no number of ours is larger, and a rounded one must never be written. */
export const u64 = (value: number): Bytes => bigEndian(value, 8)

function bigEndian(value: number, sizeBytes: number): Bytes {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** sizeBytes) {
    throw new TypeError(`not an unsigned integer of ${sizeBytes} bytes`)
  }
  const bytes = new Uint8Array(sizeBytes)
  let rest = value
  for (let index = sizeBytes - 1; index >= 0; index--) {
    bytes[index] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return bytes
}

/** The big-endian u32 at `offset`. @throws RangeError past the end */
export function readU32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset)
}

/** u32 length ‖ bytes. */
export function lp(bytes: Uint8Array): Bytes {
  return concat(u32(bytes.length), bytes)
}

/** `L(purpose, part…)`: the domain-separating label; no two purposes or part lists give equal bytes. */
export function label(purpose: string, ...parts: readonly Uint8Array[]): Bytes {
  return concat(utf8(`valetkey/1/${purpose}`), u8(0), ...parts.map(lp))
}

/** Text as it is, in UTF-8. */
export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text)
}

/** Text of people in UTF-8, NFC, so that the same word typed on two systems is the same bytes. */
export function nfcBytes(text: string): Bytes {
  return utf8(text.normalize('NFC'))
}

/** A passphrase in UTF-8, NFKC; spaces stay, none is trimmed (formats §2). */
export function passphraseBytes(passphrase: string): Bytes {
  return utf8(passphrase.normalize('NFKC'))
}

/**
 * Canonical JSON in UTF-8, its texts in NFC.
 * @throws `request.invalid` for what canonical JSON cannot hold, and for two names that become one
 */
export function canonicalBytes(value: JsonValue): Bytes {
  return utf8(canonicalJson(composed(value)))
}

/**
 * Every text composed by itself. Composed as a whole, JSON would lose its escapes: the `n` of `\n` and an
 * accent after it become one letter, and what was sealed could never be read again.
 */
function composed(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.normalize('NFC')
  if (Array.isArray(value)) return value.map(composed)
  if (!isJsonObject(value)) return value
  const members = Object.entries(value)
  const object = Object.fromEntries(
    members.map(([name, member]) => [name.normalize('NFC'), composed(member)]),
  )
  if (Object.keys(object).length < members.length) {
    throw new WalletError('request.invalid', { reason: 'repeated name' })
  }
  return object
}

/** Whether two byte strings are equal, in a time that depends on their lengths only. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false
  let difference = 0
  for (let index = 0; index < left.length; index++) {
    difference |= (left[index] ?? 0) ^ (right[index] ?? 0)
  }
  return difference === 0
}
