import { checkedRandom, parseRecoveryKey, type RootKeyEntry } from '../crypto/index.ts'
import { WalletError } from '../protocol/index.ts'
import { presentHeader } from './header.ts'
import { OpenVault } from './open-vault.ts'
import { openByPassphrase } from './passphrase-wrap.ts'
import type { VaultPorts } from './ports.ts'
import { withOlderRootKeys } from './older-root-keys.ts'
import { readWraps, readable, rowOrNull, type ReadVault } from './read-vault.ts'
import { openRecoveryWrap } from './recovery-wrap.ts'
import { createRootKeys, importRootKeys } from './root-keys.ts'
import { openRow, type SealingContext } from './sealed-row.ts'
import type { StoredRow, VaultStore } from './store.ts'

/**
 * Opens the vault with a passphrase. Runs the KDF once and writes nothing.
 * @throws `request.not_found` where no vault is; `vault.unlock_failed` for another passphrase;
 * `vault.corrupt`, `vault.newer` if the header or the wrap cannot be read
 */
export async function unlockVault(ports: VaultPorts, passphrase: string): Promise<OpenVault> {
  const { read, entry } = await openByPassphrase(ports, passphrase, readWraps(ports.store))
  return openWith(ports, read, entry)
}

/**
 * Opens the vault with its recovery key, and leaves it as it is: it is for what goes before a recovery at a
 * server. Writes nothing, and runs no KDF.
 * @param recoveryKeyText as the person typed it, `VR1-…`
 * @throws `request.invalid` with a reason for a mistyped key; `request.not_found` where no vault is, or none
 * with a recovery key; `vault.unlock_failed`, `vault.corrupt`, `vault.newer`
 */
export async function openWithKit(ports: VaultPorts, recoveryKeyText: string): Promise<OpenVault> {
  const recoveryKey = parseRecoveryKey(recoveryKeyText)
  const read = await readWraps(ports.store)
  return openWith(ports, read, openRecoveryWrap(read, recoveryKey).entry)
}

/** The open vault of a root key that a wrap gave, and of those before it that it leads to. */
export function openWith(
  ports: Omit<VaultPorts, 'kdf'>,
  { header, rows }: Pick<ReadVault, 'header' | 'rows'>,
  entry: RootKeyEntry,
): OpenVault {
  const { vaultId } = header
  return new OpenVault(
    ports,
    header,
    createRootKeys(vaultId, withOlderRootKeys(vaultId, entry, rows)),
  )
}

/**
 * Opens the vault with what {@link OpenVault.exportRootKeys} gave: a woken worker needs no passphrase.
 * @throws `request.not_found`; `vault.locked` for root keys that are damaged, another vault's or of an
 * earlier epoch; `vault.corrupt`, `vault.newer`
 */
export async function reopenVault(
  ports: Omit<VaultPorts, 'kdf'>,
  rootKeys: unknown,
): Promise<OpenVault> {
  const header = presentHeader(await ports.store.readHeader())
  const { vaultId, deviceId, epoch } = header
  const keys = importRootKeys(vaultId, rootKeys)
  const context = { vaultId, deviceId, epoch, keys, random: checkedRandom(ports.random) }
  if (keys.recordKey(epoch) === undefined || !(await fits(context, ports.store))) {
    keys.wipe()
    throw new WalletError('vault.locked')
  }
  return new OpenVault(ports, header, keys)
}

/**
 * Whether the keys open anything of this vault: its device row, or if that one is damaged, any record.
 * What another vault's keys would write could never be read again.
 */
async function fits(context: SealingContext, store: VaultStore): Promise<boolean> {
  const device = rowOrNull(await store.readRow(context.deviceId))
  if (device !== null && opens(context, device, 'device')) return true
  return (await store.readRows())
    .map(rowOrNull)
    .some((row) => row !== null && opens(context, row, 'record'))
}

function opens(context: SealingContext, row: StoredRow, type: 'record' | 'device'): boolean {
  return readable(() => openRow(context, row, type)) !== null
}
