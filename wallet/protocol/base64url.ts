import { WalletError } from './errors.ts'

/** Bytes → base64url without padding (RFC 4648 §5). */
export function toBase64url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * Base64url → bytes. Strict: no padding, no other alphabet, no stray bits (formats §1).
 * @throws `request.invalid`
 */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw refused()
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  // Two texts for the same bytes would let a signed or hashed document be written twice.
  if (toBase64url(bytes) !== text) throw refused()
  return bytes
}

function refused(): WalletError {
  return new WalletError('request.invalid', { reason: 'base64url' })
}
