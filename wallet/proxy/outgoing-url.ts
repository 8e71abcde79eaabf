import { WalletError } from '../protocol/index.ts'

/** Names a key travels under in a query. A key in a URL also leaks through `response.url`. */
const CREDENTIAL_PARAMS = new Set(['key', 'api_key', 'apikey', 'api-key', 'access_token', 'token'])

/**
 * The URL a call is sent to: the judged one without any credential parameter (C34).
 * @throws `request.invalid` for a method smuggled into the query (C31)
 */
export function outgoingUrl(judged: URL): URL {
  const url = new URL(judged)
  for (const name of [...url.searchParams.keys()]) {
    const lower = name.toLowerCase()
    if (lower === '_method') throw new WalletError('request.invalid', { reason: 'method override' })
    if (CREDENTIAL_PARAMS.has(lower)) url.searchParams.delete(name)
  }
  return url
}
