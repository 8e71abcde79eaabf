import { providerById } from '@valetkey/wallet/providers'
import type { ProviderId } from '@valetkey/wallet/protocol'

/** The name a provider goes by. */
export function providerName(id: ProviderId): string {
  return providerById(id).name
}

/** The provider's page where keys are made; null: it has none. */
export function keyPageUrl(id: ProviderId): string | null {
  const { keyPageUrl: url } = providerById(id)
  return url === '' ? null : url
}

/** Usual addresses of what runs on one's own machine. */
const EXAMPLES: Readonly<Partial<Record<ProviderId, string>>> = {
  'azure-openai': 'https://my-resource.openai.azure.com',
  ollama: 'http://localhost:11434',
  lmstudio: 'http://localhost:1234',
  custom: 'http://localhost:8000/v1',
}

/** Whether a provider's keys name a place of their own, and which they may name. */
export function providerPlaces(id: ProviderId): {
  readonly offered: boolean
  readonly required: boolean
  readonly pattern: RegExp | null
  /** A server of one's own may want no key; one that is rented always does. */
  readonly keyless: boolean
  readonly example: string
} {
  const { places, hosts } = providerById(id)
  return {
    offered: places !== undefined,
    required: places !== undefined && hosts.length === 0,
    pattern: places instanceof RegExp ? places : null,
    keyless: places === 'any',
    example: EXAMPLES[id] ?? '',
  }
}

/** How a key is named to the person: `OpenAI · personal`, or the provider's name alone. */
export function keyName(key: { readonly provider: ProviderId; readonly label: string }): string {
  const provider = providerName(key.provider)
  return key.label === '' || key.label === provider ? provider : `${provider} · ${key.label}`
}

/** The hosts a provider takes sockets at; none where it takes no live calls. */
export function socketHosts(id: ProviderId): readonly string[] {
  const { sockets = [], hosts } = providerById(id)
  return sockets.length > 0 ? hosts : []
}
