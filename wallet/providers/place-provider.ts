import { placeOf } from './base-url.ts'
import type { Provider } from './provider.ts'

/**
 * A provider as a key's own base URL places it.
 * @returns null where it may not stand there (C27); without a base URL the provider as it is
 */
export function placeProvider(provider: Provider, baseUrl: string | null): Provider | null {
  if (baseUrl === null) return provider.hosts.length > 0 ? provider : null
  const at = placeOf(baseUrl)
  const { places } = provider
  if (!at || places === undefined) return null
  const { origin, path, reach } = at
  if (places !== 'any' && !places.test(new URL(origin).host)) return null
  const placed = { ...provider, hosts: [], place: { origin, path } }
  // Nobody is paid for what runs at home.
  return reach === 'public' ? placed : { ...placed, costs: 'nothing' }
}

/** Whether two providers stand at the same place, or both at hosts of their own. */
export function isSamePlace(one: Provider, other: Provider): boolean {
  return one.place?.origin === other.place?.origin && one.place?.path === other.place?.path
}
