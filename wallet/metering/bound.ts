/** The most a call can cost: reserved before it is sent, never estimated (protocols §3b). */
import { WalletError, type NanoUsd, type OwnPrice, type UnitPrice } from '../protocol/index.ts'
import type { CallFacts, Endpoint, Provider } from '../providers/index.ts'
import { amount, largestContext, priceOf, statedPrice, type ModelPriceFacts } from './prices.ts'

/** What every call has on top of its text: role names, separators, the start of the answer. */
const CALL_OVERHEAD_TOKENS = 64
const MESSAGE_OVERHEAD_TOKENS = 16
/** Anthropic states up to 735 tokens for one built-in tool and up to 530 once for having tools. */
const TOOL_OVERHEAD_TOKENS = 768
const FIRST_TOOL_OVERHEAD_TOKENS = 1024

/** A call about to be made. */
export interface BoundInput {
  readonly provider: Pick<Provider, 'id' | 'inputMaxima' | 'outputMaxima' | 'costs' | 'freeModels'>
  readonly endpoint: Pick<Endpoint, 'capability'>
  readonly facts: CallFacts
  /** The limit the wallet sets on every answer (the grant's). */
  readonly maxOutputTokens: number
  /** Unix ms: prices have a day they start on. */
  readonly at: number
  /** What the person says that the model costs with this key; absent: what the table says. */
  readonly price?: OwnPrice
}

export type CallBound =
  | { readonly boundNanoUsd: NanoUsd; readonly boundTokens: number }
  /**
   * Nothing here bounds the whole of it: the person is asked. What can be bounded is still worth
   * reserving, so that an approved call does not count as free.
   */
  | { readonly unbounded: true; readonly partNanoUsd: NanoUsd; readonly partTokens: number }

/**
 * The upper bound of a call: one token for each byte of text, what providers state for the rest, at the
 * dearest tier and cache-write rate; and every answer as long as it may get.
 * @throws `request.invalid` for a count that is none (C44: a negative limit would make a negative bound)
 */
export function boundCall(input: BoundInput): CallBound {
  const { capability } = input.endpoint
  if (capability === 'models' || capability === 'tokens') return free
  const { provider, facts, at } = input
  assertCounts(input)
  const listed = priceOf({ provider: provider.id, model: facts.model, at }, hasMedia(facts))
  const price = input.price ? { ...listed, ...ownFacts(input.price) } : listed
  if (capability === 'moderation' && price.free) return free

  if (price.unit) return boundByUnit(input, price.unit)
  const inputTokens = inputBound(provider, facts, price)
  const mostOutput = outputBound(input, price)
  const outputTokens = mostOutput ?? limitedOutput(input)
  const dearestInput = Math.max(
    price.input,
    price.cachedInput,
    price.cacheWriteInput,
    price.cacheWriteLongInput,
  )
  const nanoUsd = amount(inputTokens, dearestInput) + amount(outputTokens, price.output)
  const tokens = inputTokens + outputTokens
  if (isFree(input) && !input.price) {
    return { boundNanoUsd: 0, boundTokens: Math.min(tokens, Number.MAX_SAFE_INTEGER) }
  }
  // A sum no double holds exactly is no bound; it would also fit under no limit.
  const bounded = !facts.unbounded && mostOutput !== null && Number.isSafeInteger(nanoUsd)
  return bounded
    ? { boundNanoUsd: nanoUsd, boundTokens: tokens }
    : {
        unbounded: true,
        partNanoUsd: Math.min(nanoUsd, Number.MAX_SAFE_INTEGER),
        partTokens: Math.min(tokens, Number.MAX_SAFE_INTEGER),
      }
}

/** What a person states, in place of what the table does. */
function ownFacts(own: OwnPrice): Partial<ModelPriceFacts> {
  return { ...statedPrice(own), free: false, unit: own.unit ?? null }
}

/** Reckoned with, after the person said yes, where nothing tells how many: an hour, a page, a few. */
const UNKNOWN_COUNT = { image: 4, character: 4000, second: 3600 } as const

