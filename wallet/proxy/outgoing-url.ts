import { WalletError } from '../protocol/index.ts'

/**
 * Names a credential travels under in a query, where it also leaks through `response.url`; and the names
 * under which Google's APIs are told who pays, which is the person's choice (C33).
 */
const CREDENTIAL_PARAMS = new Set([
  ...['key', '$key', 'api_key', 'apikey', 'api-key', 'token'],
  ...['xi-api-key', 'xi_api_key', 'single_use_token', 'authorization'],
  ...['access_token', 'oauth_token', 'bearer_token', 'userproject', '$userproject'],
])

/**
 * Names that ask a server to read another request than the one that was judged (C31): another method,
 * other headers, another body. Those with a `$` are Google's.
 */
const OVERRIDES = new Set([
  ...['_method', 'x-http-method-override', 'x-http-method', 'x-method-override'],
  ...['$httpmethod', '$httpheaders', '$ct', '$req'],
])

/**
 * The URL a call is sent to: the judged one without any credential parameter (C34).
 * @throws `request.invalid` for a request smuggled into the query (C31)
 */
export function outgoingUrl(judged: URL): URL {
  const url = new URL(judged)
  for (const name of [...url.searchParams.keys()]) {
    const lower = name.toLowerCase()
    if (OVERRIDES.has(lower)) throw new WalletError('request.invalid', { reason: 'override' })
    if (CREDENTIAL_PARAMS.has(lower)) url.searchParams.delete(name)
  }
  return url
}
