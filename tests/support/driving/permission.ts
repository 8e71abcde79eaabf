import type { Browser } from 'puppeteer'
import { withPage } from '../browser.ts'

/** Takes both forms back, as a person does in the browser's own settings. */
export function takeBackPermission(
  browser: Browser,
  extensionId: string,
  origin: string,
): Promise<void> {
  return changePermission(browser, 'removeHostPermission', { extensionId, origin })
}

/**
 * Grants beforehand what the browser would ask in a dialog nothing here can press: the click's own
 * request then resolves at once. Both forms, because the one without a port answers for each port.
 */
export function preApprovePermission(
  browser: Browser,
  extensionId: string,
  origin: string,
): Promise<void> {
  return changePermission(browser, 'addHostPermission', { extensionId, origin })
}

function changePermission(
  browser: Browser,
  method: 'addHostPermission' | 'removeHostPermission',
  { extensionId, origin }: { readonly extensionId: string; readonly origin: string },
): Promise<void> {
  const { protocol, hostname, port } = new URL(origin)
  const usualPort = protocol === 'https:' ? '443' : '80'
  const patterns = [`${protocol}//${hostname}:${port || usualPort}/*`, `${protocol}//${hostname}/*`]
  return withPage(browser, 'chrome://extensions', async (page) => {
    for (const pattern of patterns) {
      const call = [extensionId, pattern].map((text) => JSON.stringify(text)).join(', ')
      await page.evaluate(`chrome.developerPrivate.${method}(${call})`)
    }
  })
}
