import Dexie, { type Table } from 'dexie'
import { WalletError, isWalletError } from '@valetkey/wallet/protocol'
import type { StoredRow, VaultChange, VaultStore } from '@valetkey/wallet/vault'

/** The database version this store reads and writes. Dexie multiplies it by ten for IndexedDB. */
const VERSION = 1
const NATIVE_FACTOR = 10
const HEADER_KEY = 'header'
/** `header` has one value under a fixed key; `rows` are keyed by their own record id. */
const TABLES = { header: '', rows: 'recordId' }

interface Connection {
  readonly database: Dexie
  readonly header: Table<unknown, string>
  readonly rows: Table<unknown, string>
}

/** The vault in IndexedDB. A commit is one transaction, on the disk before it resolves. */
export function createDexieVaultStore(databaseName: string): VaultStore {
  let opening: Promise<Connection> | undefined
  const connect = () => {
    opening ??= openConnection(databaseName, () => {
      opening = undefined
    })
    return opening
  }
  const withConnection = async <T>(use: (connection: Connection) => PromiseLike<T>): Promise<T> => {
    try {
      return await use(await connect())
    } catch (error) {
      throw translated(error)
    }
  }
  return {
    readHeader: () => withConnection(({ header }) => header.get(HEADER_KEY)),
    readRow: (recordId) => withConnection(({ rows }) => rows.get(recordId)),
    readRows: () => withConnection(({ rows }) => rows.toArray()),
    commit: (change) => withConnection((connection) => commit(connection, change)),
  }
}

async function openConnection(name: string, onClosed: () => void): Promise<Connection> {
  // Without strict durability Chrome reports a commit before the disk has it (C87).
  const database = new Dexie(name, { chromeTransactionDurability: 'strict' })
  try {
    await openWithoutRepair(database)
  } catch (error) {
    database.close()
    onClosed()
    throw error
  }
  database.on('close', onClosed)
  database.on('versionchange', () => {
    database.close()
    onClosed()
  })
  return { database, header: database.table('header'), rows: database.table('rows') }
}

/**
 * C85: Dexie opens a newer database as if it were ours and adds tables that are missing. So the schema is
 * declared only where there is no database yet; one that exists is opened as it is and looked at.
 */
async function openWithoutRepair(database: Dexie): Promise<void> {
  const existing = await indexedDB.databases()
  const found = existing.find(({ name }) => name === database.name)
  if (found === undefined) {
    database.version(VERSION).stores(TABLES)
    await database.open()
    return
  }
  if ((found.version ?? 0) >= (VERSION + 1) * NATIVE_FACTOR) throw new WalletError('vault.newer')
  await database.open()
  for (const [name, primaryKey] of Object.entries(TABLES)) {
    const table = database.tables.find((candidate) => candidate.name === name)
    if (table?.schema.primKey.src !== primaryKey) throw new WalletError('vault.corrupt')
  }
}

async function commit({ database, header, rows }: Connection, change: VaultChange): Promise<void> {
  let written: IDBTransaction | undefined
  try {
    await database.transaction('rw', header, rows, async ({ idbtrans }) => {
      written = idbtrans
      const created = change.creating === true && (await header.get(HEADER_KEY)) !== undefined
      const stored = await rows.bulkGet([...change.expected.keys()])
      const revs = [...change.expected.values()]
      const overtaken = stored.some((row, index) => revOf(row) !== revs[index])
      if (created || overtaken) throw new WalletError('sync.conflict')
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

function revOf(stored: unknown): number | undefined {
  return stored === undefined ? 0 : (stored as Partial<StoredRow>).rev
}

/** What the database says → what the vault says; the original stays inside, as the cause. */
function translated(error: unknown): WalletError {
  if (isWalletError(error)) return error
  const code = isForLackOfRoom(error) ? 'vault.quota' : 'vault.corrupt'
  return new WalletError(code, undefined, { cause: error })
}

/** Dexie wraps the browser's error: in `inner` when a commit fails, in a list when one of many writes does. */
function isForLackOfRoom(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { name, inner, failures } = error as {
    readonly name?: unknown
    readonly inner?: unknown
    readonly failures?: unknown
  }
  if (name === 'QuotaExceededError' || isForLackOfRoom(inner)) return true
  return Array.isArray(failures) && failures.some(isForLackOfRoom)
}
