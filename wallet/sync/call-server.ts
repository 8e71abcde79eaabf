/** One request to the sync server and what came of it. Nothing here decides what is asked. */
import {
  WalletError,
  fromWire,
  isJsonObject,
  parseJson,
  parseWith,
  type JsonValue,
} from '../protocol/index.ts'
import { concat } from '../crypto/bytes.ts'
import type * as z from 'zod/mini'

/** The network port: `fetch` itself, or what stands for it. */
export type ServerFetch = (url: string, init: RequestInit) => Promise<Response>

export interface ServerCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** From the slash on, with its query. */
  readonly path: string
  /** JSON, as it is sent and signed. */
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface CallPorts {
  /** Of the server, without a slash at its end. */
  readonly origin: string
  readonly fetch: ServerFetch
  /** How long a whole reply may take. */
  readonly timeoutMs: number
}

/** A page of rows is 4 MiB of envelopes, in base64url, and what stands around them. */
const REPLY_LIMIT_BYTES = 16 * 1024 * 1024

/**
 * The `data` of a reply.
 * @throws what the server's envelope names, with its details; `provider.network` where it was not reached,
 * or something else than it answered; `protocol.invalid_message` for data of another form
 */
export async function callServer<T>(
  ports: CallPorts,
  schema: z.ZodMiniType<T>,
  call: ServerCall,
): Promise<T> {
  const reply = parseJson(await send(ports, call))
  if (!isJsonObject(reply)) throw new WalletError('provider.network')
  if (reply['success'] !== true) throw refusal(reply)
  return parseWith(schema, reply['data'], 'protocol.invalid_message')
}

function refusal({ error }: Record<string, JsonValue>): WalletError {
  // Something before the server answered: a proxy's page in JSON is no word of the server.
  return error === undefined ? new WalletError('provider.network') : fromWire(error)
}

async function send(
  { origin, fetch, timeoutMs }: CallPorts,
  { method, path, body, headers }: ServerCall,
): Promise<string> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(origin + path, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      // C28: a redirect would carry the session's token to wherever it points.
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal,
    })
    return await readText(response, REPLY_LIMIT_BYTES)
  } catch (cause) {
    throw new WalletError('provider.network', undefined, { cause })
  }
}

/** C83: a reply without an end would fill the memory. @throws Error past the limit */
export async function readText(response: Response, limitBytes: number): Promise<string> {
  if (response.body === null) return ''
  const reader = response.body.getReader()
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new TextDecoder('utf-8', { fatal: true }).decode(concat(...parts))
    parts.push(value)
    sizeBytes += value.length
    if (sizeBytes > limitBytes) {
      await reader.cancel()
      throw new Error('the reply is too large')
    }
  }
}
