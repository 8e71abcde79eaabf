/**
 * Ed25519 by the platform where it has it (WebCrypto, "Secure Curves"): a tenth of the time, and off this thread.
 * For what one party signs for itself: heads, on which many devices must agree to the last odd signature, are
 * judged by {@link verifySignature} alone.
 */
import { concat, type Bytes } from './bytes.ts'
import { isCanonicalSignature, isSigningKey, sign, verifySignature } from './signing.ts'

type PlatformKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

const ALGORITHM = 'Ed25519'
/** PKCS #8 around a seed (RFC 8410 §7). */
const SEED_PREFIX = Uint8Array.of(
  ...[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04],
  0x20,
)
/** A wallet meets the keys of its own apps again and again: public ones, so that they may be kept. */
const KEYS_KEPT = 64
const keys = new Map<string, Promise<PlatformKey | null>>()

/** As {@link verifySignature}: what is malformed is `false`, never an error. */
export async function verifyByPlatform(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  // Platforms differ in what they take beside: none of it is taken here.
  if (!isSigningKey(publicKey) || !isCanonicalSignature(signature)) return false
  const key = await publicKeyOf(publicKey)
  if (key === null) return verifySignature(publicKey, message, signature)
  return crypto.subtle.verify(ALGORITHM, key, Uint8Array.from(signature), Uint8Array.from(message))
}

/** @returns what signs with this seed, as `sign` does. The platform keeps it where nothing reads it out again */
export function createSigner(seed: Uint8Array): (message: Uint8Array) => Promise<Bytes> {
  const known = crypto.subtle
    .importKey('pkcs8', concat(SEED_PREFIX, seed), ALGORITHM, false, ['sign'])
    .catch(() => null)
  return async (message) => {
    const key = await known
    if (key === null) return sign(seed, message)
    return new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, Uint8Array.from(message)))
  }
}

/** Null where the platform has no such keys, or takes this one for none. */
function publicKeyOf(publicKey: Uint8Array): Promise<PlatformKey | null> {
  const name = String(publicKey)
  const known = keys.get(name)
  if (known) return known
  const [oldest] = keys.keys()
  if (oldest !== undefined && keys.size >= KEYS_KEPT) keys.delete(oldest)
  const imported = crypto.subtle
    .importKey('raw', Uint8Array.from(publicKey), ALGORITHM, false, ['verify'])
    .catch(() => null)
  keys.set(name, imported)
  return imported
}
