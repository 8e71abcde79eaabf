/** How large a device's part of one limit becomes, by what all devices have and ask for (C67). */

export interface PartState {
  /** Of the limit, for all devices together. */
  readonly whole: number
  /** What this device may use up now. */
  readonly held: number
  /** What all others may. */
  readonly others: number
  /** What this device used up in the running period, or holds for calls that run. */
  readonly used: number
  /** What each would have, were all of it shared out evenly. */
  readonly fair: number
  /** What this device lacks of what a call of its needed. */
  readonly lacks: number
  /** What devices that have never had a part are due. */
  readonly dueToNew: number
  /** What other devices lack that asked before this one did, or while it asks for nothing. */
  readonly dueToAsking: number
}

/**
 * Σ of all parts ≤ the limit, as long as each is computed over the newest state and a greater one counts only
 * once the push that carries it was accepted. What is used up is never given away.
 * @returns the part from now on: below `held` at once, above it once it was accepted
 */
export function nextPart(state: PartState): number {
  const { whole, held, others, used, fair, lacks, dueToNew, dueToAsking } = state
  const free = whole - others - held
  // The person made the limit smaller, or two states came together.
  if (free < 0) return Math.min(held, Math.max(used, whole - others))
  const due = dueToNew + dueToAsking
  const short = Math.max(0, due - free)
  const toNew = Math.min(short, dueToNew, Math.max(0, held - Math.max(used, fair)))
  // What is free goes to the new ones first: while it is too little for them, an asker gets nothing of what this
  // device gives, goes on asking, and would take all of it without being helped.
  const isForAsking = free + toNew >= dueToNew
  const toAsking = isForAsking
    ? Math.min(short - toNew, dueToAsking, Math.max(0, held - used - toNew))
    : 0
  const given = toNew + toAsking
  const wanted = Math.max(lacks, fair - held, 0)
  return held - given + Math.min(wanted, Math.max(0, free - due))
}

/**
 * An even part of a limit: the parts of all devices together are the limit.
 * @param limit a whole number of anything: nano-USD, calls, tokens
 * @param position from 0
 */
export function evenPart(limit: number, position: number, devices: number): number {
  const rest = limit % devices
  return (limit - rest) / devices + (position < rest ? 1 : 0)
}
