/** The vault stores there are, each with the ways in which its disk fails. */
import 'fake-indexeddb/auto'
import { vi } from 'vitest'
import { createMemoryVaultStore, type VaultStoreSubject } from '@valetkey/wallet/testing'
import { createDexieVaultStore } from '@valetkey/extension/adapters/dexie-vault-store.ts'

let names = 0
/** Of a database that no other test uses. */
export const newName = () => `vault ${names++}`

function memorySubject(): VaultStoreSubject {
  const store = createMemoryVaultStore()
  return { store, failAtWrite: store.failAtWrite, reopen: () => store }
}

function dexieSubject(): VaultStoreSubject {
  const name = newName()
  return {
    store: createDexieVaultStore(name),
    failAtWrite: (count) => {
      failPutAt(count, () => {
        throw new DOMException('full', 'QuotaExceededError')
      })
    },
    reopen: () => createDexieVaultStore(name),
  }
}

/** The same disk, but the browser aborts the whole transaction. */
function dexieSubjectAborted(): VaultStoreSubject {
  return {
    ...dexieSubject(),
    failAtWrite: (count) => {
      failPutAt(count, ({ transaction }) => {
        const error = new DOMException('full', 'QuotaExceededError')
        Object.defineProperty(transaction, 'error', { get: () => error })
        transaction.abort()
      })
    },
  }
}

/** The same disk, but the write fails later, by its event. */
function dexieSubjectFailing(): VaultStoreSubject {
  return {
    ...dexieSubject(),
    failAtWrite: (count) => {
      failPutAt(count, ({ transaction }, request) => {
        const error = new DOMException('full', 'QuotaExceededError')
        const failing = Object.assign(new EventTarget(), { error, transaction, onerror: null })
        request.onsuccess = () => {
          const report: unknown = failing.onerror
          const event = new Event('error', { cancelable: true })
          Object.defineProperty(event, 'target', { value: failing })
          if (typeof report === 'function') report.call(failing, event)
        }
        return failing as unknown as IDBRequest<IDBValidKey>
      })
    },
  }
}

type Put = IDBRequest<IDBValidKey>

function failPutAt(
  count: number,
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- some failures need no request of their own
  fail: (objectStore: IDBObjectStore, request: Put) => Put | void,
): void {
  vi.restoreAllMocks()
  const { put } = IDBObjectStore.prototype
  let left = count
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...parameters
  ) {
    const request = put.apply(this, parameters)
    left -= 1
    if (left === 0) return fail(this, request) ?? request
    return request
  })
}

/** By name. Restore the mocks after each test: a disk that fails is one. */
export const VAULT_STORE_SUBJECTS: readonly (readonly [string, () => VaultStoreSubject])[] = [
  ['memory', memorySubject],
  ['Dexie', dexieSubject],
  ['aborted Dexie', dexieSubjectAborted],
  ['failing Dexie', dexieSubjectFailing],
]
