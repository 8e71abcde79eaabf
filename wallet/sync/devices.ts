/** The device list: who may write, each certified by the vault's identity key (formats §5). */
import {
  canonicalJson,
  fromBase64url,
  toBase64url,
  type DeviceEntry,
  type DevicesDocument,
  type EpochKey,
  type IdentityLink,
  type VaultId,
} from '../protocol/index.ts'
import { concat, label, utf8, type Bytes } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { sign, signingPublicKey, verifySignature, type VerifySignature } from '../crypto/signing.ts'
import { compareBytes } from './merkle-root.ts'

/** H of the canonical document: what a head names. */
export function devicesHash(document: DevicesDocument): Bytes {
  return sha256(utf8(canonicalJson(toJson(document))))
}

/** H of the keys a push brings for an epoch: what the document names. */
export function epochKeysHash(keys: readonly EpochKey[]): string {
  const text = canonicalJson(keys.map(({ deviceId, enc, sealed }) => ({ deviceId, enc, sealed })))
  return toBase64url(sha256(utf8(text)))
}

/** The bytes the identity key signs for a device. */
export function deviceMessage(entry: Omit<DeviceEntry, 'sig'>, vaultId: VaultId): Bytes {
  const { id, ed25519, x25519, addedAt } = entry
  const text = canonicalJson({ id, ed25519, x25519, addedAt })
  return concat(label('device', fromBase64url(vaultId)), utf8(text))
}

/** A device's entry, certified. */
export function certifyDevice(
  entry: Omit<DeviceEntry, 'sig'>,
  vaultId: VaultId,
  identitySeed: Uint8Array,
): DeviceEntry {
  return { ...entry, sig: toBase64url(sign(identitySeed, deviceMessage(entry, vaultId))) }
}

/** The bytes the previous identity key signs for the new one. */
export function identityMessage(newIdentity: Uint8Array, vaultId: VaultId): Bytes {
  return concat(label('identity', fromBase64url(vaultId)), newIdentity)
}

/** The link from an identity to the one that replaces it. */
export function linkIdentity(
  previousSeed: Uint8Array,
  newIdentity: Uint8Array,
  vaultId: VaultId,
): IdentityLink {
  return {
    from: toBase64url(signingPublicKey(previousSeed)),
    to: toBase64url(newIdentity),
    sig: toBase64url(sign(previousSeed, identityMessage(newIdentity, vaultId))),
  }
}

export type DevicesFault = 'order' | 'identity' | 'certificate'

export interface DevicesCheck {
  readonly vaultId: VaultId
  /** An identity key the reader already trusts: it must be on the chain. Absent: any chain that holds. */
  readonly knownIdentity?: string
  readonly verify?: VerifySignature
}

/** C82: why a device list must not be believed, or null. */
export function devicesFault(document: DevicesDocument, check: DevicesCheck): DevicesFault | null {
  const { vaultId, knownIdentity, verify = verifySignature } = check
  if (!isSorted(document.devices)) return 'order'
  let identity = document.links[0]?.from ?? document.identity
  let known = knownIdentity === undefined || identity === knownIdentity
  for (const link of document.links) {
    const message = identityMessage(fromBase64url(link.to), vaultId)
    if (link.from !== identity || !signed(verify, identity, message, link.sig)) return 'identity'
    identity = link.to
    known ||= identity === knownIdentity
  }
  if (identity !== document.identity || !known) return 'identity'
  const certified = document.devices.every((entry) =>
    signed(verify, identity, deviceMessage(entry, vaultId), entry.sig),
  )
  return certified ? null : 'certificate'
}

/** By id, as bytes, none twice. */
function isSorted(devices: readonly DeviceEntry[]): boolean {
  const ids = devices.map(({ id }) => fromBase64url(id))
  return ids.every((id, index) => {
    const before = ids[index - 1]
    return before === undefined || compareBytes(before, id) < 0
  })
}

function signed(verify: VerifySignature, key: string, message: Bytes, sig: string): boolean {
  return verify(fromBase64url(key), message, fromBase64url(sig))
}

/** Only the named members: canonical JSON of more would be another document. */
function toJson(document: DevicesDocument) {
  const { identity, keysHash, links, devices } = document
  return {
    identity,
    ...(keysHash === undefined ? {} : { keysHash }),
    links: links.map(({ from, to, sig }) => ({ from, to, sig })),
    devices: devices.map(({ id, ed25519, x25519, addedAt, sig }) => ({
      id,
      ed25519,
      x25519,
      addedAt,
      sig,
    })),
  }
}
