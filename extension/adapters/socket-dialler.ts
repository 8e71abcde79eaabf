/** Sockets to providers, opened by the offscreen document under a rule that sets the credential. */
import { SOCKET_HANDSHAKE_LIMIT_MS } from '@valetkey/wallet/protocol'
import type {
  DialSocket,
  OutgoingSocket,
  SocketData,
  SocketHandle,
  SocketListener,
} from '@valetkey/wallet/proxy'
import { socketReportSchema, type SocketOrder } from '../offscreen/socket-messages.ts'
import { HandshakeRules } from './handshake-rule.ts'
import type { HeldDocument, OffscreenDocument } from './offscreen-document.ts'

const PURPOSE = {
  reason: 'WORKERS',
  justification: 'Holds the sockets of live calls, which the background may not open itself.',
} as const

const LOST = { code: 1006, reason: '', wasClean: false } as const

export function createSocketDialler(document: Pick<OffscreenDocument, 'hold'>): DialSocket {
  const rules = new HandshakeRules()
  let nextId = 1
  return (socket, listener) => {
    const dialled = new DialledSocket(nextId++, listener)
    void dialled.run(document, rules, socket)
    return dialled
  }
}

/** Whether the browser lets our rule reach sockets to a host: a pattern of its own beside `https:`. */
export function holdsSocketPermission(host: string): Promise<boolean> {
  return chrome.permissions.contains({ origins: [socketPattern(host)] })
}

function socketPattern(host: string): string {
  return `wss://${host}/*`
}

class DialledSocket implements SocketHandle {
  readonly #id: number
  readonly #listener: SocketListener
  readonly #closed = Promise.withResolvers<null>()
  readonly #greeted = Promise.withResolvers<null>()
  #document: HeldDocument | null = null
  #ended = false
  /** The page gave it up before its turn came. */
  #dropped = false

  constructor(id: number, listener: SocketListener) {
    this.#id = id
    this.#listener = listener
  }

  async run(
    document: Pick<OffscreenDocument, 'hold'>,
    rules: HandshakeRules,
    socket: OutgoingSocket,
  ): Promise<void> {
    try {
      this.#document = await document.hold(PURPOSE)
      this.#listen(this.#document)
      await rules.during(socket, () => this.#shakeHands(socket))
      await this.#closed.promise
    } catch {
      this.#end(LOST)
    } finally {
      this.#document?.port.onMessage.removeListener(this.#onReport)
      this.#document?.port.onDisconnect.removeListener(this.#onLost)
      this.#document?.release()
    }
  }

  send(data: SocketData): void {
    this.#order({ type: 'socket.send', socketId: this.#id, data })
  }

  close(code: number | undefined, reason: string): void {
    this.#dropped = true
    this.#order({ type: 'socket.close', socketId: this.#id, code, reason })
  }

  /** Over as soon as it opened or failed, or took too long. */
  async #shakeHands({ url, protocols }: OutgoingSocket): Promise<void> {
    if (this.#dropped) {
      this.#end(LOST)
      return
    }
    this.#order({
      ...{ type: 'socket.open', socketId: this.#id, url: url.href, protocols: [...protocols] },
    })
    const timer = setTimeout(() => {
      this.close(undefined, '')
      this.#end(LOST)
    }, SOCKET_HANDSHAKE_LIMIT_MS)
    await Promise.race([this.#greeted.promise, this.#closed.promise])
    clearTimeout(timer)
  }

  #listen({ port }: HeldDocument): void {
    port.onDisconnect.addListener(this.#onLost)
    port.onMessage.addListener(this.#onReport)
  }

  readonly #onLost = (): void => {
    this.#end(LOST)
  }

  readonly #onReport = (message: unknown): void => {
    const parsed = socketReportSchema.safeParse(message)
    if (!parsed.success || parsed.data.socketId !== this.#id || this.#ended) return
    const report = parsed.data
    switch (report.type) {
      case 'socket.opened':
        this.#greeted.resolve(null)
        this.#listener.onOpen({ protocol: report.protocol, extensions: report.extensions })
        return
      case 'socket.frame':
        this.#listener.onFrame(report.data)
        return
      case 'socket.sent':
        this.#listener.onSent(report.bytes)
        return
      case 'socket.closed':
        this.#end(report)
    }
  }

  #end({ code, reason, wasClean }: Parameters<SocketListener['onClose']>[0]): void {
    if (this.#ended) return
    this.#ended = true
    this.#closed.resolve(null)
    this.#listener.onClose({ code, reason, wasClean })
  }

  #order(order: SocketOrder): void {
    if (this.#ended) return
    try {
      this.#document?.port.postMessage(order)
    } catch {
      this.#end(LOST)
    }
  }
}
