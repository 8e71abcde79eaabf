import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'puppeteer'
import { withPage } from '../browser.ts'
import type { BrowserLog } from './browser-log.ts'
import { profileFiles, rendererMemory } from './byte-places.ts'
import {
  createMarker,
  findKeys,
  holdsMarker,
  MARKER_FORMS,
  missingMarkers,
  plantedValues,
  textBytes,
  type Finding,
  type Haystack,
  type Marker,
  type MarkerForm,
} from './marker.ts'
import { openMarkerPage } from './marker-page.ts'
import { domOf, heapOf, plantInPage, removeFromPage, storageOf } from './page-places.ts'

export interface SweepSubject {
  readonly browser: Browser
  readonly profileDir: string
  readonly log: BrowserLog
  readonly extensionId: string
  readonly spyId: string
}

const DISK_TIMEOUT_MS = 15_000

/**
 * Looks for keys everywhere outside the vault: pages' heap, memory, DOM, storage and replies, the
 * console, cookies, the profile on disk, the spy extension's log, and our extension's own storage.
 * @returns what was found; empty is clean
 * @throws Error when a planted marker is not found: that place was not really searched
 */
export async function sweepForKeys(
  subject: SweepSubject,
  keys: readonly string[],
): Promise<readonly Finding[]> {
  const { browser, log } = subject
  const marker = createMarker()
  const values = plantedValues(marker)
  const markerPage = await openMarkerPage(browser, values, log)
  try {
    const pages = await webPages(browser)
    for (const page of pages) await plantInPage(page, values)
    const findings: Finding[] = []
    const search = (haystacks: readonly Haystack[]) => {
      assertMarkers(haystacks, marker)
      findings.push(...findKeys(haystacks, keys))
    }
    const memory = await rendererMemory(browser)
    // Where the system does not let us read memory, the place does not exist.
    if (memory.length > 0) assertSomewhere('memory of renderers', memory, marker)
    search(memory)
    for (const page of pages) search([await heapOf(page), ...(await domOf(page))])
    search(await storages(pages, markerPage.page))
    search(await extensionPlaces(subject, marker))
    search(await markedProfile(subject.profileDir, marker))
    search(await logs(subject))
    for (const page of pages) await removeFromPage(page)
    return findings
  } finally {
    await markerPage.close()
  }
}

function assertMarkers(haystacks: readonly Haystack[], marker: Marker): void {
  for (const haystack of haystacks) {
    const missing = missingMarkers(haystack, marker)
    if (missing.length > 0) {
      throw new Error(`Sweep of ${haystack.place} does not find its ${missing.join(', ')} marker.`)
    }
  }
}

/** Open pages of the web; extension windows, browser pages and empty tabs hold other things. */
async function webPages(browser: Browser): Promise<readonly Page[]> {
  const pages = await browser.pages()
  return pages.filter((page) => /^(https?|file|data|blob):/.test(page.url()))
}

async function storages(pages: readonly Page[], markerPage: Page): Promise<readonly Haystack[]> {
  const all: Haystack[] = []
  for (const page of pages) {
    const mustHold = page === markerPage
    for (const haystack of await storageOf(page)) {
      all.push(mustHold ? { ...haystack, markers: ['latin1', 'base64'] } : haystack)
    }
  }
  const cookies = await markerPage.browserContext().cookies()
  all.push(textPlace('cookies', JSON.stringify(cookies), ['latin1', 'base64']))
  return all
}

/** Storage and open windows of our own extension: sealed or gone, never plain. */
async function extensionPlaces(
  { browser, extensionId }: SweepSubject,
  marker: Marker,
): Promise<readonly Haystack[]> {
  const windows = (await browser.pages()).filter((page) =>
    page.url().startsWith(`chrome-extension://${extensionId}/`),
  )
  const doms = (await Promise.all(windows.map(domOf))).flat()
  const stored = await withPage(browser, extensionPage(extensionId), async (page) => {
    const text = await page.evaluate(readExtensionStorage, `${marker.latin1} ${marker.utf16}`)
    return [textPlace('chrome.storage', text, ['latin1']), ...(await storageOf(page))]
  })
  return [...doms.map((haystack) => ({ ...haystack, markers: [] })), ...stored]
}

/** Runs in a page of the extension. */
async function readExtensionStorage(planted: string): Promise<string> {
  const texts: string[] = []
  for (const area of [chrome.storage.local, chrome.storage.session]) {
    await area.set({ sweep: planted })
    const all = await area.get(null)
    if (all['sweep'] !== planted) throw new Error('storage does not keep what it is given')
    texts.push(JSON.stringify(all))
    await area.remove('sweep')
  }
  return texts.join('\n')
}

/** The profile's files, once what was planted has reached the disk. */
async function markedProfile(profileDir: string, marker: Marker): Promise<readonly Haystack[]> {
  const deadline = Date.now() + DISK_TIMEOUT_MS
  for (;;) {
    const files = await profileFiles(profileDir)
    const isThere = formsMissingEverywhere(files, marker).length === 0
    if (!isThere && Date.now() < deadline) {
      await sleep(250)
      continue
    }
    assertSomewhere('profile', files, marker)
    return files
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
    textPlace('log of the spy extension', spied, ['latin1', 'base64']),
    textPlace('console', log.console.join('\n'), ['latin1', 'base64']),
    textPlace('replies to pages', log.replies.join('\n'), ['latin1', 'base64']),
  ]
}

function textPlace(place: string, text: string, markers: readonly MarkerForm[]): Haystack {
  return { place, bytes: textBytes(text), markers }
}

function assertSomewhere(place: string, haystacks: readonly Haystack[], marker: Marker): void {
  const missing = formsMissingEverywhere(haystacks, marker)
  if (missing.length > 0) {
    throw new Error(`Sweep of ${place} does not find its ${missing.join(', ')} marker.`)
  }
}

function formsMissingEverywhere(
  haystacks: readonly Haystack[],
  marker: Marker,
): readonly MarkerForm[] {
  return MARKER_FORMS.filter(
    (form) => !haystacks.some(({ bytes }) => holdsMarker(bytes, marker, form)),
  )
}

function extensionPage(extensionId: string): string {
  return `chrome-extension://${extensionId}/popup.html`
}
