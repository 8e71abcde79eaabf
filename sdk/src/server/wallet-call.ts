/** A call of a wallet, and what is sent for it. */

/** One call of a provider by one person's wallet. */
export interface WalletCall {
  readonly accessToken: string
  readonly method: string
  /** The relay's: `/v1/proxy/chat/completions`, `/v1/proxy/passthrough/openai/v1/models?limit=2` */
  readonly path: string
  readonly headers: Headers
  readonly body: BodyInit | null
  /** The same for each try of the call: a wallet makes a call of one key once. */
  readonly idempotencyKey: string
}

/** What goes to the server for a call, and how its reply is read. */
export interface SentCall {
  readonly path: string
  readonly init: RequestInit
  /** The provider's reply, from what the server passed on. @throws where it is not whole or not the wallet's */
  readonly open: (reply: Response) => Promise<Response>
}

/**
 * As it is, with the access token where a key would stand: the server can read it, which the person allowed
 * for this connection.
 */
export function plainCall(call: WalletCall): Promise<SentCall> {
  const headers = new Headers(call.headers)
  headers.set('authorization', `Bearer ${call.accessToken}`)
  headers.set('idempotency-key', call.idempotencyKey)
  return Promise.resolve({
    path: call.path,
    init: { method: call.method, headers, body: call.body },
    open: (reply) => Promise.resolve(reply),
  })
}
