/** The limits of a grant by name, and how much of them which device may use up (formats §4, C67). */
import * as z from 'zod/mini'
import { BUDGET_WINDOWS, type BudgetWindow, type Terms } from './grant.ts'
import { deviceIdSchema } from './ids.ts'
import { parseUsd } from './money.ts'

/** What a limit counts: nano-USD, calls, tokens. */
export type LimitUnit = 'usd' | 'calls' | 'tokens'
/** `usd/day`: of each grant there is one at most. */
export type LimitName = `${LimitUnit}/${BudgetWindow}`

export interface Limit {
  readonly name: LimitName
  /** For all devices together: nano-USD, calls or tokens of each period. */
  readonly whole: number
}

/** Every limit of these terms. Of two with one name the lower one is the one that holds. */
export function limitsOf({
  budgets,
  requests = [],
  tokens = [],
}: Pick<Terms, 'budgets' | 'requests' | 'tokens'>): readonly Limit[] {
  const all = [
    ...budgets.map(({ usd, window }) => limit('usd', window, parseUsd(usd))),
    ...requests.map(({ count, window }) => limit('calls', window, count)),
    ...tokens.map(({ count, window }) => limit('tokens', window, count)),
  ]
  return all.filter(({ name, whole }, at) => {
    const same = all.filter((other) => other.name === name)
    const least = Math.min(...same.map((other) => other.whole))
    return whole === least && all.findIndex((o) => o.name === name && o.whole === least) === at
  })
}

function limit(unit: LimitUnit, window: BudgetWindow, whole: number): Limit {
  return { name: limitName(unit, window), whole }
}

export function limitName(unit: LimitUnit, window: BudgetWindow): LimitName {
  return `${unit}/${window}`
}

/** The unit and the window of a limit; null for text that names none. */
export function readLimitName(name: string): { unit: LimitUnit; window: BudgetWindow } | null {
  const [unit, window] = name.split('/')
  const known = BUDGET_WINDOWS.find((each) => each === window)
  if (known === undefined) return null
  return unit === 'usd' || unit === 'calls' || unit === 'tokens' ? { unit, window: known } : null
}

const amount = z.int().check(z.nonnegative())

/** By grant, then by limit: how much of each period is one device's. */
export const limitPartsSchema = z.record(z.string(), z.record(z.string(), amount))
export type LimitParts = z.infer<typeof limitPartsSchema>

/** A device that found no room for a call: how large it wants its part of a limit to become. */
const limitAskSchema = z.strictObject({
  grantId: z.string(),
  limit: z.string(),
  target: amount,
  /** Unix ms */
  at: z.int(),
})
export type LimitAsk = z.infer<typeof limitAskSchema>

/** What one device may use up of the limits of all grants. Written by that device alone. */
export const allocationFieldsSchema = z.strictObject({
  deviceId: deviceIdSchema,
  parts: limitPartsSchema,
  asks: z.array(limitAskSchema),
})
