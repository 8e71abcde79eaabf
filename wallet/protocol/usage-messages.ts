/** What the windows ask about usage, and how the answers look. */
import * as z from 'zod/mini'
import { budgetWindowSchema } from './grant.ts'
import { grantIdSchema, keyIdSchema, requestIdSchema } from './ids.ts'
import { usdSchema } from './money.ts'
import { providerIdSchema } from './provider-id.ts'
import { method, nothing } from './ui-method.ts'
import { callEndingSchema, usageRowSchema } from './usage.ts'

const sum = z.int().check(z.nonnegative())
/** Unix ms that a date can stand for. */
const time = z.int().check(z.nonnegative(), z.maximum(8_640_000_000_000_000))
const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))

/** The rows that are asked for; what is absent limits nothing. */
const usageFilterSchema = z.strictObject({
  /** Several where a site was allowed, taken back and allowed again. */
  grantIds: z.optional(z.array(grantIdSchema).check(z.minLength(1), z.maxLength(1000))),
  keyId: z.optional(keyIdSchema),
  provider: z.optional(providerIdSchema),
  model: z.optional(z.string()),
  ending: z.optional(callEndingSchema),
  /** Unix ms, included. */
  from: z.optional(time),
  /** Unix ms, not included. */
  to: z.optional(time),
})
export type UsageFilter = z.infer<typeof usageFilterSchema>

/** The last row that was looked at. */
const usageCursorSchema = z.strictObject({
  startedAt: z.int(),
  requestId: requestIdSchema,
})
export type UsageCursor = z.infer<typeof usageCursorSchema>

/** `week`: 7 days; `days`: 30 days; `month`: the running one; `year`: 12 months. Each ends with today, UTC. */
const usageRangeSchema = z.enum(['week', 'days', 'month', 'year'])
export type UsageRange = z.infer<typeof usageRangeSchema>

const usageGroupingSchema = z.enum(['app', 'provider', 'model'])
export type UsageGrouping = z.infer<typeof usageGroupingSchema>

const usageTotalsSchema = z.strictObject({
  nanoUsd: sum,
  /** The part of `nanoUsd` that no provider reported. */
  estimatedNanoUsd: sum,
  calls: sum,
  /** Calls that brought nothing. */
  failed: sum,
  tokensIn: sum,
  tokensOut: sum,
})
export type UsageTotals = z.infer<typeof usageTotalsSchema>

/** One part of the chart. `name`: a host, a provider's id or a model; null: not known (any more). */
const usageGroupSchema = z.strictObject({
  kind: z.enum(['named', 'other']),
  name: z.nullable(z.string()),
  ...usageTotalsSchema.shape,
})
export type UsageGroup = z.infer<typeof usageGroupSchema>

const usageSeriesSchema = z.strictObject({
  /** The dearest first; the last one may stand for all the rest. */
  groups: z.array(usageGroupSchema),
  /** One for each day, or month of a year, also those without a call. */
  buckets: z.array(
    z.strictObject({
      /** Its first day. */
      start: day,
      calls: sum,
      /** Of each group, in their order. */
      nanoUsd: z.array(sum),
    }),
  ),
  totals: usageTotalsSchema,
})
export type UsageSeries = z.infer<typeof usageSeriesSchema>

/** What is different in the last seven days from the seven before. */
const usageChangesSchema = z.strictObject({
  nanoUsd: sum,
  beforeNanoUsd: sum,
  calls: sum,
  beforeCalls: sum,
  /** Apps that cost more than before, the greatest difference first. */
  risers: z.array(
    z.strictObject({ app: z.nullable(z.string()), nanoUsd: sum, beforeNanoUsd: sum }),
  ),
  /** Called for the first time in the days looked at. */
  newApps: z.array(z.string()),
  newModels: z.array(z.string()),
})
export type UsageChanges = z.infer<typeof usageChangesSchema>

