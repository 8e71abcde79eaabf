/** One browser profile with the built extension, started and killed over and over. */
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'puppeteer'
import { launchBrowser, removeProfile, type LaunchedBrowser } from '../support/browser.ts'

/** What dies: everything at once, or the process in which the worker and our windows run. */
type Victim = 'browser' | 'worker'

export interface Profile {
  /** A window of the extension, from which its background is asked. */
  page(): Page
  /** Gets a kill ready, so that it is one signal. */
  aim(victim: Victim): Promise<() => void>
  /** Waits until the victim is gone, then starts what it takes to ask again. */
  revive(victim: Victim): Promise<void>
  close(): Promise<void>
}

const COMES_BACK_MS = 3_000

export async function openProfile(extensionDir: string): Promise<Profile> {
  const profileDir = await mkdtemp(join(tmpdir(), 'valetkey-kills-'))
  // No provider is asked anything: every name leads nowhere.
  const hostMap = { '*': '~NOTFOUND' }
  const start = () =>
    launchBrowser({
      ...{ extensionDirs: [extensionDir], hostMap, headless: true },
      ...{ watchWorkers: false, profileDir },
    })
  let launched = await start()
  let page = await certainPage(launched)
  let gone: Promise<unknown> = Promise.resolve()
  return {
    page: () => page,
    async aim(victim) {
      if (victim === 'browser') {
        const chromium = launched.browser.process()
        if (!chromium?.pid) throw new Error('The browser has no process.')
        gone = once(chromium, 'exit')
        // Puppeteer gave it a process group of its own: nobody of it writes on.
        const target = process.platform === 'win32' ? chromium.pid : -chromium.pid
        return () => process.kill(target, 'SIGKILL')
      }
      const renderers = await rendererIds(launched)
      const crashed = page
      gone = new Promise((resolve) => crashed.once('error', resolve))
      return () => {
        for (const id of renderers) killIfThere(id)
      }
    },
    async revive(victim) {
      await gone
      if (victim === 'worker') {
        await page.close().catch(() => undefined)
        const found = await openPage(launched)
        if (found) {
          page = found
          return
        }
      }
      await launched.close()
      launched = await start()
      page = await certainPage(launched)
    },
    async close() {
      await launched.close()
      await removeProfile(profileDir)
    },
  }
}

async function certainPage(launched: LaunchedBrowser): Promise<Page> {
  const page = await openPage(launched)
  if (!page) throw new Error('The extension does not come back.')
  return page
}

/**
 * A window of the extension. Null where the browser does not load the extension anew after its process
 * died, as it does now and then: starting the browser again is then what a person would do.
 */
async function openPage({ browser, extensionIds }: LaunchedBrowser): Promise<Page | null> {
  const url = `chrome-extension://${extensionIds[0] ?? ''}/popup.html`
  for (const deadline = Date.now() + COMES_BACK_MS; Date.now() < deadline;) {
    const page = await browser.newPage()
    const isThere = await page.goto(url).then(
      () => page.evaluate(() => typeof chrome.runtime.id === 'string'),
      () => false,
    )
    if (isThere) return page
    await page.close().catch(() => undefined)
    await sleep(50)
  }
  return null
}

async function rendererIds({ browser }: LaunchedBrowser): Promise<readonly number[]> {
  const session = await browser.target().createCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
}

function killIfThere(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch {
    // A page that closed by itself meanwhile.
  }
}
