import { isGrantableOrigin } from '@valetkey/wallet/protocol'
import type { Caller } from '@valetkey/wallet/proxy'

/** The browser's own facts about who opened a port or sent a message. */
export interface SenderFacts {
  readonly id?: string | undefined
  readonly origin?: string | undefined
  readonly url?: string | undefined
  readonly frameId?: number | undefined
  readonly documentLifecycle?: string | undefined
  readonly tab?: { readonly url?: string | undefined; readonly incognito?: boolean } | undefined
}

/** Pages of ours that may ask for anything; `frame.html` never is among them. */
const WINDOWS = ['/popup.html', '/consent.html', '/welcome.html', '/dashboard.html']

/**
 * The caller behind a page's port, or null for one that may not call: another extension, a document
 * that is not shown (C13), an opaque origin (C7, C8), or a frame in a foreign page (C10, F8).
 */
export function callerOf(sender: SenderFacts, extensionId: string): Caller | null {
  if (sender.id !== extensionId || !sender.tab) return null
  if (sender.documentLifecycle !== undefined && sender.documentLifecycle !== 'active') return null
  const { origin } = sender
  if (origin === undefined || !isGrantableOrigin(origin)) return null
  // The bridge keeps silent in foreign frame trees; the top document is checked here once more.
  if (originOf(sender.tab.url) !== origin) return null
  return { origin, incognito: sender.tab.incognito === true }
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

function originOf(url: string | undefined): string | null {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : null
}
