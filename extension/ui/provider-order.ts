import { PROVIDER_IDS, type ProviderId } from '@valetkey/wallet/protocol'
import { providerName } from './provider-facts.ts'

/** What most people have a key of. */
export const COMMON_PROVIDERS = ['openai', 'anthropic', 'google', 'openrouter', 'groq'] as const

/** The others, by name. */
export const OTHER_PROVIDERS: readonly ProviderId[] = PROVIDER_IDS.filter(
  (id) => !COMMON_PROVIDERS.some((common) => common === id),
).sort((a, b) => providerName(a).localeCompare(providerName(b), 'en'))
