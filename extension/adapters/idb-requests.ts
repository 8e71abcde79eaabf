/** IndexedDB's own requests as promises, for the few steps that every call waits for. */
import { WalletError } from '@valetkey/wallet/protocol'

/**
 * The result of a request.
 * @throws DOMException of the request
 */
export function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(request.error ?? new WalletError('vault.corrupt'))
    }
  })
}

/**
 * Runs a step in one transaction, which is on the disk before this resolves; what the step throws undoes
 * all it wrote. The step waits for nothing but requests of these tables.
 * @throws DOMException of the transaction
 */
export async function writeInOne<T>(
  database: IDBDatabase,
  tables: readonly string[],
  step: (table: (name: string) => IDBObjectStore) => Promise<T>,
): Promise<T> {
  const transaction = database.transaction(tables, 'readwrite', { durability: 'strict' })
  const ended = endOf(transaction)
  // Waited for below, unless the step fails first.
  ended.catch(() => undefined)
  try {
    const result = await step((name) => transaction.objectStore(name))
    transaction.commit()
    await ended
    return result
  } catch (error) {
    if (transaction.error === null) abort(transaction)
    throw transaction.error ?? error
  }
}

function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve()
    }
    transaction.onabort = () => {
      reject(transaction.error ?? new WalletError('vault.corrupt'))
    }
  })
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It ended by itself.
  }
}
