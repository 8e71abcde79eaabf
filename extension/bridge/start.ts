import type { PAGE_PROTOCOL_VERSION } from '@valetkey/wallet/protocol'
import type { Bridge } from './bridge.ts'
import { bridgeTo } from './bridge-to.ts'
import { openDirectChannel, type DirectChannel } from './direct-channel.ts'
import { isOwnTree, type Standing } from './own-tree.ts'
import { takePagePorts } from './page-port.ts'

const VERSION: typeof PAGE_PROTOCOL_VERSION = 1
const MARK = Symbol.for('valetkey.bridge')

/** The property TypeScript's DOM does not know yet. */
interface PrerenderingDocument extends Document {
  readonly prerendering?: boolean
}

/** Bridges this document to the background, if it speaks for its site. */
export function startBridge(): void {
  // C49: injected twice into the same world, it is still one bridge.
  if (MARK in globalThis || !isOwnTree(standingOf(window))) return
  if ((document as PrerenderingDocument).prerendering === true) {
    // C13: a page nobody sees has no port; what its shim says waits in the channel.
    document.addEventListener('prerenderingchange', startBridge, { once: true })
    return
  }
  Object.defineProperty(globalThis, MARK, { value: true })
  const hello = { type: 'hello', version: VERSION } as const
  const bridges: Record<string, Bridge> = {}
  const close = (): void => {
    for (const key in bridges) bridges[key]?.close()
  }
  let apps = 0
  takePagePorts(window, (offerer, port) => {
    const name = offerer === 'app' ? 'app' : 'page'
    // Each copy of the SDK has one of its own: what one does ends no call of another.
    const key = offerer === 'app' ? apps++ : offerer
    bridges[key]?.close()
    bridges[key] = bridgeTo(port, { name, hello, openDirect })
  })
  // Chrome drops the port of a page in the back/forward cache without telling the page's side.
  window.addEventListener('pagehide', close)
  document.addEventListener('freeze', close)
}

function openDirect(ticket: string): DirectChannel | null {
  const url = chrome.runtime.getURL('channel.html')
  // Firefox has a page for a background, and no service worker to lead a channel to.
  if (!url.startsWith('chrome-extension:')) return null
  return openDirectChannel(ticket, { url, origin: `chrome-extension://${chrome.runtime.id}` })
}

function standingOf({ origin, top, location }: Window): Standing {
  const { ancestorOrigins } = location as Partial<Location>
  return { origin, isTop: top === window, ancestorOrigins }
}
