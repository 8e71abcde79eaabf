import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startAppServer, type AppServer } from '../support/app-server.ts'
import { removeProfile } from '../support/browser.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { launch, type Driver } from '../support/driver.ts'
import { startFakeProviders, type FakeProviders } from '../support/fake-providers.ts'
import { createTestKey } from '../support/test-keys.ts'
import { heldCalls } from './worker-controls.ts'
import { APP, CHAT_URL, EXTENSION_DIR, PASSPHRASE, chatInit, fetchFrom } from './world.ts'

const AT_ONCE_MS = 1_000
const KEY = createTestKey('openai', 'restart')
const LOST_ROW = { ending: 'lost', costSource: 'bound', tokens: null }
/** A browser that closes ends its pages first: there may be time to settle. */
const ENDED_ROW = {
  ...LOST_ROW,
  ending: expect.stringMatching(/^(lost|aborted)$/) as string,
}

describe('what ends in the middle of a call', () => {
  let fakes: FakeProviders
  let apps: AppServer
  let profileDir: string
  let driver: Driver

  beforeAll(async () => {
    fakes = await startFakeProviders({ keys: { openai: [KEY] } })
    apps = await startAppServer()
    profileDir = await mkdtemp(join(tmpdir(), 'valetkey-restart-'))
    driver = await start()
    await driver.createVault(PASSPHRASE)
    await driver.addKey('openai', KEY)
    await driver.switchOnSite(APP)
    fakes.reset()
  })

  afterAll(async () => {
    await driver.close()
    await removeProfile(profileDir)
    await apps.close()
    await fakes.close()
  })

  function start(): Promise<Driver> {
    const hostMap = { ...fakes.hostMap, ...apps.hostMap }
    const options = { headless: true, watchWorkers: false, profileDir }
    return launch({ extensionDir: EXTENSION_DIR, hostMap, ...options })
  }

  /** The app in the middle of a stream; how that ends shows in its title. */
  async function streamingPage(): Promise<Page> {
    const page = await driver.newPage(`${APP}/empty`)
    fakes.reset()
    fakes.behave({ text: 'word '.repeat(400), gapMs: 100 })
    const init = chatInit(await driver.valetKey(APP, 'openai'), { stream: true })
    await page.evaluate(
      async (url, given) => {
        const reader = (await fetch(url, given)).body?.getReader()
        await reader?.read()
        const readOn = async () => {
          while (!(await reader?.read())?.done);
        }
        readOn().catch((error: unknown) => {
          document.title = error instanceof Error ? error.name : String(error)
        })
      },
      CHAT_URL,
      init,
    )
    return page
  }

  /** Locked, the call settled once and for all, the page's scripts back, the key nowhere. */
  async function isWhole(row: object): Promise<void> {
    const popup = await driver.newPage(`chrome-extension://${driver.extensionId}/popup.html`)
    expect(await askFrom(popup, 'status.get', {})).toMatchObject({ vault: 'locked' })
    expect(await heldCalls(popup)).toBe(0)
    expect(await driver.canarySweep([KEY])).toEqual([])
    await popup.close()
    await driver.unlock(PASSPHRASE)
    expect((await driver.usage())[0]).toMatchObject(row)
    // The browser keeps a site's permission for an extension that is installed, not for one that a
    // debugger loads anew.
    await driver.switchOnSite(APP)
    fakes.reset()
    const page = await driver.newPage(`${APP}/empty`)
    const init = chatInit(await driver.valetKey(APP, 'openai'))
    expect(await fetchFrom(page, CHAT_URL, init)).toMatchObject({ status: 200 })
    expect(await driver.canarySweep([KEY])).toEqual([])
    expect(fakes.violations).toEqual([])
  }

  it('the browser, closed: after the next start the call is settled and the vault locked', async () => {
    await streamingPage()

    // It looks for the key on the disk it leaves.
    await driver.close()

    await expect.poll(() => fakes.requests[0]?.reply.aborted).toBe(true)
    driver = await start()
    await isWhole(ENDED_ROW)
  })

  it('the browser, killed: after the next start the call is settled and the vault locked', async () => {
    await streamingPage()

    driver.browser.process()?.kill('SIGKILL')
    await driver.close()

    await expect.poll(() => fakes.requests[0]?.reply.aborted).toBe(true)
    driver = await start()
    await isWhole(LOST_ROW)
  })

  it('the extension, reloaded: the open page is told at once, and is served once loaded anew', async () => {
    await allowReload()
    const page = await streamingPage()
    const valetKey = await driver.valetKey(APP, 'openai')
    const popup = await driver.newPage(`chrome-extension://${driver.extensionId}/popup.html`)
    await page.bringToFront()
    void popup
      .evaluate(() => {
        chrome.runtime.reload()
      })
      .catch(() => undefined)

    await expect.poll(() => page.title(), { timeout: 5 * AT_ONCE_MS }).toBe('TypeError')
    await expect.poll(() => fakes.requests[0]?.reply.aborted).toBe(true)
    const askedAt = Date.now()
    const reply = await fetchFrom(page, CHAT_URL, chatInit(valetKey))
    expect(reply.headers['x-valetkey-error']).toBe('wallet.lost')
    expect(Date.now() - askedAt).toBeLessThan(AT_ONCE_MS)
    await page.close()
    await isWhole(LOST_ROW)
  })

  /** Chrome does not start an unpacked extension again that reloads itself, but for a developer. */
  async function allowReload(): Promise<void> {
    const page = await driver.newPage('chrome://extensions')
    await page.evaluate(
      'chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true })',
    )
    await page.close()
  }
})
