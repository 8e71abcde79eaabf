import type { CDPSession, Frame, Page } from 'puppeteer'
import {
  ALL_FORMS,
  TEXT_FORMS,
  textBytes,
  type Haystack,
  type MarkerForm,
  type PlantedValues,
} from './marker.ts'
import { clearStores, plantStores, readStores, type StoreTexts } from './stores.ts'

/** What the sweep's own entries are called, in stores of pages it is a guest of. */
const NAME = 'valetkey sweep'

/** What a page of the web and a window of the extension have in common, under the names of each. */
export interface PageKind {
  readonly heap: 'page heap' | 'extension heap'
  readonly dom: 'DOM' | 'extension DOM'
  readonly stores: Readonly<Record<keyof StoreTexts, Haystack['place']>>
}

export const WEB: PageKind = {
  heap: 'page heap',
  dom: 'DOM',
  stores: {
    localStorage: 'localStorage',
    sessionStorage: 'sessionStorage',
    IndexedDB: 'IndexedDB',
    caches: 'caches',
  },
}

export const EXTENSION: PageKind = {
  heap: 'extension heap',
  dom: 'extension DOM',
  stores: {
    localStorage: 'extension localStorage',
    sessionStorage: 'extension sessionStorage',
    IndexedDB: 'extension IndexedDB',
    caches: 'extension caches',
  },
}

/** Leaves the marker in a page's heap, and in the DOM of each of its frames. */
export async function plantInPage(page: Page, values: PlantedValues): Promise<void> {
  await page.evaluate((planted) => {
    // Parsed inside the page, so that the strings are the page's own and not the debugger's.
    Object.assign(globalThis, { valetkeySweep: structuredClone(planted) })
  }, values)
  await Promise.all(
    page.frames().map((frame) =>
      frame.evaluate(
        (name, text) => {
          document.documentElement.setAttribute(name, text)
        },
        ...domMark(values),
      ),
    ),
  )
}

function domMark(values: PlantedValues): [name: string, text: string] {
  return ['data-sweep', Object.values(values).join(' ')]
}

/** Leaves the marker in the stores of each origin that the page's frames are of. */
export async function plantInStores(page: Page, values: PlantedValues): Promise<void> {
  for (const frame of await framesWithStores(page)) await frame.evaluate(plantStores, values, NAME)
}

export async function removeFromPage(page: Page): Promise<void> {
  await page.evaluate(() => {
    Reflect.deleteProperty(globalThis, 'valetkeySweep')
    document.documentElement.removeAttribute('data-sweep')
  })
  for (const frame of await framesWithStores(page)) await frame.evaluate(clearStores, NAME)
}

const sessions = new WeakMap<Page, Promise<CDPSession>>()

/**
 * The sweep's own session with a page, kept for as long as the page: Chromium takes the virtual passkeys of
 * a test away with any session of the page that ends.
 */
function sessionWith(page: Page): Promise<CDPSession> {
  const session = sessions.get(page) ?? page.createCDPSession()
  sessions.set(page, session)
  return session
}

/** Of the page's JavaScript heap, in bytes. */
export async function heapSize(page: Page): Promise<number> {
  const session = await sessionWith(page)
  return (await session.send('Runtime.getHeapUsage')).usedSize
}

/** Every string of the page's JavaScript heap. */
export async function heapOf(page: Page, { heap }: PageKind): Promise<Haystack> {
  const session = await sessionWith(page)
  const chunks: string[] = []
  const take = ({ chunk }: { readonly chunk: string }) => chunks.push(chunk)
  session.on('HeapProfiler.addHeapSnapshotChunk', take)
  try {
    await session.send('HeapProfiler.enable')
    await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
    return { place: heap, of: page.url(), bytes: textBytes(chunks.join('')), markers: TEXT_FORMS }
  } finally {
    session.off('HeapProfiler.addHeapSnapshotChunk', take)
    await session.send('HeapProfiler.disable').catch(() => undefined)
  }
}

/** Markup, open shadow roots and what is typed into boxes, of every frame. */
export async function domOf(page: Page, { dom }: PageKind): Promise<readonly Haystack[]> {
  return Promise.all(
    page.frames().map(async (frame) => {
      const bytes = textBytes(await frame.evaluate(readDom))
      return { place: dom, of: frame.url(), bytes, markers: ALL_FORMS }
    }),
  )
}

/** localStorage, sessionStorage, IndexedDB and caches of every frame's origin. */
export async function storesOf(page: Page, { stores }: PageKind): Promise<readonly Haystack[]> {
  const all: Haystack[] = []
  for (const frame of await framesWithStores(page)) {
    const texts = await frame.evaluate(readStores)
    for (const [store, place] of Object.entries(stores)) {
      const text = texts[store as keyof StoreTexts] // the keys of `stores` are the same
      if (text === null) continue
      const markers: readonly MarkerForm[] = ALL_FORMS
      all.push({ place, of: frame.url(), bytes: textBytes(text), markers })
    }
  }
  return all
}

/** One frame an origin. An opaque origin (sandboxed, `data:`) has no stores. */
async function framesWithStores(page: Page): Promise<readonly Frame[]> {
  const frames = new Map<string, Frame>()
  for (const frame of page.frames()) {
    const origin = await frame.evaluate(() => globalThis.origin)
    if (origin !== 'null' && !frames.has(origin)) frames.set(origin, frame)
  }
  return [...frames.values()]
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
