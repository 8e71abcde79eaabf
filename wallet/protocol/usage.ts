import * as z from 'zod/mini'
import { capabilitySchema } from './grant.ts'
import { grantIdSchema, keyIdSchema, requestIdSchema } from './ids.ts'
import { ownPriceSchema } from './key-price.ts'
import { providerIdSchema } from './provider-id.ts'

const tokens = z.int().check(z.nonnegative())

/** Token counts of one call by kind. Kinds are disjoint: `input` holds no cached tokens. */
export const tokenUsageSchema = z.strictObject({
  input: tokens,
  cachedInput: tokens,
  cacheWriteInput: tokens,
  /** The part of `cacheWriteInput` that was written for the longer, dearer time. Absent: not known. */
  cacheWriteLongInput: z.optional(tokens),
  output: tokens,
  /** The part of `output` that was reasoning. */
  reasoning: tokens,
  /** Sound that was heard, in seconds, where a provider bills by them. */
  seconds: z.optional(tokens),
})
export type TokenUsage = z.infer<typeof tokenUsageSchema>

/** How a call ended, and so by which rule of protocols §3b it was charged. */
export const callEndingSchema = z.enum(['done', 'refused', 'aborted', 'failed', 'lost', 'denied'])
export type CallEnding = z.infer<typeof callEndingSchema>

/**
 * Why the cost is what it is: the provider's usage; that usage at the dearest price of the provider, because
 * the model's own is not known (C70); more than it because we saw more than it reported (C71); the whole
 * reserved bound; or nothing. `price`, `floor` and `bound` are estimates and shown as such.
 */
const costSourceSchema = z.enum(['usage', 'price', 'floor', 'bound', 'none'])
export type CostSource = z.infer<typeof costSourceSchema>

const laneSchema = z.enum(['proxy', 'inject', 'relay'])

/** One proxied call, plain on disk: random ids, never a name, a prompt or a reply (formats §7). */
export const usageRowSchema = z.strictObject({
  requestId: requestIdSchema,
  grantId: grantIdSchema,
  keyId: keyIdSchema,
  provider: providerIdSchema,
  model: z.nullable(z.string()),
  capability: z.nullable(capabilitySchema),
  lane: laneSchema,
  startedAt: z.int(),
  durationMs: z.int(),
  /** The HTTP status the provider sent, 0 where none arrived. */
  status: z.int(),
  ending: callEndingSchema,
  tokens: z.nullable(tokenUsageSchema),
  costNanoUsd: z.int().check(z.nonnegative()),
  costSource: costSourceSchema,
})
export type UsageRow = z.infer<typeof usageRowSchema>

/** An upper bound held for a call that was sent or is about to be (protocols §3b). */
export const reservationSchema = z.strictObject({
  requestId: requestIdSchema,
  grantId: grantIdSchema,
  keyId: keyIdSchema,
  provider: providerIdSchema,
  model: z.nullable(z.string()),
  capability: z.nullable(capabilitySchema),
  lane: laneSchema,
  startedAt: z.int(),
  boundNanoUsd: z.int().check(z.nonnegative()),
  /** The same bound in tokens, held against token limits. */
  boundTokens: z.int().check(z.nonnegative()),
  /** Whether it carries images, sound or files, whose tokens may cost more than text. */
  media: z.boolean(),
  /** The price it was bounded with where the key has one of its own; absent: the table's. */
  price: z.optional(ownPriceSchema),
  /** Every budget period the call falls into, `day/2026-11-21` and so on. */
  periods: z.array(z.string()),
})
export type Reservation = z.infer<typeof reservationSchema>
