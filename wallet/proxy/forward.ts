/** The only file of the wallet that reaches the network with a key. */
import { CALL_LIMIT_MS, GAP_LIMIT_MS, WalletError } from '../protocol/index.ts'

/** A request built from validated parts. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Headers
  readonly body: string | Blob | FormData | null
}

/** Sends one request to a provider. Replies resolve at the first byte of the head. */
export type Forward = (request: OutgoingRequest, signal: AbortSignal) => Promise<Response>

/**
 * Sends a request and never anything more than it: no redirect is followed, no cookie goes along,
 * nothing is cached.
 * @throws `provider.network` when no answer came, `provider.unavailable` when a redirect did
 */
export const forward: Forward = async (request, signal) => {
  const silence = new AbortController()
  const timer = setTimeout(() => {
    silence.abort()
  }, GAP_LIMIT_MS)
  const whole = AbortSignal.any([signal, silence.signal, AbortSignal.timeout(CALL_LIMIT_MS)])
  let response: Response
  try {
    response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      // C28: a followed redirect would carry the key. Like `error`, `manual` never follows; unlike it,
      // it tells a refused redirect from a lost network (decision 0003).
      redirect: 'manual',
      // C114: a signed-in dashboard's cookies would go along.
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: whole,
    })
  } catch (cause) {
    if (signal.aborted) throw new WalletError('request.aborted', undefined, { cause })
    if (silence.signal.aborted) throw new WalletError('provider.unavailable', undefined, { cause })
    throw new WalletError('provider.network', undefined, { cause })
  } finally {
    clearTimeout(timer)
  }
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel()
    throw new WalletError('provider.unavailable')
  }
  return response
}

/** Whether this machine has no network at all, so that nothing can have been sent. */
export function isOffline(): boolean {
  return 'onLine' in navigator && !navigator.onLine
}