/** Of a model that is sold by the picture, by the character or by the second. */
function boundByUnit({ endpoint, facts }: BoundInput, { per, picoUsd }: UnitPrice): CallBound {
  const counts = {
    image: endpoint.capability === 'image' ? facts.choices : null,
    // No text has more characters than bytes.
    character: endpoint.capability === 'speech' ? facts.input.textBytes : null,
    second: null,
  }
  const count = facts.unbounded ? null : counts[per]
  const nanoUsd = amount(count ?? UNKNOWN_COUNT[per], picoUsd)
  return count === null || !Number.isSafeInteger(nanoUsd)
    ? { unbounded: true, partNanoUsd: Math.min(nanoUsd, Number.MAX_SAFE_INTEGER), partTokens: 0 }
    : { boundNanoUsd: nanoUsd, boundTokens: 0 }
}

/** C70: only where the provider says so, of a call that asks for nothing but the model's own answer. */
function isFree({ provider, endpoint, facts }: BoundInput): boolean {
  if (provider.costs === 'nothing') return true
  if (endpoint.capability !== 'chat' || facts.unbounded || facts.input.files > 0) return false
  return facts.model !== null && provider.freeModels?.test(facts.model) === true
}

const free: CallBound = { boundNanoUsd: 0, boundTokens: 0 }

/**
 * The most tokens of answers. Null: nothing here bounds them. Sound by the second, pictures by the piece and
 * rooms kept open have no price by the token, or none the request reveals.
 */
function outputBound(input: BoundInput, price: ModelPriceFacts): number | null {
  const { capability } = input.endpoint
  if (capability === 'chat') return limitedOutput(input)
  if (capability === 'embedding' || capability === 'moderation') return 0
  // Who writes down what was said takes no limit; sound and text together fill one context at most.
  const isByToken = capability === 'transcription' && price.known && price.soundByToken
  if (isByToken) return price.contextTokens
  if (capability !== 'image' || !price.known) return null
  const perPicture = pictureTokens(input.provider, input.facts.model)
  return perPicture === null ? null : input.facts.choices * perPicture
}

function limitedOutput(input: BoundInput): number {
  return input.facts.choices * outputLimit(input)
}

/** Whether a call carries images, sound or files, whose tokens may cost more than text. */
export function hasMedia(facts: CallFacts): boolean {
  return facts.input.images > 0 || facts.input.files > 0
}

function assertCounts({ facts, maxOutputTokens }: BoundInput): void {
  const counts = [
    ...Object.values(facts.input),
    facts.choices,
    facts.outputLimit ?? 0,
    maxOutputTokens,
  ]
  if (counts.every((count) => Number.isSafeInteger(count) && count >= 0)) return
  throw new WalletError('request.invalid', { reason: 'count' })
}

/** C44: the smaller of what the app asked for and what we allow; asking for more never sends more. */
function outputLimit({ facts, maxOutputTokens }: BoundInput): number {
  return Math.min(facts.outputLimit ?? Infinity, maxOutputTokens)
}

function inputBound(
  provider: BoundInput['provider'],
  facts: CallFacts,
  price: ModelPriceFacts,
): number {
  const { textBytes, messages, tools, images, files } = facts.input
  // A file holds as many pages or seconds as it likes, but a call no more tokens than the model takes.
  const perFile = price.contextTokens ?? largestContext(provider.id)
  return (
    CALL_OVERHEAD_TOKENS +
    textBytes +
    messages * MESSAGE_OVERHEAD_TOKENS +
    (tools > 0 ? FIRST_TOOL_OVERHEAD_TOKENS + tools * TOOL_OVERHEAD_TOKENS : 0) +
    images * imageTokens(provider, facts.model) +
    (files > 0 ? perFile : 0)
  )
}

/** The most tokens that one picture a model makes has, as its provider states; null: it states nothing. */
function pictureTokens(
  { outputMaxima = [] }: BoundInput['provider'],
  model: string | null,
): number | null {
  if (model === null) return null
  return outputMaxima.find((stated) => stated.model.test(model))?.imageTokens ?? null
}

function imageTokens({ inputMaxima }: BoundInput['provider'], model: string | null): number {
  const dearer = (inputMaxima.dearerImages ?? []).filter(
    (exception) => model === null || exception.model.test(model),
  )
  return Math.max(inputMaxima.imageTokens, ...dearer.map((exception) => exception.imageTokens))
}
