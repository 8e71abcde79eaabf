/** What an app of the SDK and the background say to each other beyond calls (formats §8). */
import * as z from 'zod/mini'
import { callIdSchema } from './call-id.ts'
import { budgetWindowSchema, capabilitySchema, originSchema } from './grant.ts'
import { grantIdSchema } from './ids.ts'
import { usdSchema } from './money.ts'
import { PROVIDER_IDS } from './provider-ids.ts'
import { providerIdSchema } from './provider-id.ts'

/** The reason an app gives is shown to the person, as the app's own words. */
export const REASON_LIMIT_LENGTH = 200

const modelPatterns = z
  .array(z.string().check(z.minLength(1), z.maxLength(200)))
  .check(z.minLength(1), z.maxLength(64))

/**
 * What an app asks for. All of it is a wish: the person allows more, less or nothing, and what was granted
 * is in the answer.
 */
export const connectRequestSchema = z.strictObject({
  /** What it wants to do, at least one. */
  capabilities: z.array(capabilitySchema).check(z.minLength(1), z.maxLength(16)),
  /** The providers it can work with, any of them; absent: all. */
  providers: z.optional(
    z.array(providerIdSchema).check(z.minLength(1), z.maxLength(PROVIDER_IDS.length)),
  ),
  /** Models it uses, `*` for any run of characters; absent: any. */
  models: z.optional(modelPatterns),
  budget: z.optional(z.strictObject({ usd: usdSchema, window: budgetWindowSchema })),
  reason: z.optional(z.string().check(z.minLength(1), z.maxLength(REASON_LIMIT_LENGTH))),
})
export type ConnectRequest = z.infer<typeof connectRequestSchema>

const grantRefSchema = z.string().check(z.maxLength(64))

/** App → background. */
export const connectMessagesOfApp = [
  z.strictObject({
    type: z.literal('connect'),
    callId: callIdSchema,
    request: connectRequestSchema,
    /** Nobody is asked: answered only where a grant covers it already. */
    quiet: z.boolean(),
  }),
  z.strictObject({ type: z.literal('usage'), callId: callIdSchema, grantRef: grantRefSchema }),
  /** The app gives its grant back. */
  z.strictObject({ type: z.literal('disconnect'), callId: callIdSchema, grantRef: grantRefSchema }),
  /** The app's server asks, through its page, for a grant of its own (protocols §3). */
  z.strictObject({
    type: z.literal('link'),
    callId: callIdSchema,
    linkToken: z.string().check(z.maxLength(160)),
    /** Where the app is registered, and where its calls will come from. */
    server: originSchema,
  }),
] as const

/** What an app learns of its grant: no key, no name a person gave, nothing of other apps. */
const connectedGrantSchema = z.strictObject({
  /** Stands for the grant in calls; worth nothing to any other origin. */
  id: grantIdSchema,
  providers: z.array(
    z.strictObject({
      provider: providerIdSchema,
      models: z.union([z.literal('any'), z.array(z.string())]),
      capabilities: z.array(capabilitySchema),
    }),
  ),
  budgets: z.array(z.strictObject({ usd: usdSchema, window: budgetWindowSchema })),
  /** Unix ms */
  expiresAt: z.int(),
})
export type ConnectedGrant = z.infer<typeof connectedGrantSchema>

const count = z.int().check(z.nonnegative())

/** What an app spent. Amounts in dollars, as decimal strings. */
const grantUsageSchema = z.strictObject({
  /** In the running period of each budget; `held` is reserved for calls that run. */
  budgets: z.array(
    z.strictObject({
      ...{ usd: usdSchema, window: budgetWindowSchema },
      ...{ usedUsd: z.string(), heldUsd: z.string() },
    }),
  ),
  /** As far back as the person keeps what was used. */
  total: z.strictObject({
    ...{ calls: count, inputTokens: count, outputTokens: count },
    usd: z.string(),
  }),
})
export type GrantUsage = z.infer<typeof grantUsageSchema>

/** Background → app. A refusal is a `call.error` of the same `callId`. */
export const connectMessagesToApp = [
  z.strictObject({
    type: z.literal('connected'),
    callId: callIdSchema,
    grant: connectedGrantSchema,
  }),
  z.strictObject({ type: z.literal('usage'), callId: callIdSchema, usage: grantUsageSchema }),
  z.strictObject({ type: z.literal('disconnected'), callId: callIdSchema }),
  /** For the app's server to exchange, once, within five minutes. */
  z.strictObject({ type: z.literal('linked'), callId: callIdSchema, publicToken: z.string() }),
] as const
