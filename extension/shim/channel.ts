/** The shim's end of the way to the background: one message channel, taken over by the bridge. */
import type {
  BackgroundMessage,
  PAGE_PROTOCOL_VERSION,
  PageMessage,
  AppStatus,
} from '@valetkey/wallet/protocol'
import {
  NativeChannel,
  NativeEvent,
  NativePromise,
  NativeRequest,
  NativeUrl,
  create,
  deleteProperty,
  dispatch,
  listen,
  postTo,
  startTimer,
  urlOf,
} from './natives.ts'

/** Carries the port to the bridge. An event type of its own: a page's `message` listeners never see it. */
const OFFER = 'valetkey:port'
/** The bridge came later than the shim, or again. */
const ANNOUNCEMENT = 'valetkey:bridge'

const VERSION: typeof PAGE_PROTOCOL_VERSION = 1
const HELLO: PageMessage = { type: 'hello', version: VERSION }

/** Nobody took the port: the page may be framed by a stranger, where the bridge stays silent. */
const BRIDGE_WAIT_MS = 2_000
/** A bridge is there, its worker may have to start on a busy machine. */
const ANSWER_WAIT_MS = 10_000

/** What the background says about one call. */
export type CallMessage = Exclude<Answer, { type: 'connected' | 'usage' | 'disconnected' }>
/** An app of the SDK hears of questions, too; a shim asks none. */
type Answer = Extract<BackgroundMessage, { callId: string }>
type Receiver = (message: CallMessage) => void

export class Channel {
  readonly #target: EventTarget
  readonly #offerType: string
  readonly #receivers: Partial<Record<string, Receiver>> = create(null) as object
  readonly #told: Partial<Record<string, true>> = create(null) as object
  #ends = new NativeChannel()
  #taken = false
  #site: AppStatus | null = null
  #silent = false
  #asking: Promise<boolean> | null = null
  #settle: (on: boolean) => void = ignore

  /**
   * @param target the window: the one thing both worlds share
   * @param offer the event that carries the port to the bridge
   */
  constructor(target: EventTarget, offer = OFFER) {
    this.#target = target
    this.#offerType = offer
    listen(target, ANNOUNCEMENT, () => {
      if (this.#taken) this.#ends = new NativeChannel()
      this.#offer()
    })
    this.#offer()
  }

  /** Asks how the site stands, so that the answer is there before the first call. */
  greet(): void {
    this.post(HELLO)
  }

  /** Whether calls go to the wallet; false: the page makes its own request. */
  isOn(): boolean | Promise<boolean> {
    if (this.#site !== null && this.#site !== 'none') return true
    // `none` may be old news: the port that would have brought a change dies with an idle worker.
    this.post(HELLO)
    if (this.#silent) return false
    this.#asking ??= this.#waitForAnswer()
    return this.#asking
  }

  /** Sends a message; before the bridge is there it waits in the channel. */
  post(message: PageMessage): void {
    postTo(this.#ends.port1, message)
  }

  /** Tells of a request of the page's own that holds a valet key; once for each host. */
  tellStray(url: string | URL, valetKey: string): void {
    try {
      const { host, href } = new NativeUrl(urlOf(new NativeRequest(url)))
      if (this.#told[host]) return
      this.#told[host] = true
      this.post({ type: 'seen', url: href, valetKey })
    } catch {
      // No address: the browser says so itself.
    }
  }

  /** Hands the messages about a call to `receiver` until it is closed. */
  open(callId: string, receiver: Receiver): void {
    this.#receivers[callId] = receiver
  }

  close(callId: string): void {
    deleteProperty(this.#receivers, callId)
  }

  #waitForAnswer(): Promise<boolean> {
    return new NativePromise<boolean>((resolve) => {
      const settle = (on: boolean): void => {
        this.#settle = ignore
        this.#asking = null
        resolve(on)
      }
      const giveUp = (): void => {
        if (this.#settle !== settle) return
        this.#silent = true
        settle(false)
      }
      this.#settle = settle
      startTimer(giveUp, this.#taken ? ANSWER_WAIT_MS : BRIDGE_WAIT_MS)
    })
  }

  #offer(): void {
    const { port1, port2 } = this.#ends
    port1.onmessage = (event: MessageEvent<BackgroundMessage>) => {
      this.#receive(event.data)
    }
    const offer = new NativeEvent(this.#offerType, { ports: [port2], cancelable: true })
    // A bridge that takes the port cancels the event; without one the port waits with what was posted.
    this.#taken = !dispatch(this.#target, offer)
  }

  #receive(message: BackgroundMessage): void {
    if ('callId' in message) {
      this.#receivers[message.callId]?.(message as CallMessage)
      return
    }
    this.#site = message.type === 'ready' ? message.site : message.status
    this.#silent = false
    this.#settle(this.#site !== 'none')
  }
}

function ignore(): void {
  // Nobody asked.
}
