import * as z from 'zod/mini'
import { deviceIdSchema, grantIdSchema, keyIdSchema, type KeyId } from './ids.ts'
import { usdSchema } from './money.ts'
import { providerIdSchema } from './provider-id.ts'
import { isValetKey } from './valet-key.ts'

/** What an app may do with a provider. Listing models and counting tokens come with any of them. */
export const CAPABILITIES = [
  'chat',
  'embedding',
  'image',
  'speech',
  'transcription',
  'realtime',
  'video',
  'moderation',
  'rerank',
  'tools.fetch',
  'stored.ids',
] as const
export const capabilitySchema = z.enum(CAPABILITIES)
export type Capability = z.infer<typeof capabilitySchema>

export const BUDGET_WINDOWS = ['day', 'week', 'month', 'total'] as const
export const budgetWindowSchema = z.enum(BUDGET_WINDOWS)
export type BudgetWindow = z.infer<typeof budgetWindowSchema>

/** `https://host[:port]`, or plain http on loopback, exactly as a browser serialises an origin. */
export const originSchema = z.string().check(z.refine(isGrantableOrigin))

// No wildcard (a match pattern would widen), no trailing dot (C6: another origin that looks the same).
const HOST = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

/**
 * Whether an origin may ever hold a grant: https anywhere, http on loopback only. Never file, data,
 * sandboxed or other opaque origins (formats §7; C7, C8, C20).
 */
export function isGrantableOrigin(text: string): boolean {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return false
  }
  if (url.origin !== text || !HOST.test(url.hostname)) return false
  if (url.protocol === 'https:') return true
  // Elsewhere a network attacker could script a plain http page and spend (interception §2).
  return url.protocol === 'http:' && (url.hostname === 'localhost' || url.hostname === '127.0.0.1')
}

const count = z.int().check(z.positive())

/** Which keys of a provider a grant may use: one, or the first that works of a pool. */
const keyChoiceSchema = z.union([
  z.strictObject({ only: keyIdSchema }),
  z.strictObject({ pool: z.array(keyIdSchema) }),
])
/** Model names, `*` standing for any run of characters; or any model. */
const modelChoiceSchema = z.union([
  z.literal('any'),
  z.array(z.string().check(z.minLength(1), z.maxLength(200))),
])

const providerTermsSchema = z.strictObject({
  provider: providerIdSchema,
  keys: keyChoiceSchema,
  models: modelChoiceSchema,
  capabilities: z.array(capabilitySchema),
})

/** What was allowed. Presence is authority: an empty list allows nothing. */
export const termsSchema = z.strictObject({
  schema: z.literal(1),
  providers: z.array(providerTermsSchema),
  budgets: z.array(z.strictObject({ usd: usdSchema, window: budgetWindowSchema })),
  requests: z.optional(z.array(z.strictObject({ count, window: budgetWindowSchema }))),
  tokens: z.optional(z.array(z.strictObject({ count, window: budgetWindowSchema }))),
  limits: z.strictObject({ perMinute: count, parallel: count, maxOutputTokens: count }),
  askAbove: z.optional(usdSchema),
  askAlways: z.optional(z.boolean()),
  endpoints: z.optional(z.array(z.string().check(z.regex(/^[A-Z]+ \/\S*$/)))),
  sealed: z.optional(z.enum(['required', 'plain'])),
  usageShare: z.optional(z.enum(['none', 'totals', 'calls'])),
  expiresAt: z.int(),
  lane: z.enum(['proxy', 'inject']),
})
export type Terms = z.infer<typeof termsSchema>
export type ProviderTerms = z.infer<typeof providerTermsSchema>

/** The keys of a choice, first choice first. */
export function keysOf(choice: ProviderTerms['keys']): readonly KeyId[] {
  return 'only' in choice ? [choice.only] : choice.pool
}

export const grantSubjectSchema = z.union([
  z.strictObject({ origin: originSchema }),
  z.strictObject({ clientId: z.string(), server: originSchema }),
])
const seedText = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))

/** The seed of an X25519 key that calls are sealed to. */
const exchangeKeySchema = z.strictObject({
  seed: seedText,
  /** Unix milliseconds. */
  notBefore: z.int(),
})
export type ExchangeKey = z.infer<typeof exchangeKeySchema>

/** An account at a server this vault is not synced with: for apps' servers alone, with nothing of the vault. */
const relayAccountSchema = z.strictObject({
  accountId: z.string(),
  deviceId: deviceIdSchema,
  /** Of the Ed25519 key that is its device's, and approves its end. */
  seed: seedText,
})
export type RelayAccount = z.infer<typeof relayAccountSchema>

/** What the relay of an app server's grant needs, sealed with it (protocols §2, §3). */
export const grantRelaySchema = z.strictObject({
  /** What the app calls itself, and its site: as they were when the person agreed. */
  name: z.string().check(z.maxLength(200)),
  /** Null: it came by a code that was typed, and no page or tab showed a site of its own. */
  origin: z.nullable(originSchema),
  /** Seed of the grant's Ed25519 key, whose hash is the fingerprint the app pins. */
  signingSeed: seedText,
  /** Of this week and the last, the newest first. */
  exchangeKeys: z.array(exchangeKeySchema).check(z.maxLength(2)),
  /** Ed25519 keys of the app, one of which signs each sealed call. */
  appKeys: z.array(z.string().check(z.maxLength(64))).check(z.maxLength(16)),
  /** Made by OAuth: an app that asks again comes back to it. */
  byOAuth: z.optional(z.literal(true)),
  /** Absent: the vault's own account at the server the vault is synced with. */
  account: z.optional(relayAccountSchema),
})
export type GrantRelay = z.infer<typeof grantRelaySchema>

export const grantStatusSchema = z.enum(['pending', 'active', 'paused', 'revoked', 'expired'])
export type GrantStatus = z.infer<typeof grantStatusSchema>

/** The grant record as the rest of the wallet sees it (formats §7). */
export const grantSchema = z.strictObject({
  id: grantIdSchema,
  subject: grantSubjectSchema,
  status: grantStatusSchema,
  terms: termsSchema,
  createdAt: z.int(),
})
export type Grant = z.infer<typeof grantSchema>

/** One valet key of a grant: which provider it stands for, in which shape (formats §4, §6). */
export const grantValetKeySchema = z.strictObject({
  provider: providerIdSchema,
  shape: z.string(),
  key: z.string().check(z.refine(isValetKey)),
})
export type GrantValetKey = z.infer<typeof grantValetKeySchema>
