/**
 * Carries messages between a page and the background, both ways, and says so when the background is
 * gone. It holds no secret and decides nothing; of a message it reads only type and call id.
 */
import type { BackgroundMessage, PageMessage } from '@valetkey/wallet/protocol'
import { CALL_LOST } from '@valetkey/wallet/protocol/call-lost'

/** The part of a runtime port that is used here. */
export interface RuntimePort {
  postMessage(message: PageMessage): void
  disconnect(): void
  readonly onMessage: { addListener(listener: (message: BackgroundMessage) => void): void }
  readonly onDisconnect: { addListener(listener: () => void): void }
}

export type Hello = Extract<PageMessage, { type: 'hello' }>

export interface BridgeEnds {
  /** Opens a port to the background; throws once the extension was reloaded or removed. */
  readonly connect: () => RuntimePort
  readonly postToPage: (message: BackgroundMessage) => void
  /** Said on every new port, whatever hello the page says: a frame puts the app's origin in it. */
  readonly hello: Hello
}

/** After these nothing more is said about a call or socket. */
const ENDINGS: readonly BackgroundMessage['type'][] = [
  'call.end',
  'call.error',
  'call.pass',
  'socket.closed',
]

export class Bridge {
  readonly #ends: BridgeEnds
  readonly #openCalls = new Set<string>()
  #port: RuntimePort | null = null

  constructor(ends: BridgeEnds) {
    this.#ends = ends
  }

  /** Takes a message of the page, which may post anything (C48). A worker that fell asleep is woken by it. */
  receive(message: PageMessage | null | undefined): void {
    switch (message?.type) {
      case 'hello':
        this.#greet()
        return
      case 'call.start':
      case 'socket.open':
        if (this.#send(message)) this.#openCalls.add(message.callId)
        else this.#loseCall(message.callId)
        return
      case 'call.credit':
      case 'call.abort':
      case 'socket.frame':
      case 'socket.close':
        // Of a call that is over: no reason to wake a worker.
        if (this.#openCalls.has(message.callId)) this.#send(message)
        return
      case 'status':
      case 'seen':
        this.#send(message)
        return
      case undefined:
    }
  }

  /** The page is going away, perhaps to come back: its calls end here and now. */
  close(): void {
    this.#port?.disconnect()
    this.#lose()
  }

  #greet(): void {
    const { hello, postToPage } = this.#ends
    if (this.#port ? this.#send(hello) : this.#wake()) return
    // No extension any more: requests go out as if there had never been one.
    postToPage({ type: 'ready', version: hello.version, site: 'none' })
  }

  /** False: too large for a port, or no extension any more. */
  #send(message: PageMessage): boolean {
    try {
      this.#openPort().postMessage(message)
      return true
    } catch (error) {
      if (!this.#port || !String(error).includes('disconnected')) return false
      // A port that closed without telling: its calls are lost, but this message was not sent yet.
      this.#lose()
      return this.#send(message)
    }
  }

  #wake(): boolean {
    try {
      this.#openPort()
      return true
    } catch {
      return false
    }
  }

  #openPort(): RuntimePort {
    if (this.#port) return this.#port
    const port = this.#ends.connect()
    port.onMessage.addListener((message) => {
      if (this.#port === port) this.#deliver(message)
    })
    port.onDisconnect.addListener(() => {
      if (this.#port === port) this.#lose()
    })
    port.postMessage(this.#ends.hello)
    this.#port = port
    return port
  }

  #deliver(message: BackgroundMessage): void {
    const { type } = message
    if (ENDINGS.includes(type) && 'callId' in message) this.#openCalls.delete(message.callId)
    this.#ends.postToPage(message)
  }

  /** Whether the provider was reached is unknown, so nothing is repeated: the app is told at once. */
  #lose(): void {
    this.#port = null
    for (const callId of [...this.#openCalls]) this.#loseCall(callId)
  }

  #loseCall(callId: string): void {
    this.#openCalls.delete(callId)
    this.#ends.postToPage({ type: 'call.error', callId, ...CALL_LOST, requestId: callId })
  }
}
