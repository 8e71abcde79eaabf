import Dexie from 'dexie'
import { WalletError, isWalletError } from '@valetkey/wallet/protocol'

/** Dexie multiplies versions by ten for IndexedDB. */
const NATIVE_FACTOR = 10

/** A database of ours: its tables with their keys and indexes in Dexie's notation. */
export interface DatabaseShape {
  readonly name: string
  readonly version: number
  readonly tables: Readonly<Record<string, string>>
  /** The tables of the version before. A database that has them is opened as it is, and stays so. */
  readonly earlier?: Readonly<Record<string, string>>
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
  // Without strict durability Chrome reports a commit before the disk has it (C65, C87).
  const database = new Dexie(shape.name, { chromeTransactionDurability: 'strict' })
  try {
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

/**
 * C85: Dexie opens a newer database as if it were ours and adds tables that are missing. So the schema is
 * declared only where there is no database yet; one that exists is opened as it is and looked at.
 */
async function openWithoutRepair(database: Dexie, shape: DatabaseShape): Promise<void> {
  const existing = await indexedDB.databases()
  const found = existing.find(({ name }) => name === shape.name)
  if (found === undefined) {
    database.version(shape.version).stores(shape.tables)
    await database.open()
    return
  }
  if ((found.version ?? 0) >= (shape.version + 1) * NATIVE_FACTOR) {
    throw new WalletError('vault.newer')
  }
  await database.open()
  const isEarlier = (found.version ?? 0) < shape.version * NATIVE_FACTOR
  const tables = isEarlier ? (shape.earlier ?? shape.tables) : shape.tables
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
