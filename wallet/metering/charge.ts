/** What an ended call is charged: the table of protocols §3b, as a pure function. */
import {
  tokenUsageSchema,
  type CallEnding,
  type CostSource,
  type NanoUsd,
  type OwnPrice,
  type ProviderId,
  type Reservation,
  type TokenUsage,
} from '../protocol/index.ts'
import { amount, costAt, costOf, priceOf, secondsCost, statedPrice } from './prices.ts'

/** No model takes or makes so much in one call: a larger number is no usage (C69). */
const ABSURD_TOKENS = 100_000_000
/** A month of sound in one recording. */
const ABSURD_SECONDS = 30 * 86_400
/** The longest token of the vocabularies in use (a run of blanks) has 128 bytes. */
const LONGEST_TOKEN_BYTES = 128

/** How a call ended, as the proxy saw it. */
export interface CallOutcome {
  readonly ending: CallEnding
  /** The provider's HTTP status, 0 where none arrived. */
  readonly status: number
  /** What the provider reported, or null. */
  readonly usage: TokenUsage | null
  /** False while the provider could still have raised it (a stream that was cut). */
  readonly usageFinal: boolean
  /** Whether any byte of a reply's body was read. */
  readonly firstByteSeen: boolean
  /** The least the call must have cost by what was seen, nano-USD ({@link localFloor}). */
  readonly localFloor?: NanoUsd
  /** A socket that opened and asked for nothing: there is nothing to report. */
  readonly nothingDue?: boolean
}

export interface Charge {
  readonly costNanoUsd: NanoUsd
  readonly costSource: CostSource
  /** The usage the cost was computed from, or null. */
  readonly tokens: TokenUsage | null
}

/**
 * The charge for an ended call. Whatever is not clearly free or clearly reported costs the whole bound,
 * because the app controls how much of an answer it reads (C72).
 */
export function chargeOf(reservation: Reservation, outcome: CallOutcome): Charge {
  if (isFree(outcome)) return { costNanoUsd: 0, costSource: 'none', tokens: null }
  const usage = outcome.usageFinal ? saneUsage(outcome.usage) : null
  // A bound of tokens without a price: a machine of the person's own.
  if (reservation.boundNanoUsd === 0 && reservation.boundTokens > 0) {
    return { costNanoUsd: 0, costSource: 'none', tokens: usage }
  }
  // After a worker's death nothing that was remembered of the call is trusted (§3b).
  if (usage === null || outcome.ending === 'lost' || outcome.ending === 'refused') {
    // What was reported before a socket broke off comes on top of the answer that was under way.
    const costNanoUsd = Math.max(reservation.boundNanoUsd, outcome.localFloor ?? 0)
    return { costNanoUsd, costSource: costNanoUsd === 0 ? 'none' : 'bound', tokens: null }
  }
  const reported = reportedCost(reservation, usage)
  const floor = outcome.localFloor ?? 0
  // C71: a provider that under-reports is charged by what was seen. More than the bound is charged too:
  // it is what the person will pay.
  return floor > reported
    ? { costNanoUsd: floor, costSource: 'floor', tokens: usage }
    : { costNanoUsd: reported, costSource: sourceOf(reservation), tokens: usage }
}

/** C70: a price that is not known is an estimate, however honest the usage is. */
function sourceOf({ provider, model, startedAt, media, price }: Reservation): CostSource {
  const isKnown = price !== undefined || priceOf({ provider, model, at: startedAt }, media).known
  return isKnown ? 'usage' : 'price'
}

/** At the price it was bounded with: a price that was changed meanwhile is for the calls after it. */
function reportedCost(reservation: Reservation, usage: TokenUsage): NanoUsd {
  const { provider, model, startedAt, media, price } = reservation
  // What it was held with counts pictures and characters already: they stood in the request.
  if (price?.unit && price.unit.per !== 'second') return reservation.boundNanoUsd
  if (price) {
    return costAt(statedPrice(price), usage) + secondsCost(provider, price.unit ?? null, usage)
  }
  return costOf({ provider, model, at: startedAt }, usage, media)
}

/** Nothing was sent, or the provider itself said no and told why. */
function isFree({ ending, status, firstByteSeen, nothingDue }: CallOutcome): boolean {
  if (nothingDue === true && ending !== 'lost') return true
  return ending === 'denied' || (ending === 'refused' && status >= 400 && firstByteSeen)
}

/** Null for what cannot be the usage of one call: negative, fractional, absurd, empty (C69). */
function saneUsage(usage: TokenUsage | null): TokenUsage | null {
  const parsed = tokenUsageSchema.safeParse(usage)
  if (!parsed.success) return null
  const { input, cachedInput, cacheWriteInput, cacheWriteLongInput = 0 } = parsed.data
  const { output, reasoning, seconds = 0 } = parsed.data
  const total = input + cachedInput + cacheWriteInput + output
  if ((total === 0 && seconds === 0) || total > ABSURD_TOKENS) return null
  if (seconds > ABSURD_SECONDS) return null
  return reasoning <= output && cacheWriteLongInput <= cacheWriteInput ? parsed.data : null
}

/**
 * The least a call can have cost: the text that was sent and seen, had every token been the longest one.
 * It is never above an honest provider's figure.
 */
export function localFloor(seen: {
  readonly provider: ProviderId
  readonly model: string | null
  /** Unix ms, when the call started */
  readonly at: number
  /** UTF-8 bytes of generated text, without the framing around it. */
  readonly outputTextBytes: number
  /** Of the reservation. */
  readonly price?: OwnPrice | undefined
}): NanoUsd {
  const { provider, model, at } = seen
  const { output } = seen.price ?? priceOf({ provider, model, at })
  return amount(Math.ceil(seen.outputTextBytes / LONGEST_TOKEN_BYTES), output)
}
