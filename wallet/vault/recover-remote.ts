/** A vault that came from a server, opened with the recovery key and renewed: everything about it is another. */
import { checkedRandom, parseRecoveryKey, type Bytes } from '../crypto/index.ts'
import { WalletError, fromBase64url } from '../protocol/index.ts'
import { deriveAccountKey, deriveRecoveryAccountKey, type AccountKey } from './account-keys.ts'
import { findIdentity } from './admit-device.ts'
import type { DeviceKeys } from './own-keys.ts'
import type { VaultPorts } from './ports.ts'
import { openRecoveryWrap, type RecoveryKit } from './recovery-wrap.ts'
import { recoverVault } from './renew-vault.ts'
import { createRootKeys, type ExportedRootKey } from './root-keys.ts'
import { createStagedStore } from './staged-store.ts'
import { isWrap, type StoredRow, type VaultHeader, type VaultStore } from './store.ts'

export interface RemoteRecovery {
  /** Its device id and Secret Key are replaced. */
  readonly header: VaultHeader
  readonly rows: readonly StoredRow[]
  /** The identity key of the device list it came with: base64url. */
  readonly identity: string
  readonly recoveryKeyText: string
  readonly newPassphrase: string
}

export interface RecoveredRemote {
  readonly header: VaultHeader
  /** With the keys of the new device. */
  readonly rows: readonly StoredRow[]
  readonly kit: RecoveryKit
  readonly rootKeys: readonly ExportedRootKey[]
  readonly deviceKeys: DeviceKeys
  /** Signs for the identity that takes its place. Zero both. */
  readonly oldIdentitySeed: Bytes
  readonly identitySeed: Bytes
  /** ASK and RAK from now on. Zero both seeds. */
  readonly account: AccountKey
  readonly recoverySeed: Bytes
}

/**
 * Writes nothing anywhere. Runs the KDF twice.
 * @throws `request.unprocessable` for a new passphrase under 12 characters; `vault.unlock_failed`,
 * `request.not_found` where this recovery key opens no wrap; `sync.rollback` where the identity is not in the
 * vault (C82); `vault.newer`, `vault.corrupt`
 */
export async function recoverRemote(
  ports: Omit<VaultPorts, 'store'>,
  remote: RemoteRecovery,
): Promise<RecoveredRemote> {
  const oldIdentitySeed = openIdentity(ports, remote)
  const memory = createMemory()
  const store = createStagedStore(memory, remote.header, remote.rows)
  const { vault, kit } = await recoverVault({ ...ports, store }, remote)
  try {
    const { records } = await vault.listRecords('identity')
    const [identity] = records
    if (!identity) throw new WalletError('vault.corrupt')
    const { header, rows } = await memory.written()
    const own = { ...ports, store: memory }
    return {
      ...{ header, rows, kit, oldIdentitySeed, rootKeys: vault.exportRootKeys() },
      deviceKeys: await vault.readDeviceKeys(),
      identitySeed: fromBase64url(identity.fields.seed),
      account: await deriveAccountKey(own, remote.newPassphrase),
      recoverySeed: await deriveRecoveryAccountKey(own, kit.recoveryKeyText),
    }
  } finally {
    vault.wipe()
  }
}

/** C82: the vault's own identity, or the server made the device list up. */
function openIdentity({ random }: Pick<VaultPorts, 'random'>, remote: RemoteRecovery): Bytes {
  const { header, rows, identity } = remote
  const { vaultId, deviceId, epoch } = header
  const { entry } = openRecoveryWrap(remote, parseRecoveryKey(remote.recoveryKeyText))
  const keys = createRootKeys(vaultId, [entry])
  try {
    const context = { vaultId, deviceId, epoch, keys, random: checkedRandom(random) }
    const seed = findIdentity(context, rows, identity)
    if (seed === null) throw new WalletError('sync.rollback', { reason: 'identity' })
    return seed
  } finally {
    keys.wipe()
  }
}

/** Takes one vault, and gives it back. */
function createMemory(): VaultStore & {
  written(): Promise<{ header: VaultHeader; rows: readonly StoredRow[] }>
} {
  let header: VaultHeader | undefined
  const rows = new Map<string, StoredRow>()
  const all = () => [...rows.values()]
  return {
    readHeader: () => Promise.resolve(header),
    readRow: (recordId) => Promise.resolve(rows.get(recordId)),
    readRows: () => Promise.resolve(all()),
    readAll: () => Promise.resolve({ header, rows: all() }),
    readWraps: () => Promise.resolve({ header, rows: all().filter(isWrap) }),
    commit: (change) => {
      header = change.header ?? header
      for (const row of change.rows) rows.set(row.recordId, row)
      return Promise.resolve()
    },
    written: () =>
      header
        ? Promise.resolve({ header, rows: all() })
        : Promise.reject(new WalletError('vault.corrupt')),
  }
}
