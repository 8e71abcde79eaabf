import type { KeyMatcher } from './key-matcher.ts'

/** What of a provider's reply headers a page may read. Never Set-Cookie, Location, Link … (C36). */
const ALLOWED = [
  'content-type',
  'content-language',
  'date',
  'openai-model',
  'openai-processing-ms',
  'openai-version',
  'request-id',
  'retry-after',
  'retry-after-ms',
  'x-request-id',
  'x-should-retry',
]
const ALLOWED_PREFIXES = ['x-ratelimit-', 'anthropic-ratelimit-']

/** The reply headers that are passed on; one that echoes the key is dropped whole (C35). */
export function replyHeaders(headers: Headers, matcher: KeyMatcher): [string, string][] {
  return [...headers.entries()].filter(
    ([name, value]) =>
      (ALLOWED.includes(name) || ALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix))) &&
      !matcher.isIn(value),
  )
}
