/** The sums of a day: what every screen of usage is drawn from, so that none of them reads single rows. */
import * as z from 'zod/mini'
import {
  callEndingSchema,
  grantIdSchema,
  keyIdSchema,
  providerIdSchema,
  type CallEnding,
  type UsageRow,
} from '../protocol/index.ts'

const sum = z.int().check(z.nonnegative())
const ENDINGS = callEndingSchema.options

/** What one grant used of one model by one key on one day, UTC. */
export const usageDaySchema = z.strictObject({
  /** `2026-11-21` */
  day: z.string(),
  grantId: grantIdSchema,
  keyId: keyIdSchema,
  provider: providerIdSchema,
  /** Empty: not known, or of calls that were denied. */
  model: z.string(),
  calls: sum,
  /** How many calls had which ending; what is not there is none. */
  endings: z.partialRecord(callEndingSchema, sum),
  /** By kind, disjoint but for `reasoning`, which is a part of `output`. */
  tokens: z.strictObject({
    input: sum,
    cachedInput: sum,
    cacheWriteInput: sum,
    output: sum,
    reasoning: sum,
  }),
  nanoUsd: sum,
  /** The part of `nanoUsd` that no provider reported. */
  estimatedNanoUsd: sum,
})
export type UsageDay = z.infer<typeof usageDaySchema>

/** The members that tell one sum of a day from another, in the order of the stores' keys. */
export type UsageDayKey = readonly [
  day: string,
  grantId: string,
  keyId: string,
  provider: string,
  model: string,
]

const DAY_MS = 86_400_000

/** Unix ms → the UTC day it falls into, `2026-11-21`: the day budgets count by. */
export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10)
}

/** The first millisecond of a UTC day, Unix ms. */
export function dayStart(day: string): number {
  return Date.parse(`${day}T00:00:00.000Z`)
}

/** The UTC day `count` days after another; before it where `count` is negative. */
export function dayAfter(day: string, count = 1): string {
  return dayOf(dayStart(day) + count * DAY_MS)
}

/** Which sum a call counts in. */
export function usageDayKey(row: UsageRow): UsageDayKey {
  const { startedAt, grantId, keyId, provider, model, ending } = row
  // A page names whatever model it likes in calls that are denied: it must not grow the sums at will.
  return [dayOf(startedAt), grantId, keyId, provider, ending === 'denied' ? '' : (model ?? '')]
}

/** The sum of a day with one more call. @param before the sum so far, undefined: the call is the first */
export function withUsage(before: UsageDay | undefined, row: UsageRow): UsageDay {
  const [day, , , , model] = usageDayKey(row)
  const { grantId, keyId, provider } = row
  const known: UsageDay = before ?? { day, grantId, keyId, provider, model, ...NOTHING }
  const { input, cachedInput, cacheWriteInput, output, reasoning } = known.tokens
  const added = row.tokens ?? NOTHING.tokens
  return {
    ...known,
    calls: known.calls + 1,
    endings: { ...known.endings, [row.ending]: (known.endings[row.ending] ?? 0) + 1 },
    tokens: {
      input: input + added.input,
      cachedInput: cachedInput + added.cachedInput,
      cacheWriteInput: cacheWriteInput + added.cacheWriteInput,
      output: output + added.output,
      reasoning: reasoning + added.reasoning,
    },
    nanoUsd: known.nanoUsd + row.costNanoUsd,
    estimatedNanoUsd: known.estimatedNanoUsd + (isEstimated(row) ? row.costNanoUsd : 0),
  }
}

/** Whether no provider reported what a call is charged. */
export function isEstimated({ costSource }: Pick<UsageRow, 'costSource'>): boolean {
  return costSource !== 'usage' && costSource !== 'none'
}

/** Calls of a sum that brought nothing: all but those that were done or that the app itself ended. */
export function failedCalls({ endings }: Pick<UsageDay, 'endings'>): number {
  return ENDINGS.filter(isFailed).reduce((total, ending) => total + (endings[ending] ?? 0), 0)
}

/** An app that stops reading has what it wanted. */
function isFailed(ending: CallEnding): boolean {
  return ending !== 'done' && ending !== 'aborted'
}

const NOTHING = {
  calls: 0,
  endings: {},
  tokens: { input: 0, cachedInput: 0, cacheWriteInput: 0, output: 0, reasoning: 0 },
  nanoUsd: 0,
  estimatedNanoUsd: 0,
} as const
