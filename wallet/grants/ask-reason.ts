import { parseUsd, type NanoUsd, type Terms } from '../protocol/index.ts'
import type { Decision } from './evaluate.ts'

/** Why the person is asked about one call: they want every one, nothing bounds it, or it may be dear. */
export type AskReason = 'every_call' | 'unbounded' | 'above'

/**
 * Whether the person must say yes to a call that is within the terms, and why.
 * @param boundNanoUsd the most the call can cost; null: nothing bounds it
 */
export function askReason(
  decision: Exclude<Decision, { outcome: 'deny' }>,
  terms: Pick<Terms, 'askAbove'>,
  boundNanoUsd: NanoUsd | null,
): AskReason | null {
  // What has no bound cannot be allowed for good, so it is told before everything else.
  if (boundNanoUsd === null) return 'unbounded'
  if (decision.outcome === 'ask') return decision.why
  const { askAbove } = terms
  return askAbove !== undefined && boundNanoUsd > parseUsd(askAbove) ? 'above' : null
}
