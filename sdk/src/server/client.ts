import type { ChatChunk, ChatCompletion } from '../chat.ts'
import type { ProviderId } from '../grant.ts'
import type { ValetKeyError } from '../valet-key-error.ts'
import { askServer, type ServerRequest } from './ask-server.ts'
import { seedOf } from './app-key.ts'
import { chatOf, passthroughOf } from './call-wallet.ts'
import { createError } from './errors.ts'
import { assertFingerprint } from './fingerprint.ts'
import type { WalletTransport } from './send.ts'
import { BoundWallet } from './bound-wallet.ts'
import type { CallSealer } from './seal-call.ts'
import { createServerFetch } from './server-fetch.ts'
import type {
  AppUsage,
  CallOptions,
  Connection,
  Connections,
  LinkSession,
  LinkSessionRequest,
  LinkedWallet,
  PassthroughInit,
  ServerChatRequest,
  ValetKeyClientOptions,
} from './types.ts'
import { plainCall, type SentCall, type WalletCall } from './wallet-call.ts'

const DEFAULT_RETRIES = 2

/**
 * The app's server, at the server it is registered at: links people's wallets, and calls them. Each call goes
 * to one person's wallet by their access token, and has an idempotency key of its own; it is tried again only
 * where nobody began it.
 */
export class ValetKeyClient {
  /**
   * Drop-in for the `fetch` option of official libraries, whose API key is then a person's access token. Calls
   * to a provider's own address go through the relay to that person's wallet; calls elsewhere are refused, and
   * so are redirects. A refusal is a response with the header `x-valetkey-error`. What may have been made
   * already has a status that no library tries again.
   */
  readonly fetch: typeof globalThis.fetch
  /** For a library that speaks OpenAI's format: every provider behind it, models as `provider/model`. */
  readonly baseURL: string
  /** The wallets the app is linked with. */
  readonly connections: Connections
  readonly #transport: WalletTransport
  readonly #appKey: Uint8Array | null
  readonly #authorization: string

