/** A vault that came from a server, as the vault of a new device of it. */
import { checkedRandom, signingPublicKey, type Bytes, type RootKeyEntry } from '../crypto/index.ts'
import {
  WalletError,
  fromBase64url,
  toBase64url,
  type Random,
  type RecordId,
} from '../protocol/index.ts'
import { withOlderRootKeys } from './older-root-keys.ts'
import type { DeviceKeys } from './own-keys.ts'
import { readable } from './read-vault.ts'
import { fieldsOf } from './record-content.ts'
import { isRecordRow, openRecordRow } from './record-row.ts'
import { createRootKeys, type ExportedRootKey } from './root-keys.ts'
import { sealFirstRow, type SealingContext } from './sealed-row.ts'
import type { StoredRow, VaultHeader } from './store.ts'

/** What came, and what opened it. */
export interface ArrivedVault {
  /** With the id of the new device. */
  readonly header: VaultHeader
  readonly rows: readonly StoredRow[]
  /** The root key of the header's epoch. */
  readonly entry: RootKeyEntry
  /** The identity key of the device list it came with: base64url. */
  readonly identity: string
}

export interface AdmittedDevice {
  /** The keys of the new device, sealed: written with the others. */
  readonly deviceRow: StoredRow
  /** Certifies the new device. Zero it afterwards. */
  readonly identitySeed: Bytes
  /** For `reopenVault`. */
  readonly rootKeys: readonly ExportedRootKey[]
}

/**
 * Writes nothing. C82: the list is the vault's own where the vault holds its identity's seed; a server that
 * made up both list and head cannot have sealed that.
 * @throws `sync.rollback` where the identity is not in the vault, `vault.corrupt`
 */
export function admitDevice(
  { header, rows, entry, identity }: ArrivedVault,
  keys: DeviceKeys,
  random: Random,
): AdmittedDevice {
  const { vaultId, deviceId, epoch } = header
  // What an epoch opened without sealing yet lies under the root key before it: the identity too.
  const newest = { epoch, rootKey: entry.rootKey.slice() }
  const rootKeys = createRootKeys(vaultId, withOlderRootKeys(vaultId, newest, rows))
  const context = { vaultId, deviceId, epoch, keys: rootKeys, random: checkedRandom(random) }
  try {
    const identitySeed = findIdentity(context, rows, identity)
    if (identitySeed === null) throw new WalletError('sync.rollback', { reason: 'identity' })
    const content = { ed25519: toBase64url(keys.ed25519), x25519: toBase64url(keys.x25519) }
    const deviceRow = sealFirstRow(context, deviceId as string as RecordId, content, 'device')
    return { deviceRow, identitySeed, rootKeys: rootKeys.export() }
  } finally {
    rootKeys.wipe()
  }
}

/** The first rows of a vault were its own: of ten thousand records few are opened. */
export function findIdentity(
  context: SealingContext,
  rows: readonly StoredRow[],
  identity: string,
): Bytes | null {
  for (const row of rows) {
    if (!isRecordRow(context, row)) continue
    const content = readable(() => openRecordRow(context, row))
    if (content?.kind !== 'identity') continue
    const seed = fromBase64url(fieldsOf('identity', content).seed)
    if (toBase64url(signingPublicKey(seed)) === identity) return seed
  }
  return null
}
