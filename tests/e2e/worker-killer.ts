import type { CDPSession, Protocol } from 'puppeteer'
import { beforeAll } from 'vitest'
import type { World } from './world.ts'

type Version = Protocol.ServiceWorker.ServiceWorkerVersion

/** Ends our extension's worker as the browser's own tools do; the spy's lives on. */
export interface WorkerKiller {
  /** Resolves once the worker is gone. */
  kill(): Promise<void>
  /** Whether a worker is up, or on its way. */
  isUp(): boolean
}

/**
 * Gets everything ready before the tests of a file, so that a kill is one message.
 * @param world without a debugger on workers: one that is attached would hold the next worker at its start
 */
export function useKiller(world: World): WorkerKiller {
  const versions = new Map<string, Version>()
  const watchers = new Set<() => void>()
  const running = () => [...versions.values()].filter(isUp)
  let session: CDPSession

  beforeAll(async () => {
    const script = `chrome-extension://${world.driver.extensionId}/`
    const page = await world.driver.browser.newPage()
    session = await page.createCDPSession()
    session.on('ServiceWorker.workerVersionUpdated', (event) => {
      for (const version of event.versions) {
        if (version.scriptURL.startsWith(script)) versions.set(version.versionId, version)
      }
      for (const look of [...watchers]) look()
    })
    await session.send('ServiceWorker.enable')
  })

  return {
    isUp: () => running().length > 0,
    async kill() {
      await Promise.all(running().map((version) => stop(session, version, watchers, versions)))
    },
  }
}

function isUp({ runningStatus }: Version): boolean {
  return runningStatus === 'running' || runningStatus === 'starting'
}

/** A page that waits for it may start the next worker at once: any news after `stopping` will do. */
async function stop(
  session: CDPSession,
  { versionId }: Version,
  watchers: Set<() => void>,
  versions: ReadonlyMap<string, Version>,
): Promise<void> {
  let stopping = false
  const gone = new Promise<void>((resolve) => {
    const look = () => {
      const status = versions.get(versionId)?.runningStatus
      stopping ||= status === 'stopping'
      if (status !== 'stopped' && !(stopping && status === 'starting')) return
      watchers.delete(look)
      resolve()
    }
    watchers.add(look)
  })
  await session.send('ServiceWorker.stopWorker', { versionId })
  await gone
}
