/** The sockets of one page port: opened, fed, closed, and told in messages how they fare. */
import {
  SOCKET_QUEUE_LIMIT_BYTES,
  WalletError,
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
import type { CallSlots } from './call-slots.ts'

/** What the sockets of pages need of the wallet, and of their port. */
export interface SocketSurroundings {
  readonly runSocket: (
    asked: PageSocket,
    caller: Caller,
    listener: SocketListener,
    signal: AbortSignal,
  ) => Promise<SocketReply>
  readonly slots: CallSlots
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
    const { slots, runSocket } = this.#surroundings
    let release: () => void
    try {
      release = slots.take(callId)
    } catch (error) {
      this.#refuse(callId, error)
      return
    }
    const socket: OpenSocket = { abort: new AbortController(), handle: null, waiting: 0 }
    this.#open.set(callId, socket)
    const end = (): void => {
      if (this.#open.delete(callId)) release()
    }
    try {
      const listener = this.#listener(callId, socket, end)
      const { signal } = socket.abort
      const reply = await runSocket(
        { url, protocols, credential: { valetKey } },
        this.#caller,
        listener,
        signal,
      )
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
    this.#post({ type: 'call.error', callId, ...toWire(error, callId) })
  }
}
