/** Calls of a wallet, with the patience that is safe. */
import { createChat, type ChatChunk, type ChatCompletion, type ChatRequest } from '../chat.ts'
import { isErrorCode } from '@valetkey/wallet/protocol/error-table'
import { isValetKeyError } from '../valet-key-error.ts'
import { createError } from './errors.ts'
import { lostCall } from './lost.ts'
import { send, type WalletTransport } from './send.ts'
import type { CallOptions, PassthroughInit, ServerChatRequest } from './types.ts'
import type { WalletCall } from './wallet-call.ts'

/** @throws ValetKeyError as refused; the reason of an abort */
async function callWallet(
  transport: WalletTransport,
  call: Omit<WalletCall, 'idempotencyKey'>,
  { signal, idempotencyKey = crypto.randomUUID() }: CallOptions,
): Promise<Response> {
  const sent = await transport.wayOf({ ...call, idempotencyKey })
  return send(transport, sent, lostCall, signal)
}

/** @throws ValetKeyError as refused, and of a provider's own refusal */
export async function chatOf(
  transport: WalletTransport,
  { accessToken, provider, model, ...rest }: ServerChatRequest,
  options: CallOptions,
): Promise<AsyncIterable<ChatChunk> | ChatCompletion> {
  const chat = createChat({
    baseURL: '/v1/proxy',
    createError: (code, details, said) =>
      createError(code, { details, message: isErrorCode(code) ? undefined : said }),
    fetch: (path, init = {}) =>
      callWallet(
        transport,
        {
          ...{ accessToken, method: 'POST', path: path as string }, // `baseURL` and its own path
          ...{ headers: new Headers(init.headers), body: init.body ?? null },
        },
        options,
      ),
  })
  const name = provider === undefined ? model : `${provider}/${model}`
  const asked = { ...rest, model: name as ChatRequest['model'] } // another one the wallet refuses
  if (asked.stream !== true) {
    return chat({ ...asked, stream: false }).catch((error: unknown) => {
      throw readable(error, options)
    })
  }
  return whole(await chat({ ...asked, stream: true }), options)
}

async function* whole(
  chunks: AsyncIterable<ChatChunk>,
  options: CallOptions,
): AsyncGenerator<ChatChunk, undefined> {
  try {
    yield* chunks
  } catch (error) {
    throw readable(error, options)
  }
}

/** A reply that breaks off, or is none. */
function readable(error: unknown, { signal }: CallOptions): unknown {
  if (isValetKeyError(error) || signal?.aborted === true) return error
  return error instanceof SyntaxError
    ? createError('provider.unavailable', { cause: error })
    : lostCall(error)
}

/** @throws ValetKeyError `request.invalid` for a path that is none; as refused */
export async function passthroughOf(
  transport: WalletTransport,
  { provider, path }: { readonly provider: string; readonly path: string },
  init: PassthroughInit,
): Promise<Response> {
  const { accessToken, body = null, method = body === null ? 'GET' : 'POST', ...options } = init
  const address = addressOf(provider, path)
  const headers = new Headers(options.headers)
  // Takes whatever `fetch` takes, and says its content type as `fetch` does.
  const taken = new Response(body)
  const type = taken.headers.get('content-type')
  if (type !== null && !headers.has('content-type')) headers.set('content-type', type)
  const bytes = body === null ? null : await taken.arrayBuffer()
  const call = { accessToken, method, path: address, headers, body: bytes }
  return callWallet(transport, call, options)
}

const PASSTHROUGH = '/v1/proxy/passthrough/'

/** Whatever stands in a path, it stays below its provider's. @throws ValetKeyError `request.invalid` */
function addressOf(provider: string, path: string): string {
  const below = `${PASSTHROUGH}${provider}`
  const isName = /^[a-z0-9-]+$/.test(provider)
  const { pathname, search } = new URL(below + path, 'https://relay.invalid')
  if (isName && path.startsWith('/') && pathname.startsWith(`${below}/`)) return pathname + search
  throw createError('request.invalid', {
    message: 'This is no path of a provider.',
    action: 'Give the path as it stands after the provider’s host: `/v1/embeddings`.',
  })
}
