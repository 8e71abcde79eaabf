/** What the app asks of the server itself, in its own name. */
import type { ValetKeyError } from '../valet-key-error.ts'
import { ERROR_TABLE } from '@valetkey/wallet/protocol/error-table'
import { createError } from './errors.ts'
import { send, type Transport } from './send.ts'

export interface ServerRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: object
}

/** @param authorization `Basic …` @throws ValetKeyError as refused */
export async function askServer<T>(
  transport: Transport,
  authorization: string,
  { method, path, query = {}, body }: ServerRequest,
): Promise<T> {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) asked.set(name, String(value))
  }
  const init = {
    method,
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  }
  const open = (reply: Response): Promise<Response> => Promise.resolve(reply)
  const whole = asked.size === 0 ? path : `${path}?${asked.toString()}`
  const reply = await send(transport, { path: whole, init, open }, () => cutOff(transport.origin))
  const said = (await reply.json().catch((error: unknown) => {
    if (error instanceof SyntaxError) return null
    throw cutOff(transport.origin)
  })) as { readonly success?: unknown; readonly data?: unknown } | null
  // Something between answered: a proxy whose server is down, or another server altogether.
  if (!reply.ok || said?.success !== true) throw noAnswer(transport.origin, reply.status)
  return said.data as T
}

/** What was asked may have been done: a public token is good for one exchange. */
function cutOff(origin: string): ValetKeyError {
  const row = { ...ERROR_TABLE['provider.network'], retryable: false }
  return createError('provider.network', {
    message: `The connection to ${origin} was cut off.`,
    action: 'What was asked may have been done: look before you repeat it.',
    row,
  })
}

function noAnswer(origin: string, status: number): ValetKeyError {
  const message = `${origin} did not answer as a ValetKey server does.`
  const action = 'Check `baseUrl`, and whether the server runs.'
  return createError('internal', { message, action, details: { status } })
}
