/** What a call will probably cost: to be shown beside its bound, and never to be held or charged. */
import type { NanoUsd } from '../protocol/index.ts'
import type { BoundInput } from './bound.ts'
import { amount, priceOf, statedPrice } from './prices.ts'

/** English text; other languages have fewer bytes in a token, code more. */
const BYTES_PER_TOKEN = 4
/** An answer of a page and a half. */
const USUAL_ANSWER_TOKENS = 700

/** Nano-USD of a chat call with an answer of usual length; null where nothing usual can be said of it. */
export function expectedCost(input: BoundInput): NanoUsd | null {
  const { provider, endpoint, facts, maxOutputTokens, at, price } = input
  const { textBytes, images, files } = facts.input
  // Pictures and files count as each provider likes.
  if (endpoint.capability !== 'chat' || facts.unbounded || images + files > 0) return null
  const tokens = price
    ? statedPrice(price)
    : priceOf({ provider: provider.id, model: facts.model, at }, false)
  if (price?.unit || provider.costs === 'nothing') return null
  const answer = Math.min(USUAL_ANSWER_TOKENS, facts.outputLimit ?? Infinity, maxOutputTokens)
  const nanoUsd =
    amount(Math.ceil(textBytes / BYTES_PER_TOKEN), tokens.input) +
    amount(facts.choices * answer, tokens.output)
  return Number.isSafeInteger(nanoUsd) ? nanoUsd : null
}
