/**
 * Keys as people write them down (formats §2): a prefix, the key as one big-endian integer in Crockford's
 * base32, and check characters, in groups of seven.
 *
 *   VK1-3GQ00Q2-VC12V4F-PE137QF-B28CKW8
 *       └ 26 characters of key ────┘└┘ 2 check characters
 */
import { WalletError } from '../protocol/index.ts'
import { concat, label, type Bytes } from './bytes.ts'
import { sha256 } from './hash.ts'

/** No I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHARACTER_BITS = 5

/** One kind of written key. */
interface KeyTextKind {
  readonly prefix: string
  /** Of the label whose hash gives the check characters. */
  readonly purpose: string
  readonly sizeBytes: number
  readonly checkCharacters: number
}

/** Writes and reads one kind of key. */
export interface KeyText {
  /** @throws TypeError for bytes of another length */
  format(keyBytes: Uint8Array): string
  /**
   * What a person typed → bytes. Forgives case, spaces, dashes, O for 0, I and L for 1, and a missing
   * prefix; nothing else.
   * @throws `request.invalid` with the reason `prefix`, `length`, `alphabet`, `leading-bits` or `check`
   */
  parse(text: string): Bytes
}

export function createKeyText(kind: KeyTextKind): KeyText {
  const { prefix, sizeBytes, checkCharacters } = kind
  const keyCharacters = Math.ceil((8 * sizeBytes) / CHARACTER_BITS)
  const length = keyCharacters + checkCharacters
  return {
    format: (keyBytes) => {
      if (keyBytes.length !== sizeBytes) throw new TypeError(`not a key of ${sizeBytes} bytes`)
      const text = digits(toInteger(keyBytes), keyCharacters) + checkOf(kind, keyBytes)
      return [prefix, ...(text.match(/.{7}/g) ?? [])].join('-')
    },
    parse: (text) => {
      const characters = withoutPrefix(readable(text), prefix, length)
      if (characters.length !== length) throw refused('length')
      for (const character of characters)
        if (!ALPHABET.includes(character)) throw refused('alphabet')
      const value = fromDigits(characters.slice(0, keyCharacters))
      // The characters hold a few bits more than the key: two texts for one key would differ in those.
      if (value >> BigInt(8 * sizeBytes) !== 0n) throw refused('leading-bits')
      const keyBytes = toBytes(value, sizeBytes)
      if (checkOf(kind, keyBytes) !== characters.slice(keyCharacters)) throw refused('check')
      return keyBytes
    },
  }
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

function withoutPrefix(characters: string, prefix: string, length: number): string {
  if (characters.length !== prefix.length + length) return characters
  if (!characters.startsWith(prefix)) throw refused('prefix')
  return characters.slice(prefix.length)
}

/** The first bits of H(L(purpose) ‖ key). */
function checkOf({ purpose, checkCharacters }: KeyTextKind, keyBytes: Uint8Array): string {
  const hash = sha256(concat(label(purpose), keyBytes))
  return digits(toInteger(hash) >> BigInt(256 - CHARACTER_BITS * checkCharacters), checkCharacters)
}

function digits(value: bigint, width: number): string {
  let text = ''
  for (let rest = value; text.length < width; rest /= 32n) {
    text = ALPHABET.charAt(Number(rest % 32n)) + text
  }
  return text
}

function fromDigits(characters: string): bigint {
  let value = 0n
  for (const character of characters) value = value * 32n + BigInt(ALPHABET.indexOf(character))
  return value
}

function toInteger(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function toBytes(value: bigint, sizeBytes: number): Bytes {
  return Uint8Array.from({ length: sizeBytes }, (_, index) =>
    Number((value >> BigInt(8 * (sizeBytes - 1 - index))) & 255n),
  )
}

function refused(reason: string): WalletError {
  return new WalletError('request.invalid', { reason })
}
