import type Dexie from 'dexie'
import { WalletError } from '@valetkey/wallet/protocol'
import {
  parseSyncMemory,
  type SyncChange,
  type SyncState,
  type SyncStore,
} from '@valetkey/wallet/sync'
import {
  isWrap,
  storedEpoch,
  type StoredRow,
  type VaultChange,
  type VaultSnapshot,
  type VaultStore,
} from '@valetkey/wallet/vault'
import { createDexieConnection, isForLackOfRoom } from './dexie-connection.ts'
import { answered } from './idb-requests.ts'
import { createReadRows } from './read-rows.ts'

export const VAULT_DATABASE = 'valetkey-vault'
const HEADER_KEY = 'header'
/** What was synced lies beside the header, each row under its id: no vault has to be made over for it. */
const SYNC_KEY = 'sync'
const SYNCED_PREFIX = 'synced '
/** Behind every id: those are ASCII. */
const SYNCED_END = `${SYNCED_PREFIX}\uffff`
/**
 * `header` has values under fixed keys; `rows` are keyed by their own record id. Only wraps have a
 * method: its index finds the few of them among ten thousand records.
 */
const SHAPE = {
  version: 2,
  tables: { header: '', rows: 'recordId, method' },
  earlier: { header: '', rows: 'recordId' },
}

/** The vault in IndexedDB, and what of it was synced. A commit is one transaction, on the disk before it resolves. */
export interface DexieVaultStore extends VaultStore {
  /** Over the same rows: what is written through one is never remembered otherwise by the other. */
  readonly sync: SyncStore & {
    /** Without the rows: of a large vault a small read. @throws as `read` does */
    readState(): Promise<SyncState>
  }
}

export function createDexieVaultStore(databaseName: string): DexieVaultStore {
  const withDatabase = createDexieConnection({ name: databaseName, ...SHAPE })
  const readBefore = createReadRows()
  return {
    readHeader: () => withDatabase((database) => headerOf(database).get(HEADER_KEY)),
    readRow: (recordId) =>
      readBefore.get(recordId, () =>
        // A first call waits for two of these, so they do without Dexie's own time.
        withDatabase((database) =>
          answered(database.backendDB().transaction('rows').objectStore('rows').get(recordId)),
        ),
      ),
    readRows: () => withDatabase((database) => rowsOf(database).toArray()),
    readAll: () => withDatabase((database) => read(database, (rows) => rows.toArray())),
    readWraps: () => withDatabase((database) => read(database, wrapsOf)),
    commit: (change) =>
      readBefore.during(() =>
        withDatabase((database) => commit(database, change, () => Promise.resolve())),
      ),
    sync: {
      read: async () => {
        const { state, synced } = await withDatabase(readSynced)
        return parseSyncMemory(state, synced)
      },
      readState: async () =>
        parseSyncMemory(await withDatabase((database) => headerOf(database).get(SYNC_KEY)), [])
          .state,
      commit: (change) =>
        readBefore.during(() =>
          withDatabase((database) =>
            commit(database, change, () => writeSynced(headerOf(database), change)),
          ),
        ),
    },
  }
}

const headerOf = (database: Dexie) => database.table<unknown, string>('header')
const rowsOf = (database: Dexie) => database.table<unknown, string>('rows')

type Rows = ReturnType<typeof rowsOf>

function read(
  database: Dexie,
  choose: (rows: Rows) => PromiseLike<unknown[]>,
): Promise<VaultSnapshot> {
  const header = headerOf(database)
  const rows = rowsOf(database)
  return database.transaction('r', header, rows, async () => ({
    header: await header.get(HEADER_KEY),
    rows: await choose(rows),
  }))
}

async function wrapsOf(rows: Rows): Promise<unknown[]> {
  const isIndexed = rows.schema.indexes.some(({ name }) => name === 'method')
  return isIndexed ? rows.orderBy('method').toArray() : (await rows.toArray()).filter(isWrap)
}

function readSynced(database: Dexie): Promise<{ state: unknown; synced: unknown[] }> {
  const header = headerOf(database)
  return database.transaction('r', header, async () => ({
    state: await header.get(SYNC_KEY),
    synced: await header.where(':id').between(SYNCED_PREFIX, SYNCED_END).toArray(),
  }))
}

async function writeSynced(
  header: ReturnType<typeof headerOf>,
  { state, synced: { put, remove } }: SyncChange,
): Promise<void> {
  await header.put(state, SYNC_KEY)
  await header.bulkPut(
    [...put],
    put.map(({ recordId }) => SYNCED_PREFIX + recordId),
  )
  await header.bulkDelete(remove.map((recordId) => SYNCED_PREFIX + recordId))
}

/** @param also what else belongs to it, in the same transaction */
async function commit(
  database: Dexie,
  change: VaultChange,
  also: () => Promise<void>,
): Promise<void> {
  const header = headerOf(database)
  const rows = rowsOf(database)
  let written: IDBTransaction | undefined
  try {
    await database.transaction('rw', header, rows, async ({ idbtrans }) => {
      written = idbtrans
      await assertExpected(database, change)
      if (change.header !== undefined) await header.put(change.header, HEADER_KEY)
      await rows.bulkPut([...change.rows])
      await also()
    })
  } catch (error) {
    // A disk found full while others wrote fails each of them as merely aborted: only the transaction knows why.
    if (isForLackOfRoom(written?.error)) {
      throw new WalletError('vault.quota', undefined, { cause: error })
    }
    throw error
  }
}

/** Inside the transaction that writes, or another writer could come between. */
async function assertExpected(database: Dexie, change: VaultChange): Promise<void> {
  const rows = rowsOf(database)
  const renewed = storedEpoch(await headerOf(database).get(HEADER_KEY)) !== change.epoch
  const grown = change.rowCount !== undefined && (await rows.count()) !== change.rowCount
  const stored = await rows.bulkGet([...change.expected.keys()])
  const revs = [...change.expected.values()]
  const overtaken = stored.some((row, index) => revOf(row) !== revs[index])
  if (renewed || grown || overtaken) throw new WalletError('sync.conflict')
}

function revOf(stored: unknown): number | undefined {
  return stored === undefined ? 0 : (stored as Partial<StoredRow>).rev
}
