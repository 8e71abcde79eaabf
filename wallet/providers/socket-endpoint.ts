import type { Capability, JsonObject, TokenUsage } from '../protocol/index.ts'
import type { KeyHeader } from './key-header.ts'

/** One socket address the catalogue allows. Everything else is denied. */
export interface SocketEndpoint {
  /** Short name for tests and the activity list: `realtime`. */
  readonly name: string
  /** Anchored at both ends, linear, tested against the path as the WHATWG parser left it. */
  readonly path: RegExp
  readonly capability: Capability
  /** Where the handshake wants the key, if not where the provider's calls do. */
  readonly auth?: KeyHeader
  /** Subprotocols of this API: anything else, a page's credential among it, is not sent. */
  readonly protocols: RegExp
  /** Whether binary frames of a page are sound, which says nothing to judge; else each frame is JSON. */
  readonly sendsSound?: boolean
  /** @throws `request.invalid` when the address lacks what the API needs, or names a stored thing */
  openSession(url: URL): SocketSession
}

/** What of one socket's frames concerns the grant and the bill. */
export interface SocketSession {
  /** Null until a frame names it. */
  readonly model: string | null
  /**
   * Reads a frame of the page before it is sent.
   * @throws `request.invalid` for a frame of another shape than the API's (C40, C41)
   */
  fromPage(frame: JsonObject): SocketAsk
  /** Reads a frame of the provider. */
  fromProvider(text: string): void
  spent(): SocketSpending
}

/** What a frame asks for beyond what the session was admitted for. */
export interface SocketAsk {
  readonly models: readonly string[]
  readonly needs: readonly Capability[]
}

export interface SocketSpending {
  /** All that was reported so far, each kind of token summed up; null before the first report. */
  readonly usage: TokenUsage | null
  /** Whether an answer is under way whose report has not come. */
  readonly open: boolean
}
