import { createVault } from '@valetkey/wallet/vault'
import { deriveArgon2id } from '@valetkey/wallet/crypto/kdf'
import type { RecordFields } from '@valetkey/wallet/protocol'
import { createMemoryVaultStore } from '@valetkey/wallet/testing'
import type { Page } from 'puppeteer'

const CHUNK = 1000

/**
 * Gives a browser without a vault one with many keys, as its own screens would have made it one by one.
 * @param page a window of the extension
 */
export async function seedVault(
  page: Page,
  passphrase: string,
  keys: readonly RecordFields<'key'>[],
): Promise<void> {
  const store = createMemoryVaultStore()
  const { vault } = await createVault(
    {
      store,
      kdf: deriveArgon2id,
      clock: () => Date.now(),
      random: (sizeBytes) => crypto.getRandomValues(new Uint8Array(sizeBytes)),
    },
    passphrase,
  )
  for (let at = 0; at < keys.length; at += CHUNK) {
    await vault.createRecords('key', keys.slice(at, at + CHUNK))
  }
  vault.wipe()
  const rows = [...store.contents.rows.values()].map(plain)
  // The extension makes its database when it is first asked for its state.
  await page.evaluate(() => chrome.runtime.sendMessage({ method: 'status.get', params: {} }))
  for (let at = 0; at < rows.length; at += CHUNK) {
    const header = at === 0 ? store.contents.header : null
    await page.evaluate(writeRows, header, rows.slice(at, at + CHUNK))
  }
}

/** Bytes as text, for the way into the browser. */
function plain(row: unknown): object {
  const entries = Object.entries(row as object).map(([name, value]): [string, unknown] => [
    name,
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
  ])
  return Object.fromEntries(entries)
}

/** Runs in the extension. */
async function writeRows(header: unknown, rows: readonly object[]): Promise<void> {
  const bytesAgain = (row: object) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]: [string, unknown]) => {
        const isBytes = typeof value === 'object' && value !== null && 'base64' in value
        if (!isBytes) return [name, value]
        const binary = atob(String(value.base64))
        return [name, Uint8Array.from(binary, (character) => character.charCodeAt(0))]
      }),
    )
  const opening = indexedDB.open('valetkey-vault')
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => {
      resolve(opening.result)
    }
    opening.onerror = () => {
      reject(opening.error ?? new Error('no database'))
    }
  })
  const writing = database.transaction(['header', 'rows'], 'readwrite')
  if (header !== null) writing.objectStore('header').put(header, 'header')
  for (const row of rows) writing.objectStore('rows').put(bytesAgain(row))
  await new Promise<void>((resolve, reject) => {
    writing.oncomplete = () => {
      resolve()
    }
    writing.onerror = () => {
      reject(writing.error ?? new Error('not written'))
    }
  })
  database.close()
}
