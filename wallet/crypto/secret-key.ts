/**
 * The Secret Key as people write it down (formats §2):
 *
 *   VK1-3GQ00Q2-VC12V4F-PE137QF-B28CKW8
 *       └ 26 characters of key ────┘└┘ 2 check characters
 */
import { WalletError } from '../protocol/index.ts'
import { concat, label, type Bytes } from './bytes.ts'
import { sha256 } from './hash.ts'

/** Crockford's base32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const PREFIX = 'VK1'
const KEY_CHARACTERS = 26
const CHECK_CHARACTERS = 2

export const SECRET_KEY_BYTES = 16

/** 16 bytes → `VK1-…` in four groups of seven. */
export function formatSecretKey(secretKey: Uint8Array): string {
  if (secretKey.length !== SECRET_KEY_BYTES) throw new TypeError('a Secret Key has 16 bytes')
  const text = digits(toInteger(secretKey), KEY_CHARACTERS) + checkCharacters(secretKey)
  return [PREFIX, ...(text.match(/.{7}/g) ?? [])].join('-')
}

/**
 * What a person typed → 16 bytes. Forgives case, spaces, dashes, O for 0, I and L for 1, and a missing
 * prefix; nothing else.
 * @throws `request.invalid` with the reason `prefix`, `length`, `alphabet`, `leading-bits` or `check`
 */
export function parseSecretKey(text: string): Bytes {
  const characters = withoutPrefix(readable(text))
  if (characters.length !== KEY_CHARACTERS + CHECK_CHARACTERS) throw refused('length')
  for (const character of characters) if (!ALPHABET.includes(character)) throw refused('alphabet')
  let value = 0n
  for (const character of characters.slice(0, KEY_CHARACTERS)) {
    value = value * 32n + BigInt(ALPHABET.indexOf(character))
  }
  // 26 characters hold 130 bits: two texts for one key would differ in the two in front.
  if (value >> 128n !== 0n) throw refused('leading-bits')
  const secretKey = toBytes(value)
  if (checkCharacters(secretKey) !== characters.slice(KEY_CHARACTERS)) throw refused('check')
  return secretKey
}

function readable(text: string): string {
  return (
    text
      .replace(/[\p{White_Space}\-\u2010-\u2015\u2212]/gu, '')
      // Only ASCII letters change case: toUpperCase would also turn ſ into S.
      .replace(/[a-z]/g, (letter) => letter.toUpperCase())
      .replaceAll('O', '0')
      .replace(/[IL]/g, '1')
  )
}

function withoutPrefix(characters: string): string {
  if (characters.length !== PREFIX.length + KEY_CHARACTERS + CHECK_CHARACTERS) return characters
  if (!characters.startsWith(PREFIX)) throw refused('prefix')
  return characters.slice(PREFIX.length)
}

/** The first 10 bits of H(L("secret-key") ‖ SK). */
function checkCharacters(secretKey: Uint8Array): string {
  const hash = sha256(concat(label('secret-key'), secretKey))
  return digits(toInteger(hash) >> BigInt(256 - 5 * CHECK_CHARACTERS), CHECK_CHARACTERS)
}

function digits(value: bigint, width: number): string {
  let text = ''
  for (let rest = value; text.length < width; rest /= 32n) {
    text = ALPHABET.charAt(Number(rest % 32n)) + text
  }
  return text
}

function toInteger(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function toBytes(value: bigint): Bytes {
  return Uint8Array.from({ length: SECRET_KEY_BYTES }, (_, index) =>
    Number((value >> BigInt(8 * (SECRET_KEY_BYTES - 1 - index))) & 255n),
  )
}

function refused(reason: string): WalletError {
  return new WalletError('request.invalid', { reason })
}
