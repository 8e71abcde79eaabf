/**
 * Carries messages between a page and the background, both ways, and says so when the background is
 * gone. It holds no secret and decides nothing; of a message it reads only type and call id.
 */
import type { BackgroundMessage, DirectMessage, PageMessage } from '@valetkey/wallet/protocol'
import { CALL_LOST } from '@valetkey/wallet/protocol/call-lost'
import type { DirectChannel } from './direct-channel.ts'
import { isLight } from './weight.ts'

/** The part of a runtime port that is used here. */
export interface RuntimePort {
  postMessage(message: PageMessage): void
  disconnect(): void
  readonly onMessage: {
    addListener(listener: (message: BackgroundMessage | DirectMessage) => void): void
  }
  readonly onDisconnect: { addListener(listener: () => void): void }
}

/** Takes a message to the background; false where it cannot. */
type Way = (message: PageMessage) => boolean

export type Hello = Extract<PageMessage, { type: 'hello' }>

export interface BridgeEnds {
  /** Opens a port to the background; throws once the extension was reloaded or removed. */
  readonly connect: () => RuntimePort
  readonly postToPage: (message: BackgroundMessage) => void
  /** Leads a channel of its own to the worker, who knows it by the ticket; null where no way leads there. */
  readonly openDirect: (ticket: string) => DirectChannel | null
  /** Unix ms */
  readonly clock: () => number
  /** Said on every new port, whatever hello the page says: a frame puts the app's origin in it. */
  readonly hello: Hello
}

/**
 * A worker heard of so lately is not about to be stopped for idleness: what is posted past the runtime port
 * neither wakes it nor keeps it. It shows that it is in use every 20 s of a call, and lives for 30 s.
 */
const AWAKE_MS = 5_000

/** After these nothing more is said about a call, a socket or a question. */
const ENDINGS: readonly BackgroundMessage['type'][] = [
  'call.end',
  'call.error',
  'call.pass',
  'socket.closed',
  'connected',
  'usage',
  'disconnected',
  'linked',
]

export class Bridge {
  readonly #ends: BridgeEnds
  /** With the way each went: what is said about a call goes the same. */
  readonly #openCalls = new Map<string, Way>()
  #port: RuntimePort | null = null
  #direct: DirectChannel | null = null
  #isDirectReady = false
  #callsOfPort = 0
  #heardAt = -Infinity

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
        this.#start(message, this.#directWay(message) ?? this.#throughPort)
        this.#wantDirect()
        return
      case 'socket.open':
      case 'connect':
      case 'usage':
      case 'disconnect':
      case 'link':
        this.#start(message, this.#throughPort)
        return
      // Of a call that is over: no reason to wake a worker.
      case 'call.credit':
      case 'call.abort':
        if (isLight(message)) this.#openCalls.get(message.callId)?.(message)
        return
      case 'socket.frame':
      case 'socket.close':
        this.#openCalls.get(message.callId)?.(message)
        return
      case 'status':
      case 'seen':
        this.#send(message)
        return
      // The bridge's own word, not the page's.
      case 'direct.want':
      case undefined:
    }
  }

  /** The page is going away, perhaps to come back: its calls end here and now. */
  close(): void {
    this.#port?.disconnect()
    this.#lose()
  }

  readonly #throughPort: Way = (message) => this.#send(message)

  #start(message: Extract<PageMessage, { callId: string }>, way: Way): void {
    if (way(message)) this.#openCalls.set(message.callId, way)
    else this.#loseCall(message.callId)
  }

  /** Null while there is none, its worker may be gone without a word, or the port's limit must judge. */
  #directWay(start: PageMessage): Way | null {
    const direct = this.#direct
    const ageMs = this.#ends.clock() - this.#heardAt
    if (!direct || !this.#isDirectReady || ageMs < 0 || ageMs > AWAKE_MS) return null
    if (!isLight(start)) return null
    return (message) => {
      try {
        direct.port.postMessage(message)
        return true
      } catch {
        return false
      }
    }
  }

  /** One call may be all a page makes while this worker lives; the second is worth a channel. */
  #wantDirect(): void {
    this.#callsOfPort += 1
    if (this.#callsOfPort === 2) this.#send({ type: 'direct.want' })
  }

  #openDirect(ticket: string): void {
    const direct = this.#ends.openDirect(ticket)
    if (!direct) return
    this.#direct = direct
    direct.port.onmessage = ({ data }: MessageEvent<BackgroundMessage | DirectMessage>) => {
      if (this.#direct === direct) this.#hear(data)
    }
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
      if (this.#port === port) this.#hear(message)
    })
    port.onDisconnect.addListener(() => {
      if (this.#port === port) this.#lose()
    })
    port.postMessage(this.#ends.hello)
    this.#callsOfPort = 0
    this.#port = port
    return port
  }

  #hear(message: BackgroundMessage | DirectMessage): void {
    this.#heardAt = this.#ends.clock()
    if (message.type === 'direct.ticket') {
      this.#openDirect(message.ticket)
    } else if (message.type === 'direct.ready') {
      this.#isDirectReady = true
      this.#direct?.dismiss()
    } else {
      this.#deliver(message)
    }
  }

  #deliver(message: BackgroundMessage): void {
    const { type } = message
    if (ENDINGS.includes(type) && 'callId' in message) this.#openCalls.delete(message.callId)
    this.#ends.postToPage(message)
  }

  /** Whether the provider was reached is unknown, so nothing is repeated: the app is told at once. */
  #lose(): void {
    this.#port = null
    this.#closeDirect()
    for (const callId of [...this.#openCalls.keys()]) this.#loseCall(callId)
  }

  #closeDirect(): void {
    this.#direct?.dismiss()
    this.#direct?.port.close()
    this.#direct = null
    this.#isDirectReady = false
  }

  #loseCall(callId: string): void {
    this.#openCalls.delete(callId)
    this.#ends.postToPage({ type: 'call.error', callId, ...CALL_LOST, requestId: callId })
  }
}
