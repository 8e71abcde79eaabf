import { PROVIDER_IDS, type ProviderId } from '@valetkey/wallet/protocol'
import { providerName } from './provider-facts.ts'

const TINT_COUNT = 4

/** Which of the tints a provider's tile has: no two of the same letter have the same one. */
export function tintOf(provider: ProviderId): number {
  const letter = letterOf(provider)
  const first = PROVIDER_IDS.findIndex((id) => letterOf(id) === letter)
  const before = PROVIDER_IDS.slice(first, PROVIDER_IDS.indexOf(provider))
  return (first + before.filter((id) => letterOf(id) === letter).length) % TINT_COUNT
}

/** The letter a provider's tile shows. */
export function letterOf(provider: ProviderId): string {
  return providerName(provider).charAt(0).toUpperCase()
}
