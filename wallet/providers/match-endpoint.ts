import { liesAt } from './base-url.ts'
import type { Endpoint, Provider } from './provider.ts'
import type { SocketEndpoint } from './socket-endpoint.ts'

export type EndpointMatch =
  | { readonly outcome: 'endpoint'; readonly endpoint: Endpoint }
  | { readonly outcome: 'denied' }
  | { readonly outcome: 'unknown' }

/**
 * Finds what a parsed address means to a provider: an allowlist by host, method and path; everything
 * else is `denied` (named, with a clearer refusal) or `unknown`, and neither is ever sent.
 */
export function matchEndpoint(provider: Provider, method: string, url: URL): EndpointMatch {
  const path = pathAt(provider, url)
  if (path === null) return { outcome: 'unknown' }
  const isDenied = provider.denied.some(
    (rule) => (rule.method === undefined || rule.method === method) && rule.path.test(path),
  )
  // C37, C38: a denied path stays denied even if an endpoint's pattern were too wide.
  if (isDenied) return { outcome: 'denied' }
  const endpoint = provider.endpoints.find(
    (candidate) => candidate.method === method && candidate.path.test(path),
  )
  return endpoint ? { outcome: 'endpoint', endpoint } : { outcome: 'unknown' }
}

/** The socket endpoint an address means to a provider, by host and path; null: none, and nothing is sent. */
export function matchSocket(provider: Provider, url: URL): SocketEndpoint | null {
  // C2, C25: scheme, port and host exactly; no subdomain, no trailing dot.
  if (url.protocol !== 'wss:' || !provider.hosts.includes(url.host)) return null
  return provider.sockets?.find(({ path }) => path.test(url.pathname)) ?? null
}

/** The path a provider's table speaks of; null: not its address. */
function pathAt({ hosts, place }: Provider, url: URL): string | null {
  // C27: exactly the origin that was allowed, and nothing beside its base path.
  if (place) return liesAt(url, place) ? url.pathname.slice(place.path.length) : null
  // C2, C25: scheme, port and host exactly; no subdomain, no trailing dot.
  return url.protocol === 'https:' && hosts.includes(url.host) ? url.pathname : null
}
