/** Signatures that were verified once: every pull names the same devices, and mostly the same head. */
import { concat, lp } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { verifySignature, type VerifySignature } from '../crypto/signing.ts'
import { toBase64url } from '../protocol/index.ts'

/** 32 devices, the links of as many identities, and heads: of more, the oldest are verified anew. */
const REMEMBERED = 256

/**
 * Verifies, and remembers what held: the same key, message and signature hold for ever. What did not hold is
 * never remembered, and nothing is taken from a store: only what this worker verified itself.
 */
export function createVerifyOnce(verify: VerifySignature = verifySignature): VerifySignature {
  const held = new Set<string>()
  return (publicKey, message, signature) => {
    // With their lengths: no other three have the same bytes.
    const name = toBase64url(sha256(concat(lp(publicKey), lp(message), lp(signature))))
    if (held.has(name)) return true
    if (!verify(publicKey, message, signature)) return false
    const [oldest] = held
    if (held.size >= REMEMBERED && oldest !== undefined) held.delete(oldest)
    held.add(name)
    return true
  }
}
