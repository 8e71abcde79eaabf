import type { RelayRequestHead } from '../crypto/index.ts'
import type { Clock, GrantId, Random } from '../protocol/index.ts'

/** What an app server's grant says of its relay, as the vault holds it. */
export interface RelayConnection {
  readonly grant: GrantId
  /** Whether calls the server can read are taken at all; `required` where the person did not say so. */
  readonly sealed: 'required' | 'plain'
  /** The Ed25519 keys of the app that the person's wallet pinned. */
  readonly appKeys: readonly Uint8Array[]
  /** The X25519 keys of this week and the last, the newest first. */
  readonly exchangeKeys: readonly { readonly secret: Uint8Array; readonly publicKey: Uint8Array }[]
}

/** A call as the app made it; every part of it is hostile until it was admitted as a page's is. */
export interface RelayedCall extends RelayRequestHead {
  readonly body: Uint8Array<ArrayBuffer>
}

export interface RelayReply {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null
}

export interface RelayPorts {
  readonly clock: Clock
  readonly random: Random
  /** Whether all that the server welcomed us with is applied: a grant taken back must not serve (C106). */
  readonly isSynced: () => boolean
  /** Null: no such grant, or none of an app server. @throws `vault.locked` */
  readonly findConnection: (grant: GrantId) => Promise<RelayConnection | null>
  /** Makes the call the way of a page's: budgets, consents, metering. @throws what that throws */
  readonly call: (
    connection: RelayConnection,
    call: RelayedCall,
    signal: AbortSignal,
  ) => Promise<RelayReply>
}
