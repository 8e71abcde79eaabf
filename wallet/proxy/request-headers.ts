import { WalletError, type ProviderKey } from '../protocol/index.ts'
import type { Endpoint, Provider } from '../providers/index.ts'

/** Headers any AI API may be sent, beside those the provider's own API knows. */
const FORWARDED = ['accept', 'accept-language', 'idempotency-key', 'x-stainless-*']

/** A page that asks for another method than it sends wants two readers to see two requests (C31). */
const METHOD_OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override']

// RFC 9110 §5.1 token, §5.5 field value: no CR, LF, NUL, nothing beyond Latin-1 (C32).
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/**
 * The headers a call is sent with: an allowlist of the page's, the provider's own, and one credential
 * in the catalogue's form. Whatever credential the page sent is gone (C33), the valet key with it.
 * @throws `request.invalid` for a header no HTTP client could send, and for method overrides
 */
export function outgoingHeaders(
  pageHeaders: readonly (readonly [name: string, value: string])[],
  { provider, endpoint }: { readonly provider: Provider; readonly endpoint: Endpoint },
  secret: ProviderKey,
): Headers {
  const auth = endpoint.auth ?? provider.auth
  const allowed = [...FORWARDED, ...provider.forwardHeaders]
  const headers = new Headers()
  for (const [name, value] of pageHeaders) {
    if (!NAME.test(name) || !VALUE.test(value)) throw refused('header')
    const lower = name.toLowerCase()
    if (METHOD_OVERRIDES.includes(lower)) throw refused('method override')
    if (allowed.some((pattern) => matches(pattern, lower)) && lower !== auth.header) {
      headers.append(lower, value)
    }
  }
  for (const [name, value] of Object.entries(provider.requiredHeaders)) headers.set(name, value)
  headers.set(auth.header, auth.prefix + secret)
  return headers
}

/** Whether a lower-case header name is the pattern, or starts with it where the pattern ends in `*`. */
function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function refused(reason: string): WalletError {
  return new WalletError('request.invalid', { reason })
}
