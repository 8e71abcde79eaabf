import type { Provider } from '../providers/index.ts'

/** The address of a provider's cheapest authenticated call. */
export function keyCheckUrl({ keyCheck, hosts, place }: Provider): URL {
  if (place) return new URL(place.path + keyCheck.path, place.origin)
  return new URL(keyCheck.path, `https://${keyCheck.host ?? hosts[0] ?? ''}`)
}
