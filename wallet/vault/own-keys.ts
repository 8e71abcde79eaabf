/** The keys a vault makes for itself: of this device, and of the identity that certifies devices. */
import * as z from 'zod/mini'
import { createKeySeed, type Bytes } from '../crypto/index.ts'
import {
  fromBase64url,
  parseWith,
  toBase64url,
  type JsonObject,
  type Random,
  type RecordFields,
} from '../protocol/index.ts'

/** The seeds of a device's own two keys. */
export interface DeviceKeys {
  readonly ed25519: Bytes
  readonly x25519: Bytes
}

const seedText = z.string().check(z.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/))
const deviceSecretSchema = z.strictObject({ ed25519: seedText, x25519: seedText })

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

/** What {@link createDeviceSecret} made. @throws `vault.corrupt` */
export function parseDeviceSecret(content: JsonObject): DeviceKeys {
  const { ed25519, x25519 } = parseWith(deviceSecretSchema, content, 'vault.corrupt')
  return { ed25519: fromBase64url(ed25519), x25519: fromBase64url(x25519) }
}
