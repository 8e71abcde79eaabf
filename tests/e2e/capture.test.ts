import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyId, ProviderId, UiResult } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
import { matrixTerms, runClientMatrix } from '../support/client-matrix.ts'
import {
  DASHBOARD_HOSTS,
  DASHBOARD_PAGES,
  serveDashboards,
  type Dashboards,
} from '../support/dashboard-server.ts'
import { captureWindow } from '../support/driving/capture-window.ts'
import { pressToClose } from '../support/driving/consent-screen.ts'
import { makeKeyOn, pressOn } from '../support/driving/dashboard-page.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { preApprovePermission } from '../support/driving/permission.ts'
import { fill, press, says, waitFor } from '../support/driving/screens.ts'
import { SAVE, middleOf, shownToast } from '../support/driving/toast.ts'
import { APP, PASSPHRASE, useWorld } from './world.ts'

/** Where `npm start` keeps its pictures too. */
const FOLDER = join(import.meta.dirname, '..', '..', '.cache', 'tour')
const TAB = { width: 1000, height: 720 }

/** The official library of each provider, which the demo pages use. */
const CLIENTS: Readonly<Record<string, ProviderId>> = {
  openai: 'openai',
  '@anthropic-ai/sdk': 'anthropic',
  '@google/genai': 'google',
  'groq-sdk': 'groq',
}

