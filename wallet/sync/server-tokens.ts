/**
 * What a server hands out (formats §10):
 *
 *   vk_<kind>_<22 base62: id>_<43 base62: secret><6 base62: CRC-32>        kind pt also .<43 base64url>
 */
import { WalletError, fromBase64url, toBase64url, type Random } from '../protocol/index.ts'
import { crc32 } from '../protocol/valet-key.ts'
import { utf8, type Bytes } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { drawBytes } from '../crypto/random.ts'

/** Access, refresh, client secret, link, public, device session. */
export const SERVER_TOKEN_KINDS = ['at', 'rt', 'cs', 'lt', 'pt', 'ds'] as const
export type ServerTokenKind = (typeof SERVER_TOKEN_KINDS)[number]

export interface ServerToken {
  readonly kind: ServerTokenKind
  /** 16 bytes: finds the row. */
  readonly id: Uint8Array
  /** SHA-256 of the token without its fingerprint: all that a server stores. */
  readonly atRest: Uint8Array
  /** Of kind `pt` only: SHA-256 of the grant's signing key. */
  readonly fingerprint?: Uint8Array
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const FORM =
  /^(vk_(at|rt|cs|lt|pt|ds)_([0-9A-Za-z]{22})_([0-9A-Za-z]{43}))([0-9A-Za-z]{6})(?:\.([\w-]{43}))?$/

/**
 * A fresh token.
 * @param fingerprint of kind `pt`, and of it alone
 */
export function createServerToken(
  kind: ServerTokenKind,
  random: Random,
  fingerprint?: Uint8Array,
): { readonly text: string; readonly id: Bytes; readonly atRest: Bytes } {
  const id = drawBytes(random, 16)
  return { id, ...formatServerToken(kind, id, drawBytes(random, 32), fingerprint) }
}

export function formatServerToken(
  kind: ServerTokenKind,
  id: Uint8Array,
  secret: Uint8Array,
  fingerprint?: Uint8Array,
): { readonly text: string; readonly atRest: Bytes } {
  if ((kind === 'pt') !== (fingerprint !== undefined)) {
    throw new TypeError('a fingerprint belongs to public tokens, and to each of them')
  }
  const start = `vk_${kind}_${toBase62(id, 22)}_${toBase62(secret, 43)}`
  const whole = start + check(start)
  const text = fingerprint === undefined ? whole : `${whole}.${toBase64url(fingerprint)}`
  return { text, atRest: sha256(utf8(whole)) }
}

export type ServerTokenFault = 'form' | 'check' | 'range' | 'base64url'

/** The token in this text, or why there is none. That it is a token says nothing about whose it is. */
export function parseServerToken(text: string): ServerToken | ServerTokenFault {
  const [, start = '', kind, id = '', secret = '', sum = '', print] = FORM.exec(text) ?? []
  if (!isKind(kind) || (kind === 'pt') !== (print !== undefined)) return 'form'
  if (check(start) !== sum) return 'check'
  const idBytes = fromBase62(id, 16)
  if (!idBytes || !fromBase62(secret, 32)) return 'range'
  const token = { kind, id: idBytes, atRest: sha256(utf8(start + sum)) }
  if (print === undefined) return token
  try {
    return { ...token, fingerprint: fromBase64url(print) }
  } catch (error) {
    if (error instanceof WalletError) return 'base64url'
    throw error
  }
}

/** The name of an app at this server: no secret. */
export function createClientId(random: Random): string {
  return `vk_cid_${toBase62(drawBytes(random, 16), 22)}`
}

function isKind(kind: string | undefined): kind is ServerTokenKind {
  return SERVER_TOKEN_KINDS.some((known) => known === kind)
}

function check(start: string): string {
  return digits(BigInt(crc32(start)), 6)
}

function toBase62(bytes: Uint8Array, length: number): string {
  return digits(
    bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n),
    length,
  )
}

function digits(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest /= 62n) {
    text = BASE62.charAt(Number(rest % 62n)) + text
  }
  return text
}

/** Null for a number that is too large: two texts for one id would be two ids. */
function fromBase62(text: string, sizeBytes: number): Bytes | null {
  const bytes = new Uint8Array(sizeBytes)
  for (const character of text) {
    let carry = BASE62.indexOf(character)
    for (let index = sizeBytes - 1; index >= 0; index--) {
      carry += (bytes[index] ?? 0) * 62
      bytes[index] = carry
      carry >>= 8
    }
    if (carry > 0) return null
  }
  return bytes
}
