/**
 * What a token costs. The table is the one bundled with @pydantic/genai-prices; its `updatePrices` is
 * never called, so nothing is ever fetched: prices change with a release (protocols §3b).
 */
import { calcPrice, findProvider, type ModelPrice } from '@pydantic/genai-prices'
import type { NanoUsd, ProviderId, TokenUsage } from '../protocol/index.ts'

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

/** The dearest price of a model, and whether the table has the model at all. */
export interface ModelPriceFacts extends TokenPrice {
  /** False: these are the dearest prices of any model of the provider (C70). */
  readonly known: boolean
  /** The table knows the model and names no price: free at its provider. */
  readonly free: boolean
  /** Tokens a call can hold at most, where the table says so. */
  readonly contextTokens: number | null
}

/** Which model's price, and when: prices have a day they start on. */
export interface PricedModel {
  readonly provider: ProviderId
  readonly model: string | null
  /** Unix ms */
  readonly at: number
}

type Kind = keyof TokenPrice

const PICO_PER_NANO = 1000n
/** A dollar for a million tokens is 10⁶ pico-USD a token. */
const PICO_PER_MTOK_USD = 1_000_000
const DAY_MS = 86_400_000
const CACHE_ENTRIES = 500
/** Longer names are no model: they are not even looked up. */
const MODEL_NAME_LIMIT = 200

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
interface Choice {
  /** Tokens of input the call had; null: the dearest tier. */
  readonly inputTokens: number | null
  /** False: the input was text only. What comes out may always be another medium. */
  readonly media: boolean
}
const DEAREST: Choice = { inputTokens: null, media: true }

/**
 * The dearest price of a model over its size tiers. A model that is missing in the table, or has no
 * token price there, gets the dearest price of each kind its provider has: never 0 (C70).
 * @param media false when all of the input is text; else the dearest medium counts
 */
export function priceOf(priced: PricedModel, media = true): ModelPriceFacts {
  const found = lookup(priced)
  const price = found ? priceFrom(found.table, { inputTokens: null, media }) : null
  const dearest = dearestOf(priced.provider, priced.at)
  const none = { free: false, contextTokens: found?.contextTokens ?? null }
  if (!found || !price) {
    const free = found !== null && Object.keys(found.table).length === 0
    return { ...dearest, ...none, known: false, free }
  }
  return { ...complete(price, dearest), ...none, known: true }
}

/**
 * What a call with this usage costs, nano-USD, rounded up for each kind of token.
 * @param media false when all of the input was text; else each token counts as the dearest medium
 */
export function costOf(priced: PricedModel, usage: TokenUsage, media = true): NanoUsd {
  const inputTokens = usage.input + usage.cachedInput + usage.cacheWriteInput
  const found = lookup(priced)
  const own = found && priceFrom(found.table, { inputTokens, media })
  const dearest = dearestOf(priced.provider, priced.at)
  const price = own ? complete(own, dearest) : dearest
  const longWrites = usage.cacheWriteLongInput ?? usage.cacheWriteInput
  return (
    amount(usage.input, price.input) +
    amount(usage.cachedInput, price.cachedInput) +
    amount(usage.cacheWriteInput - longWrites, price.cacheWriteInput) +
    amount(longWrites, price.cacheWriteLongInput) +
    amount(usage.output, price.output)
  )
}

/** Tokens × pico-USD → nano-USD, rounded up. */
export function amount(tokens: number, picoUsdPerToken: number): NanoUsd {
  const pico = BigInt(tokens) * BigInt(picoUsdPerToken)
  return Number((pico + PICO_PER_NANO - 1n) / PICO_PER_NANO)
}

/** The largest context any model of the provider has: what bounds a file we cannot look into. */
export function largestContext(provider: ProviderId): number {
  const models = findProvider({ providerId: provider })?.models ?? []
  return Math.max(0, ...models.map((model) => model.context_window ?? 0))
}

interface Found {
  readonly table: ModelPrice
  readonly contextTokens: number | null
}

const lookups = new Map<string, Found | null>()

function lookup({ provider, model, at }: PricedModel): Found | null {
  if (model === null || model === '' || model.length > MODEL_NAME_LIMIT) return null
  // Prices start on a day, so one answer serves all of it.
  const name = `${provider} ${String(Math.floor(at / DAY_MS))} ${model}`
  const known = lookups.get(name)
  if (known !== undefined) return known
  const found = read({ provider, model, at })
  // C62: model names come from pages; a page that makes up names must not grow the map for ever.
  if (lookups.size >= CACHE_ENTRIES) lookups.clear()
  lookups.set(name, found)
  return found
}

function read({ provider, model, at }: PricedModel & { readonly model: string }): Found | null {
  try {
    const price = calcPrice({}, model, { providerId: provider, timestamp: new Date(at) })
    if (!price) return null
    return { table: price.model_price, contextTokens: price.model.context_window ?? null }
  } catch {
    // The package throws for a table entry that contradicts itself: no price, so the dearest one.
    return null
  }
}

const dearestPrices = new Map<string, TokenPrice>()

/** The dearest price of each kind over all models of a provider. */
function dearestOf(provider: ProviderId, at: number): TokenPrice {
  const name = `${provider} ${String(Math.floor(at / DAY_MS))}`
  const known = dearestPrices.get(name)
  if (known) return known
  const models = findProvider({ providerId: provider })?.models ?? []
  const prices = models.flatMap(({ id }) => {
    const found = lookup({ provider, model: id, at })
    const price = found && priceFrom(found.table, DEAREST)
    return price ? [price] : []
  })
  const most = (kind: Kind): number => Math.max(0, ...prices.map((price) => price[kind] ?? 0))
  const input = most('input')
  const dearest = complete({ input, output: most('output') }, { input, output: most('output') })
  const atLeast = (kind: Kind): number => Math.max(dearest[kind], most(kind))
  const result: TokenPrice = {
    input,
    cachedInput: atLeast('cachedInput'),
    cacheWriteInput: atLeast('cacheWriteInput'),
    cacheWriteLongInput: atLeast('cacheWriteLongInput'),
    output: dearest.output,
  }
  dearestPrices.clear()
  dearestPrices.set(name, result)
  return result
}

type PartialPrice = Partial<Record<Kind, number>>

/** Null: the table has no price for tokens at all (by the second, by the image, or not yet known). */
function priceFrom(table: ModelPrice, choice: Choice): PartialPrice | null {
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
function complete(price: PartialPrice, missing: { input: number; output: number }): TokenPrice {
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
