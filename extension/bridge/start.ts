import type {
  BackgroundMessage,
  PAGE_PROTOCOL_VERSION,
  PageMessage,
} from '@valetkey/wallet/protocol'
import { Bridge, type RuntimePort } from './bridge.ts'
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
  let bridge: Bridge | null = null
  const close = (): void => {
    bridge?.close()
  }
  takePagePorts(window, (port) => {
    close()
    bridge = bridgeTo(port)
  })
  // Chrome drops the port of a page in the back/forward cache without telling the page's side.
  window.addEventListener('pagehide', close)
  document.addEventListener('freeze', close)
}

function bridgeTo(page: MessagePort): Bridge {
  const bridge = new Bridge({
    connect,
    openDirect,
    clock: Date.now,
    hello: { type: 'hello', version: VERSION },
    postToPage(message: BackgroundMessage) {
      const bytes = message.type === 'call.chunk' ? message.bytes : null
      page.postMessage(message, bytes instanceof Uint8Array ? [bytes.buffer] : [])
    },
  })
  page.onmessage = (event: MessageEvent<PageMessage>) => {
    bridge.receive(event.data)
  }
  return bridge
}

function connect(): RuntimePort {
  const port = chrome.runtime.connect({ name: 'page' })
  // Reading it keeps an ordinary disconnect out of the console.
  port.onDisconnect.addListener(() => chrome.runtime.lastError)
  return port
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
