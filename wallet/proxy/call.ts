import type { AskReason } from '../grants/index.ts'
import type {
  CallBody,
  Grant,
  GrantId,
  KeyId,
  KeyPrice,
  ProviderId,
  ProviderKey,
  RequestId,
} from '../protocol/index.ts'

/** Who asks, from the browser's own facts: never from what a page says about itself (C15, C16). */
export interface Caller {
  readonly origin: string
  readonly incognito: boolean
}

/** A call as the page described it; every part of it is hostile until admitted. */
export interface PageCall {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: CallBody
  readonly credential: Credential
}

/**
 * What a page shows for its call: a valet key, good for one provider, or the id of the grant an app of the
 * SDK was given, good for all that grant names. Either is worth something to one caller alone.
 */
export type Credential = { readonly valetKey: string } | { readonly grantRef: string }

/** What the site index knows about a credential, readable while the vault is locked. */
export interface IndexedSite {
  readonly grantId: GrantId
  /** Null: whichever the grant names. */
  readonly provider: ProviderId | null
}

/** A call that needs the person's word before it is sent. */
export interface Question {
  readonly requestId: RequestId
  readonly origin: string
  readonly grant: Grant
  readonly provider: ProviderId
  readonly model: string | null
  readonly boundNanoUsd: number | null
  /** What it will probably cost, to be shown beside the bound; null: not known. */
  readonly expectedNanoUsd: number | null
  readonly why: AskReason
  readonly signal: AbortSignal
}

/** A reply for the page, already scrubbed. `pass`: not ours, the page makes its own request. */
export type CallReply =
  | { readonly kind: 'pass' }
  | {
      readonly kind: 'response'
      readonly status: number
      readonly statusText: string
      readonly headers: [name: string, value: string][]
      readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null
      /** Ours, not a provider's. */
      readonly isRefusal?: true
      /** Fulfilled once a body that was read to its end is in the ledger; absent: nothing is left to do then. */
      readonly settled?: Promise<void>
    }

/** A provider key opened for one call. It is never logged, stored or sent anywhere but `hosts`. */
export interface OpenedKey {
  readonly keyId: KeyId
  readonly provider: ProviderId
  readonly secret: ProviderKey
  /** Where it goes instead of the provider's hosts; null: to those. */
  readonly baseUrl: string | null
  /** What the person says its models cost. */
  readonly prices?: readonly KeyPrice[] | undefined
}
