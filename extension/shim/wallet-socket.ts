/** A socket whose other end is the wallet: states, events and errors as the browser has them. */
import type { CallMessage, Channel } from './channel.ts'
import {
  NativeBlob,
  NativeBytes,
  NativeClose,
  NativeError,
  NativeEvent,
  NativePlainEvent,
  NativePromise,
  NativeUrl,
  createCallId,
  dispatch,
  listen,
  originOf,
  readBlob,
  textOf,
} from './natives.ts'
import { assertClose, bytesIn, dataOf, shortOf, type FrameData } from './socket-arguments.ts'

export interface SocketRequest {
  readonly url: string
  readonly protocols: string[]
  readonly valetKey: string
}

/** As `SOCKET_FRAME_LIMIT_BYTES`: a larger message would not be taken. */
const FRAME_LIMIT = 16 * 1024 * 1024

const CONNECTING = 0
const OPEN = 1
const CLOSING = 2
const CLOSED = 3

export class WalletSocket {
  protocol = ''
  extensions = ''
  readonly #self: WebSocket
  readonly #channel: Channel
  readonly #request: SocketRequest
  readonly #openNative: () => WebSocket
  readonly #callId = createCallId()
  readonly #origin: string
  #binaryType: BinaryType = 'blob'
  #state = CONNECTING
  #buffered = 0
  #native: WebSocket | null = null
  /** Whether the wallet was asked for it. */
  #asked = false
  /** Ends once what was handed over so far is on its way; null while no blob has to be read first. */
  #sending: Promise<void> | null = null
  #queued = 0

  constructor(
    self: WebSocket,
    channel: Channel,
    request: SocketRequest,
    openNative: () => WebSocket,
  ) {
    this.#self = self
    this.#channel = channel
    this.#request = request
    this.#openNative = openNative
    this.#origin = originOf(new NativeUrl(request.url))
    void this.#start()
  }

  get binaryType(): BinaryType {
    return this.#binaryType
  }

