/** A wallet's answer as the `Response` the browser would have given. */
import type { ErrorCode } from '@valetkey/wallet/protocol'
import type { CallError } from './call.ts'
import { NativeResponse, NativeUrl, cloneResponse, defineProperties, stringify } from './natives.ts'

const NULL_BODY_STATUSES: Partial<Record<number, true>> = {
  101: true,
  103: true,
  204: true,
  205: true,
  304: true,
}

/** The statuses of `ERROR_TABLE` that reach a page outside a provider's reply; 502 for the rest. */
const STATUSES: Partial<Record<string, number>> = {
  'request.rate_limited': 429,
  'request.replayed': 409,
  internal: 500,
} satisfies Partial<Record<ErrorCode, number>>

/** What a reply needs to know about the request it answers. */
export interface ReplyTo {
  readonly method: string
  readonly url: string
}

interface Head {
  readonly status: number
  readonly statusText: string
  readonly headers: [string, string][]
}

/** Whether a reply has a body at all: `Response` throws on one where the standard knows none. */
export function hasBody({ method }: ReplyTo, status: number): boolean {
  return method !== 'HEAD' && NULL_BODY_STATUSES[status] !== true
}

/** @throws RangeError or TypeError for a status or header no `Response` can have */
export function createReply(to: ReplyTo, head: Head, body: BodyInit | null): Response {
  const { status, statusText, headers } = head
  const response = new NativeResponse(body, { status, statusText, headers })
  return dress(response, withoutFragment(to.url), typeOf(to.url))
}

/**
 * A failure of the wallet itself as a response: SDKs turn it into their own error, and
 * `x-should-retry` keeps them from paying for a lost call twice (formats §8).
 */
export function createErrorReply(to: ReplyTo, failure: CallError): Response {
  const { code, message, retryable, requestId, details } = failure
  const error = { message, type: 'valetkey_error', code, retryable, requestId, details }
  const head: Head = {
    status: STATUSES[code] ?? 502,
    statusText: '',
    headers: [
      ['content-type', 'application/json'],
      ['x-should-retry', 'false'],
      ['x-valetkey-error', code],
    ],
  }
  return createReply(to, head, hasBody(to, head.status) ? stringify({ error }) : null)
}

/** Gives a made response what only the browser can set, its clones too. */
function dress(response: Response, url: string, type: ResponseType): Response {
  return defineProperties(response, {
    url: { value: url, configurable: true },
    type: { value: type, configurable: true },
    clone: {
      value: () => dress(cloneResponse(response), url, type),
      configurable: true,
      writable: true,
    },
  })
}

function typeOf(url: string): ResponseType {
  return new NativeUrl(url).origin === globalThis.origin ? 'basic' : 'cors'
}

function withoutFragment(url: string): string {
  const fragment = url.indexOf('#')
  return fragment < 0 ? url : url.slice(0, fragment)
}
