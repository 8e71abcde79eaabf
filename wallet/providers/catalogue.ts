import type { ProviderId } from '../protocol/index.ts'
import { anthropic } from './anthropic/index.ts'
import { google } from './google/index.ts'
import { groq } from './groq/index.ts'
import { openai } from './openai/index.ts'
import type { Provider } from './provider.ts'

/** Every provider ValetKey knows. */
export const PROVIDERS: Readonly<Record<ProviderId, Provider>> = { openai, anthropic, google, groq }

export function providerById(id: ProviderId): Provider {
  return PROVIDERS[id]
}

/**
 * The provider an API host belongs to, by exact comparison with the host as the WHATWG parser left it:
 * no subdomain, no trailing dot, no port (C25).
 */
export function providerOfHost(host: string): Provider | null {
  return Object.values(PROVIDERS).find((provider) => provider.hosts.includes(host)) ?? null
}
