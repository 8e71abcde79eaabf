/**
 * The socket to the sync server (design: protocols §1, §2). It says that there is something new, and
 * nothing of what: whoever hears it pulls. Its messages keep the worker alive while the vault is open.
 */
import {
  LIVE_CLOSE_LOCKED,
  LIVE_PING_MS,
  LIVE_SILENCE_MS,
  LIVE_SUBPROTOCOL,
  WalletError,
  decodeLiveFrame,
  encodeLiveFrame,
  isRelayFrame,
  isWalletError,
  type LiveFrame,
  type Random,
} from '../protocol/index.ts'

type Challenge = Extract<LiveFrame, { type: 'challenge' }>
type Hello = Extract<LiveFrame, { type: 'hello' }>

/** What of a WebSocket is used. */
export type LiveSocket = Pick<WebSocket, 'binaryType' | 'send' | 'close' | 'onmessage' | 'onclose'>

interface LiveChannelPorts {
  readonly open: (url: string, protocol: string) => LiveSocket
  /** The device's proof over what the server asked; null: there is none to give now. */
  readonly prove: (challenge: Challenge) => Promise<Hello | null>
  /** The seq of the server's newest head: more than this device has means that there is something new. */
  readonly onHead: (seq: number) => void
  /** Somebody fetched the vault with the recovery key. */
  readonly onRecovered: (at: number) => void
  /** What the server knew last when it took this device; said before any call of an app server comes. */
  readonly onWelcome: (seq: number) => void
  /** Serves the calls of app servers on this socket. */
  readonly openRelay: (send: (frame: Uint8Array<ArrayBuffer>) => void) => RelayEnd
  readonly onState: (isLive: boolean) => void
  readonly clock: () => number
  readonly random: Random
}

/** The wallet's end of the relay on one socket. */
export interface RelayEnd {
  /** False: no server of ours says that. */
  receive(frame: Uint8Array): boolean
  close(why: WalletError): void
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

export class LiveChannel {
  readonly #ports: LiveChannelPorts
  #url: string | null = null
  #socket: LiveSocket | null = null
  #relay: RelayEnd | null = null
  #isLive = false
  #failures = 0
  #heardAt = 0
  #beat: ReturnType<typeof setInterval> | undefined
  #again: ReturnType<typeof setTimeout> | undefined
  readonly #waiting = new Set<() => void>()

  constructor(ports: LiveChannelPorts) {
    this.#ports = ports
  }

  get isLive(): boolean {
    return this.#isLive
  }

  /** Resolves once the server took this device; after `limitMs` at the latest, at once where no socket is held. */
  async untilLive(limitMs: number): Promise<void> {
    if (this.#isLive || this.#url === null) return
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(limit)
        this.#waiting.delete(done)
        resolve()
      }
      const limit = setTimeout(done, limitMs)
      this.#waiting.add(done)
    })
  }

  /** Holds a socket to this server from now on, whatever happens to the first. */
  start(serverOrigin: string): void {
    const url = `${serverOrigin.replace(/^http/, 'ws')}/v1/live`
    if (this.#url === url) return
    this.stop()
    this.#url = url
    this.#connect()
  }

  /** @param why calls of app servers end with it; a locked vault is told to the server by the close code */
  stop(why: WalletError = new WalletError('request.aborted')): void {
    this.#url = null
    this.#failures = 0
    clearTimeout(this.#again)
    this.#drop(why)
  }

  /** Greets the server anew: what this device takes on the socket is another. */
  greetAgain(): void {
    const url = this.#url
    if (url === null) return
    this.stop()
    this.#url = url
    this.#connect()
  }

  #connect(): void {
    if (this.#url === null) return
    let socket: LiveSocket
    try {
      socket = this.#ports.open(this.#url, LIVE_SUBPROTOCOL)
    } catch {
      this.#retry()
      return
    }
    this.#socket = socket
    this.#heardAt = this.#ports.clock()
    socket.binaryType = 'arraybuffer'
    socket.onmessage = (event: MessageEvent) => {
      const data: unknown = event.data
      if (this.#socket !== socket) return
      this.#heardAt = this.#ports.clock()
      if (!(data instanceof ArrayBuffer) || !this.#take(new Uint8Array(data), socket)) {
        this.#lost(socket)
      }
    }
    socket.onclose = () => {
      this.#lost(socket)
    }
    this.#beat = setInterval(() => {
      if (this.#ports.clock() - this.#heardAt > LIVE_SILENCE_MS) this.#lost(socket)
      else if (this.#isLive) socket.send(encodeLiveFrame({ type: 'ping' }))
    }, LIVE_PING_MS)
  }

  #take(bytes: Uint8Array<ArrayBuffer>, socket: LiveSocket): boolean {
    // Only who was welcomed is asked anything.
    if (isRelayFrame(bytes)) return this.#relay?.receive(bytes) === true
    const frame = decodeLiveFrame(bytes)
    if (frame) this.#receive(frame, socket)
    return frame !== null
  }

  #receive(frame: LiveFrame, socket: LiveSocket): void {
    switch (frame.type) {
      case 'challenge':
        void this.#greet(frame, socket)
        return
      case 'welcome':
        this.#failures = 0
        this.#ports.onWelcome(frame.seq)
        this.#relay = this.#ports.openRelay((bytes) => {
          if (this.#socket === socket) socket.send(bytes)
        })
        this.#setLive(true)
        if (frame.recoveredAt !== null) this.#ports.onRecovered(frame.recoveredAt)
        // What was pushed while nobody listened.
        this.#ports.onHead(frame.seq)
        return
      case 'hint':
        if (frame.recovered === true) this.#ports.onRecovered(this.#ports.clock())
        this.#ports.onHead(frame.seq)
        return
      case 'goaway':
        this.#lost(socket, frame.reconnectIn)
        return
      case 'hello':
      case 'ping':
      case 'pong':
    }
  }

  async #greet(challenge: Challenge, socket: LiveSocket): Promise<void> {
    const hello = await this.#ports.prove(challenge).catch(() => null)
    if (this.#socket !== socket) return
    if (hello) socket.send(encodeLiveFrame(hello))
    else this.#lost(socket)
  }

  #lost(socket: LiveSocket, waitMs?: number): void {
    if (this.#socket !== socket) return
    this.#drop()
    this.#retry(waitMs)
  }

  /** Full jitter: devices cut off together do not come back together. */
  #retry(waitMs?: number): void {
    if (this.#url === null) return
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, 16)
    const draw = (this.#ports.random(1)[0] ?? 0) / 256
    clearTimeout(this.#again)
    this.#again = setTimeout(
      () => {
        this.#connect()
      },
      waitMs === undefined ? draw * longest : Math.min(waitMs, LONGEST_WAIT_MS),
    )
  }

  #drop(why: WalletError = new WalletError('request.aborted')): void {
    clearInterval(this.#beat)
    this.#relay?.close(why)
    this.#relay = null
    const socket = this.#socket
    this.#socket = null
    if (socket) {
      socket.onclose = null
      socket.onmessage = null
      // So that apps hear at once why: a lock is for the person to end.
      if (isWalletError(why, 'relay.wallet_locked')) socket.close(LIVE_CLOSE_LOCKED)
      else socket.close()
    }
    this.#setLive(false)
  }

  #setLive(isLive: boolean): void {
    if (this.#isLive === isLive) return
    this.#isLive = isLive
    if (isLive) for (const done of [...this.#waiting]) done()
    this.#ports.onState(isLive)
  }
}
