/** The sockets of one page port: opened, fed, closed, and told in messages how they fare. */
import {
  CALLS_PER_ORIGIN,
  SOCKET_QUEUE_LIMIT_BYTES,
  WalletError,
  isWalletError,
  toWire,
  type BackgroundMessage,
  type PageMessage,
} from '@valetkey/wallet/protocol'
import type {
  Caller,
  PageSocket,
  SocketHandle,
  SocketListener,
  SocketReply,
} from '@valetkey/wallet/proxy'
import type { Keepalive } from './keepalive.ts'

/** What the sockets of pages need of the wallet. */
export interface SocketSurroundings {
  readonly runSocket: (
    asked: PageSocket,
    caller: Caller,
    listener: SocketListener,
    signal: AbortSignal,
  ) => Promise<SocketReply>
  readonly keepalive: Pick<Keepalive, 'hold'>
  /** Open calls and sockets of an origin over all its ports. */
  readonly openCalls: Map<string, number>
}

type Message<T extends PageMessage['type']> = Extract<PageMessage, { type: T }>

interface OpenSocket {
  readonly abort: AbortController
  handle: SocketHandle | null
  /** Bytes the page handed over and the network has not taken. */
  waiting: number
}

export class PageSockets {
  readonly #caller: Caller
  readonly #surroundings: SocketSurroundings
  readonly #post: (message: BackgroundMessage) => void
  readonly #open = new Map<string, OpenSocket>()
  readonly #seen = new Set<string>()

  constructor(
    caller: Caller,
    surroundings: SocketSurroundings,
    post: (message: BackgroundMessage) => void,
  ) {
    this.#caller = caller
    this.#surroundings = surroundings
    this.#post = post
  }

  async open({ callId, url, protocols, valetKey }: Message<'socket.open'>): Promise<void> {
    const { origin } = this.#caller
    const { openCalls, keepalive, runSocket } = this.#surroundings
    const running = openCalls.get(origin) ?? 0
    // C17: an id is used once. C61: sockets count among the calls of an origin.
    const refusal = this.#seen.has(callId)
      ? new WalletError('request.replayed')
      : running >= CALLS_PER_ORIGIN
        ? new WalletError('request.rate_limited', { retryAfterMs: 1000 })
        : null
    this.#seen.add(callId)
    if (refusal) {
      this.#refuse(callId, refusal)
      return
    }
    openCalls.set(origin, running + 1)
    // Nobody else keeps the worker alive while the page and the provider are silent.
    const release = keepalive.hold()
    const socket: OpenSocket = { abort: new AbortController(), handle: null, waiting: 0 }
    this.#open.set(callId, socket)
    const end = (): void => {
      if (!this.#open.delete(callId)) return
      release()
      openCalls.set(origin, (openCalls.get(origin) ?? 1) - 1)
    }
    try {
      const listener = this.#listener(callId, socket, end)
      const { signal } = socket.abort
      const reply = await runSocket({ url, protocols, valetKey }, this.#caller, listener, signal)
      if (reply.kind === 'socket') {
        socket.handle = reply.socket
        return
      }
      end()
      this.#post({ type: 'call.pass', callId })
    } catch (error) {
      end()
      this.#refuse(callId, error)
    }
  }

  frame({ callId, data }: Message<'socket.frame'>): void {
    const socket = this.#open.get(callId)
    if (!socket) return
    socket.waiting += data.length
    if (socket.waiting > SOCKET_QUEUE_LIMIT_BYTES) {
      // C62: a page that never stops must not fill our memory.
      const limitBytes = SOCKET_QUEUE_LIMIT_BYTES
      socket.abort.abort(new WalletError('request.too_large', { limitBytes }))
      return
    }
    socket.handle?.send(data)
  }

  close({ callId, code, reason }: Message<'socket.close'>): void {
    const socket = this.#open.get(callId)
    // Nobody hears of one that never opened.
    if (socket?.handle) socket.handle.close(code, reason)
    else socket?.abort.abort(new WalletError('request.aborted'))
  }

  /** The page is gone, or something ended what it may do: every socket ends at once. */
  abortAll(why: WalletError): void {
    for (const socket of this.#open.values()) socket.abort.abort(why)
  }

  #listener(callId: string, socket: OpenSocket, end: () => void): SocketListener {
    return {
      onOpen: (head) => {
        this.#post({ type: 'socket.opened', callId, ...head })
      },
      onFrame: (data) => {
        this.#post({ type: 'socket.frame', callId, data })
      },
      onSent: (bytes) => {
        socket.waiting = Math.max(0, socket.waiting - bytes)
        this.#post({ type: 'socket.sent', callId, bytes })
      },
      onClose: (closed) => {
        end()
        this.#post({ type: 'socket.closed', callId, ...closed })
      },
    }
  }

  #refuse(callId: string, error: unknown): void {
    const known = isWalletError(error)
      ? error
      : new WalletError('internal', undefined, { cause: error })
    this.#post({ type: 'call.error', callId, ...toWire(known, callId) })
  }
}
