/** The recovery kit on a device that has the vault: what this device alone has goes with it. */
import { WalletError } from '../protocol/index.ts'
import { assertNewPassphrase, rowOrNull, type OpenVault, type VaultPorts } from '../vault/index.ts'
import { recoverAccount, type AccountRecovery, type RecoveredAccount } from './recover-account.ts'
import type { ServerClient } from './server-client.ts'
import { synchronise, type SyncClientPorts } from './sync-client.ts'
import type { SyncServer } from './sync-ports.ts'

export interface RecoverHerePorts {
  readonly ports: Pick<VaultPorts, 'store' | 'kdf'>
  /** As its kit opened it. */
  readonly vault: OpenVault
  readonly client: ServerClient
  readonly sync: SyncClientPorts
}

/**
 * The vault and its account under everything new, as {@link recoverAccount} makes it, with whatever this device had
 * not sent yet. Made by this device alone the server and all other devices would know nothing of it, and be
 * believed no more. Nobody else may write to the vault meanwhile.
 * @returns to be handed out whatever happens: it is in force at the server
 * @throws as {@link synchronise} and {@link recoverAccount}: nothing was changed here then
 */
export async function recoverHere(
  { ports, vault, client, sync }: RecoverHerePorts,
  recovery: Pick<AccountRecovery, 'recoveryKeyText' | 'newPassphrase'>,
): Promise<RecoveredAccount> {
  assertNewPassphrase(recovery.newPassphrase)
  await synchronise(sync)
  const { state } = await sync.store.read()
  const { server } = sync
  const deviceRow = rowOrNull(await ports.store.readRow(vault.deviceId))
  if (!deviceRow) throw new WalletError('vault.corrupt')
  const heads: SyncServer['heads'] = (from, to) => server.heads(from, to)
  const known = { deviceRow, head: state.head, heads }
  return recoverAccount(
    { client, kdf: ports.kdf },
    { ...recovery, known, accountIdText: vault.accountId },
  )
}

/** The vault that was recovered takes the place of the one that was here, in one commit. */
export async function replaceVault(
  { vault, sync: { store } }: Pick<RecoverHerePorts, 'vault' | 'sync'>,
  { header, rows, memory }: RecoveredAccount,
): Promise<void> {
  const kept = new Set(memory.synced.map(({ recordId }) => recordId))
  const before = (await store.read()).synced.map(({ recordId }) => recordId)
  await store.commit({
    ...{ header, rows, expected: new Map(), epoch: vault.epoch, state: memory.state },
    synced: { put: memory.synced, remove: before.filter((id) => !kept.has(id)) },
  })
}
