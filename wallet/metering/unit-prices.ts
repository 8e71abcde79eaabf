/** Prices that count no tokens: by the picture, by the character spoken, by the second heard. */
import type { ModelPrice } from '@pydantic/genai-prices'
import type { ProviderId, UnitPrice } from '../protocol/index.ts'

const PICO_PER_USD = 1_000_000_000_000
const SECONDS_PER_HOUR = 3600

/** What the bundled table leaves out; each from the model's page at its provider. */
const BY_CHARACTER: readonly {
  readonly provider: ProviderId
  readonly model: RegExp
  readonly usdPerMillion: number
}[] = [
  // developers.openai.com/api/docs/models/tts-1, …/tts-1-hd
  { provider: 'openai', model: /^tts-1(?:-1106)?$/, usdPerMillion: 15 },
  { provider: 'openai', model: /^tts-1-hd(?:-1106)?$/, usdPerMillion: 30 },
]

/**
 * Reckoned with for sound that is billed by the second by a model whose price is not known (C70): 2 $ an
 * hour, above what any provider of the table asks.
 */
export const UNLISTED_SECOND: UnitPrice = { per: 'second', picoUsd: perSecond(2) }

/** The providers' shortest bill, seconds (console.groq.com/docs/speech-to-text). */
const LEAST_SECONDS: Readonly<Partial<Record<ProviderId, number>>> = { groq: 10 }

/** How many seconds a provider bills for `seconds` of sound. */
export function billedSeconds(provider: ProviderId, seconds: number): number {
  return seconds === 0 ? 0 : Math.max(seconds, LEAST_SECONDS[provider] ?? 0)
}

/** The price of a model that is sold by another unit than the token; null: it is not. */
export function unitPriceOf(
  { provider, model }: { readonly provider: ProviderId; readonly model: string | null },
  table: ModelPrice | null,
): UnitPrice | null {
  const hours = table?.['input_audio_hours'] ?? table?.['audio_hours']
  // A price of nothing is a missing price (C70).
  if (typeof hours === 'number' && hours > 0) return { per: 'second', picoUsd: perSecond(hours) }
  const spoken = BY_CHARACTER.find(
    (entry) => entry.provider === provider && entry.model.test(model ?? ''),
  )
  // Dollars for a million characters are as many millionths of a dollar for one.
  return spoken ? { per: 'character', picoUsd: spoken.usdPerMillion * 1_000_000 } : null
}

function perSecond(usdPerHour: number): number {
  return Math.ceil((usdPerHour * PICO_PER_USD) / SECONDS_PER_HOUR)
}
