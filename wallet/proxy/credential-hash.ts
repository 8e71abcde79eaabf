import { sha256 } from '../crypto/index.ts'
import { toBase64url } from '../protocol/index.ts'
import type { Credential } from './call.ts'

/**
 * What the site index holds in place of a credential: its SHA-256, base64url (formats §7). The lookup of
 * a call and the index are the authority of a grant, so both take it from here. A grant's id and a valet
 * key are never of one form, so one stands for the other nowhere.
 */
export function credentialHash(credential: Credential): string {
  const text = 'valetKey' in credential ? credential.valetKey : credential.grantRef
  return toBase64url(sha256(new TextEncoder().encode(text)))
}
