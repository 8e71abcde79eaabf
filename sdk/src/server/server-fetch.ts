/** `fetch` for the official libraries on a server: their provider's address becomes the relay's. */
import { PROVIDER_HOSTS } from '@valetkey/wallet/protocol/provider-hosts'
import { UNIFIED_ORIGIN } from '@valetkey/wallet/protocol/unified-origin'
import { isValetKeyError, type ValetKeyError } from '../valet-key-error.ts'
import { createError } from './errors.ts'
import { lostCall } from './lost.ts'
import { RetryKeys, printOf } from './retry-keys.ts'
import { sendOnce, type Outcome, type WalletTransport } from './send.ts'

const TOKEN = /vk_at_[0-9A-Za-z]{22}_[0-9A-Za-z]{49}/
/** What the relay takes. An app's own keys and cookies are not among it. */
const HEADERS = /^(?:accept|content-type|anthropic-(?:version|beta)|openai-beta|x-stainless-.*)$/
const PROXY = '/v1/proxy/'

/**
 * @returns a function for the `fetch` option of a library whose API key is a person's access token. It makes
 *   one try: the library tries again by itself, as far as a refusal lets it
 * @param own the access token of the one wallet it is for, whatever the library has
 */
export function createServerFetch(
  transport: WalletTransport,
  own?: string,
): typeof globalThis.fetch {
  const keys = new RetryKeys()
  return async (input, init) => {
    const request = new Request(input, init)
    const signal = init?.signal ?? request.signal
    signal.throwIfAborted()
    const url = new URL(request.url)
    const found = takeToken(request.headers, url)
    const accessToken = own ?? found
    if (accessToken === null) return refusal(noToken(), false)
    const path = pathOf(url, transport.origin)
    if (path === null) return refusal(noProvider(url), false)
    const headers = new Headers([...request.headers].filter(([name]) => HEADERS.test(name)))
    const { method } = request
    const body = await request.arrayBuffer()
    const print = (): Promise<string> =>
      printOf(`${accessToken} ${method} ${path}`, headers.get('content-type'), body)
    const isRetry = Number(headers.get('x-stainless-retry-count') ?? 0) > 0
    const given = request.headers.get('idempotency-key')
    const known = isRetry && given === null ? keys.take(await print()) : undefined
    const idempotencyKey = given ?? known ?? crypto.randomUUID()
    const call = { ...{ accessToken, method, path, headers, idempotencyKey }, body: sendable(body) }
    let outcome: Outcome
    try {
      const sent = await transport.wayOf(call)
      outcome = await sendOnce(transport, sent, lostCall, signal)
    } catch (error) {
      keys.put(await print(), idempotencyKey)
      if (isValetKeyError(error)) return refusal(error, error.code === 'relay.wallet_offline')
      throw error
    }
    if ('reply' in outcome) return outcome.reply
    if (!outcome.isBegun) keys.put(await print(), idempotencyKey)
    return refusal(outcome.error, !outcome.isBegun, outcome.waitMs)
  }
}

/** No body at all where there is none: a GET has none. */
function sendable(body: ArrayBuffer): ArrayBuffer | null {
  return body.byteLength === 0 ? null : body
}

/** Where the library put it as its key; it is taken out of the address, which would be passed on. */
function takeToken(headers: Headers, url: URL): string | null {
  const found = new Set<string>()
  for (const [, value] of headers) found.add(TOKEN.exec(value)?.[0] ?? '')
  for (const [name, value] of [...url.searchParams]) {
    const token = TOKEN.exec(value)?.[0]
    if (token === undefined) continue
    found.add(token)
    url.searchParams.delete(name)
  }
  found.delete('')
  const [token] = found
  return token !== undefined && found.size === 1 ? token : null
}

/** The relay's path for an address; null for one that is neither a provider's nor the relay's own. */
function pathOf(url: URL, server: string): string | null {
  const rest = url.pathname + url.search
  if (url.origin === server) return url.pathname.startsWith(PROXY) ? rest : null
  if (url.origin === UNIFIED_ORIGIN) return PROXY + rest.replace(/^\/(?:v1\/)?/, '')
  const [provider] =
    Object.entries(PROVIDER_HOSTS).find(([, host]) => url.origin === `https://${host}`) ?? []
  return provider === undefined ? null : `${PROXY}passthrough/${provider}${rest}`
}

function noToken(): ValetKeyError {
  return createError('auth.failed', {
    message: 'There is no access token of a person in this request.',
    action: 'Give the access token where the library wants an API key.',
  })
}

function noProvider({ host }: URL): ValetKeyError {
  return createError('request.unsupported', {
    message: `${host} is no provider a wallet is asked for by this address.`,
  })
}

/** Libraries try these again, and not all of them look at `x-should-retry`. */
const isTriedAgain = (status: number): boolean => status >= 500 || [408, 409, 429].includes(status)
const NOT_TRIED_AGAIN = 424

/** In the form that OpenAI's and Anthropic's libraries make their errors of. */
function refusal(error: ValetKeyError, mayRetry: boolean, waitMs: number | null = null): Response {
  const { message, action, code, status, retryable, requestId, details } = error
  const headers = new Headers({ 'x-should-retry': String(mayRetry), 'x-valetkey-error': code })
  if (waitMs !== null) headers.set('retry-after', String(Math.ceil(waitMs / 1000)))
  const said = { message: `${message} ${action}`, type: 'valetkey_error', code }
  return Response.json(
    { type: 'error', error: { ...said, retryable, requestId, details } },
    { status: mayRetry || !isTriedAgain(status) ? status : NOT_TRIED_AGAIN, headers },
  )
}
