/** The keys a vault makes for itself: of this device, and of the identity that certifies devices. */
import { createKeySeed } from '../crypto/index.ts'
import { toBase64url, type JsonObject, type Random, type RecordFields } from '../protocol/index.ts'

/** The content of the device row: a signing and an exchange key, of this device only. */
export function createDeviceSecret(random: Random): JsonObject {
  return {
    ed25519: toBase64url(createKeySeed(random)),
    x25519: toBase64url(createKeySeed(random)),
  }
}

export function createIdentity(random: Random): RecordFields<'identity'> {
  return { seed: toBase64url(createKeySeed(random)) }
}
