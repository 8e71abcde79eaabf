import type { Page } from 'puppeteer'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { useWorker } from '../e2e/worker-controls.ts'
import { APP, CHAT_URL, OTHER, PASSPHRASE, chatInit, fetchFrom, useWorld } from '../e2e/world.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { hasShim } from './attempt.ts'

const STALE_HEADER = 'x-stale-rule'
const OWN_RULE = 1
const STALE_RULE = 4711

describe('what a former life left in the browser', () => {
  const world = useWorld('site', { watchWorkers: false })
  const worker = useWorker(world)
  beforeAll(() => world.driver.switchOnSite(OTHER))

  async function call(page: Page) {
    const init = chatInit(await world.driver.valetKey(APP, 'openai'))
    const { status, headers } = await fetchFrom(page, CHAT_URL, init)
    return headers['x-valetkey-error'] ?? status
  }

  /** A page of the site in the middle of an answer that does not end by itself. */
  async function streamingPage(site: string): Promise<Page> {
    const page = await world.emptyPage(site)
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 300, times: 1 })
    const init = chatInit(await world.driver.valetKey(site, 'openai'), { stream: true })
    await page.evaluate(readFirst, CHAT_URL, init)
    return page
  }

  it('C115: a rule a killed worker left is gone before the next call is served', async () => {
    const page = await world.emptyPage()
    await plantRule(worker.page())
    // It is in force: without a new worker our own requests carry what it says.
    expect(await call(page)).toBe(200)
    expect(world.fakes.requests.at(-1)?.headers[STALE_HEADER]).toBe('planted')

    await worker.kill()

    expect(await call(page)).toBe(200)
    expect(world.fakes.requests.at(-1)?.headers[STALE_HEADER]).toBeUndefined()
    expect(await rulesIn(worker.page())).toEqual([OWN_RULE])
  })

  it('C115: scripts a killed worker left at a site nobody approved go with the next start', async () => {
    const stranger = 'https://platform.openai.com'
    const before = await scriptsIn(worker.page())
    await plantScript(worker.page(), stranger)
    expect(await scriptsIn(worker.page())).toHaveLength(before.length + 1)

    await worker.kill()

    expect(await call(await world.emptyPage())).toBe(200)
    expect(await scriptsIn(worker.page())).toEqual(before)
  })

  it('C115: a lock takes every rule with it, ends the answers under way, and serves nobody', async () => {
    const init = chatInit(await world.driver.valetKey(APP, 'openai'))
    const page = await streamingPage(APP)
    await plantRule(worker.page())

    await world.driver.lock()

    await expect.poll(() => world.fakes.requests.at(-1)?.reply.aborted).toBe(true)
    await expect.poll(() => rulesIn(worker.page())).toEqual([OWN_RULE])
    const refused = await fetchFrom(page, CHAT_URL, init)
    expect(refused.headers['x-valetkey-error']).toBe('vault.locked')
    expect(world.fakes.requests).toHaveLength(1)
    await world.driver.unlock(PASSPHRASE)
  })

  it('C115: a site that is switched off keeps no script, no answer under way and no call', async () => {
    const page = await streamingPage(OTHER)
    const held = await world.driver.valetKey(OTHER, 'openai')

    await askFrom(await world.window('popup.html'), 'site.switch_off', { origin: OTHER })

    await expect.poll(() => world.fakes.requests.at(-1)?.reply.aborted).toBe(true)
    expect((await scriptsIn(worker.page())).filter((id) => id.endsWith(OTHER))).toEqual([])
    world.fakes.expectValetKeys(true)
    await fetchFrom(page, CHAT_URL, chatInit(held))
    await page.reload()
    expect(await hasShim(page)).toBe(false)
    await fetchFrom(page, CHAT_URL, chatInit(held))
    expect(world.fakes.requests.slice(1).filter(({ key }) => key !== null)).toEqual([])
  })

  // Last: the pages of the version before go with it.
  it('C115: an update starts locked, with no rule of the version before', async () => {
    await allowReload(await world.driver.newPage('chrome://extensions'))
    await plantRule(worker.page())
    const before = await world.window('popup.html')
    expect(await askFrom(before, 'status.get', {})).toMatchObject({ vault: 'unlocked' })
    const gone = new Promise((resolve) => before.once('close', resolve))

    // What starts a new version; only the browser's own store can bring one about.
    void before
      .evaluate(() => {
        chrome.runtime.reload()
      })
      .catch(() => undefined)
    await gone
    const after = await vi.waitFor(() => world.window('popup.html'), { timeout: 15_000 })

    expect(await askFrom(after, 'status.get', {})).toMatchObject({ vault: 'locked' })
    expect(await rulesIn(after)).toEqual([OWN_RULE])
    expect(await after.evaluate(() => chrome.storage.session.get(null))).not.toHaveProperty([
      'vault.unlocked',
    ])
  })
})

/** Chrome does not start an unpacked extension again that reloads itself, but for a developer. */
async function allowReload(page: Page): Promise<void> {
  await page.evaluate(
    'chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true })',
  )
  await page.close()
}

/** Runs in a page. */
async function readFirst(url: string, init: object): Promise<void> {
  const reader = (await fetch(url, init)).body?.getReader()
  await reader?.read()
  const readOn = async () => {
    while (!(await reader?.read())?.done);
  }
  void readOn().catch(() => undefined)
}

/** A rule as a lane that injects credentials would leave it: on requests to the provider, ours included. */
async function plantRule(page: Page): Promise<void> {
  await page.evaluate(
    async (id, header) => {
      const requestHeaders = [{ header, operation: 'set' as const, value: 'planted' }]
      const condition = {
        requestDomains: ['api.openai.com'],
        resourceTypes: ['xmlhttprequest' as const],
      }
      await chrome.declarativeNetRequest.updateSessionRules({
        addRules: [{ id, action: { type: 'modifyHeaders', requestHeaders }, condition }],
      })
    },
    STALE_RULE,
    STALE_HEADER,
  )
}

async function rulesIn(page: Page): Promise<readonly number[]> {
  const rules = await page.evaluate(() => chrome.declarativeNetRequest.getSessionRules())
  return rules.map(({ id }) => id)
}

async function plantScript(page: Page, origin: string): Promise<void> {
  await page.evaluate(async (site) => {
    await chrome.scripting.registerContentScripts([
      {
        id: `shim ${site}`,
        matches: [`${site}/*`],
        js: ['content-scripts/shim.js'],
        runAt: 'document_start',
        world: 'MAIN',
      },
    ])
  }, origin)
}

async function scriptsIn(page: Page): Promise<readonly string[]> {
  const scripts = await page.evaluate(() => chrome.scripting.getRegisteredContentScripts())
  return scripts.map(({ id }) => id).sort()
}
