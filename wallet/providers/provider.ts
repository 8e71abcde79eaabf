import type {
  Capability,
  ErrorCode,
  JsonObject,
  KeyTest,
  ProviderId,
  TokenUsage,
  ValetKeyShapeId,
} from '../protocol/index.ts'
import type { KeyHeader } from './key-header.ts'
import type { SocketEndpoint } from './socket-endpoint.ts'

/** One method and path the catalogue allows. Everything else is denied. */
export interface Endpoint {
  /** Short name for tests and the activity list: `chat.completions`. */
  readonly name: string
  readonly method: 'GET' | 'POST'
  /** Anchored at both ends, linear, tested against the path as the WHATWG parser left it. */
  readonly path: RegExp
  /** `models` and `tokens` come with any capability a grant lists. */
  readonly capability: Capability | 'models' | 'tokens'
  /** `media`: a recording as it is, or JSON that says where one lies. */
  readonly body: 'none' | 'json' | 'form' | 'media'
  /** Where this endpoint wants the key, if not where the provider's others do. */
  readonly auth?: KeyHeader
}

/** What a call asks for, read from its URL and parsed body; the base of grant and budget decisions. */
export interface CallFacts {
  /** The path as the WHATWG parser left it: what a grant's `endpoints` are compared with. */
  readonly path: string
  readonly model: string | null
  /** Capabilities the body needs beyond the endpoint's own: `tools.fetch`, `stored.ids`, `image` … */
  readonly needs: readonly Capability[]
  readonly stream: boolean
  /** The largest number of output tokens the request itself allows per choice; null if it says nothing. */
  readonly outputLimit: number | null
  /** How many answers are produced and billed (`n`, `candidateCount`), at least 1. */
  readonly choices: number
  /** Sizes for the upper bound (protocols §3b). */
  readonly input: {
    /** UTF-8 bytes of all that counts as text. Media given inline counts in `images` and `files` instead. */
    readonly textBytes: number
    readonly messages: number
    readonly tools: number
    readonly images: number
    readonly files: number
  }
  /** What the endpoint does with this model, where it runs models of any kind. */
  readonly capability?: Capability
  /** Something whose cost nothing here bounds (server-side tools with fees …): the person is asked. */
  readonly unbounded: boolean
}

/** The body as it will be sent. */
export interface PreparedBody {
  readonly body: JsonObject
  /** True when we asked the provider to report usage and the app did not: that event is not passed on. */
  readonly usageAddedByUs: boolean
}

/** What an event that may report usage is found by, as its bytes are. */
export interface UsageMark {
  /** In ASCII. */
  readonly word: string
  /** The word is the name of a member whose value is an object: `"usage":null` reports nothing. */
  readonly opensObject?: true
}

/** Reads the usage out of one reply while it passes. */
export interface UsageReader {
  /**
   * At least one stands in every event that {@link UsageReader.event} acts on, and in as few others as can
   * be told without parsing: an event without one need not be shown.
   */
  readonly marks: readonly UsageMark[]
  /** One complete SSE event: its `data` text. False: the app did not ask for this event, drop it. */
  event(data: string): boolean
  /** The whole text of a reply that is not an event stream. */
  body(text: string): void
  /** What the provider reported; `final` is false while a stream may still raise it. Null: nothing sane. */
  result(): { readonly usage: TokenUsage; readonly final: boolean } | null
}

/** How keys of this provider look in text. `refuse`: recognised, never stored (admin keys, sessions). */
export interface KeyPattern {
  readonly kind: string
  readonly pattern: RegExp
  /**
   * How far the form alone says whose key it is. `anywhere`: beyond doubt. `context`: likely, not in just
   * any text. `named`: not at all (32 letters and digits): only where something else names the provider.
   */
  readonly scope: 'anywhere' | 'context' | 'named'
  readonly storable: boolean
}

/** Where a server of the person's own stands: its origin, and the path all its endpoints lie below. */
export interface Place {
  readonly origin: string
  /** Without a slash at its end; empty where they lie at the root. */
  readonly path: string
}

