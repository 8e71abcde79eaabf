import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'puppeteer'
import { withPage } from '../browser.ts'
import type { BrowserLog } from './browser-log.ts'
import { profileFiles, rendererMemory } from './byte-places.ts'
import { formsMissingEverywhere, judge } from './judge.ts'
import {
  ALL_FORMS,
  TEXT_FORMS,
  createMarker,
  plantedValues,
  textBytes,
  type Finding,
  type Haystack,
  type Marker,
  type MarkerForm,
  type PlantedValues,
  type SweptPlace,
} from './marker.ts'
import { openMarkerPage } from './marker-page.ts'
import {
  EXTENSION,
  WEB,
  domOf,
  heapOf,
  heapSize,
  plantInPage,
  plantInStores,
  removeFromPage,
  storesOf,
} from './page-places.ts'

export interface SweepSubject {
  readonly browser: Browser
  readonly profileDir: string
  readonly log: BrowserLog
  readonly extensionId: string
  readonly spyId: string
  /**
   * Where a process's memory can be read, it stands for the snapshots of its pages, which hold the same strings
   * and take seconds; and one of our own windows is taken only where such a window is open.
   */
  readonly isQuick?: boolean
}

/** What was brought, and the places that a quick sweep had no need to look at. */
export interface Gathered {
  readonly haystacks: readonly Haystack[]
  readonly leftOut: readonly SweptPlace[]
}

const DISK_TIMEOUT_MS = 15_000
/** A snapshot of a larger one takes seconds, and its process's memory holds every string of it. */
const LARGEST_SNAPSHOT_BYTES = 8 * 1024 ** 2

/**
 * Looks for keys everywhere outside the vault: heap, memory, DOM and stores of pages and of our own
 * windows, replies, the console, cookies, the profile on disk, the spy extension's log.
 * @returns what was found; empty is clean
 * @throws Error with the name of a place in which a planted marker was not found: it was not searched
 */
export async function sweepForKeys(
  subject: SweepSubject,
  keys: readonly string[],
): Promise<readonly Finding[]> {
  const marker = createMarker()
  const { haystacks, leftOut } = await gather(subject, marker)
  return judge(haystacks, marker, keys, leftOut)
}

/** Plants the marker in every place, and brings what lies there. */
export async function gather(subject: SweepSubject, marker: Marker): Promise<Gathered> {
  const values = plantedValues(marker)
  const markerPage = await openMarkerPage(subject.browser, values, subject.log)
  const opened = await ownWindows(subject)
  // Windows of one extension share their heap.
  const window = opened[0] ?? (await openWindow(subject))
  const windows = opened.length > 0 ? opened : [window]
  const pages = await webPages(subject.browser)
  try {
    await each([...pages, ...windows], (page) => plantInPage(page, values))
    await each([...pages, ...windows], (page) => plantInStores(page, values))
    // Memory first: what the sweep itself reads out of a page would be in it.
    const memory = await rendererMemory(subject.browser)
    const hasMemory = memory.length > 0
    const leftOut = placesLeftOut(subject, { hasMemory, hasWindow: opened.length > 0 })
    const small = hasMemory ? await withSmallHeap(pages) : pages
    const inSnapshots = leftOut.includes('page heap') ? [] : small
    const ownInSnapshots = leftOut.includes('extension heap') ? [] : [window]
    // Each in a process of its own.
    const [webHeaps, ownHeaps, files, said] = await Promise.all([
      each(inSnapshots, (page) => heapOf(page, WEB)),
      each(ownInSnapshots, (page) => heapOf(page, EXTENSION)),
      markedProfile(subject.profileDir, marker),
      logs(subject),
    ])
    const haystacks = [
      ...[...memory, ...webHeaps, ...ownHeaps, ...files, ...said],
      ...(await each(pages, (page) => domOf(page, WEB))).flat(),
      ...(await each(windows, (page) => domOf(page, EXTENSION))).flat(),
      ...(await each(pages, (page) => storesOf(page, WEB))).flat(),
      ...(await each(windows, (page) => storesOf(page, EXTENSION))).flat(),
      ...(await extensionStorage(window, values)),
      await cookiesOf(markerPage.page),
    ]
    return { haystacks, leftOut }
  } finally {
    await each([...pages, ...windows], (page) => removeFromPage(page).catch(() => undefined))
    if (!opened.includes(window)) await window.close()
    await markerPage.close()
  }
}