  /** @throws ValetKeyError `request.invalid` for an address that is not https and not on this machine */
  constructor(options: ValetKeyClientOptions) {
    const { clientId, clientSecret, baseUrl, maxRetries = DEFAULT_RETRIES, appKey } = options
    const origin = originOf(baseUrl)
    // Looked up at each call: who replaces the global one later means this one, too.
    const fetch = options.fetch ?? ((...args) => globalThis.fetch(...args))
    this.#transport = { origin, fetch, maxRetries, wayOf: plainCall }
    this.#appKey = appKey === undefined ? null : seedOf(appKey)
    this.#authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`
    this.baseURL = `${origin}/v1/proxy`
    this.fetch = createServerFetch(this.#transport)
    this.connections = {
      list: ({ after, limit } = {}) =>
        this.#ask<Connection[]>({
          ...{ method: 'GET', path: '/v1/link/connections', query: { after, limit } },
        }),
      get: (id) => this.#ask<Connection>({ method: 'GET', path: connectionPath(id) }),
      revoke: async (id) => {
        await this.#ask({ method: 'DELETE', path: connectionPath(id) })
      },
    }
  }

  /**
   * Begins to link one person: hand the token to your page.
   * @returns a token that is good for half an hour, and once
   * @throws ValetKeyError `auth.failed`; `request.unprocessable` for an app without a site
   */
  async createLinkSession(request: LinkSessionRequest = {}): Promise<LinkSession> {
    return this.#ask({ method: 'POST', path: '/v1/link/sessions', body: request })
  }

  /**
   * What `onSuccess` gave your page, for an access token. Once, and within five minutes: a public token shown
   * again ends the access token it gave, so do not repeat this after an error.
   * @throws ValetKeyError `auth.expired`, `request.replayed`, `grant.revoked`; `auth.failed` where the wallet's
   *   key is not the one named in the token
   */
  async exchangePublicToken(publicToken: string): Promise<LinkedWallet> {
    const linked = await this.#ask<LinkedWallet>({
      ...{ method: 'POST', path: '/v1/link/exchange', body: { publicToken } },
    })
    await assertFingerprint(publicToken, linked)
    return linked
  }

  /**
   * A new access token for one that may have been seen, which ends with it.
   * @throws ValetKeyError `auth.failed`, `auth.expired`, `grant.revoked`; `auth.forbidden` for one of OAuth
   */
  async rotateAccessToken(
    accessToken: string,
  ): Promise<Pick<LinkedWallet, 'accessToken' | 'expiresAt'>> {
    return this.#ask({ method: 'POST', path: '/v1/link/rotate', body: { accessToken } })
  }

  /**
   * A chat answer of a person's wallet, in pieces as they come.
   * @throws ValetKeyError `relay.wallet_offline`, `relay.wallet_locked`, `budget.exceeded`, `grant.…` and the
   *   others of the table; `relay.wallet_lost` where the call may have been made; while it is read, too
   */
  async chatCompletion(
    request: ServerChatRequest & { readonly stream: true },
    options?: CallOptions,
  ): Promise<AsyncIterable<ChatChunk>>
  /** The same, whole. */
  async chatCompletion(
    request: ServerChatRequest & { readonly stream?: false },
    options?: CallOptions,
  ): Promise<ChatCompletion>
  async chatCompletion(
    request: ServerChatRequest,
    options: CallOptions = {},
  ): Promise<AsyncIterable<ChatChunk> | ChatCompletion> {
    return chatOf(this.#transport, request, options)
  }

  /**
   * A provider's own call, of those the person's wallet makes: `passthrough('openai', '/v1/embeddings', …)`.
   * @param path as it stands after the provider's host, with its query
   * @returns the provider's reply, its own refusals included
   * @throws ValetKeyError as {@link ValetKeyClient.chatCompletion}
   */
  async passthrough(provider: ProviderId, path: string, init: PassthroughInit): Promise<Response> {
    return passthroughOf(this.#transport, { provider, path }, init)
  }

  /**
   * One person's wallet, for its calls. Where the person allowed sealed calls alone, each is sealed: the server
   * in between reads neither what is asked nor what is answered.
   * @param linked as `exchangePublicToken` gave it
   * @throws ValetKeyError `request.invalid` for a sealed connection where the client has no `appKey`
   */
  wallet(linked: LinkedWallet): BoundWallet {
    const { accessToken, sealed } = linked
    if (sealed === 'plain') return new BoundWallet(this.#transport, accessToken)
    if (this.#appKey === null) throw noAppKey()
    const [transport, seed] = [this.#transport, this.#appKey]
    let sealer: Promise<CallSealer> | null = null
    // Loaded by whoever seals: it is ten times as much as all the rest.
    const load = async (): Promise<CallSealer> => {
      const sealing = await import('./seal-call.ts')
      return new sealing.CallSealer(transport, linked, seed)
    }
    const wayOf = async (call: WalletCall): Promise<SentCall> =>
      (await (sealer ??= load())).seal(call)
    return new BoundWallet({ ...this.#transport, wayOf }, accessToken)
  }

  /**
   * What the app used, by UTC day: the last 30 days unless others are named, 366 at most.
   * @throws ValetKeyError `auth.failed`, `request.invalid`
   */
  async usage(
    days: { readonly startDate?: string; readonly endDate?: string } = {},
  ): Promise<AppUsage> {
    return this.#ask({ method: 'GET', path: '/v1/link/usage', query: { ...days } })
  }

  #ask<T>(request: ServerRequest): Promise<T> {
    return askServer(this.#transport, this.#authorization, request)
  }
}

function connectionPath(id: string): string {
  return `/v1/link/connections/${encodeURIComponent(id)}`
}

/** The secret and the tokens go there: in the open on this machine alone. */
function originOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  const isHere = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '')
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return url.origin
  throw createError('request.invalid', {
    message: '`baseUrl` is no address of a server that the secret can be sent to.',
    action: 'Give an https address; http is for this machine alone.',
  })
}

function noAppKey(): ValetKeyError {
  return createError('request.invalid', {
    message:
      'This person’s wallet takes sealed calls alone, and the client has no key to sign them with.',
    action: 'Give `appKey`, whose public half stands at `/.well-known/valetkey.json` of your site.',
  })
}
