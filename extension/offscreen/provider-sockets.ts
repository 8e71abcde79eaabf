/** The sockets to providers, held here because a rule never reaches those a worker opens (interception §1). */
import type { SocketOrder, SocketReport } from './socket-messages.ts'

const DRAIN_CHECK_MS = 20

export class ProviderSockets {
  readonly #report: (report: SocketReport) => void
  readonly #open = new Map<number, HeldSocket>()

  constructor(report: (report: SocketReport) => void) {
    this.#report = report
  }

  obey(order: SocketOrder): void {
    const { socketId } = order
    switch (order.type) {
      case 'socket.open':
        this.#connect(order)
        return
      case 'socket.send':
        this.#open.get(socketId)?.send(order.data)
        return
      case 'socket.close':
        this.#open.get(socketId)?.close(order.code, order.reason)
    }
  }

  /** The background is gone: nobody meters or hears them any more. */
  closeAll(): void {
    for (const held of this.#open.values()) held.close(undefined, '')
  }

  #connect({ socketId, url, protocols }: Extract<SocketOrder, { type: 'socket.open' }>): void {
    const report: SocketReporter = (said) => {
      if (said.type === 'socket.closed') this.#open.delete(socketId)
      this.#report({ ...said, socketId })
    }
    try {
      this.#open.set(socketId, new HeldSocket(url, protocols, report))
    } catch {
      report({ type: 'socket.closed', code: 1006, reason: '', wasClean: false })
    }
  }
}

type Unnumbered<R> = R extends unknown ? Omit<R, 'socketId'> : never
type SocketReporter = (report: Unnumbered<SocketReport>) => void

class HeldSocket {
  readonly #socket: WebSocket
  readonly #report: SocketReporter
  /** Bytes given to the browser that it has not yet given to the network. */
  #waiting = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(url: string, protocols: string[], report: SocketReporter) {
    this.#report = report
    const socket = new WebSocket(url, protocols)
    this.#socket = socket
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => {
      const { protocol, extensions } = socket
      report({ type: 'socket.opened', protocol, extensions })
    })
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      report({
        type: 'socket.frame',
        data: typeof data === 'string' ? data : new Uint8Array(data),
      })
    })
    socket.addEventListener('close', ({ code, reason, wasClean }) => {
      clearTimeout(this.#timer)
      report({ type: 'socket.closed', code, reason, wasClean })
    })
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    // A page that speaks too early or too late is not heard; the browser would throw, or count it as waiting.
    if (this.#socket.readyState !== WebSocket.OPEN) return
    const before = this.#socket.bufferedAmount
    this.#socket.send(data)
    this.#waiting += this.#socket.bufferedAmount - before
    this.#tellSent()
  }

  close(code: number | undefined, reason: string): void {
    // Only these may be named by a page or by us.
    const named = code === 1000 || (code !== undefined && code >= 3000 && code <= 4999)
    if (named) this.#socket.close(code, reason)
    else this.#socket.close()
  }

  /** The browser tells nobody when its queue gets shorter. */
  #tellSent(): void {
    const left = this.#socket.bufferedAmount
    if (left < this.#waiting) {
      this.#report({ type: 'socket.sent', bytes: this.#waiting - left })
      this.#waiting = left
    }
    clearTimeout(this.#timer)
    if (this.#waiting === 0 || this.#socket.readyState !== WebSocket.OPEN) return
    this.#timer = setTimeout(() => {
      this.#tellSent()
    }, DRAIN_CHECK_MS)
  }
}