/** The cheapest call that tells whether a key is taken. It is the wallet's own: apps cannot make it. */
interface KeyCheck {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Where it is asked, if not at the provider's first host. */
  readonly host?: string
  /** The text of a good answer says more than its status: it is read too. */
  readonly readsReply?: boolean
}

/** The most one piece of input counts for, as the provider states it: what a bound is made of. */
interface InputMaxima {
  /** Tokens for one image. */
  readonly imageTokens: number
  /** Models that count an image dearer. They bound a call that names no model, too. */
  readonly dearerImages?: readonly { readonly model: RegExp; readonly imageTokens: number }[]
}

/** The most one piece of what a model makes counts for, as the provider states it. */
interface OutputMaximum {
  readonly model: RegExp
  /** Tokens for one picture, its previews among them. */
  readonly imageTokens: number
}

/** Everything the wallet knows about a provider: facts and pure functions, no network. */
export interface Provider {
  readonly id: ProviderId
  readonly name: string
  /** Exact API hosts; a key goes to these and nowhere else. The first is the one keys are tested at. */
  readonly hosts: readonly string[]
  /**
   * Its keys name a place of their own: any that {@link judgeBase} lets pass, or a host of this form.
   * Absent: its keys go to {@link Provider.hosts} alone.
   */
  readonly places?: 'any' | RegExp
  /** The place of the key a call is made with; endpoints are found below it, and `hosts` do not count. */
  readonly place?: Place
  /** Runs on a machine of the person's own: its tokens are counted, and cost nothing. */
  readonly costs?: 'nothing'
  /** Models it says are free, by their names; what else a call asks for may have a price. */
  readonly freeModels?: RegExp
  /** An endpoint's own `auth` goes before it. */
  readonly auth: KeyHeader
  /** Request headers this provider's API knows, lower-case; a trailing `*` matches a prefix. */
  readonly forwardHeaders: readonly string[]
  /** Headers set on every request, whatever the app sent. */
  readonly requiredHeaders: Readonly<Record<string, string>>
  readonly endpoints: readonly Endpoint[]
  /** Sockets it takes calls on; they are no HTTP endpoints. */
  readonly sockets?: readonly SocketEndpoint[]
  /** Paths with a clearer refusal than "unknown": account administration, stored data of other apps. */
  readonly denied: readonly { readonly method?: string; readonly path: RegExp }[]
  readonly keyPatterns: readonly KeyPattern[]
  /** Environment variables that hold its key, the usual one first. */
  readonly envNames: readonly string[]
  /** Shapes of the valet keys made for it, the first one shown. */
  readonly valetKeyShapes: readonly ValetKeyShapeId[]
  readonly keyCheck: KeyCheck
  readonly keyPageUrl: string
  /** Model names to offer in the consent window, newest first. */
  readonly models: readonly string[]
  readonly inputMaxima: InputMaxima
  /** Absent, or no entry for a model: nothing is stated, and what it makes is asked about. */
  readonly outputMaxima?: readonly OutputMaximum[]

  /** @throws `request.invalid` when the body lacks what the endpoint needs (a model …) */
  readFacts(endpoint: Endpoint, url: URL, body: JsonObject | null): CallFacts
  /** Sets the output limit if the app gave none (or a higher one), and asks for usage in streams. */
  prepareBody(
    endpoint: Endpoint,
    body: JsonObject,
    limits: { readonly maxOutputTokens: number },
  ): PreparedBody
  createUsageReader(endpoint: Endpoint, sent: { readonly usageAddedByUs: boolean }): UsageReader
  /** What a key check's answer means. */
  judgeKeyCheck(status: number, bodyText: string): KeyTest['outcome']
  /** A refusal in this provider's own error shape, with our code inside. */
  errorBody(error: {
    readonly code: ErrorCode
    readonly message: string
    readonly status: number
  }): JsonObject
  /** The SSE event that ends a stream midway, complete with its blank line; null where it has none. */
  streamError(error: {
    readonly code: ErrorCode
    readonly message: string
    readonly status: number
  }): string | null
}
