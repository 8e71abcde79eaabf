import type Dexie from 'dexie'
import { WalletError } from '@valetkey/wallet/protocol'
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
/**
 * `header` has one value under a fixed key; `rows` are keyed by their own record id. Only wraps have a
 * method: its index finds the few of them among ten thousand records.
 */
const SHAPE = {
  version: 2,
  tables: { header: '', rows: 'recordId, method' },
  earlier: { header: '', rows: 'recordId' },
}

/** The vault in IndexedDB. A commit is one transaction, on the disk before it resolves. */
export function createDexieVaultStore(databaseName: string): VaultStore {
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
      readBefore.during(() => withDatabase((database) => commit(database, change))),
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

async function commit(database: Dexie, change: VaultChange): Promise<void> {
  const header = headerOf(database)
  const rows = rowsOf(database)
  let written: IDBTransaction | undefined
  try {
    await database.transaction('rw', header, rows, async ({ idbtrans }) => {
      written = idbtrans
      await assertExpected(database, change)
      if (change.header !== undefined) await header.put(change.header, HEADER_KEY)
      await rows.bulkPut([...change.rows])
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
