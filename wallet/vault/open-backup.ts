import {
  SECRET_KEY_BYTES,
  checkedRandom,
  parseRecoveryKey,
  parseSecretKey,
  type RootKeyEntry,
} from '../crypto/index.ts'
import {
  WalletError,
  createId,
  toBase64url,
  type AccountId,
  type DeviceId,
  type Random,
  type RecordFields,
  type VaultId,
} from '../protocol/index.ts'
import {
  openBackupFile,
  parseBackupFile,
  type BackupFile,
  type BackupRecord,
} from './backup-file.ts'
import { presentHeader, readSecretKey } from './header.ts'
import { openByPassphrase } from './passphrase-wrap.ts'
import type { VaultPorts } from './ports.ts'
import { readWraps, readable } from './read-vault.ts'
import { fieldsOf } from './record-content.ts'
import { recoveryWrapKey } from './recovery-wrap.ts'
import { createRootKeys } from './root-keys.ts'
import { createStagedStore } from './staged-store.ts'
import type { VaultHeader } from './store.ts'
import { onlyWrap, openWrapRow } from './wrap-row.ts'

/** What opens a backup: the passphrase and the Secret Key of its time, or the recovery key of its time. */
export type BackupCredentials =
  | {
      readonly passphrase: string
      /** As the person typed it, `VK1-…`. Left out: that of the vault here. */
      readonly secretKeyText?: string
    }
  | {
      /** As the person typed it, `VR1-…`. */
      readonly recoveryKeyText: string
    }

/** A backup that has opened: all of it is as it was written. */
export interface OpenedBackup {
  readonly vaultId: VaultId
  /** Unix milliseconds. */
  readonly createdAt: number
  readonly records: readonly BackupRecord[]
}

/**
 * Opens a backup and writes nothing. Runs the KDF once for a passphrase, after its parameters were judged.
 * @throws `request.too_large`, `vault.corrupt`, `vault.newer` for the file; `vault.unlock_failed` for
 * credentials that do not open it; `request.invalid` with a reason for a mistyped key;
 * `request.not_found` where it has no recovery key, or a Secret Key is left out and no vault is here
 */
export async function openBackup(
  ports: Omit<VaultPorts, 'clock'>,
  file: Uint8Array,
  credentials: BackupCredentials,
): Promise<OpenedBackup> {
  const backup = parseBackupFile(file)
  const { entry } = await openRootKey(ports, backup, credentials)
  const keys = createRootKeys(backup.vaultId, [entry])
  try {
    const records = openBackupFile(backup, (epoch) => keys.recordKey(epoch))
    return { vaultId: backup.vaultId, createdAt: backup.createdAt, records }
  } finally {
    keys.wipe()
  }
}

/** The provider keys in a backup: what of another person's or vault's backup is of use here. */
export function backupKeys({ records }: OpenedBackup): RecordFields<'key'>[] {
  return records
    .filter(({ content }) => content.kind === 'key')
    .map(({ content }) => readable(() => fieldsOf('key', content)))
    .filter((fields) => fields !== null)
}

/** What credentials open: the root key, and the header of a vault made of the backup on this device. */
export async function openRootKey(
  ports: Omit<VaultPorts, 'clock'>,
  backup: BackupFile,
  credentials: BackupCredentials,
): Promise<{ readonly header: VaultHeader; readonly entry: RootKeyEntry }> {
  const random = checkedRandom(ports.random)
  if ('recoveryKeyText' in credentials) {
    const recoveryKey = parseRecoveryKey(credentials.recoveryKeyText)
    // The recovery key opens without a Secret Key, and whatever it restores gets another one.
    const header = createHeader(backup, random(SECRET_KEY_BYTES), random)
    return { header, entry: openByRecoveryKey(backup, header, recoveryKey) }
  }
  const { passphrase, secretKeyText } = credentials
  const secretKey =
    secretKeyText === undefined
      ? readSecretKey(presentHeader(await ports.store.readHeader()))
      : parseSecretKey(secretKeyText)
  const header = createHeader(backup, secretKey, random)
  const store = createStagedStore(ports.store, header, backup.wraps)
  const { entry } = await openByPassphrase(ports, passphrase, readWraps(store))
  return { header, entry }
}

function openByRecoveryKey(
  backup: BackupFile,
  header: VaultHeader,
  recoveryKey: Uint8Array,
): RootKeyEntry {
  const wrap = onlyWrap(backup.wraps, 'recovery')
  if (wrap === null) throw new WalletError('request.not_found')
  const wrapKey = recoveryWrapKey(header, recoveryKey)
  recoveryKey.fill(0)
  try {
    return openWrapRow(header, wrapKey, wrap)
  } finally {
    wrapKey.key.fill(0)
  }
}

/** The vault of the backup, on a device of its own. A backup does not name the account. */
function createHeader(
  { vaultId, epoch }: BackupFile,
  secretKey: Uint8Array,
  random: Random,
): VaultHeader {
  return {
    schema: 1,
    vaultId,
    accountId: createId<AccountId>(random),
    deviceId: createId<DeviceId>(random),
    epoch,
    minSuite: 1,
    secretKey: toBase64url(secretKey),
  }
}
