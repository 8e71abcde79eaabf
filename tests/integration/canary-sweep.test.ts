import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { SPY_DIR, launch, type Driver, type Finding } from '../support/driver.ts'
import { startFakeProviders, type FakeProviders } from '../support/fake-providers.ts'
import { keyForms } from '../support/key-forms.ts'
import { watchBrowser } from '../support/sweep/browser-log.ts'
import { gather } from '../support/sweep/canary-sweep.ts'
import { judge } from '../support/sweep/judge.ts'
import {
  SWEPT_PLACES,
  createMarker,
  type Haystack,
  type MarkerForm,
} from '../support/sweep/marker.ts'
import { createTestKey } from '../support/test-keys.ts'

/** One key a leak, so that one sweep shows for each place whether it is searched. */
const PAGE_LEAKS = {
  variable: 'page heap',
  bytes: 'memory of renderers',
  worker: 'memory of renderers',
  attribute: 'DOM',
  typed: 'DOM',
  shadow: 'DOM',
  local: 'localStorage',
  session: 'sessionStorage',
  database: 'IndexedDB',
  databaseBytes: 'IndexedDB',
  databaseFile: 'IndexedDB',
  cache: 'caches',
  cookie: 'cookies',
  printed: 'console',
  header: 'log of the spy extension',
  address: 'log of the spy extension',
  body: 'log of the spy extension',
  reply: 'replies to pages',
} as const
const WINDOW_LEAKS = {
  windowVariable: 'extension heap',
  windowAttribute: 'extension DOM',
  windowLocal: 'extension localStorage',
  windowSession: 'extension sessionStorage',
  windowDatabase: 'extension IndexedDB',
  windowCache: 'extension caches',
  storageLocal: 'chrome.storage.local',
  storageSession: 'chrome.storage.session',
} as const
const LEAKS = { ...PAGE_LEAKS, ...WINDOW_LEAKS }
type Leak = keyof typeof LEAKS
const leaks = Object.keys(LEAKS) as Leak[] // its own keys, as declared above

const keys = Object.fromEntries(
  leaks.map((leak) => [leak, createTestKey('openai', `sweep ${leak}`)]),
) as Record<Leak, string>
const unused = createTestKey('openai', 'sweep unused')
const everyKey = [...Object.values(keys), unused]

let extensionDir: string

beforeAll(async () => {
  extensionDir = await mkdtemp(join(tmpdir(), 'valetkey-dummy-'))
  const manifest = {
    manifest_version: 3,
    name: 'Dummy',
    version: '1',
    permissions: ['storage'],
    background: { service_worker: 'background.js' },
  }
  await writeFile(join(extensionDir, 'manifest.json'), JSON.stringify(manifest))
  await writeFile(join(extensionDir, 'background.js'), '')
  await writeFile(join(extensionDir, 'popup.html'), '<!doctype html><title>dummy</title>')
})

afterAll(() => rm(extensionDir, { recursive: true }))

describe('canary sweep of a browser full of leaks', () => {
  let fakes: FakeProviders
  let driver: Driver
  let clean: readonly Finding[]
  let dirty: readonly Finding[]
  let quick: readonly Finding[]

  /** Chops keys so that only the page puts them together: no message of the debugger holds one whole. */
  const chopped = () =>
    Object.fromEntries(
      leaks.map((leak) => [leak, Array.from(keys[leak], (character) => character.charCodeAt(0))]),
    ) as Record<Leak, number[]>

  beforeAll(async () => {
    fakes = await startFakeProviders({ keys: {} })
    driver = await launch({ extensionDir, hostMap: fakes.hostMap, headless: true })
    const page = await driver.newPage('https://evil.example.test/')
    const window = await driver.newPage(`chrome-extension://${driver.extensionId}/popup.html`)
    clean = await driver.canarySweep(everyKey)
    await page.evaluate(leakFromPage, chopped())
    await window.evaluate(leakFromWindow, chopped())
    dirty = await driver.canarySweep(everyKey)
    quick = await driver.canarySweep(everyKey, { isQuick: true })
  }, 240_000)

  afterAll(async () => {
    await expect(driver.close()).rejects.toThrow('lies on disk after the browser ended')
    await fakes.close()
  })

  it('finds nothing while there is none', () => {
    expect(clean).toEqual([])
  })

  it.each(leaks)('finds a key and names the place: %s', (leak) => {
    const found = dirty.filter(({ key }) => key === keys[leak]).map(({ place }) => place)

    expect(found.some((place) => place.startsWith(`${LEAKS[leak]}: `))).toBe(true)
  })

  // What is held of a page whose heap is too large for a snapshot.
  it.runIf(process.platform === 'linux')('finds what a script holds in memory too', () => {
    const inMemory = dirty.filter(({ place }) => place.startsWith('memory of renderers: '))

    expect(inMemory.map(({ key }) => key)).toContain(keys.variable)
  })

  it('finds as many keys where it is quick, if not in as many places', () => {
    const keysIn = (found: readonly Finding[]) => [...new Set(found.map(({ key }) => key))].sort()

    expect(keysIn(quick)).toEqual(keysIn(dirty))
  })

  it('finds what was stored in the profile on disk', () => {
    const onDisk = dirty.filter(({ place }) => place.startsWith('profile files: '))

    expect(onDisk.map(({ key }) => key)).toContain(keys.database)
  })

  it('finds no key that is nowhere', () => {
    expect(dirty.filter(({ key }) => key === unused)).toEqual([])
  })
})

