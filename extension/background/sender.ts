import { dashboardOf } from '@valetkey/wallet/capture'
import { isGrantableOrigin, type ProviderId } from '@valetkey/wallet/protocol'
import type { Caller } from '@valetkey/wallet/proxy'

/** The browser's own facts about who opened a port or sent a message. */
export interface SenderFacts {
  readonly id?: string | undefined
  readonly origin?: string | undefined
  readonly url?: string | undefined
  readonly frameId?: number | undefined
  readonly documentLifecycle?: string | undefined
  readonly tab?:
    | {
        readonly id?: number | undefined
        readonly url?: string | undefined
        readonly incognito?: boolean
      }
    | undefined
}

/** Pages of ours that may ask for anything; `frame.html` never is among them. */
const WINDOWS = ['/popup.html', '/consent.html', '/welcome.html', '/dashboard.html']

/**
 * The caller behind a page's port, or null for one that may not call: another extension, a document
 * that is not shown (C13), an opaque origin (C7, C8), or a frame in a foreign page (C10, F8).
 */
export function callerOf(sender: SenderFacts, extensionId: string): Caller | null {
  if (sender.id !== extensionId || !sender.tab) return null
  if (isHidden(sender)) return null
  const { origin } = sender
  if (origin === undefined || !isGrantableOrigin(origin)) return null
  // The bridge keeps silent in foreign frame trees; the top document is checked here once more.
  if (originOf(sender.tab.url) !== origin) return null
  return { origin, incognito: sender.tab.incognito === true }
}

/** The document an app of the SDK embeds, the one page of ours that others may load. */
const FRAME = '/frame.html'

/**
 * The app behind a port of our own frame, or null. The frame is a document of ours, so its own origin says
 * nothing: it is the tab's, and the frame has to name the same (C16). In a tab of its own, in a page of no
 * grantable origin, or in one that is not shown, it speaks for nobody (C13, C113).
 */
export function frameCallerOf(sender: SenderFacts, extensionOrigin: string): Caller | null {
  const { tab, url, origin } = sender
  // A server's page names a request behind the `#`; the document is the same.
  if (!tab || url?.split('#')[0] !== `${extensionOrigin}${FRAME}` || isHidden(sender)) return null
  if (origin !== extensionOrigin || (sender.frameId ?? 0) === 0) return null
  const app = originOf(tab.url)
  if (app === null || !isGrantableOrigin(app)) return null
  return { origin: app, incognito: tab.incognito === true }
}

/** A page on which a provider gives keys out, as the browser vouches for it. */
export interface DashboardPage {
  readonly provider: ProviderId
  readonly origin: string
  readonly tabId: number
}

/**
 * The dashboard behind a message of our script there, or null: it has to be the page itself, at the exact
 * origin of the catalogue (C56), shown, and in no frame. One in an incognito window counts: what a person
 * saves there is kept, as the browser keeps their bookmarks; nothing else of the page is.
 */
export function dashboardOfSender(sender: SenderFacts, extensionId: string): DashboardPage | null {
  const { origin, tab } = sender
  if (sender.id !== extensionId || tab?.id === undefined || sender.frameId !== 0) return null
  if (isHidden(sender)) return null
  if (origin === undefined || originOf(tab.url) !== origin) return null
  const provider = dashboardOf(origin)
  return provider && { provider, origin, tabId: tab.id }
}

/** Whether a message comes from one of our own windows, shown as a window of its own. */
export function isOwnWindow(sender: SenderFacts, extensionOrigin: string): boolean {
  if (sender.url === undefined || (sender.frameId ?? 0) !== 0) return false
  const url = URL.canParse(sender.url) ? new URL(sender.url) : null
  if (!url || `${url.protocol}//${url.host}` !== extensionOrigin) return false
  if (!WINDOWS.includes(url.pathname)) return false
  return sender.origin === undefined || sender.origin === extensionOrigin
}

/** Whether a port comes from the offscreen document. */
export function isOffscreen(sender: SenderFacts, extensionOrigin: string): boolean {
  return sender.tab === undefined && sender.url === `${extensionOrigin}/offscreen.html`
}

/** Prerendered, or kept for the way back. */
function isHidden(sender: SenderFacts): boolean {
  return sender.documentLifecycle !== undefined && sender.documentLifecycle !== 'active'
}

function originOf(url: string | undefined): string | null {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : null
}
