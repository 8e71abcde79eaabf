import { formatUsd, parseUsd, type ConsentRequest } from '@valetkey/wallet/protocol'
import { readAmount } from './money.ts'

const NANO_PER_CENT = 10_000_000
/** What a person would say: 1, 2 or 5 of each size, and quarters. */
const STEPS = [1, 2, 5, 10, 25, 50]

/** Why a call is asked about, where it can be allowed for good; what nothing bounds cannot be. */
export type RaisableWhy = 'every_call' | 'above'

/** Whether “ask me less often” is an answer to this question. */
export function canRaise(
  call: NonNullable<ConsentRequest['call']>,
): call is { why: RaisableWhy; boundUsd: string } & NonNullable<ConsentRequest['call']> {
  return call.boundUsd !== null && call.why !== 'unbounded'
}

/** The round amount from which on nothing like this call is asked about: `"0.31"` → `"0.50"`. */
export function offeredAskAbove(boundUsd: string): string {
  const cents = Math.max(1, Math.ceil(parseUsd(boundUsd) / NANO_PER_CENT))
  const round = STEPS.find((step) => step >= cents) ?? Math.ceil(cents / 100) * 100
  return formatUsd(round * NANO_PER_CENT)
}

/** What was typed, as far as it covers the call that is asked about; null: it does not. */
export function readRaise(text: string, boundUsd: string): string | null {
  const usd = readAmount(text)
  return usd !== null && parseUsd(usd) >= parseUsd(boundUsd) ? usd : null
}
