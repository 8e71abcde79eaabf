import { providerById } from '@valetkey/wallet/providers'
import type { ProviderId } from '@valetkey/wallet/protocol'

/** The name a provider goes by. */
export function providerName(id: ProviderId): string {
  return providerById(id).name
}

/** The provider's page where keys are made. */
export function keyPageUrl(id: ProviderId): string {
  return providerById(id).keyPageUrl
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
