/**
 * The document an app of the SDK embeds, hidden, and a server's page of OAuth. What is decided is decided
 * in windows of ours. Any page may embed it, and learns from that only that ValetKey is installed (C22).
 */
import type { PAGE_PROTOCOL_VERSION } from '@valetkey/wallet/protocol'
import type { Bridge } from './bridge.ts'
import { bridgeTo } from './bridge-to.ts'
import type { DirectChannel } from './direct-channel.ts'
import { requestIdIn, startAuthorizing } from './authorize-frame.ts'

const VERSION: typeof PAGE_PROTOCOL_VERSION = 1

/** What the page says when it hands its port over. */
const GREETING = 'valetkey:connect'

export function startFrame(): void {
  const requestId = requestIdIn(location.hash)
  if (requestId !== null) {
    const [ancestor = ''] = location.ancestorOrigins
    // C103, C113: the server's own page is the whole tree around us.
    if (isOnlyAncestor(ancestor, location.ancestorOrigins)) startAuthorizing(requestId)
    return
  }
  // One for each copy of the SDK in the page: what one does ends no call of another.
  const bridges = new Set<Bridge>()
  const close = (): void => {
    for (const bridge of bridges) bridge.close()
  }
  addEventListener('message', (event: MessageEvent<unknown>) => {
    const [port] = event.ports
    if (!port || event.source !== parent || event.data !== GREETING) return
    if (!isOnlyAncestor(event.origin, location.ancestorOrigins)) {
      port.postMessage({ type: 'refused' })
      return
    }
    const hello = { type: 'hello', version: VERSION, appOrigin: event.origin } as const
    const bridge = bridgeTo(port, { name: 'frame', hello, openDirect })
    bridges.add(bridge)
    port.addEventListener('close', () => {
      bridge.close()
      bridges.delete(bridge)
    })
    port.postMessage({ type: 'accepted' })
  })
  // Chrome drops the port of a page in the back/forward cache without telling the page's side.
  addEventListener('pagehide', close)
  document.addEventListener('freeze', close)
}

/** C113: the app itself is the whole tree around us. One in a frame of its own site asks from the top. */
export function isOnlyAncestor(origin: string, ancestors: ArrayLike<string>): boolean {
  return origin !== 'null' && ancestors.length === 1 && ancestors[0] === origin
}

/** A document of the extension reaches the worker itself. */
function openDirect(ticket: string): DirectChannel {
  const { port1, port2 } = new MessageChannel()
  void navigator.serviceWorker.ready.then(({ active }) => active?.postMessage(ticket, [port2]))
  return { port: port1, dismiss: () => undefined }
}
