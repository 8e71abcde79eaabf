import type { UiMethod, UiParams, UiReply, UiResult } from '@valetkey/wallet/protocol'
import type { Browser, Page } from 'puppeteer'
import { withPage } from '../browser.ts'

/** Asks our background as one of the extension's own windows does. */
export interface ExtensionMessages {
  /** @throws Error with the code and sentence of the refusal */
  ask<M extends UiMethod>(method: M, params: UiParams<M>): Promise<UiResult<M>>
}

export function createExtensionMessages(browser: Browser, extensionId: string): ExtensionMessages {
  return {
    ask: (method, params) =>
      withPage(browser, `chrome-extension://${extensionId}/popup.html`, (page) =>
        askFrom(page, method, params),
      ),
  }
}

/** The same from a window that is open already. */
export async function askFrom<M extends UiMethod>(
  page: Page,
  method: M,
  params: UiParams<M>,
): Promise<UiResult<M>> {
  const reply = await page.evaluate(
    async (request) => chrome.runtime.sendMessage<object, UiReply | undefined>(request),
    { method, params },
  )
  if (reply?.ok !== true) {
    const { code, message } = reply?.error ?? { code: 'no reply', message: '' }
    throw new Error(`${method} was refused: ${code} ${message}`)
  }
  return reply.result as UiResult<M> // the background parsed it with the method's own schema
}
