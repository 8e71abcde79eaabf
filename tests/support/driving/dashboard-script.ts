import type { CaptureMessage, CaptureReply } from '@valetkey/wallet/protocol'
import type { Browser, Page } from 'puppeteer'

/**
 * Says something to our background as a script of ours does in a page, by the extension's own right there.
 * @param page of a host the extension may reach
 */
export async function tellFrom(
  { browser, extensionId }: { readonly browser: Browser; readonly extensionId: string },
  page: Page,
  message: CaptureMessage | object,
): Promise<CaptureReply | undefined> {
  const ours = await browser.newPage()
  try {
    await ours.goto(`chrome-extension://${extensionId}/icon/16.png`)
    return await ours.evaluate(sendFrom, page.url(), message)
  } finally {
    await ours.close()
  }
}

/** Runs in a page of the extension. */
async function sendFrom(url: string, message: object): Promise<CaptureReply | undefined> {
  const [tab] = await chrome.tabs.query({ url })
  if (tab?.id === undefined) throw new TypeError(`No tab of ${url}.`)
  const [run] = await chrome.scripting.executeScript({
    target: { tabId: tab.id },
    // As text: arguments lose what is null in them.
    func: (text: string) => chrome.runtime.sendMessage(JSON.parse(text)),
    args: [JSON.stringify(message)],
  })
  return run?.result as CaptureReply | undefined // said by our own background
}
