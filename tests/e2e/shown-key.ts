/** A key on the screen of the dashboard, and what of it lies on the clipboard. */
import type { KeyId, ProviderId } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { askFrom } from '../support/driving/extension-messages.ts'
import { fill, press, waitFor } from '../support/driving/screens.ts'
import { PASSPHRASE, type World } from './world.ts'

export const SHOWN = '[data-testid="shown-key"]'

export async function idOf(page: Page, provider: ProviderId): Promise<KeyId> {
  const { keys } = await askFrom(page, 'key.list', {})
  const key = keys.find((each) => each.provider === provider)
  if (!key) throw new Error(`no key of ${provider}`)
  return key.id
}

export async function openKey(world: World, provider: ProviderId): Promise<Page> {
  const page = await world.window('dashboard.html#keys')
  const id = await idOf(page, provider)
  await page.evaluate((item) => (location.hash = `#keys/${item}`), id)
  await waitFor(page, 'button', () => page.$('::-p-aria([name="Show"][role="button"])'))
  return page
}

export async function show(page: Page): Promise<void> {
  await press(page, 'button', 'Show')
  const box = await Promise.any([
    waitFor(page, 'box', () => page.$('::-p-aria([name="Passphrase"][role="textbox"])')),
    waitFor(page, 'key', () => page.$(SHOWN)),
  ])
  if (await box.evaluate((element) => element.tagName !== 'INPUT')) return
  await fill(page, 'Passphrase', PASSPHRASE)
  await press(page, 'button', 'Show key')
  await waitFor(page, 'key', () => page.$(SHOWN))
}

export const isGone = (page: Page) =>
  waitFor(page, 'screen without a key', async () => ((await page.$(SHOWN)) ? null : true))

/** What lies on the clipboard, read as the person would by pasting. */
export async function clipboard(world: World, page: Page): Promise<string> {
  const context = world.driver.browser.defaultBrowserContext()
  const origin = `chrome-extension://${world.driver.extensionId}`
  const permission = { name: 'clipboard-read' }
  await context.setPermission(origin, { permission, state: 'granted' })
  await page.bringToFront()
  return page.evaluate(() => navigator.clipboard.readText())
}
