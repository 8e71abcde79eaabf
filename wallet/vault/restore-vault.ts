/** A vault made of a backup, where there is none. One commit writes all of it (C87). */
import { checkedRandom, formatHlc } from '../crypto/index.ts'
import { WalletError, createId, type RecordId } from '../protocol/index.ts'
import {
  openBackupFile,
  parseBackupFile,
  type BackupFile,
  type BackupRecord,
} from './backup-file.ts'
import { assertNoVault } from './create-vault.ts'
import { openRootKey, type BackupCredentials } from './open-backup.ts'
import { OpenVault } from './open-vault.ts'
import { createDeviceSecret, createIdentity } from './own-keys.ts'
import { assertNewPassphrase } from './passphrase-wrap.ts'
import type { VaultPorts } from './ports.ts'
import { createContent, sealable } from './record-content.ts'
import { recoverVault, type RenewedVault } from './renew-vault.ts'
import { createRootKeys, type RootKeys } from './root-keys.ts'
import { sealFirstRow, type SealingContext } from './sealed-row.ts'
import { createStagedStore } from './staged-store.ts'
import type { StoredRow, VaultHeader, VaultStore } from './store.ts'

/** A vault restored, open. */
export interface RestoredVault {
  readonly vault: OpenVault
  /** Records of every kind that came back. */
  readonly recordCount: number
}

export interface KitRestore {
  /** As the person typed it, `VR1-…`. */
  readonly recoveryKeyText: string
  readonly newPassphrase: string
}

/**
 * Restores a vault with the passphrase and the Secret Key of its time. It is the same vault on a device of
 * its own: both still open it, and so does the recovery kit of that time. Runs the KDF once.
 * @throws `sync.conflict` if there is a vault already, `vault.corrupt` or `vault.newer` if something
 * unreadable is; `vault.quota`; else as opening a backup does. Whatever it throws, nothing was written
 */
export async function restoreVault(
  ports: VaultPorts,
  file: Uint8Array,
  credentials: { readonly passphrase: string; readonly secretKeyText: string },
): Promise<RestoredVault> {
  const { store, header, keys, recordCount } = await stageVault(ports, file, credentials)
  try {
    await store.commit({ rows: [], expected: new Map(), epoch: header.epoch })
  } catch (error) {
    keys.wipe()
    throw error
  }
  return { vault: new OpenVault(ports, header, keys), recordCount }
}

/**
 * Restores a vault with the recovery key of its time, and renews it as a recovery does: another root key,
 * Secret Key, recovery key and identity, the new passphrase. The old kit opens nothing of it.
 * @throws `request.unprocessable` for a new passphrase under 12 characters; else as {@link restoreVault}
 */
export async function restoreVaultWithKit(
  ports: VaultPorts,
  file: Uint8Array,
  restore: KitRestore,
): Promise<RenewedVault> {
  assertNewPassphrase(restore.newPassphrase)
  const { store, keys } = await stageVault(ports, file, restore)
  keys.wipe()
  return recoverVault({ ...ports, store }, restore)
}

interface StagedVault {
  /** Holds the vault in memory until its first commit. */
  readonly store: VaultStore
  readonly header: VaultHeader
  readonly keys: RootKeys
  readonly recordCount: number
}

async function stageVault(
  ports: VaultPorts,
  file: Uint8Array,
  credentials: BackupCredentials,
): Promise<StagedVault> {
  const backup = parseBackupFile(file)
  await assertNoVault(ports.store)
  const { header, entry } = await openRootKey(ports, backup, credentials)
  const { vaultId, deviceId, epoch } = header
  const keys = createRootKeys(vaultId, [entry])
  try {
    const context = { vaultId, deviceId, epoch, keys, random: checkedRandom(ports.random) }
    const records = openBackupFile(backup, (each) => keys.recordKey(each))
    const rows = sealRecords(context, { wraps: backup.wraps, records }, ports.clock())
    const store = createStagedStore(ports.store, header, [...backup.wraps, ...rows])
    return { store, header, keys, recordCount: records.length }
  } catch (error) {
    keys.wipe()
    throw error
  }
}

/** The keys of this device, every record of the backup, and an identity if it has none. */
function sealRecords(
  context: SealingContext,
  { wraps, records }: Pick<BackupFile, 'wraps'> & { readonly records: readonly BackupRecord[] },
  nowMs: number,
): StoredRow[] {
  const { deviceId, random } = context
  const taken = new Set<string>([deviceId, ...wraps.map(({ recordId }) => recordId)])
  if (records.some(({ recordId }) => taken.has(recordId))) throw new WalletError('vault.corrupt')
  const contents = records.map((record) => ({ ...record, content: sealable(record.content) }))
  if (!records.some(({ content }) => content.kind === 'identity')) {
    const stamp = { hlc: formatHlc(nowMs, 0), deviceId }
    const identity = createContent('identity', createIdentity(random), stamp)
    contents.push({ recordId: createId<RecordId>(random), content: sealable(identity) })
  }
  const device = deviceId as string as RecordId
  return [
    sealFirstRow(context, device, createDeviceSecret(random), 'device'),
    ...contents.map(({ recordId, content }) => sealFirstRow(context, recordId, content)),
  ]
}
