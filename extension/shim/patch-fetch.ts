/** `fetch` as the page knows it; a request with a valet key goes to the wallet instead. */
import type { CallBody } from '@valetkey/wallet/protocol'
import type { Channel } from './channel.ts'
import { callForReply, networkError } from './fetch-reply.ts'
import {
  NativeRequest,
  NativeUrl,
  apply,
  defineProperty,
  getOwnPropertyDescriptor,
} from './natives.ts'
import { headersOf, readBody, takeRequest, type Fetch, type PageRequest } from './page-request.ts'
import { unlessAborted } from './unless-aborted.ts'
import { findValetKey } from './valet-request.ts'

/**
 * Replaces `scope.fetch`. A request without a valet key reaches the browser's own `fetch` with the same
 * receiver and arguments, in the same turn.
 */
export function patchFetch(scope: { fetch: Fetch }, channel: Channel): void {
  const descriptor = getOwnPropertyDescriptor(scope, 'fetch')
  if (descriptor?.configurable !== true || typeof descriptor.value !== 'function') return
  // A proxy keeps name, length and the native source text without a second patch to keep them.
  const value = new Proxy(descriptor.value as Fetch, {
    apply(native, self: unknown, args: Parameters<Fetch>) {
      const input = args[0]
      const init = args[1]
      const valetKey = valetKeyOf(input, init)
      if (valetKey === null) return apply(native, self, args)
      const send: Fetch = (...own) => apply(native, self, own)
      return fetchThroughWallet(channel, takeRequest(send, input, init), valetKey)
    },
  })
  defineProperty(scope, 'fetch', { ...descriptor, value })
}

function valetKeyOf(input: unknown, init: RequestInit | undefined): string | null {
  try {
    if (typeof input === 'string') return findValetKey(input, init?.headers)
    if (input instanceof NativeUrl) return findValetKey(input.href, init?.headers)
    if (!(input instanceof NativeRequest)) return null
    return findValetKey(input.url, init?.headers ?? input.headers)
  } catch {
    // The browser refuses it too: its own error is the one the page should get.
    return null
  }
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
