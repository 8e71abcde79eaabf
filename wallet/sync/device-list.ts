/** A device list that becomes another one, under a head over the same records. */
import {
  fromBase64url,
  toBase64url,
  type DeviceEntry,
  type DeviceId,
  type DevicesDocument,
  type SignedHeadText,
  type VaultId,
} from '../protocol/index.ts'
import { exchangePublicKey, signingPublicKey } from '../crypto/signing.ts'
import type { DeviceKeys } from '../vault/index.ts'
import { trustedHead } from './believe.ts'
import { certifyDevice, devicesHash } from './devices.ts'
import { NO_HEAD, signHead } from './head.ts'
import { compareBytes, merkleRoot } from './merkle-root.ts'
import type { SyncMemory } from './sync-ports.ts'

/** What a device tells of itself, before anybody certified it. */
export function describeDevice(
  id: DeviceId,
  seeds: DeviceKeys,
  addedAt: number,
): Omit<DeviceEntry, 'sig'> {
  return {
    ...{ id, addedAt },
    ed25519: toBase64url(signingPublicKey(seeds.ed25519)),
    x25519: toBase64url(exchangePublicKey(seeds.x25519)),
  }
}

/** The list with a device more, certified. */
export function withDevice(
  document: DevicesDocument,
  entry: Omit<DeviceEntry, 'sig'>,
  by: { readonly vaultId: VaultId; readonly identitySeed: Uint8Array },
): DevicesDocument {
  const devices = [...document.devices, certifyDevice(entry, by.vaultId, by.identitySeed)]
  return { ...document, devices: sorted(devices) }
}

/** The list of a vault that had none: this device under this identity. */
export function firstDocument(
  entry: Omit<DeviceEntry, 'sig'>,
  by: { readonly vaultId: VaultId; readonly identitySeed: Uint8Array },
): DevicesDocument {
  const identity = toBase64url(signingPublicKey(by.identitySeed))
  return { identity, links: [], devices: [certifyDevice(entry, by.vaultId, by.identitySeed)] }
}

export interface HeadWriter {
  readonly vaultId: VaultId
  readonly deviceId: DeviceId
  readonly epoch: number
  readonly minSuite: number
  /** The seed of the writer's Ed25519 key. */
  readonly deviceSeed: Uint8Array
}

/** The next head, over the rows there are and another device list. */
export function headOverDevices(
  { state, synced }: SyncMemory,
  devices: DevicesDocument,
  { deviceSeed, deviceId, vaultId, epoch, minSuite }: HeadWriter,
): { readonly base: string; readonly head: SignedHeadText } {
  const stored = trustedHead(state.head)
  const { sig, head } = signHead(
    {
      ...{ vaultId, epoch, minSuite, seq: (stored?.seq ?? 0) + 1, prev: stored?.hash ?? NO_HEAD },
      ...{ floor: state.floor, root: merkleRoot(synced, state.floor) },
      ...{ devicesHash: devicesHash(devices), writerDeviceId: deviceId },
    },
    deviceSeed,
  )
  const base = toBase64url(stored?.hash ?? NO_HEAD)
  return { base, head: { head: toBase64url(head), sig: toBase64url(sig) } }
}

/** By id, as bytes (formats §5). */
function sorted(devices: readonly DeviceEntry[]): DeviceEntry[] {
  return [...devices].sort((a, b) => compareBytes(fromBase64url(a.id), fromBase64url(b.id)))
}

/** Whether exactly this device stands on the list. */
export function isListed(
  devices: readonly DeviceEntry[],
  entry: Pick<DeviceEntry, 'id' | 'ed25519' | 'x25519'>,
): boolean {
  return devices.some(
    ({ id, ed25519, x25519 }) =>
      id === entry.id && ed25519 === entry.ed25519 && x25519 === entry.x25519,
  )
}
