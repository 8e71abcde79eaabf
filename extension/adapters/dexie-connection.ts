import Dexie, { type Transaction } from 'dexie'
import { WalletError, isWalletError } from '@valetkey/wallet/protocol'

/** Dexie multiplies versions by ten for IndexedDB. */
const NATIVE_FACTOR = 10

/** A database of ours: its tables with their keys and indexes in Dexie's notation. */
export interface DatabaseShape {
  readonly name: string
  readonly version: number
  readonly tables: Readonly<Record<string, string>>
  /** The tables of the version before. Without `upgrade`, a database that has them is opened as it is, and stays so. */
  readonly earlier?: Readonly<Record<string, string>>
  /** Fills what the new tables hold, in the transaction that makes them: all of it happens, or nothing. */
  readonly upgrade?: (transaction: Transaction) => Promise<void>
}

/**
 * Opens a database on first use, and anew after it was closed.
 * @returns runs a step over the open database; what the step throws comes out as a WalletError:
 * `vault.quota` for lack of room, `vault.newer`, else `vault.corrupt`
 */
export function createDexieConnection(
  shape: DatabaseShape,
): <T>(use: (database: Dexie) => PromiseLike<T>) => Promise<T> {
  let opening: Promise<Dexie> | undefined
  const forget = (): void => {
    opening = undefined
  }
  return async (use) => {
    try {
      opening ??= open(shape, forget)
      return await use(await opening)
    } catch (error) {
      throw translated(error)
    }
  }
}

async function open(shape: DatabaseShape, onClosed: () => void): Promise<Dexie> {
  const database = createDatabase(shape.name)
  try {
    await upgradeIfEarlier(shape)
    await openWithoutRepair(database, shape)
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
  return database
}

function createDatabase(name: string): Dexie {
  // Without strict durability Chrome reports a commit before the disk has it (C65, C87).
  return new Dexie(name, { chromeTransactionDurability: 'strict' })
}

/**
 * Brings a database of the version before up to this one. Whatever is not exactly such a database is left
 * for the opening to judge.
 */
async function upgradeIfEarlier(shape: DatabaseShape): Promise<void> {
  const { name, version, tables, earlier, upgrade } = shape
  if (!earlier || !upgrade || (await installedVersion(name)) !== version - 1) return
  // C85: looked at first, as it is: what Dexie upgrades, it also completes with tables that are missing.
  const found = new Dexie(name)
  try {
    await found.open()
    assertTables(found, earlier)
  } finally {
    found.close()
  }
  const upgraded = createDatabase(name)
  upgraded.version(version - 1).stores(earlier)
  upgraded.version(version).stores(tables).upgrade(upgrade)
  try {
    await upgraded.open()
  } finally {
    upgraded.close()
  }
}

/**
 * C85: Dexie opens a newer database as if it were ours and adds tables that are missing. So the schema is
 * declared only where there is no database yet; one that exists is opened as it is and looked at.
 */
async function openWithoutRepair(database: Dexie, shape: DatabaseShape): Promise<void> {
  const installed = await installedVersion(shape.name)
  if (installed === null) {
    database.version(shape.version).stores(shape.tables)
    await database.open()
    return
  }
  if (installed >= shape.version + 1) throw new WalletError('vault.newer')
  await database.open()
  assertTables(database, installed < shape.version ? (shape.earlier ?? shape.tables) : shape.tables)
}

/** The version a database has on this disk, as we count; null: there is none. */
async function installedVersion(name: string): Promise<number | null> {
  const existing = await indexedDB.databases()
  const found = existing.find((database) => database.name === name)
  return found ? (found.version ?? 0) / NATIVE_FACTOR : null
}

/** @throws `vault.corrupt` where a table, its key or an index is another */
function assertTables(database: Dexie, tables: Readonly<Record<string, string>>): void {
  for (const [name, keys] of Object.entries(tables)) {
    const table = database.tables.find((candidate) => candidate.name === name)
    const [primaryKey = '', ...indexes] = keys.split(', ')
    const wanted = [primaryKey, ...indexes.sort()].join(', ')
    const stored = table && [
      table.schema.primKey.src,
      ...table.schema.indexes.map(({ src }) => src).sort(),
    ]
    if (stored?.join(', ') !== wanted) throw new WalletError('vault.corrupt')
  }
}

/** What the database says → what the wallet says; the original stays inside, as the cause. */
function translated(error: unknown): WalletError {
  if (isWalletError(error)) return error
  const code = isForLackOfRoom(error) ? 'vault.quota' : 'vault.corrupt'
  return new WalletError(code, undefined, { cause: error })
}

/** Dexie wraps the browser's error: in `inner` when a commit fails, in a list when one of many writes does. */
export function isForLackOfRoom(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { name, inner, failures } = error as {
    readonly name?: unknown
    readonly inner?: unknown
    readonly failures?: unknown
  }
  if (name === 'QuotaExceededError' || isForLackOfRoom(inner)) return true
  return Array.isArray(failures) && failures.some(isForLackOfRoom)
}
