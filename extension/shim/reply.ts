/** A wallet's answer as the `Response` the browser would have given. */
import type { ErrorCode } from '@valetkey/wallet/protocol'
import type { BodyStream } from './body-stream.ts'
import type { CallError } from './call.ts'
import {
  NativeResponse,
  NativeUrl,
  bodyReaders,
  cloneResponse,
  defineProperties,
  defineProperty,
  stringify,
} from './natives.ts'

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

export interface Head {
  readonly status: number
  readonly statusText: string
  readonly headers: [string, string][]
}

/** Whether a reply has a body at all: `Response` throws on one where the standard knows none. */
export function hasBody({ method }: ReplyTo, status: number): boolean {
  return method !== 'HEAD' && NULL_BODY_STATUSES[status] !== true
}

/** @throws RangeError or TypeError for a status or header no `Response` can have */
export function createReply(to: ReplyTo, head: Head, body: BodyStream | null): Response {
  const response = new NativeResponse(body?.stream ?? null, head)
  return dress(response, to, body)
}

/**
 * A failure of the wallet itself as a response: SDKs turn it into their own error, and
 * `x-should-retry` keeps them from paying for a lost call twice (formats §8).
 */
export function createErrorReply(to: ReplyTo, failure: CallError): Response {
  const { text, ...head } = errorParts(failure)
  return dress(new NativeResponse(hasBody(to, head.status) ? text : null, head), to, null)
}

/** What such a response consists of. */
export function errorParts(failure: CallError): Head & { readonly text: string } {
  const { code, message, retryable, requestId, details } = failure
  const error = { message, type: 'valetkey_error', code, retryable, requestId, details }
  return {
    status: STATUSES[code] ?? 502,
    statusText: '',
    headers: [
      ['content-type', 'application/json'],
      ['x-should-retry', 'false'],
      ['x-valetkey-error', code],
    ],
    text: stringify({ error }),
  }
}

/** Gives a made response what only the browser can set, its clones too. */
function dress(response: Response, to: ReplyTo, body: BodyStream | null): Response {
  const clone = (): Response => dress(cloneResponse(response), to, body)
  defineProperties(response, {
    url: { value: withoutFragment(to.url), configurable: true },
    type: { value: typeOf(to.url), configurable: true },
    clone: { value: clone, configurable: true, writable: true },
  })
  if (body) tellWhyReadingFailed(response, body)
  return response
}

/** A made response forgets why its stream failed: SDKs tell an abort from a broken line by the reason. */
function tellWhyReadingFailed(response: Response, body: BodyStream): void {
  for (const name in bodyReaders) {
    const read = bodyReaders[name]
    const value = async function (this: Response): Promise<unknown> {
      try {
        return await read?.(this)
      } catch (error) {
        throw body.failure ? body.failure.reason : error
      }
    }
    defineProperty(response, name, { value, configurable: true, writable: true })
  }
}

function typeOf(url: string): ResponseType {
  return isOwnOrigin(url) ? 'basic' : 'cors'
}

/** Whether an absolute address is on the page's own server. */
export function isOwnOrigin(url: string): boolean {
  return new NativeUrl(url).origin === globalThis.origin
}

/** The address as a reply names it. */
export function withoutFragment(url: string): string {
  const fragment = url.indexOf('#')
  return fragment < 0 ? url : url.slice(0, fragment)
}
