import type { Page } from 'puppeteer'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Driver } from '../driver.ts'
import { focusedConsentWindow } from './consent-screen.ts'
import { waitFor } from './screens.ts'

const SIZE = { width: 440, height: 680 }

/** The window that asks about a key that was picked up, as soon as there is one; it has the focus. */
export async function captureWindow({ browser, extensionId }: Driver): Promise<Page> {
  const page = await focusedConsentWindow(browser, extensionId)
  await page.setViewport(SIZE)
  await waitFor(page, 'key', () => page.$('main h1'))
  return page
}

/** Whether a window of ours asks something, within a time. */
export async function asksWithin(driver: Driver, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms
  do {
    if (asking(driver).length > 0) return true
    await sleep(20)
  } while (Date.now() < deadline)
  return false
}

/** Closes every window that asks something, which is a no. */
export async function closeAsking(driver: Driver): Promise<void> {
  for (const target of asking(driver)) {
    // Somebody else may have closed it meanwhile.
    await target
      .asPage()
      .then((page) => page.close())
      .catch(() => undefined)
    await waitForNone(driver)
  }
}

async function waitForNone(driver: Driver): Promise<void> {
  while (asking(driver).length > 0) await sleep(20)
  // The background hears of it after the browser.
  await sleep(150)
}

function asking({ browser, extensionId }: Driver) {
  return browser
    .targets()
    .filter((one) => one.url().startsWith(`chrome-extension://${extensionId}/consent.html`))
}
