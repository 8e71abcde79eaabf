/** `fetch` as the page knows it; a request with a valet key goes to the wallet instead. */
import type { CallBody } from '@valetkey/wallet/protocol'
import type { Channel } from './channel.ts'
import { callForReply, networkError } from './fetch-reply.ts'
import {
  NativeHeaders,
  NativeRequest,
  NativeUrl,
  apply,
  headersIn,
  hrefOf,
  urlOf,
  wrap,
} from './natives.ts'
import {
  headersOf,
  readBody,
  takeRequest,
  type Fetch,
  type PageRequest,
  type Seen,
} from './page-request.ts'
import { unlessAborted } from './unless-aborted.ts'
import { isKeyless, keyOf } from './valet-request.ts'

/**
 * Replaces `scope.fetch`. A request without a valet key reaches the browser's own `fetch` with the same
 * receiver and arguments, in the same turn.
 */
export function patchFetch(scope: { fetch: Fetch }, channel: Channel): void {
  wrap<Fetch>(scope, 'fetch', 'value', {
    apply(native, self: unknown, args: Parameters<Fetch>) {
      const seen = look(args[0], args[1], channel)
      if (!seen) return apply(native, self, args)
      const send: Fetch = (...own) => apply(native, self, own)
      return fetchThroughWallet(channel, takeRequest(send, args[0], args[1], seen), seen.valetKey)
    },
  })
}

/** Looks for a valet key, and keeps what it had to read for that (C46). */
function look(input: unknown, init: RequestInit | undefined, channel: Channel): Seen | null {
  try {
    const given = init?.headers
    const body = init?.body
    const isRequest = input instanceof NativeRequest
    const url = isRequest ? urlOf(input) : addressOf(input)
    if (url === null) return null
    const copy = isKeyless(given) ? undefined : copyOf(given)
    const headers = isRequest && given === undefined ? headersIn(input) : copy
    const text = typeof body === 'string' ? body : null
    const valetKey = keyOf({ url, headers, text }, channel)
    if (valetKey === null) return null
    return { valetKey, input: isRequest ? input : url, headers: copy ?? copyOf(given), body }
  } catch {
    // The browser refuses it too: its own error is the one the page should get.
    return null
  }
}

function addressOf(input: unknown): string | null {
  if (typeof input === 'string') return input
  return input instanceof NativeUrl ? hrefOf(input) : null
}

function copyOf(given: HeadersInit | undefined): Headers | undefined {
  if (given === undefined) return undefined
  // An iterator can be read once only, and the browser needs that once.
  const isSpent = 'next' in given && typeof given['next'] === 'function'
  return isSpent ? undefined : new NativeHeaders(given)
}

async function fetchThroughWallet(
  channel: Channel,
  page: PageRequest,
  valetKey: string,
): Promise<Response> {
  const { request, sendNative } = page
  if (!request) return sendNative()
  const { signal, method, url } = request
  signal.throwIfAborted()
  if (!(await unlessAborted(channel.isOn(), signal))) return sendNative()
  const body = await unlessAborted(bodyOf(page, request), signal)
  // Between two waits nobody listens.
  signal.throwIfAborted()
  const call = { method, url, headers: headersOf(request), body, valetKey }
  return (await callForReply(channel, request, call)) ?? sendNative()
}

async function bodyOf(page: PageRequest, request: Request): Promise<CallBody> {
  try {
    return await readBody(request, page)
  } catch {
    throw networkError()
  }
}