function placesLeftOut(
  { isQuick = false }: SweepSubject,
  { hasMemory, hasWindow }: { readonly hasMemory: boolean; readonly hasWindow: boolean },
): readonly SweptPlace[] {
  if (!isQuick || !hasMemory) return []
  return hasWindow ? ['page heap'] : ['page heap', 'extension heap']
}

/** Those of which a snapshot is quick: the sweep's own page is always one of them. */
async function withSmallHeap(pages: readonly Page[]): Promise<readonly Page[]> {
  const sizes = await each(pages, heapSize)
  return pages.filter((_page, index) => (sizes[index] ?? 0) <= LARGEST_SNAPSHOT_BYTES)
}

function each<T>(pages: readonly Page[], use: (page: Page) => Promise<T>): Promise<T[]> {
  return Promise.all(pages.map(use))
}

/** Open pages of the web; extension windows, browser pages and empty tabs hold other things. */
async function webPages(browser: Browser): Promise<readonly Page[]> {
  const pages = await browser.pages()
  return pages.filter((page) => /^(https?|file|data|blob):/.test(page.url()))
}

async function ownWindows({ browser, extensionId }: SweepSubject): Promise<readonly Page[]> {
  const pages = await browser.pages()
  return pages.filter((page) => page.url().startsWith(`chrome-extension://${extensionId}/`))
}

/** A window of our extension on which nothing runs. */
async function openWindow({ browser, extensionId }: SweepSubject): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(`chrome-extension://${extensionId}/manifest.json`)
  return page
}

async function cookiesOf(page: Page): Promise<Haystack> {
  const cookies = await page.browserContext().cookies()
  return textPlace('cookies', JSON.stringify(cookies), TEXT_FORMS)
}

async function extensionStorage(window: Page, values: PlantedValues): Promise<readonly Haystack[]> {
  const planted = Object.values(values).join(' ')
  const texts = await window.evaluate(readExtensionStorage, planted)
  return [
    textPlace('chrome.storage.local', texts.local),
    textPlace('chrome.storage.session', texts.session),
  ]
}

/** Runs in a page of the extension. */
async function readExtensionStorage(planted: string): Promise<{ local: string; session: string }> {
  const textsOf = (value: unknown): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member)])
      : [String(value)]
  const read = async (area: chrome.storage.StorageArea) => {
    await area.set({ sweep: planted })
    const all = await area.get(null)
    await area.remove('sweep')
    return textsOf(all).join('\n')
  }
  return { local: await read(chrome.storage.local), session: await read(chrome.storage.session) }
}

/** The profile's files, once what was planted has reached the disk. */
async function markedProfile(profileDir: string, marker: Marker): Promise<readonly Haystack[]> {
  const deadline = Date.now() + DISK_TIMEOUT_MS
  for (;;) {
    const files = await profileFiles(profileDir)
    if (formsMissingEverywhere(files, marker).length === 0 || Date.now() > deadline) return files
    await sleep(100)
  }
}

async function logs({ browser, log, spyId }: SweepSubject): Promise<readonly Haystack[]> {
  const spied = await withPage(browser, `chrome-extension://${spyId}/log.html`, (page) =>
    page.evaluate(async () => {
      const lines: unknown = await chrome.runtime.sendMessage('read')
      return Array.isArray(lines) ? lines.join('\n') : ''
    }),
  )
  return [
    textPlace('log of the spy extension', spied),
    textPlace('console', log.console.join('\n')),
    textPlace('replies to pages', log.replies.join('\n')),
  ]
}

function textPlace(
  place: Haystack['place'],
  text: string,
  markers: readonly MarkerForm[] = ALL_FORMS,
): Haystack {
  return { place, of: 'the browser', bytes: textBytes(text), markers }
}
