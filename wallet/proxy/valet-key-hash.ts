import { sha256 } from '../crypto/index.ts'
import { toBase64url } from '../protocol/index.ts'

/**
 * What the site index holds in place of a valet key: its SHA-256, base64url (formats §7). The lookup of
 * a call and the index are the authority of a grant, so both take it from here.
 */
export function valetKeyHash(valetKey: string): string {
  return toBase64url(sha256(new TextEncoder().encode(valetKey)))
}
