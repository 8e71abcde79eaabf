/**
 * What a token costs. The table is the one bundled with @pydantic/genai-prices; its `updatePrices` is
 * never called, so nothing is ever fetched: prices change with a release (protocols §3b).
 */
import { calcPrice, findProvider, type ModelInfo, type ModelPrice } from '@pydantic/genai-prices'
import type { NanoUsd, OwnPrice, ProviderId, TokenUsage, UnitPrice } from '../protocol/index.ts'
import { UNLISTED_PRICE, tableId } from './price-sources.ts'
import { UNLISTED_SECOND, billedSeconds, unitPriceOf } from './unit-prices.ts'
import { DEAREST, complete, priceFrom, type Kind, type TokenPrice } from './price-table.ts'

/** The dearest price of a model, and whether the table has the model at all. */
export interface ModelPriceFacts extends TokenPrice {
  /** False: these are the dearest prices of any model of the provider (C70). */
  readonly known: boolean
  /** The table knows the model and names no price: free at its provider. */
  readonly free: boolean
  /** Tokens a call can hold at most, where the table says so. */
  readonly contextTokens: number | null
  /** Sound has a price by the token. */
  readonly soundByToken: boolean
  /** Sold by another unit: then that is its price, and no token has one. */
  readonly unit: UnitPrice | null
}

/** Which model's price, and when: prices have a day they start on. */
export interface PricedModel {
  readonly provider: ProviderId
  readonly model: string | null
  /** Unix ms */
  readonly at: number
}

/** Where the table names no context at all: the largest that models take today. */
const UNKNOWN_CONTEXT_TOKENS = 2_000_000
const PICO_PER_NANO = 1000n
const DAY_MS = 86_400_000
const CACHE_ENTRIES = 500
/** Longer names are no model: they are not even looked up. */
const MODEL_NAME_LIMIT = 200

/**
 * The dearest price of a model over its size tiers. A model that is missing in the table, or has no
 * token price there, gets the dearest price of each kind its provider has: never 0 (C70).
 * @param media false when all of the input is text; else the dearest medium counts
 */
export function priceOf(priced: PricedModel, media = true): ModelPriceFacts {
  const found = lookup(priced)
  const price = found ? priceFrom(found.table, { inputTokens: null, media }) : null
  const dearest = dearestOf(priced.provider, priced.at)
  const unit = unitPriceOf(priced, found?.table ?? null)
  const none = {
    ...{ free: false, unit },
    contextTokens: found?.contextTokens ?? null,
    soundByToken: found?.table['input_audio_mtok'] !== undefined,
  }
  if (!found || !price) {
    const free = found !== null && Object.keys(found.table).length === 0
    return { ...dearest, ...none, known: unit !== null, free }
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
  const unit = unitPriceOf(priced, found?.table ?? null)
  return costAt(price, usage) + secondsCost(priced.provider, unit, usage)
}

/** What the sound a provider reported costs, nano-USD; at the dearest where it has no price by the second. */
export function secondsCost(
  provider: ProviderId,
  unit: UnitPrice | null,
  { seconds = 0 }: TokenUsage,
): NanoUsd {
  const { picoUsd } = unit?.per === 'second' ? unit : UNLISTED_SECOND
  return amount(billedSeconds(provider, seconds), picoUsd)
}

/**
 * The price of a model as a person states it, with every kind of token. What is written to a cache costs a
 * quarter more than input, or twice as much for the longer time: the dearest that a provider asks (Anthropic).
 */
export function statedPrice(own: OwnPrice): TokenPrice {
  const { input, cachedInput, output } = own
  const cacheWriteInput = Math.ceil((input * 5) / 4)
  return { input, cachedInput, cacheWriteInput, cacheWriteLongInput: 2 * input, output }
}

/** What a call with this usage costs at a stated price, nano-USD, rounded up for each kind of token. */
export function costAt(price: TokenPrice, usage: TokenUsage): NanoUsd {
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
  const contexts = modelsOf(provider).map((model) => model.context_window ?? 0)
  const largest = Math.max(0, ...contexts)
  return largest > 0 ? largest : UNKNOWN_CONTEXT_TOKENS
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
  const providerId = tableId(provider)
  if (providerId === null) return null
  try {
    const price = calcPrice({}, model, { providerId, timestamp: new Date(at) })
    if (!price) return null
    return { table: price.model_price, contextTokens: price.model.context_window ?? null }
  } catch {
    // The package throws for a table entry that contradicts itself: no price, so the dearest one.
    return null
  }
}

function modelsOf(provider: ProviderId): readonly ModelInfo[] {
  const providerId = tableId(provider)
  return providerId === null ? [] : (findProvider({ providerId })?.models ?? [])
}

/**
 * The models of a provider that the table knows and that write text for text, without those it calls
 * deprecated. Not what the provider offers today: nobody is asked.
 */
export function listedChatModels(provider: ProviderId, at: number): readonly string[] {
  return modelsOf(provider).flatMap(({ id, deprecated }) => {
    const table = deprecated === true ? undefined : read({ provider, model: id, at })?.table
    const isChat = table?.['input_mtok'] !== undefined && table['output_mtok'] !== undefined
    return isChat ? [id] : []
  })
}

const dearestPrices = new Map<string, TokenPrice>()

/** The dearest price of each kind over all models of a provider. */
function dearestOf(provider: ProviderId, at: number): TokenPrice {
  const name = `${provider} ${String(Math.floor(at / DAY_MS))}`
  const known = dearestPrices.get(name)
  if (known) return known
  const prices = modelsOf(provider).flatMap(({ id }) => {
    // Not through the cache: OpenRouter alone lists more models than it holds.
    const found = read({ provider, model: id, at })
    const price = found && priceFrom(found.table, DEAREST)
    return price ? [price] : []
  })
  if (prices.length === 0) return UNLISTED_PRICE
  const most = (kind: Kind): number => Math.max(0, ...prices.map((price) => price[kind] ?? 0))
  const input = most('input')
  // Where nothing but embeddings is sold no output has a price; it is not free for that (C70).
  const output = Math.max(most('output'), input)
  const dearest = complete({ input, output }, { input, output })
  const atLeast = (kind: Kind): number => Math.max(dearest[kind], most(kind))
  const result: TokenPrice = {
    input,
    cachedInput: atLeast('cachedInput'),
    cacheWriteInput: atLeast('cacheWriteInput'),
    cacheWriteLongInput: atLeast('cacheWriteLongInput'),
    output: dearest.output,
  }
  // A day's prices at most, of every provider.
  if (dearestPrices.size >= CACHE_ENTRIES) dearestPrices.clear()
  dearestPrices.set(name, result)
  return result
}
