import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, type Driver, type Finding } from '../support/driver.ts'
import { startFakeProviders, type FakeProviders } from '../support/fake-providers.ts'
import { createTestKey } from '../support/test-keys.ts'

/** One key a place, so that one sweep shows for each place whether it is searched. */
const PLACES = {
  variable: 'page heap',
  bytes: 'memory of renderer',
  worker: 'memory of renderer',
  attribute: 'DOM',
  typed: 'DOM',
  shadow: 'DOM',
  local: 'localStorage',
  session: 'sessionStorage',
  database: 'IndexedDB',
  cache: 'caches',
  cookie: 'cookies',
  printed: 'console',
  header: 'log of the spy extension',
  address: 'log of the spy extension',
  body: 'log of the spy extension',
  reply: 'replies to pages',
} as const
type Place = keyof typeof PLACES
const places = Object.keys(PLACES) as Place[] // its own keys, as declared above

const keys = Object.fromEntries(
  places.map((place) => [place, createTestKey('openai', `sweep ${place}`)]),
) as Record<Place, string>
const unused = createTestKey('openai', 'sweep unused')

let extensionDir: string
let fakes: FakeProviders
let driver: Driver
let clean: readonly Finding[]
let dirty: readonly Finding[]

/** Chops a key so that only the page puts it together: no message of the debugger holds it whole. */
const chopped = (key: string) => Array.from(key, (character) => character.charCodeAt(0))

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
  fakes = await startFakeProviders({ keys: {} })
  driver = await launch({ extensionDir, hostMap: fakes.hostMap, headless: true })
  const page = await driver.newPage('https://evil.example.test/')
  clean = await driver.canarySweep([...Object.values(keys), unused])
  await page.evaluate(leakEverywhere, {
    ...Object.fromEntries(places.map((place) => [place, chopped(keys[place])])),
  } as Record<Place, number[]>)
  dirty = await driver.canarySweep([...Object.values(keys), unused])
}, 240_000)

afterAll(async () => {
  await expect(driver.close()).rejects.toThrow('lies on disk after the browser ended')
  await fakes.close()
  await rm(extensionDir, { recursive: true })
})

describe('canary sweep', () => {
  it('finds nothing in a browser that holds no key', () => {
    expect(clean).toEqual([])
  })

  it.each(places)('finds a key in place: %s', (place) => {
    const found = dirty.filter(({ key }) => key === keys[place]).map((finding) => finding.place)

    expect(found.join('\n')).toContain(PLACES[place])
  })

  it('finds what was stored in the profile on disk', () => {
    const onDisk = dirty.filter(({ place }) => place.startsWith('profile file'))

    expect(onDisk.map(({ key }) => key)).toContain(keys.database)
  })

  it('finds no key that is nowhere', () => {
    expect(dirty.filter(({ key }) => key === unused)).toEqual([])
  })
})

/** Runs in the page. */
async function leakEverywhere(codes: Record<Place, number[]>): Promise<void> {
  const key = (place: Place) => String.fromCharCode(...codes[place])
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
  await new Promise<void>((resolve) => {
    const opening = indexedDB.open('leak', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('leak')
    opening.onsuccess = () => {
      const writing = opening.result.transaction('leak', 'readwrite', { durability: 'strict' })
      writing.objectStore('leak').put({ bytes: new TextEncoder().encode(key('database')) }, 1)
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
