/** The object a page holds of a socket of the wallet's: the members of a `WebSocket`, each its own. */
import type { Channel } from './channel.ts'
import { NativeTarget, construct, defineProperty, listen } from './natives.ts'
import { WalletSocket, type SocketRequest } from './wallet-socket.ts'

interface Surroundings {
  /** The page's own socket, for a valet key that is not ours to answer. */
  readonly openNative: () => WebSocket
  /** What `new` was called on: the class, or one the page derived from it. */
  readonly newTarget: unknown
}

/** @returns an object that is an instance of the page's `WebSocket` */
export function createWalletSocket(
  channel: Channel,
  request: SocketRequest,
  { openNative, newTarget }: Surroundings,
): WebSocket {
  const self = construct(NativeTarget, [], newTarget as typeof EventTarget) as WebSocket
  const socket = new WalletSocket(self, channel, request, openNative)
  const getters: Record<string, () => unknown> = {
    url: () => request.url,
    readyState: () => socket.readyState,
    bufferedAmount: () => socket.bufferedAmount,
    protocol: () => socket.protocol,
    extensions: () => socket.extensions,
  }
  for (const name in getters) {
    defineProperty(self, name, { get: getters[name] as () => unknown, configurable: true })
  }
  defineProperty(self, 'binaryType', {
    get: () => socket.binaryType,
    set: (type: unknown) => {
      if (type === 'blob' || type === 'arraybuffer') socket.binaryType = type
    },
    configurable: true,
  })
  defineProperty(self, 'send', {
    value: (data: unknown): void => {
      socket.send(data)
    },
    configurable: true,
    writable: true,
  })
  defineProperty(self, 'close', {
    value: (code?: unknown, reason?: unknown): void => {
      socket.close(code, reason)
    },
    configurable: true,
    writable: true,
  })
  for (const type of ['open', 'message', 'error', 'close']) addHandler(self, type)
  return self
}

/** `onopen` and the like: one listener, in the place it was first set at. */
function addHandler(self: WebSocket, type: string): void {
  let handler: unknown = null
  let listens = false
  defineProperty(self, `on${type}`, {
    get: () => handler,
    set: (given: unknown) => {
      handler = typeof given === 'function' ? given : null
      if (listens || handler === null) return
      listens = true
      listen(self, type, (event) => {
        if (typeof handler === 'function')
          (handler as (this: WebSocket, e: Event) => void).call(self, event)
      })
    },
    configurable: true,
  })
}
