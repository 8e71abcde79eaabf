/** Requests to the server: to its own address alone, and again only where nothing was begun. */
import { isValetKeyError, type ErrorCode, type ValetKeyError } from '../valet-key-error.ts'
import { createError, refusalIn } from './errors.ts'
import type { SentCall, WalletCall } from './wallet-call.ts'

export interface Transport {
  /** The server's origin. */
  readonly origin: string
  readonly fetch: typeof globalThis.fetch
  readonly maxRetries: number
}

/** The way to wallets: how a call is sent to one, plain or sealed. */
export interface WalletTransport extends Transport {
  readonly wayOf: (call: WalletCall) => Promise<SentCall>
}

/** How one try ended. */
export type Outcome =
  | { readonly reply: Response }
  /** `isBegun`: a wallet may have made the call, so that another try could spend twice. */
  | { readonly error: ValetKeyError; readonly isBegun: boolean; readonly waitMs: number | null }

/** The relay says so of calls that no wallet took, or that a limit held back (protocols §2). */
const NOT_BEGUN: readonly ErrorCode[] = [
  'relay.wallet_offline',
  'relay.wallet_timeout',
  'request.rate_limited',
]
/** No connection was made, so nothing went over one. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']
const FIRST_WAIT_MS = 500
/** Who is told to wait longer is told so. */
const MAX_WAIT_MS = 30_000

/**
 * One try.
 * @param lost what it means where the connection broke after it was made
 * @throws the reason of an abort
 */
export async function sendOnce(
  { origin, fetch }: Transport,
  { path, init, open }: SentCall,
  lost: () => ValetKeyError,
  signal?: AbortSignal,
): Promise<Outcome> {
  let reply: Response
  try {
    // A redirect would take the token, or the secret, to wherever it leads.
    const always = { redirect: 'manual', ...(signal && { signal }) } as const
    reply = await fetch(origin + path, { ...init, ...always })
  } catch (error) {
    if (signal?.aborted === true) throw error
    const isBegun = !NOT_CONNECTED.includes(codeOfCause(error))
    return { error: isBegun ? lost() : unreachable(origin, error), isBegun, waitMs: null }
  }
  if (reply.type === 'opaqueredirect' || (reply.status >= 300 && reply.status < 400)) {
    await reply.body?.cancel()
    const message = `${origin} answered with a redirect, which is not followed.`
    return { error: createError('internal', { message }), isBegun: true, waitMs: null }
  }
  const error = await refusalIn(reply)
  if (!error) {
    try {
      return { reply: await open(reply) }
    } catch (cause) {
      if (signal?.aborted === true) throw cause
      return { error: isValetKeyError(cause) ? cause : lost(), isBegun: true, waitMs: null }
    }
  }
  const mayRetry = reply.headers.get('x-should-retry') !== 'false'
  const isBegun = !NOT_BEGUN.includes(error.code) || !mayRetry
  return { error, isBegun, waitMs: toldWait(error, reply) }
}

/** Tries again while nothing was begun. @throws ValetKeyError as refused; the reason of an abort */
export async function send(
  transport: Transport,
  sent: SentCall,
  lost: () => ValetKeyError,
  signal?: AbortSignal,
): Promise<Response> {
  for (let tried = 0; ; tried += 1) {
    const outcome = await sendOnce(transport, sent, lost, signal)
    if ('reply' in outcome) return outcome.reply
    const waitMs = outcome.waitMs ?? FIRST_WAIT_MS * 2 ** tried * spread()
    const isLast = outcome.isBegun || tried >= transport.maxRetries || waitMs > MAX_WAIT_MS
    if (isLast) throw outcome.error
    await pause(waitMs, signal)
  }
}

/** Of many servers that wait for one wallet not all come back at once. */
function spread(): number {
  const [drawn = 0] = crypto.getRandomValues(new Uint8Array(1))
  return 0.75 + drawn / 1024
}

function toldWait({ details }: ValetKeyError, { headers }: Response): number | null {
  const ms = details?.['retryAfterMs'] ?? Number(headers.get('retry-after') ?? NaN) * 1000
  return typeof ms === 'number' && ms >= 0 ? ms : null
}

function codeOfCause(error: unknown): string {
  const { cause } = Object(error) as { readonly cause?: unknown }
  return String((Object(cause) as { readonly code?: unknown }).code)
}

function unreachable(origin: string, cause: unknown): ValetKeyError {
  const message = `${origin} could not be reached.`
  return createError('provider.network', { message, cause })
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
