import { WalletError } from '@valetkey/wallet/protocol'

/** Base64url, as wallet/protocol reads and writes it, for envelopes: Node's own is many times as fast. */
export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url')
}

/** @throws `request.invalid` for another alphabet, padding, or stray bits */
export function fromText(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) {
    throw new WalletError('request.invalid', { reason: 'base64url' })
  }
  return bytes
}
