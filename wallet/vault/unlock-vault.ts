import { checkedRandom } from '../crypto/index.ts'
import { WalletError, isWalletError } from '../protocol/index.ts'
import { readHeader } from './header.ts'
import { OpenVault } from './open-vault.ts'
import { openPassphraseWrap } from './passphrase-wrap.ts'
import type { VaultPorts } from './ports.ts'
import { createRootKeys, importRootKeys } from './root-keys.ts'
import { openRow, parseRow, type SealingContext } from './sealed-row.ts'
import type { StoredRow, VaultHeader, VaultStore } from './store.ts'

/**
 * Opens the vault with a passphrase. Runs the KDF once and writes nothing.
 * @throws `request.not_found` where no vault is; `vault.unlock_failed` for another passphrase;
 * `vault.corrupt`, `vault.newer` if the header or the wrap cannot be read
 */
export async function unlockVault(ports: VaultPorts, passphrase: string): Promise<OpenVault> {
  const header = await readPresentHeader(ports.store)
  const wrap = await readPassphraseWrap(ports.store)
  const entry = await openPassphraseWrap({ header, kdf: ports.kdf }, passphrase, wrap)
  return new OpenVault(ports, header, createRootKeys(header.vaultId, [entry]))
}

/**
 * Opens the vault with what {@link OpenVault.exportRootKeys} gave: a woken worker needs no passphrase.
 * @throws `request.not_found`; `vault.locked` for root keys that are damaged or another vault's;
 * `vault.corrupt`, `vault.newer`
 */
export async function reopenVault(
  ports: Omit<VaultPorts, 'kdf'>,
  rootKeys: unknown,
): Promise<OpenVault> {
  const header = await readPresentHeader(ports.store)
  const { vaultId, deviceId, epoch } = header
  const keys = importRootKeys(vaultId, rootKeys)
  const context = { vaultId, deviceId, epoch, keys, random: checkedRandom(ports.random) }
  if (!(await fits(context, ports.store))) {
    keys.wipe()
    throw new WalletError('vault.locked')
  }
  return new OpenVault(ports, header, keys)
}

async function readPresentHeader(store: VaultStore): Promise<VaultHeader> {
  const header = await readHeader(store)
  if (header === null) throw new WalletError('request.not_found')
  return header
}

/** The one passphrase wrap there is. Rows that cannot be read are passed over: they hide nothing. */
async function readPassphraseWrap(store: VaultStore): Promise<StoredRow> {
  const wraps = (await store.readRows())
    .map(rowOrNull)
    .filter((row) => row?.method === 'passphrase' && row.del === 0)
  const [wrap] = wraps
  if (!wrap || wraps.length > 1) throw new WalletError('vault.corrupt')
  return wrap
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

function rowOrNull(stored: unknown): StoredRow | null {
  return readable(() => parseRow(stored))
}

function readable<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (isWalletError(error, 'vault.corrupt') || isWalletError(error, 'vault.newer')) return null
    throw error
  }
}
