import * as z from 'zod/mini'

/** The providers of the catalogue. Adding one adds its name here and its folder in `wallet/providers`. */
export const PROVIDER_IDS = ['openai', 'anthropic', 'google', 'groq'] as const
export const providerIdSchema = z.enum(PROVIDER_IDS)
export type ProviderId = (typeof PROVIDER_IDS)[number]
