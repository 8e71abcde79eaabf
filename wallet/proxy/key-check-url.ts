import type { Provider } from '../providers/index.ts'

/** The address of a provider's cheapest authenticated call, at its first host. */
export function keyCheckUrl({ keyCheck, hosts }: Provider): URL {
  return new URL(keyCheck.path, `https://${hosts[0] ?? ''}`)
}
