/** Firefox with the extension in it, over WebDriver BiDi. */
import { join } from 'node:path'
import type { UiMethod, UiParams, UiResult } from '@valetkey/wallet/protocol'
import puppeteer, { type Browser, type Page } from 'puppeteer'
import { vi } from 'vitest'
import { startConnectProxy } from '../support/connect-proxy.ts'

const EXTENSION_DIR = join(import.meta.dirname, '..', '..', '.output', 'firefox-mv3')
const EXTENSION_ID = 'wallet@valetkey.example'
/** Firefox gives each install a random address; a test chooses it. */
const OWN_ORIGIN = 'moz-extension://3f1a8a52-6a0e-4c57-9a35-5d6c8a1f7b11'
const WAIT = { timeout: 20_000 }

export interface Firefox {
  /** A page of the web. */
  visit(url: string): Promise<Page>
  /** One of our own windows, as a tab. */
  window(path: string): Promise<Page>
  /** The open window whose address begins so, as soon as there is one. */
  findWindow(path: string): Promise<Page>
  /** Asks the background as a window does. @throws Error with the code of a refusal */
  ask<M extends UiMethod>(method: M, params: UiParams<M>): Promise<UiResult<M>>
  close(): Promise<void>
}

/** @param hostMap host → ip:port: nothing else is reachable */
export async function launchFirefox(hostMap: Readonly<Record<string, string>>): Promise<Firefox> {
  const proxy = await startConnectProxy(hostMap)
  const browser = await puppeteer.launch({
    browser: 'firefox',
    // `npm run test:firefox` finds one.
    executablePath: process.env['VALETKEY_FIREFOX'] ?? '',
    headless: true,
    acceptInsecureCerts: true,
    // Without it no page of an extension may be looked at.
    args: ['--remote-allow-system-access'],
    extraPrefsFirefox: {
      'extensions.webextensions.uuids': JSON.stringify({
        [EXTENSION_ID]: new URL(OWN_ORIGIN).host,
      }),
      // Nobody here can press the browser's own dialog.
      'extensions.webextOptionalPermissionPrompts': false,
      ...{ 'network.proxy.type': 1, 'network.proxy.no_proxies_on': '' },
      ...{ 'network.proxy.ssl': '127.0.0.1', 'network.proxy.ssl_port': proxy.port },
      ...{ 'network.proxy.http': '127.0.0.1', 'network.proxy.http_port': proxy.port },
    },
  })
  await browser.installExtension(EXTENSION_DIR)
  const control = await openWindow(browser, 'welcome.html')
  return {
    async visit(url) {
      const page = await browser.newPage()
      await page.goto(url)
      return page
    },
    window: (path) => openWindow(browser, path),
    findWindow: (path) => findWindow(browser, path),
    ask: (method, params) => ask(control, method, params),
    async close() {
      await browser.close()
      await proxy.close()
    },
  }
}

async function openWindow(browser: Browser, path: string): Promise<Page> {
  const page = await browser.newPage()
  // BiDi does not tell when a page of an extension has loaded: it is asked.
  void page.goto(`${OWN_ORIGIN}/${path}`).catch(() => undefined)
  await vi.waitUntil(async () => {
    if (!(await addressOf(page)).startsWith(OWN_ORIGIN)) return false
    return (await page.evaluate(() => document.readyState)) === 'complete'
  }, WAIT)
  return page
}

async function findWindow(browser: Browser, path: string): Promise<Page> {
  return vi.waitUntil(async () => {
    for (const page of await browser.pages()) {
      if ((await addressOf(page)).startsWith(`${OWN_ORIGIN}/${path}`)) return page
    }
    return null
  }, WAIT)
}

function addressOf(page: Page): Promise<string> {
  return page.evaluate(() => location.href).catch(() => '')
}

async function ask<M extends UiMethod>(
  page: Page,
  method: M,
  params: UiParams<M>,
): Promise<UiResult<M>> {
  const reply = await page.evaluate(
    (asked, given) =>
      chrome.runtime.sendMessage<
        object,
        { ok: true; result: unknown } | { ok: false; error: { code: string } }
      >({ method: asked, params: given }),
    method,
    params,
  )
  if (!reply.ok) throw new Error(reply.error.code)
  return reply.result as UiResult<M>
}
