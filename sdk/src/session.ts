import type { Chat } from './chat.ts'
import type { ConnectedGrant, GrantUsage, SessionStatus } from './grant.ts'

/**
 * What a session tells: `revoked`, its end; `budget`, a call was refused because it is spent; `locked` and
 * `paused`, no call is made until `resumed`.
 */
export type SessionEvent = 'revoked' | 'budget' | 'locked' | 'paused' | 'resumed'

/** What the person allowed this app, and the way to use it. Made by `connect`. */
export interface Session {
  /** What was granted: it may be less than was asked for. */
  readonly grant: ConnectedGrant
  /** How it stands: `none` is its end. */
  readonly status: SessionStatus
  /** For a library that insists on an API key. It is none: the wallet sets the real one. */
  readonly apiKey: string
  /** For a library that speaks OpenAI's format: every granted provider behind it, models as `provider/model`. */
  readonly baseURL: string
  /**
   * Drop-in for a library's `fetch` option. Calls to the providers' own addresses go to the wallet, and so
   * does everything else: nothing is ever sent past it. A refusal is a response with the header
   * `x-valetkey-error`; only an abort and a lost network reject.
   */
  readonly fetch: typeof globalThis.fetch
  /** One chat format, OpenAI's, over every granted provider. */
  readonly chat: Chat
  /** Hears of an event. @returns stops it */
  on(event: SessionEvent, listener: () => void): () => void
  /** What was spent. @throws ValetKeyError `vault.locked`, `grant.missing` */
  usage(): Promise<GrantUsage>
  /** Gives the grant back: the app has to ask anew. @throws ValetKeyError `vault.locked`, `grant.missing` */
  disconnect(): Promise<void>
}
