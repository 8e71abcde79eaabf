import { WalletError } from './errors.ts'

/** Bytes → base64url without padding (RFC 4648 §5). */
export function toBase64url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * Base64url → bytes. Strict: no padding, no other alphabet, no stray bits (formats §1): two texts for the same
 * bytes would let a signed or hashed document be written twice.
 * @throws `request.invalid`
 */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const tail = text.length % 4
  const whole = text.length - tail
  const bytes = new Uint8Array((whole / 4) * 3 + Math.max(0, tail - 1))
  let seen = 0
  let at = 0
  for (let index = 0; index < whole; index += 4) {
    const a = valueAt(text, index)
    const b = valueAt(text, index + 1)
    const c = valueAt(text, index + 2)
    const d = valueAt(text, index + 3)
    seen |= a | b | c | d
    bytes[at++] = (a << 2) | (b >> 4)
    bytes[at++] = (b << 4) | (c >> 2)
    bytes[at++] = (c << 6) | d
  }
  if (tail > 1) {
    const a = valueAt(text, whole)
    const b = valueAt(text, whole + 1)
    const c = tail === 2 ? 0 : valueAt(text, whole + 2)
    seen |= a | b | c
    bytes[at] = (a << 2) | (b >> 4)
    if (tail === 3) bytes[at + 1] = (b << 4) | (c >> 2)
    const stray = tail === 2 ? b & 15 : c & 3
    if (stray !== 0) throw refused()
  }
  if (tail === 1 || (seen & NONE) !== 0) throw refused()
  return bytes
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Of a character that has no value: a bit that no value has. */
const NONE = 64
const VALUES = new Uint8Array(128).fill(NONE)
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value

function valueAt(text: string, index: number): number {
  return VALUES[text.charCodeAt(index)] ?? NONE
}

function refused(): WalletError {
  return new WalletError('request.invalid', { reason: 'base64url' })
}
