/** The recovery kit on a device that has the vault: what this device alone has goes with it. */
import { WalletError, isWalletError, type RecordId } from '../protocol/index.ts'
import { parseRecoveryKey } from '../crypto/index.ts'
import {
  assertNewPassphrase,
  isWrap,
  openWithKit,
  rowOrNull,
  type OpenVault,
  type StoredRow,
  type VaultPorts,
  type VaultStore,
} from '../vault/index.ts'
import { recoverAccount, type AccountRecovery, type RecoveredAccount } from './recover-account.ts'
import { readNotedKeys, type RecoveryNotes } from './recovery-notes.ts'
import type { ServerClient } from './server-client.ts'
import { synchronise, type SyncClientPorts } from './sync-client.ts'
import type { SyncServer } from './sync-ports.ts'
import { isChanged } from './wire-rows.ts'

export interface RecoverHerePorts {
  readonly ports: Pick<VaultPorts, 'store' | 'kdf'>
  /** As its kit opened it. */
  readonly vault: OpenVault
  readonly client: ServerClient
  readonly sync: SyncClientPorts
  readonly notes: RecoveryNotes
}

type Recovery = Pick<AccountRecovery, 'recoveryKeyText' | 'newPassphrase'>

/**
 * The vault and its account under everything new, as {@link recoverAccount} makes it, with whatever this device had
 * not sent yet. Made by this device alone the server and all other devices would know nothing of it, and be
 * believed no more. Nobody else may write to the vault meanwhile. One that was cut off between the server's yes and
 * this device goes on with the same kit, though the server knows this device no more.
 * @returns to be handed out whatever happens: it is in force at the server
 * @throws as {@link synchronise} and {@link recoverAccount}: nothing was changed here then
 */
export async function recoverHere(
  { ports, vault, client, sync, notes }: RecoverHerePorts,
  recovery: Recovery,
): Promise<RecoveredAccount> {
  assertNewPassphrase(recovery.newPassphrase)
  const isInStep = await synchroniseUnlessCutOff(sync, { vault, notes, recovery })
  const { state } = await sync.store.read()
  const { server } = sync
  const deviceRow = rowOrNull(await ports.store.readRow(vault.deviceId))
  if (!deviceRow) throw new WalletError('vault.corrupt')
  const heads: SyncServer['heads'] = (from, to) => server.heads(from, to)
  // Of one that was cut off nobody tells this device the heads since. What the noted key opens is no older than
  // the head that brought it, which was made of the newest this device believed.
  const head = isInStep ? state.head : null
  const recovered = await recoverAccount(
    { client, kdf: ports.kdf, notes },
    { ...recovery, known: { deviceRow, head, heads }, accountIdText: vault.accountId },
  )
  return isInStep ? recovered : withUnsent(recovered, { vault, client, sync, kdf: ports.kdf })
}

/** @returns false where a recovery was begun here with this kit, and the server took it */
async function synchroniseUnlessCutOff(
  sync: SyncClientPorts,
  { vault, notes, recovery }: Pick<RecoverHerePorts, 'vault' | 'notes'> & { recovery: Recovery },
): Promise<boolean> {
  try {
    await synchronise(sync)
    return true
  } catch (error) {
    if (!isWalletError(error, 'auth.failed')) throw error
    const recoveryKey = parseRecoveryKey(recovery.recoveryKeyText)
    const noted = await readNotedKeys(notes, { accountId: vault.accountId, recoveryKey })
    recoveryKey.fill(0)
    if (noted.length === 0) throw error
    return false
  }
}

/** What was changed here since is merged in. What is new here alone stays where it is, and goes with the next sync. */
async function withUnsent(
  recovered: RecoveredAccount,
  here: Pick<RecoverHerePorts, 'vault' | 'client' | 'sync'> & Pick<VaultPorts, 'kdf'>,
): Promise<RecoveredAccount> {
  const { clock, random } = here.client
  const synced = new Map((await here.sync.store.read()).synced.map((row) => [row.recordId, row]))
  const changed = (await here.vault.readShared()).filter(
    (row) => !isWrap(row) && isChanged(row, synced.get(row.recordId)),
  )
  const ours = new Map<RecordId, StoredRow>(changed.map((row) => [row.recordId, row]))
  const ports = { store: storeOf(recovered), clock, random, kdf: here.kdf }
  const renewed = await openWithKit(ports, recovered.kit.recoveryKeyText)
  try {
    const rows = recovered.rows.map((theirs) => {
      const our = ours.get(theirs.recordId)
      return (our && renewed.mergeShared(our, theirs)) ?? theirs
    })
    return { ...recovered, rows }
  } finally {
    renewed.wipe()
  }
}

/** To read a vault that is written nowhere yet. */
function storeOf({ header, rows }: RecoveredAccount): VaultStore {
  return {
    readHeader: () => Promise.resolve(header),
    readRow: (id) => Promise.resolve(rows.find(({ recordId }) => recordId === id)),
    readRows: () => Promise.resolve(rows),
    readAll: () => Promise.resolve({ header, rows }),
    readWraps: () => Promise.resolve({ header, rows: rows.filter(isWrap) }),
    commit: () => Promise.reject(new WalletError('vault.corrupt')),
  }
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
