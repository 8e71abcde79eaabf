/** What runs in a page to fill, read and empty its stores. Each function stands alone: it is sent there. */
import type { PlantedValues } from './marker.ts'

/** The stores of an origin, each as one text. */
export interface StoreTexts {
  readonly localStorage: string
  readonly sessionStorage: string
  readonly IndexedDB: string
  /** Null: only a secure context has them. */
  readonly caches: string | null
}

export async function plantStores(values: PlantedValues, name: string): Promise<void> {
  const all = Object.values(values).join(' ')
  localStorage.setItem(name, all)
  sessionStorage.setItem(name, all)
  const bytes = Uint8Array.from(values.utf16, (character) => character.charCodeAt(0))
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open(name, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('values')
    opening.onerror = () => {
      reject(opening.error ?? new Error('no reason given'))
    }
    opening.onsuccess = () => {
      const writing = opening.result.transaction('values', 'readwrite', { durability: 'strict' })
      writing.objectStore('values').put({ ...values, utf16: bytes }, 1)
      writing.onerror = () => {
        reject(writing.error ?? new Error('no reason given'))
      }
      writing.oncomplete = () => {
        opening.result.close()
        resolve()
      }
    }
  })
  if (!('caches' in globalThis)) return
  const parts = [values.latin1, bytes, values.wide, values.base64]
  const cache = await caches.open(name)
  await cache.put('https://sweep.invalid/', new Response(new Blob(parts)))
}

export async function clearStores(name: string): Promise<void> {
  localStorage.removeItem(name)
  sessionStorage.removeItem(name)
  indexedDB.deleteDatabase(name)
  if ('caches' in globalThis) await caches.delete(name)
}

/** Everything in them, bytes as characters, nothing escaped. */
export async function readStores(): Promise<StoreTexts> {
  const settled = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => {
        resolve(request.result)
      }
      request.onerror = () => {
        reject(request.error ?? new Error('no reason given'))
      }
    })
  const latin1 = (bytes: Uint8Array) => {
    let text = ''
    for (let at = 0; at < bytes.length; at += 8192) {
      text += String.fromCharCode(...bytes.subarray(at, at + 8192))
    }
    return text
  }
  const blobs: Blob[] = []
  const seen = new Set<unknown>()
  /** What structured cloning keeps, as texts. */
  const textsOf = (value: unknown): string[] => {
    if (typeof value !== 'object' || value === null) return [String(value)]
    if (seen.has(value)) return []
    seen.add(value)
    if (value instanceof Blob) {
      blobs.push(value)
      return []
    }
    if (value instanceof ArrayBuffer) return [latin1(new Uint8Array(value))]
    if (ArrayBuffer.isView(value)) {
      return [latin1(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))]
    }
    if (value instanceof Map || value instanceof Set) return [...value].flatMap(textsOf)
    return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member)])
  }
  const stored: string[] = []
  for (const { name } of await indexedDB.databases()) {
    if (!name) continue
    const database = await settled(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store)
      const texts = textsOf([await settled(rows.getAllKeys()), await settled(rows.getAll())])
      // One by one: a large vault has more texts than a call may have arguments.
      for (const text of texts) stored.push(text)
    }
    database.close()
  }
  for (const blob of blobs) stored.push(latin1(new Uint8Array(await blob.arrayBuffer())))
  const cached: string[] = []
  if ('caches' in globalThis) {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const reply = await cache.match(request)
        cached.push(request.url, ...(reply ? [...reply.headers].flat() : []))
        cached.push(reply ? latin1(new Uint8Array(await reply.arrayBuffer())) : '')
      }
    }
  }
  return {
    localStorage: Object.entries(localStorage).flat().join('\n'),
    sessionStorage: Object.entries(sessionStorage).flat().join('\n'),
    IndexedDB: stored.join('\n'),
    caches: 'caches' in globalThis ? cached.join('\n') : null,
  }
}