describe('canary sweep that cannot see', () => {
  const marker = createMarker()
  let gathered: readonly Haystack[]

  beforeAll(async () => {
    const launched = await launchBrowser({
      ...{ extensionDirs: [extensionDir, SPY_DIR], hostMap: {}, headless: true },
    })
    try {
      const { browser, profileDir, extensionIds } = launched
      const [extensionId = '', spyId = ''] = extensionIds
      const log = watchBrowser(browser, { workers: true })
      const subject = { browser, profileDir, log, extensionId, spyId }
      gathered = (await gather(subject, marker)).haystacks
    } finally {
      await launched.close()
    }
  }, 120_000)

  it('passes as long as it sees every place', () => {
    expect(judge(gathered, marker, everyKey)).toEqual([])
  })

  it.each(SWEPT_PLACES)('throws and names the place it is blind in: %s', (place) => {
    const blind = gathered.map((haystack) =>
      haystack.place === place ? { ...haystack, bytes: Buffer.alloc(0) } : haystack,
    )

    expect(() => judge(blind, marker, [])).toThrow(`Sweep of ${place}`)
  })

  it.each(SWEPT_PLACES)('throws and names the place in which it misses one form: %s', (place) => {
    const forms = gathered.find((haystack) => haystack.place === place)?.markers ?? []
    const needed: readonly MarkerForm[] = forms.length > 0 ? forms : ['latin1', 'utf16', 'base64']
    for (const form of needed) {
      const blind = gathered.map((haystack) =>
        haystack.place === place
          ? { ...haystack, bytes: without(haystack.bytes, marker[form]) }
          : haystack,
      )

      expect(() => judge(blind, marker, []), form).toThrow(
        new RegExp(`^Sweep of ${place}(: .*)? does not find its .*${form}.* marker\\.$`),
      )
    }
  })

  it.each(SWEPT_PLACES.filter((place) => place !== 'memory of renderers'))(
    'throws when it was not even there: %s',
    (place) => {
      const rest = gathered.filter((haystack) => haystack.place !== place)

      expect(() => judge(rest, marker, [])).toThrow(`Sweep of ${place}: nothing was looked at`)
    },
  )
})

/** A copy in which a text stands in no form any more. */
function without(bytes: Buffer, text: string): Buffer {
  const copy = Buffer.from(bytes)
  for (const { bytes: form } of keyForms(text)) {
    for (let at = copy.indexOf(form); at !== -1; at = copy.indexOf(form, at)) {
      copy.fill(0, at, at + form.length)
    }
  }
  return copy
}

/** Runs in a page. */
async function leakFromPage(codes: Record<Leak, number[]>): Promise<void> {
  const key = (leak: Leak) => String.fromCharCode(...codes[leak])
  const kept: unknown[] = [key('variable'), new Uint8Array(codes.bytes)]
  Object.assign(globalThis, { kept })
  document.body.setAttribute('data-leak', key('attribute'))
  const box = document.body.appendChild(document.createElement('input'))
  box.value = key('typed')
  const host = document.body.appendChild(document.createElement('div'))
  host.attachShadow({ mode: 'open' }).textContent = key('shadow')
  localStorage.setItem('leak', key('local'))
  sessionStorage.setItem('leak', btoa(`?${key('session')}`))
  document.cookie = `leak=${key('cookie')}`
  // eslint-disable-next-line no-console -- the console is a place under search
  console.log(key('printed'))
  await (await caches.open('leak')).put('/leak', new Response(key('cache')))
  const values = new Map<string, unknown>([
    ['bytes', new TextEncoder().encode(key('database'))],
    // As an engine holds text: two bytes a character.
    ['wide', Uint16Array.from(codes.databaseBytes)],
    ['file', new Blob([key('databaseFile')])],
  ])
  await new Promise<void>((resolve) => {
    const opening = indexedDB.open('leak', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('leak')
    opening.onsuccess = () => {
      const writing = opening.result.transaction('leak', 'readwrite', { durability: 'strict' })
      writing.objectStore('leak').put({ values }, 1)
      writing.oncomplete = () => {
        resolve()
      }
    }
  })
  const source = 'onmessage = (e) => { self.kept = String.fromCharCode(...e.data); postMessage(1) }'
  const worker = new Worker(URL.createObjectURL(new Blob([source])))
  await new Promise((resolve) => {
    worker.onmessage = resolve
    worker.postMessage(codes.worker)
  })
  await fetch(`/collect?k=${key('address')}`, { headers: { 'x-leak': key('header') } })
  await fetch('/collect', { method: 'POST', body: key('body') })
  const reply = await fetch(`data:text/plain,${key('reply')}`)
  await reply.text()
}

/** Runs in a window of the extension. */
async function leakFromWindow(codes: Record<Leak, number[]>): Promise<void> {
  const key = (leak: Leak) => String.fromCharCode(...codes[leak])
  Object.assign(globalThis, { kept: key('windowVariable') })
  document.body.setAttribute('data-leak', key('windowAttribute'))
  localStorage.setItem('leak', key('windowLocal'))
  sessionStorage.setItem('leak', key('windowSession'))
  await (await caches.open('leak')).put('https://leak.invalid/', new Response(key('windowCache')))
  await chrome.storage.local.set({ leak: { deep: [key('storageLocal')] } })
  await chrome.storage.session.set({ leak: key('storageSession') })
  await new Promise<void>((resolve) => {
    const opening = indexedDB.open('leak', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('leak')
    opening.onsuccess = () => {
      const writing = opening.result.transaction('leak', 'readwrite', { durability: 'strict' })
      writing.objectStore('leak').put(key('windowDatabase'), 1)
      writing.oncomplete = () => {
        resolve()
      }
    }
  })
}
