import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { browser } from './browser.ts'
import { createSiteScripts } from './site-scripts.ts'

const APP = 'https://app.example.test'
const OTHER = 'https://other.example.test'

vi.mock('./browser.ts', () => ({ browser: { scripting: {}, tabs: {} } }))

let registered: string[]
let injected: string[]
const scripts = createSiteScripts()

beforeEach(() => {
  registered = []
  injected = []
  Object.assign(browser.scripting, {
    getRegisteredContentScripts: () => Promise.resolve(registered.map((id) => ({ id }))),
    unregisterContentScripts: ({ ids }: { ids: string[] }) => {
      registered = registered.filter((id) => !ids.includes(id))
      return Promise.resolve()
    },
  })
  Object.assign(browser.tabs, { query: () => Promise.resolve([{ id: 1 }, {}]) })
  vi.stubGlobal('chrome', {
    scripting: {
      registerContentScripts: (all: { id: string }[]) => {
        registered.push(...all.map(({ id }) => id))
        return Promise.resolve()
      },
      executeScript: ({ files, world }: { files: string[]; world: string }) => {
        injected.push(`${world} ${files.join()}`)
        return Promise.resolve()
      },
    },
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const ofApp = (...names: string[]): string[] => names.map((name) => `${name} ${APP}`)

describe('the scripts of a site', () => {
  it('are bridge and shim; for one that may talk live, that of the sockets', async () => {
    await scripts.reconcile([{ origin: APP, live: false }])
    expect(registered).toEqual(ofApp('bridge', 'shim'))

    await scripts.reconcile([{ origin: APP, live: true }])
    expect(registered).toEqual(ofApp('bridge', 'shim', 'sockets'))

    await scripts.reconcile([{ origin: APP, live: false }])
    expect(registered).toEqual(ofApp('bridge', 'shim'))
  })

  it.each([ofApp('bridge', 'shim'), ofApp('bridge', 'shim', 'sockets')])(
    'stay as they are while nobody knows what it may: %s, …',
    async (...before) => {
      registered = [...before]
      await scripts.reconcile([{ origin: APP, live: null }])

      expect(registered).toEqual(before)
    },
  )

  it('come back whole where an update took them and nobody knows', async () => {
    await scripts.reconcile([{ origin: APP, live: null }])

    expect(registered).toEqual(ofApp('bridge', 'shim', 'sockets'))
  })

  it('C115: go with the site', async () => {
    registered = [...ofApp('bridge', 'shim', 'sockets'), `sockets ${OTHER}`]
    await scripts.reconcile([])

    expect(registered).toEqual([])
  })

  it('go into its open tabs as they are registered, the bridge first and apart from the page', async () => {
    await scripts.reconcile([{ origin: APP, live: true }])
    await scripts.injectIntoOpenTabs(APP)

    expect(injected).toEqual([
      'ISOLATED content-scripts/bridge.js',
      'MAIN content-scripts/shim.js',
      'MAIN content-scripts/sockets.js',
    ])
    injected = []
    await scripts.reconcile([{ origin: APP, live: false }])
    await scripts.injectIntoOpenTabs(APP)
    expect(injected).toHaveLength(2)
  })
})
