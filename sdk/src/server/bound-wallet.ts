import type { ChatChunk, ChatCompletion } from '../chat.ts'
import type { ProviderId } from '../grant.ts'
import { chatOf, passthroughOf } from './call-wallet.ts'
import type { WalletTransport } from './send.ts'
import { createServerFetch } from './server-fetch.ts'
import type { CallOptions, PassthroughInit, WalletChatRequest } from './types.ts'

/** The calls of one person's wallet, as `client.wallet(linked)` gives it. */
export class BoundWallet {
  /** As `client.fetch`, to this wallet whatever key the library has. */
  readonly fetch: typeof globalThis.fetch
  /** For a library that speaks OpenAI's format: every provider behind it, models as `provider/model`. */
  readonly baseURL: string
  readonly #transport: WalletTransport
  readonly #accessToken: string

  /** @internal */
  constructor(transport: WalletTransport, accessToken: string) {
    this.#transport = transport
    this.#accessToken = accessToken
    this.baseURL = `${transport.origin}/v1/proxy`
    this.fetch = createServerFetch(transport, accessToken)
  }

  /** As `ValetKeyClient.chatCompletion`, of this wallet. @throws ValetKeyError as that one */
  async chatCompletion(
    request: WalletChatRequest & { readonly stream: true },
    options?: CallOptions,
  ): Promise<AsyncIterable<ChatChunk>>
  /** The same, whole. */
  async chatCompletion(
    request: WalletChatRequest & { readonly stream?: false },
    options?: CallOptions,
  ): Promise<ChatCompletion>
  async chatCompletion(
    request: WalletChatRequest,
    options: CallOptions = {},
  ): Promise<AsyncIterable<ChatChunk> | ChatCompletion> {
    return chatOf(this.#transport, { ...request, accessToken: this.#accessToken }, options)
  }

  /** As `ValetKeyClient.passthrough`, of this wallet. @throws ValetKeyError as that one */
  async passthrough(
    provider: ProviderId,
    path: string,
    init: Omit<PassthroughInit, 'accessToken'> = {},
  ): Promise<Response> {
    const own = { ...init, accessToken: this.#accessToken }
    return passthroughOf(this.#transport, { provider, path }, own)
  }
}
