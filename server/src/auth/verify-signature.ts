import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import {
  isCanonicalSignature,
  isSigningKey,
  type VerifySignature,
} from '@valetkey/wallet/crypto/signing'
import { toBase64url } from '@valetkey/wallet/protocol'

const KEYS_KEPT = 10_000
const keys = new Map<string, KeyObject>()

/**
 * As the wallet verifies, twenty times as fast: OpenSSL computes R anew and compares its bytes, too. What
 * it would let pass, keys of small order and those written in another way, is refused before.
 */
export const verifySignature: VerifySignature = (publicKey, message, signature) => {
  if (!isSigningKey(publicKey) || !isCanonicalSignature(signature)) return false
  try {
    return verify(null, message, keyOf(toBase64url(publicKey)), signature)
  } catch {
    return false
  }
}

function keyOf(x: string): KeyObject {
  const known = keys.get(x)
  if (known) return known
  if (keys.size >= KEYS_KEPT) keys.clear()
  const made = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  keys.set(x, made)
  return made
}
