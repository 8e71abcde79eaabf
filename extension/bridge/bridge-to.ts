import type { BackgroundMessage, PageMessage } from '@valetkey/wallet/protocol'
import { Bridge, type BridgeEnds, type RuntimePort } from './bridge.ts'

interface Standing extends Pick<BridgeEnds, 'hello' | 'openDirect'> {
  /** What our port is called: the background knows by it who may ask for what. */
  readonly name: string
}

/** Bridges one port of a page to the background. */
export function bridgeTo(page: MessagePort, { name, hello, openDirect }: Standing): Bridge {
  const bridge = new Bridge({
    connect: () => connect(name),
    openDirect,
    clock: Date.now,
    hello,
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

function connect(name: string): RuntimePort {
  const port = chrome.runtime.connect({ name })
  // Reading it keeps an ordinary disconnect out of the console.
  port.onDisconnect.addListener(() => chrome.runtime.lastError)
  return port
}