describe('a key on its way from the provider’s page into the vault', () => {
  const world = useWorld('keys', {
    providers: [],
    appHosts: DASHBOARD_HOSTS,
  })
  let dashboards: Dashboards
  let pictures = 0

  beforeAll(async () => {
    dashboards = await serveDashboards(world.apps, world.fakes)
    await mkdir(FOLDER, { recursive: true })
  })

  it('is made, offered, tested, saved and used by an app nobody changed, at each of the four', async () => {
    const made = new Map<ProviderId, string>()
    for (const provider of Object.values(CLIENTS)) {
      const name = `Notes for ${provider}`
      const page = await openDashboard(DASHBOARD_PAGES[provider as keyof typeof DASHBOARD_PAGES])
      await makeKeyOn(page, name)
      const window = await saveFromToast(page, provider)
      await says(window, 'It works')
      await picture(window, `${provider}-confirm`)
      await press(window, 'button', 'Save key')
      await says(window, 'Saved in your vault')
      await picture(window, `${provider}-saved`)
      await pressToClose(window, 'Done')
      await page.close()
      made.set(provider, newest().secret)
    }

    const keys = await storedKeys()
    expect(keys.map(({ label, lastTest }) => [label, lastTest?.outcome])).toEqual(
      Object.values(CLIENTS).map((provider) => [`Notes for ${provider}`, 'works']),
    )
    const ids = new Map(keys.map(({ provider, id }): [ProviderId, KeyId] => [provider, id]))
    await world.driver.switchOnSite(APP, matrixTerms(ids))
    world.fakes.reset()
    await useInQuill()
    expect(world.fakes.requests.at(-1)?.key).toBe(made.get('openai'))

    const rows = await runClientMatrix({
      ...{ driver: world.driver, fakes: world.fakes },
      ...{ pageUrl: `${APP}/clients`, clients: Object.keys(CLIENTS) },
    })
    expect(rows.filter(({ ok }) => !ok)).toEqual([])
    for (const [provider, key] of made) {
      const used = world.fakes.requests.filter((request) => request.provider === provider)
      expect(new Set(used.map((request) => request.key))).toEqual(new Set([key]))
    }
    await expectNowhere([...made.values()])
  })

  it('waits while the vault is locked: it is unlocked in that window', async () => {
    await world.driver.lock()
    const page = await openDashboard(DASHBOARD_PAGES.groq)
    await makeKeyOn(page, 'While locked')
    const window = await saveFromToast(page, 'locked')
    await says(window, 'Unlock ValetKey to save it')
    await picture(window, 'locked-window')
    await fill(window, 'Passphrase', PASSPHRASE)
    await press(window, 'button', 'Unlock')
    await says(window, 'It works')
    await press(window, 'button', 'Save key')
    await says(window, 'Saved in your vault')
    await pressToClose(window, 'Done')

    expect((await storedKeys()).map(({ label }) => label)).toContain('While locked')
  })

  it('is found under the strictest policy a page can have', async () => {
    const page = await openDashboard(`${DASHBOARD_PAGES.anthropic}?strict`)
    const problems: string[] = []
    page.on('console', (line) => problems.push(line.text()))
    await makeKeyOn(page, 'Strict')
    const window = await saveFromToast(page, 'strict')
    await says(window, 'It works')
    await pressToClose(window, 'Don’t save')

    expect(problems).toEqual([])
  })

  it('is copied from a list that does not show it, and labelled as copied', async () => {
    dashboards.list('aistudio.google.com', 'Old one', newestOf('AQ.'))
    const page = await openDashboard(DASHBOARD_PAGES.google)
    await pressOn(page, 'Copy Old one')
    const window = await saveFromToast(page, 'copied')
    await says(window, 'Copied on aistudio.google.com')
    await pressToClose(window, 'Close')
  })

  it.each([
    ['mistral', 'in the browser’s modal dialog', 'https://api.mistral.ai'],
    ['cerebras', 'by its copy button alone', 'https://api.cerebras.ai'],
  ] as const)(
    'is found at %s, %s, once the person lets ValetKey pick keys up there',
    async (provider, _how, api) => {
      const { browser, extensionId } = world.driver
      const address = DASHBOARD_PAGES[provider]
      const { origin } = new URL(address)
      for (const each of [origin, api]) await preApprovePermission(browser, extensionId, each)
      const popup = await world.window(`popup.html?site=${encodeURIComponent(origin)}`)
      await press(popup, 'switch', 'Pick keys up here')
      await says(popup, 'ValetKey picks keys up here')
      await popup.close()
      const page = await openDashboard(address)
      await makeKeyOn(page, 'General')
      if (provider === 'cerebras') await pressOn(page, 'Copy General')
      const window = await saveFromToast(page, provider)
      await press(window, 'button', 'Allow and test')
      await says(window, 'It works')
      await pressToClose(window, 'Don’t save')
    },
  )

  it('is tried again once the dashboard lists it as revoked', async () => {
    const kept = (await storedKeys()).find(({ provider }) => provider === 'openai')
    const page = await openDashboard(DASHBOARD_PAGES.openai)
    await pressOn(page, 'Revoke key Notes for openai')

    await expect
      .poll(async () => (await storedKeys()).find(({ id }) => id === kept?.id)?.lastTest?.outcome, {
        timeout: 20_000,
      })
      .toBe('refused')
  })

  const newest = () => dashboards.made.at(-1) ?? { secret: '' }
  const newestOf = (start: string): string =>
    dashboards.made.findLast(({ secret }) => secret.startsWith(start))?.secret ?? ''

  async function openDashboard(url: string): Promise<Page> {
    const page = await world.driver.newPage(url)
    await page.setViewport(TAB)
    return page
  }

  /** Presses Save on the toast. @returns the window that asks */
  async function saveFromToast(page: Page, name: string): Promise<Page> {
    await shownToast(page)
    await picture(page, `${name}-toast`)
    await sleep(700)
    const { x, y } = middleOf(await shownToast(page), SAVE)
    await page.mouse.click(x, y)
    return captureWindow(world.driver)
  }

  async function storedKeys(): Promise<UiResult<'key.list'>['keys']> {
    const popup = await world.window('popup.html')
    const { keys } = await askFrom(popup, 'key.list', {})
    await popup.close()
    return keys
  }

  async function useInQuill(): Promise<void> {
    const app = await openDashboard(APP)
    await app.type('#key', await world.driver.valetKey(APP, 'openai'))
    await app.click('#use-key')
    await app.type('#prompt', 'Write two lines about a valet')
    await app.click('#send')
    await waitFor(app, 'answer', async () =>
      (await app.evaluate(() => document.body.innerText)).includes('in the trunk') ? true : null,
    )
    await picture(app, 'used-in-app')
    await app.close()
  }

  async function picture(page: Page, name: string): Promise<void> {
    pictures += 1
    for (const theme of ['dark', 'light'] as const) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
      // Colours change in a transition.
      await sleep(250)
      const file = `capture-${String(pictures).padStart(2, '0')}-${name}-${theme}.png` as const
      await page.screenshot({ path: join(FOLDER, file) })
    }
  }

  /** The keys of pages that are closed: the vault has them, and what the provider’s own page was told. */
  async function expectNowhere(keys: readonly string[]): Promise<void> {
    for (const page of await world.driver.browser.pages()) {
      if (/^https?:/.test(page.url())) await page.close()
    }
    const findings = await world.driver.canarySweep(keys)
    expect(findings.filter(({ place }) => !place.startsWith('replies to pages'))).toEqual([])
  }
})
