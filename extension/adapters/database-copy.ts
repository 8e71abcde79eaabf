import { toBase64url } from '@valetkey/wallet/protocol'
import { answered } from './idb-requests.ts'

/**
 * A database as it is stored, whatever its version and tables, as JSON. Opens it as it is and writes
 * nothing; one that is not there is not made.
 */
export async function copyDatabase(name: string): Promise<string> {
  const existing = await indexedDB.databases()
  const tables: Record<string, unknown> = {}
  if (existing.some((each) => each.name === name)) {
    const database = await answered(indexedDB.open(name))
    try {
      for (const table of database.objectStoreNames) {
        const store = database.transaction(table).objectStore(table)
        const [keys, values] = await Promise.all([
          answered(store.getAllKeys()),
          answered(store.getAll() as IDBRequest<unknown[]>),
        ])
        tables[table] = keys.map((key, index) => [key, values[index]])
      }
    } finally {
      database.close()
    }
  }
  return JSON.stringify({ database: name, tables }, writeBytes, 1)
}

function writeBytes(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { base64url: toBase64url(value) } : value
}
