/** Reads the token prices of one model out of the table of @pydantic/genai-prices. */
import type { ModelPrice } from '@pydantic/genai-prices'

/**
 * Pico-USD (10⁻¹² $) for one token of each kind: whole numbers, so that no price of the table is rounded
 * before it is multiplied.
 */
export interface TokenPrice {
  readonly input: number
  readonly cachedInput: number
  readonly cacheWriteInput: number
  /** Cache writes kept for the longer time. */
  readonly cacheWriteLongInput: number
  readonly output: number
}

/** The kinds of tokens that have a price of their own. */
export type Kind = keyof TokenPrice

/** A dollar for a million tokens is 10⁶ pico-USD a token. */
const PICO_PER_MTOK_USD = 1_000_000

/** The price keys that can apply to tokens of a kind; the first is that of text. */
const KEYS: Readonly<Record<Kind, readonly string[]>> = {
  input: ['input_mtok', 'input_audio_mtok', 'input_image_mtok', 'input_video_mtok'],
  cachedInput: [
    'cache_read_mtok',
    'cache_audio_read_mtok',
    'cache_image_read_mtok',
    'cache_video_read_mtok',
  ],
  cacheWriteInput: ['cache_write_mtok'],
  cacheWriteLongInput: ['cache_write_1h_mtok'],
  output: ['output_mtok', 'output_audio_mtok', 'output_image_mtok', 'output_video_mtok'],
}
const KINDS: readonly Kind[] = [
  'input',
  'cachedInput',
  'cacheWriteInput',
  'cacheWriteLongInput',
  'output',
]

/** How a price is chosen where the table has several: which size tier, and text alone or any medium. */
export interface Choice {
  /** Tokens of input the call had; null: the dearest tier. */
  readonly inputTokens: number | null
  /** False: the input was text only. What comes out may always be another medium. */
  readonly media: boolean
}
/** The most it can be: what a bound is made of. */
export const DEAREST: Choice = { inputTokens: null, media: true }

/** The prices a table names; the other kinds are filled in with {@link complete}. */
export type PartialPrice = Partial<Record<Kind, number>>

/** Null: the table has no price for tokens at all (by the second, by the image, or not yet known). */
export function priceFrom(table: ModelPrice, choice: Choice): PartialPrice | null {
  const price: PartialPrice = {}
  for (const kind of KINDS) {
    const picoUsd = kindPrice(table, kind, choice)
    if (picoUsd !== null) price[kind] = picoUsd
  }
  return price.input === undefined && price.output === undefined ? null : price
}

function kindPrice(table: ModelPrice, kind: Kind, choice: Choice): number | null {
  const keys = choice.media || kind === 'output' ? KEYS[kind] : KEYS[kind].slice(0, 1)
  const prices = keys.flatMap((key) => {
    const entry = table[key]
    return entry === undefined ? [] : [tierPrice(entry, choice.inputTokens)]
  })
  const dearest = Math.max(...prices)
  // A price of nothing is a missing price (C70).
  if (!Number.isFinite(dearest) || dearest <= 0) return null
  // 0.1 $ is no binary fraction: the nearest whole pico-USD is the price that was meant.
  return Math.round(dearest * PICO_PER_MTOK_USD)
}

function tierPrice(entry: NonNullable<ModelPrice[string]>, inputTokens: number | null): number {
  if (typeof entry === 'number') return entry
  if (inputTokens === null) {
    return Math.max(entry.base, ...entry.tiers.map((tier) => tier.price))
  }
  const reached = entry.tiers.filter((tier) => inputTokens > tier.start)
  return reached.at(-1)?.price ?? entry.base
}

/** Kinds without a price of their own cost what the kind they are part of costs. */
export function complete(
  price: PartialPrice,
  missing: { input: number; output: number },
): TokenPrice {
  const input = price.input ?? missing.input
  const cacheWriteInput = price.cacheWriteInput ?? input
  return {
    input,
    cachedInput: price.cachedInput ?? input,
    cacheWriteInput,
    cacheWriteLongInput: price.cacheWriteLongInput ?? cacheWriteInput,
    output: price.output ?? missing.output,
  }
}
