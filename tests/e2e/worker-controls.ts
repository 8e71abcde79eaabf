import type { CDPSession, Page, Protocol } from 'puppeteer'
import { beforeAll } from 'vitest'
import type { World } from './world.ts'

type Version = Protocol.ServiceWorker.ServiceWorkerVersion
type Database = 'valetkey-vault' | 'valetkey-ledger'

/** What is done to our extension's worker from outside, and what it left behind. */
export interface WorkerControls {
  /** Ends it as the browser's own tools do; the spy's lives on. Resolves once it is gone. */
  kill(): Promise<void>
  /** Resolves once a worker is on its way up. */
  starting(): Promise<void>
  /** Keeps a database to itself: the worker waits at its next read or write until the release. */
  hold(database: Database): Promise<() => Promise<void>>
  /** How many calls are held in the ledger. */
  heldCalls(): Promise<number>
  /** A page of the extension on which nothing runs, to look from. */
  page(): Page
}

/**
 * Gets everything ready before the tests of a file, so that a kill is one message.
 * @param world without a debugger on workers: one that is attached would hold the next worker at its start
 */
export function useWorker(world: World): WorkerControls {
  const versions = new Map<string, Version>()
  const watchers = new Set<() => void>()
  let page: Page
  let session: CDPSession

  beforeAll(async () => {
    const root = `chrome-extension://${world.driver.extensionId}/`
    page = await world.driver.browser.newPage()
    await page.goto(`${root}icon/16.png`)
    session = await page.createCDPSession()
    session.on('ServiceWorker.workerVersionUpdated', (event) => {
      for (const version of event.versions) {
        if (version.scriptURL.startsWith(root)) versions.set(version.versionId, version)
      }
      for (const look of [...watchers]) look()
    })
    await session.send('ServiceWorker.enable')
  })

  /** Resolves as soon as what the browser says about our workers satisfies `isSo`. */
  function until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return
        watchers.delete(look)
        resolve()
      }
      watchers.add(look)
      look()
    })
  }

  async function stop({ versionId }: Version): Promise<void> {
    const statusOf = () => versions.get(versionId)?.runningStatus
    let stopping = false
    const gone = until(() => {
      const status = statusOf()
      stopping ||= status === 'stopping'
      // A page that waits for it may start the next one at once.
      return status === 'stopped' || (stopping && status === 'starting')
    })
    await session.send('ServiceWorker.stopWorker', { versionId })
    await gone
  }

  return {
    async kill() {
      await Promise.all([...versions.values()].filter(isUp).map(stop))
    },
    starting: () => until(() => [...versions.values()].some(isUp)),
    async hold(database) {
      await page.evaluate(holdDatabase, database)
      return () =>
        page.evaluate(() => {
          Object.assign(globalThis, { held: false })
        })
    },
    heldCalls: () => heldCalls(page),
    page: () => page,
  }
}

function isUp({ runningStatus }: Version): boolean {
  return runningStatus === 'running' || runningStatus === 'starting'
}

/** Runs in a page of the extension. A transaction lives as long as it is given something to do. */
function holdDatabase(name: string): Promise<void> {
  Object.assign(globalThis, { held: true })
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name)
    opening.onerror = () => {
      reject(opening.error ?? new Error('no reason given'))
    }
    opening.onsuccess = () => {
      const database = opening.result
      const [first = '', ...rest] = database.objectStoreNames
      const store = database.transaction([first, ...rest], 'readwrite').objectStore(first)
      const next = () => {
        const reading = store.get('nothing')
        reading.onsuccess = () => {
          resolve()
          if ((globalThis as { held?: boolean }).held === true) next()
          else database.close()
        }
      }
      next()
    }
  })
}

/** How many calls the ledger holds, seen from a page of the extension. */
export function heldCalls(page: Page): Promise<number> {
  return page.evaluate(countReservations)
}

function countReservations(): Promise<number> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('valetkey-ledger')
    opening.onerror = () => {
      reject(opening.error ?? new Error('no reason given'))
    }
    opening.onsuccess = () => {
      const store = opening.result.transaction('reservations').objectStore('reservations')
      const counting = store.count()
      counting.onsuccess = () => {
        opening.result.close()
        resolve(counting.result)
      }
    }
  })
}