const usageMonthSchema = z.strictObject({
  nanoUsd: sum,
  /** What the running month costs if it goes on like this; null: too little is known. */
  forecastNanoUsd: z.nullable(sum),
  /** Its last day. */
  lastDay: day,
})
export type UsageMonth = z.infer<typeof usageMonthSchema>

/** The budgets of one live grant, and how far they are used. */
const usageBudgetSchema = z.strictObject({
  grantId: grantIdSchema,
  app: z.string(),
  budgets: z.array(
    z.strictObject({
      usd: usdSchema,
      window: budgetWindowSchema,
      /** Held included. */
      usedNanoUsd: sum,
      /** The bounds of calls that are still running. */
      heldNanoUsd: sum,
    }),
  ),
})
export type UsageBudget = z.infer<typeof usageBudgetSchema>

const usageSummarySchema = z.strictObject({
  series: usageSeriesSchema,
  month: usageMonthSchema,
  /** Nothing was ever used, as far as is still known. */
  unused: z.boolean(),
  budgets: z.array(usageBudgetSchema),
  /** What rows of the range can be asked for by. */
  choices: z.strictObject({
    apps: z.array(
      z.strictObject({ name: z.nullable(z.string()), grantIds: z.array(grantIdSchema) }),
    ),
    providers: z.array(providerIdSchema),
    models: z.array(z.string()),
  }),
  /** The range in Unix ms, the end not included. */
  from: z.int(),
  to: z.int(),
})
export type UsageSummary = z.infer<typeof usageSummarySchema>

/** A row with the names its ids stand for; null: no longer known. */
const namedUsageRowSchema = z.strictObject({
  ...usageRowSchema.shape,
  /** The site's host. */
  app: z.nullable(z.string()),
  /** What the person calls the key. */
  keyLabel: z.nullable(z.string()),
  /** Whether no provider reported what it cost. */
  estimated: z.boolean(),
})
export type NamedUsageRow = z.infer<typeof namedUsageRowSchema>

/** How long single rows are kept, in days; null: for ever. The sums of days stay. */
export const usageRetentionSchema = z.strictObject({
  keepDays: z.union([z.literal(30), z.literal(365), z.null()]),
})
export type UsageRetention = z.infer<typeof usageRetentionSchema>

const rowsQuery = {
  filter: usageFilterSchema,
  before: z.nullable(usageCursorSchema),
}

export const USAGE_METHODS = {
  'usage.list': method(
    z.strictObject({ limit: z.int().check(z.positive(), z.maximum(10_000)) }),
    z.strictObject({ rows: z.array(usageRowSchema) }),
  ),
  /** `grantIds`: of these alone, but for the budgets. */
  'usage.summary_get': method(
    z.strictObject({
      range: usageRangeSchema,
      by: usageGroupingSchema,
      grantIds: z.optional(z.array(grantIdSchema)),
    }),
    usageSummarySchema,
  ),
  'usage.changes_get': method(nothing, usageChangesSchema),
  /** May bring fewer rows than asked for, even none, while `next` says that there are more. */
  'usage.rows_list': method(
    z.strictObject({ ...rowsQuery, limit: z.int().check(z.positive(), z.maximum(200)) }),
    z.strictObject({
      rows: z.array(namedUsageRowSchema),
      next: z.nullable(usageCursorSchema),
    }),
  ),
  /** One piece of a file of all the rows asked for. `written`: how many of them the pieces before hold. */
  'usage.export_get': method(
    z.strictObject({ ...rowsQuery, format: z.enum(['csv', 'json']), written: sum }),
    z.strictObject({
      text: z.string(),
      rowCount: sum,
      next: z.nullable(usageCursorSchema),
    }),
  ),
  'usage.retention_get': method(nothing, usageRetentionSchema),
  'usage.set_retention': method(usageRetentionSchema, nothing),
  /** Every row and every sum of a day; budgets keep what is used of them. */
  'usage.erase': method(nothing, nothing),
} as const
