/** One request and its answer: bytes in, bytes out, and no more of them than the other side takes. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  BODY_LIMIT_BYTES,
  GAP_LIMIT_MS,
  WalletError,
  type CallBody,
} from '@valetkey/wallet/protocol'
import { withLimit, type CallReply } from '@valetkey/wallet/proxy'

type Answer = Extract<CallReply, { kind: 'response' }>

/**
 * The text of a body.
 * @throws `request.too_large`, `request.aborted`
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of request) {
      const bytes = part as Buffer // an IncomingMessage without an encoding gives nothing else
      size += bytes.length
      if (size > BODY_LIMIT_BYTES) {
        throw new WalletError('request.too_large', { limitBytes: BODY_LIMIT_BYTES })
      }
      parts.push(bytes)
    }
  } catch (error) {
    if (error instanceof WalletError) throw error
    throw new WalletError('request.aborted', undefined, { cause: error })
  }
  return Buffer.concat(parts).toString('utf8')
}

export function toCallBody(method: string, text: string): CallBody {
  return method === 'GET' ? { kind: 'none' } : { kind: 'text', text }
}

/** The headers of a request, as they were sent. */
export function headersOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''])
  }
  return pairs
}

/**
 * Passes an answer on as fast as the client reads it: a client that stalls stalls the provider.
 * @param signal the client is gone, or the call was ended here: the provider is left at once
 */
export async function sendAnswer(
  response: ServerResponse,
  { status, headers, body }: Answer,
  signal: AbortSignal,
): Promise<void> {
  response.statusCode = status
  for (const [name, value] of headers) response.appendHeader(name, value)
  response.setHeader('cache-control', 'no-store')
  response.setHeader('x-content-type-options', 'nosniff')
  if (!body) {
    response.end()
    return
  }
  response.flushHeaders()
  const reader = body.getReader()
  const stop = (): void => {
    // The provider's side may be gone already.
    void reader.cancel(new WalletError('request.aborted')).catch(() => undefined)
  }
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    for (;;) {
      // C63: a provider that sends nothing, or a client that reads nothing, is given up.
      const { done, value } = await withLimit(reader.read(), GAP_LIMIT_MS)
      // A cancelled reader reports the end of the stream: the client must not take it for one.
      if (signal.aborted) throw new WalletError('request.aborted')
      if (done) break
      if (!response.write(value)) await withLimit(once(response, 'drain', { signal }), GAP_LIMIT_MS)
    }
    response.end()
  } catch (error) {
    stop()
    // A broken stream stays broken: an orderly end would pass half an answer for a whole one.
    response.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
