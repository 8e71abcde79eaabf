import type { ChatMessage } from '../chat.ts'
import type { ProviderId } from '../grant.ts'

/** What a client is made with. */
export interface ValetKeyClientOptions {
  /** `vk_cid_…`, from the developer page of your account. */
  readonly clientId: string
  /** `vk_cs_…`, shown once when the app was registered. For servers only: no page may hold it. */
  readonly clientSecret: string
  /** The server the app is registered at: `https://sync.example`; http on this machine alone. */
  readonly baseUrl: string
  /**
   * The app's own key, of `createAppKey`: with it `client.wallet` seals the calls of people who want that.
   * For servers only, as the secret is.
   */
  readonly appKey?: string
  /** How often a call is tried again that nobody began; 2 unless another number stands here, 0 for never. */
  readonly maxRetries?: number
  /** The runtime's own, unless another one stands here. */
  readonly fetch?: typeof globalThis.fetch
}

/** What is suggested to a person: they decide otherwise as they like. */
export interface LinkSessionRequest {
  readonly requestedProviders?: readonly ProviderId[]
  /** US cents a month: 1000 is $10. */
  readonly budgetSuggestionCents?: number
}

/** For `ValetKey.create({ token })` in the app's page. */
export interface LinkSession {
  readonly linkToken: string
  /** Unix ms */
  readonly expiresAt: number
}

/** What a person's wallet gave the app. Keep it where the app keeps what belongs to that person. */
export interface LinkedWallet {
  /** Calls that wallet. Slides: 90 days from its last use. */
  readonly accessToken: string
  /** Unix ms */
  readonly expiresAt: number
  /** Names the connection in {@link Connections}. */
  readonly connectionId: string
  /** The wallet's Ed25519 key for this connection, base64url. */
  readonly walletKey: string
  /** SHA-256 of it, as it stood in the public token, base64url. */
  readonly walletFingerprint: string
  /** `required`: only sealed calls are answered. */
  readonly sealed: 'required' | 'plain'
}

/** A chat call, in OpenAI's format whatever the provider. */
export interface WalletChatRequest {
  /** Left out, the model names it: `anthropic/claude-sonnet-5`. */
  readonly provider?: ProviderId
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly stream?: boolean
  readonly [field: string]: unknown
}

/** One of the wallet of a person. */
export interface ServerChatRequest extends WalletChatRequest {
  /** Of {@link LinkedWallet}, or of OAuth. It goes to the server, and is no part of what the provider gets. */
  readonly accessToken: string
}

/** Beside a call's own content. */
export interface CallOptions {
  readonly signal?: AbortSignal
  /**
   * For a call that the app itself may repeat, after a crash for example: 1 to 255 visible ASCII characters.
   * A wallet makes a call of one key once in ten minutes, and gives its reply again. One is drawn otherwise.
   */
  readonly idempotencyKey?: string
}

/** A call in the provider's own format. */
export interface PassthroughInit extends CallOptions {
  /** Of {@link LinkedWallet}, or of OAuth. */
  readonly accessToken: string
  /** `GET` without a body, `POST` with one, unless another stands here. */
  readonly method?: string
  readonly headers?: HeadersInit
  /** What `fetch` takes, up to 8 MiB. */
  readonly body?: BodyInit | null
}

/** A wallet the app is linked with. What the person allowed stays in their wallet. */
export interface Connection {
  readonly id: string
  readonly clientId: string
  readonly status: 'active' | 'revoked'
  readonly sealed: 'required' | 'plain'
  /** Unix ms */
  readonly createdAt: number
  /** Unix ms; null: no end. */
  readonly expiresAt: number | null
}

/** The app's connections. */
export interface Connections {
  /**
   * In the order of their ids. @param page `after` is the id the page before ended with; `limit` is 100 unless
   * another number up to 1000 stands here
   * @throws ValetKeyError `auth.failed`
   */
  list(page?: { readonly after?: string; readonly limit?: number }): Promise<readonly Connection[]>
  /** @throws ValetKeyError `request.not_found` */
  get(id: string): Promise<Connection>
  /** Ends it at once: its access tokens are dead. @throws ValetKeyError `request.not_found` */
  revoke(id: string): Promise<void>
}

/** Counts. Tokens and cost are there as far as people share them. */
export interface UsageFigures {
  readonly requests: number
  readonly failed: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** 1 000 000 000 is one dollar. As wallets report it: no base for a bill. */
  readonly nanoUsd: number
}

/** What the app used, of all its people together. */
export interface AppUsage {
  readonly clientId: string
  /** UTC days, both included: `2026-11-01` */
  readonly startDate: string
  readonly endDate: string
  readonly totals: UsageFigures
  /** The days on which there was something. */
  readonly daily: readonly (UsageFigures & { readonly date: string })[]
}

/** What an app names of itself at `/.well-known/valetkey.json`. */
export interface AppKeyDocument {
  readonly schema: 1
  readonly origin: string
  readonly keys: readonly {
    readonly kid: string
    /** base64url */
    readonly ed25519: string
    /** Unix ms */
    readonly notAfter: number
  }[]
}
