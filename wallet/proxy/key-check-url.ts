import type { Provider } from '../providers/index.ts'

/** The address of a provider's cheapest authenticated call. */
export function keyCheckUrl({ keyCheck, hosts }: Provider): URL {
  return new URL(keyCheck.path, `https://${keyCheck.host ?? hosts[0] ?? ''}`)
}