  set binaryType(type: BinaryType) {
    this.#binaryType = type
    if (this.#native) this.#native.binaryType = type
  }

  get readyState(): number {
    return this.#native?.readyState ?? this.#state
  }

  get bufferedAmount(): number {
    return this.#native?.bufferedAmount ?? this.#buffered
  }

  send(given: unknown): void {
    if (this.readyState === CONNECTING) {
      throw new NativeError('WebSocket: still connecting.', 'InvalidStateError')
    }
    if (this.#native) {
      this.#native.send(given as string)
      return
    }
    const data = dataOf(given)
    const size = bytesIn(data)
    this.#buffered += size
    if (this.#state !== OPEN) return
    if (size > FRAME_LIMIT) this.#lose(1009, 'request.too_large')
    else if (data instanceof NativeBlob || this.#sending) this.#sending = this.#sendInTurn(data)
    else this.#sendNow(data)
  }

  close(givenCode?: unknown, givenReason?: unknown): void {
    const code = givenCode === undefined ? undefined : shortOf(givenCode)
    const reason = givenReason === undefined ? '' : textOf(givenReason)
    assertClose(code, reason)
    if (this.#native) {
      this.#native.close(code, reason)
      return
    }
    if (this.#state === CLOSING || this.#state === CLOSED) return
    const wasConnecting = this.#state === CONNECTING
    this.#state = CLOSING
    if (wasConnecting) {
      if (this.#asked) this.#post({ type: 'socket.close', reason: '' })
      void this.#failLater()
      return
    }
    const close = { type: 'socket.close' as const, reason, ...(code === undefined ? {} : { code }) }
    if (this.#sending) void this.#closeInTurn(close)
    else this.#post(close)
  }

  async #start(): Promise<void> {
    const isOn = await this.#channel.isOn()
    // Closed by the page while it waited.
    if (this.#state !== CONNECTING) return
    if (!isOn) {
      this.#goNative()
      return
    }
    this.#asked = true
    this.#channel.open(this.#callId, (message) => {
      this.#hear(message)
    })
    const { url, protocols, valetKey } = this.#request
    this.#channel.post({ type: 'socket.open', callId: this.#callId, url, protocols, valetKey })
  }

  #hear(message: CallMessage): void {
    switch (message.type) {
      case 'call.pass':
        this.#channel.close(this.#callId)
        if (this.#state === CONNECTING) this.#goNative()
        return
      case 'socket.opened':
        if (this.#state !== CONNECTING) return
        this.protocol = message.protocol
        this.extensions = message.extensions
        this.#state = OPEN
        this.#emit(new NativePlainEvent('open'))
        return
      case 'socket.frame':
        if (this.#state !== OPEN) return
        this.#emit(
          new NativeEvent('message', { data: this.#dataFor(message.data), origin: this.#origin }),
        )
        return
      case 'socket.sent':
        this.#buffered = this.#buffered > message.bytes ? this.#buffered - message.bytes : 0
        return
      case 'socket.closed': {
        const { code, reason, wasClean } = message
        this.#end({ code, reason, wasClean })
        return
      }
      case 'call.error':
        // A handshake that fails tells a page nothing; the reason is where ours says why.
        this.#end({ code: 1006, reason: message.code, wasClean: false })
        return
      case 'call.head':
      case 'call.chunk':
      case 'call.end':
      case 'linked':
      // Not of a socket.
    }
  }

  #dataFor(data: string | Uint8Array): string | Blob | ArrayBuffer {
    if (typeof data === 'string') return data
    const bytes = data as Uint8Array<ArrayBuffer>
    return this.#binaryType === 'blob' ? new NativeBlob([bytes]) : bytes.buffer
  }

  #sendNow(data: FrameData): void {
    this.#post({ type: 'socket.frame', data })
  }

  async #sendInTurn(data: FrameData | Blob): Promise<void> {
    const before = this.#sending
    this.#queued += 1
    const reading = data instanceof NativeBlob ? readBlob(data) : null
    try {
      await before
      const ready = reading ? new NativeBytes(await reading) : (data as FrameData)
      if (this.#state === OPEN || this.#state === CLOSING) this.#sendNow(ready)
    } catch {
      this.#lose(1006, '')
    }
    this.#queued -= 1
    if (this.#queued === 0) this.#sending = null
  }

  async #closeInTurn(close: {
    type: 'socket.close'
    reason: string
    code?: number
  }): Promise<void> {
    await this.#sending
    this.#post(close)
  }

  /** Ends it from here; the wallet hears that nobody listens any more. */
  #lose(code: number, reason: string): void {
    this.#post({ type: 'socket.close', reason: '' })
    this.#end({ code, reason, wasClean: false })
  }

  async #failLater(): Promise<void> {
    await NativePromise.resolve()
    this.#end({ code: 1006, reason: '', wasClean: false })
  }

  #end(closed: { code: number; reason: string; wasClean: boolean }): void {
    if (this.#state === CLOSED) return
    this.#state = CLOSED
    this.#channel.close(this.#callId)
    if (!closed.wasClean) this.#emit(new NativePlainEvent('error'))
    this.#emit(new NativeClose('close', closed))
  }

  /** Not ours: the page's own socket, its events handed on as they come. */
  #goNative(): void {
    let native: WebSocket
    try {
      native = this.#openNative()
    } catch {
      // The browser refuses it (`ws:` from a secure page). The page has its object: too late to throw.
      this.#end({ code: 1006, reason: '', wasClean: false })
      return
    }
    this.#native = native
    native.binaryType = this.#binaryType
    listen(native, 'open', () => {
      this.protocol = native.protocol
      this.extensions = native.extensions
      this.#emit(new NativePlainEvent('open'))
    })
    listen(native, 'message', (event) => {
      const { data, origin } = event as MessageEvent<unknown>
      this.#emit(new NativeEvent('message', { data, origin }))
    })
    listen(native, 'error', () => {
      this.#emit(new NativePlainEvent('error'))
    })
    listen(native, 'close', (event) => {
      const { code, reason, wasClean } = event as CloseEvent
      this.#emit(new NativeClose('close', { code, reason, wasClean }))
    })
  }

  #post(
    message:
      | { type: 'socket.frame'; data: FrameData }
      | { type: 'socket.close'; reason: string; code?: number },
  ): void {
    this.#channel.post({ ...message, callId: this.#callId })
  }

  #emit(event: Event): void {
    dispatch(this.#self, event)
  }
}
