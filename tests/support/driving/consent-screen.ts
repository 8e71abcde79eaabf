import { setTimeout as sleep } from 'node:timers/promises'
import type { Terms } from '@valetkey/wallet/protocol'
import type { Browser, Page, Target } from 'puppeteer'
import { createExtensionMessages } from './extension-messages.ts'
import { press, waitFor } from './screens.ts'

/** What a person does in a consent window. */
export type ConsentAnswer = 'allow' | 'once' | 'deny'

/** What the answers are called; a question about one call is allowed once. */
const BUTTONS: Readonly<Record<ConsentAnswer, readonly string[]>> = {
  allow: ['Allow', 'Allow once'],
  once: ['For an hour'],
  deny: ['Don’t allow'],
}
const WINDOW_TIMEOUT_MS = 20_000

/** Waits for the consent window and presses one of its buttons. */
export async function answerConsentWindow(
  browser: Browser,
  extensionId: string,
  answer: ConsentAnswer,
): Promise<void> {
  const page = await focusedConsentWindow(browser, extensionId)
  await pressToClose(page, await shownButton(page, BUTTONS[answer]))
}

/** Presses a button whose answer closes the window, maybe before the press itself is over. */
export async function pressToClose(page: Page, name: string): Promise<void> {
  try {
    await press(page, 'button', name)
  } catch (error) {
    if (!(error instanceof Error && error.name === 'TargetCloseError')) throw error
  }
  await waitForClose(page)
}

function shownButton(page: Page, names: readonly string[]): Promise<string> {
  return waitFor(page, names.join(' or '), async () => {
    for (const name of names) {
      if (await page.$(`::-p-aria([name="${name}"][role="button"])`)) return name
    }
    return null
  })
}

/** Waits for the consent window and allows exactly these terms, whatever it proposes. */
export async function allowTerms(
  browser: Browser,
  extensionId: string,
  terms: Terms,
): Promise<void> {
  const target = await consentTarget(browser, extensionId)
  // A page fresh from its target knows no address yet.
  const id = new URL(target.url()).searchParams.get('id') ?? ''
  const page = await target.asPage()
  // Not from that window itself: the answer closes it, and the reply with it.
  const messages = createExtensionMessages(browser, extensionId)
  await messages.ask('consent.decide', { id, decision: 'allow', terms })
  await waitForClose(page)
}

/** The open consent window, as soon as there is one. */
export async function consentWindow(browser: Browser, extensionId: string): Promise<Page> {
  const target = await consentTarget(browser, extensionId)
  return target.asPage()
}

function consentTarget(browser: Browser, extensionId: string): Promise<Target> {
  return browser.waitForTarget(
    (candidate) => candidate.url().startsWith(`chrome-extension://${extensionId}/consent.html`),
    { timeout: WINDOW_TIMEOUT_MS },
  )
}

/** The same with the focus, which its buttons wait for: without a display no window manager gives it. */
export async function focusedConsentWindow(browser: Browser, extensionId: string): Promise<Page> {
  const page = await consentWindow(browser, extensionId)
  await page.bringToFront()
  const session = await page.createCDPSession()
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: true })
  return page
}

async function waitForClose(page: Page): Promise<void> {
  const deadline = Date.now() + WINDOW_TIMEOUT_MS
  while (!page.isClosed()) {
    if (Date.now() > deadline) {
      const screen = await page.evaluate(() => document.body.innerText).catch(() => '')
      throw new Error(`The consent window stays open. It says:\n${screen}`)
    }
    await sleep(50)
  }
}
