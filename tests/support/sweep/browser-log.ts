import {
  TargetType,
  type Browser,
  type ConsoleMessage,
  type HTTPResponse,
  type Page,
} from 'puppeteer'

/** What pages and workers printed and received since launch. */
export interface BrowserLog {
  readonly console: readonly string[]
  readonly replies: readonly string[]
  /** Watches a page from now on; pages the browser opens are watched by themselves. */
  watch(page: Page): void
}

const REPLY_TYPES = ['fetch', 'xhr', 'document', 'eventsource', 'other']

/**
 * Starts to listen to every page of the browser, those of extensions included.
 * @param workers false: not to service workers. To listen is to attach a debugger, which keeps a worker
 *   alive, and halts it when it starts again after a kill until somebody lets it run.
 */
export function watchBrowser(browser: Browser, { workers }: { workers: boolean }): BrowserLog {
  const lines: string[] = []
  const replies: string[] = []
  const watched = new WeakSet<object>()

  const keepLine = (message: ConsoleMessage) => {
    lines.push(message.text())
  }
  const keepReply = (response: HTTPResponse) => {
    replies.push(JSON.stringify(response.headers()))
    if (!REPLY_TYPES.includes(response.request().resourceType())) return
    // A stream that never ends, or a page that closed, has no text to keep.
    response.text().then(
      (text) => replies.push(text),
      () => undefined,
    )
  }
  const watch = (page: Page) => {
    if (watched.has(page)) return
    watched.add(page)
    page.on('console', keepLine)
    page.on('pageerror', (error) => {
      lines.push(String(error))
    })
    page.on('response', keepReply)
  }

  browser.on('targetcreated', (target) => {
    if (target.type() === TargetType.SERVICE_WORKER) {
      if (!workers) return
      target.worker().then(
        (worker) => worker?.on('console', keepLine),
        () => undefined,
      )
    } else if (target.type() === TargetType.PAGE || target.type() === TargetType.BACKGROUND_PAGE) {
      target.asPage().then(watch, () => undefined)
    }
  })
  return { console: lines, replies, watch }
}
