import type { Frame, Page } from 'puppeteer'
import { textBytes, type Haystack, type PlantedValues } from './marker.ts'

/** Leaves the marker in a page's heap and DOM. */
export async function plantInPage(page: Page, values: PlantedValues): Promise<void> {
  await page.evaluate((planted) => {
    // Parsed inside the page, so that the strings are the page's own and not the debugger's.
    Object.assign(globalThis, { valetkeySweep: structuredClone(planted) })
    document.documentElement.setAttribute('data-sweep', `${planted.latin1} ${planted.base64}`)
  }, values)
}

export async function removeFromPage(page: Page): Promise<void> {
  await page.evaluate(() => {
    Reflect.deleteProperty(globalThis, 'valetkeySweep')
    document.documentElement.removeAttribute('data-sweep')
  })
}

/** Every string of the page's JavaScript heap. */
export async function heapOf(page: Page): Promise<Haystack> {
  const session = await page.createCDPSession()
  try {
    const chunks: string[] = []
    session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
    await session.send('HeapProfiler.enable')
    await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
    const bytes = textBytes(chunks.join(''))
    return { place: `page heap of ${page.url()}`, bytes, markers: ['latin1', 'base64'] }
  } finally {
    await session.detach().catch(() => undefined)
  }
}

/** Markup, open shadow roots and what is typed into boxes, of every frame. */
export async function domOf(page: Page): Promise<readonly Haystack[]> {
  const texts = await Promise.all(
    page.frames().map((frame) => frame.evaluate(readDom).catch(() => '')),
  )
  return [
    {
      place: `DOM of ${page.url()}`,
      bytes: textBytes(texts.join('\n')),
      markers: ['latin1', 'base64'],
    },
  ]
}

/** localStorage, sessionStorage, IndexedDB and caches of every frame's origin. */
export async function storageOf(page: Page): Promise<readonly Haystack[]> {
  const all = await Promise.all(page.frames().map(storageOfFrame))
  return all.flat()
}

async function storageOfFrame(frame: Frame): Promise<readonly Haystack[]> {
  const dump = await frame.evaluate(readStorage).catch(() => ({}))
  return Object.entries(dump).map(([name, text]) => ({
    place: `${name} of ${frame.url()}`,
    bytes: textBytes(text),
    markers: [],
  }))
}

function readDom(): string {
  const parts: string[] = []
  const visit = (root: Document | ShadowRoot) => {
    parts.push(root instanceof Document ? root.documentElement.outerHTML : root.innerHTML)
    for (const element of root.querySelectorAll('*')) {
      if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
        parts.push(element.value)
      }
      if (element.shadowRoot) visit(element.shadowRoot)
    }
  }
  visit(document)
  return parts.join('\n')
}

/** Runs in the page. An opaque origin has no storage: it throws, and the place does not exist. */
async function readStorage(): Promise<Record<string, string>> {
  const asText = (value: unknown): string =>
    JSON.stringify(value, (_name, member: unknown) =>
      member instanceof Uint8Array || member instanceof ArrayBuffer
        ? String.fromCharCode(...new Uint8Array(member))
        : member,
    )
  const settled = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => {
        resolve(request.result)
      }
      request.onerror = () => {
        reject(request.error ?? new Error('no reason given'))
      }
    })
  const databases: string[] = []
  for (const { name } of await indexedDB.databases()) {
    if (!name) continue
    const database = await settled(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store)
      databases.push(asText([await settled(rows.getAllKeys()), await settled(rows.getAll())]))
    }
    database.close()
  }
  const cached: string[] = []
  if ('caches' in globalThis) {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const reply = await cache.match(request)
        cached.push(request.url, reply ? await reply.text() : '')
      }
    }
  }
  return {
    localStorage: asText(Object.entries(localStorage)),
    sessionStorage: asText(Object.entries(sessionStorage)),
    IndexedDB: databases.join('\n'),
    caches: cached.join('\n'),
  }
}
