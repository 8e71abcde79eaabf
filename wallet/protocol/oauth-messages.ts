/** A person agreeing in their wallet to what an app asked for by OAuth 2 (design: protocols §3). */
import * as z from 'zod/mini'
import { budgetWindowSchema, capabilitySchema } from './grant.ts'
import { clientIdSchema, grantStubSchema } from './link-messages.ts'
import { usdSchema } from './money.ts'
import { providerIdSchema } from './provider-id.ts'
import { bytesText, publicKeyText, signatureText } from './wire-bytes.ts'

const timeSchema = z.int().check(z.nonnegative())
const count = z.int().check(z.positive(), z.maximum(1_000_000_000))
const shortText = z.string().check(z.minLength(1), z.maxLength(128))
const shortList = z.array(shortText).check(z.minLength(1), z.maxLength(64))

/**
 * What an app would like to be allowed (RFC 9396, of type `ai_inference`). A wish: what holds are the terms
 * of the grant, in the wallet.
 */
const authorizationDetailSchema = z.strictObject({
  type: z.literal('ai_inference'),
  actions: z.optional(z.array(capabilitySchema).check(z.minLength(1), z.maxLength(16))),
  providers: z.optional(z.array(providerIdSchema).check(z.minLength(1), z.maxLength(64))),
  models: z.optional(shortList),
  passthrough: z.optional(shortList),
  budget: z.optional(z.strictObject({ usd: usdSchema, window: budgetWindowSchema })),
  limits: z.optional(
    z.strictObject({
      per_minute: z.optional(count),
      parallel: z.optional(count),
      max_output_tokens: z.optional(count),
    }),
  ),
  expires_at: z.optional(z.iso.datetime()),
  sealed: z.optional(z.enum(['required', 'plain'])),
  usage_share: z.optional(z.enum(['none', 'totals', 'calls'])),
})
export type AuthorizationDetail = z.infer<typeof authorizationDetailSchema>

export const authorizationDetailsSchema = z
  .array(authorizationDetailSchema)
  .check(z.minLength(1), z.maxLength(4))

const requestIdText = bytesText(32)
/** The id of a parked request, 32 bytes, from the page it was made for. */
export const oauthRequestSchema = z.strictObject({ requestId: requestIdText })

/** Frame of ours in a server's page ← background: a sentence for the person, where no tab is moved. */
export interface AuthorizeReply {
  readonly type: 'sentence'
  readonly text: string
}

/** What a wallet shows the person before they agree. */
export const oauthDetailsSchema = z.strictObject({
  client: z.strictObject({
    clientId: clientIdSchema,
    name: z.string(),
    /** `''`: an app without a site. */
    origin: z.string(),
    publicKeys: z.array(publicKeyText),
  }),
  /** Null: a device asks, and gets its token itself. */
  redirectUri: z.nullable(z.string()),
  scopes: z.array(z.string()),
  details: authorizationDetailsSchema,
  /** Where a device asks from: the person compares it with where they are. Null: a page asks. */
  fromAddress: z.nullable(z.string()),
  expiresAt: timeSchema,
})
export type OAuthDetails = z.infer<typeof oauthDetailsSchema>

/** Signed by the device where the person agreed (formats §5b, `authorize`): `[...details, stub]`. */
export const oauthApprovalSchema = z.strictObject({
  requestId: requestIdText,
  stub: grantStubSchema,
  /** As the person left them: what the app is told that it got. */
  details: authorizationDetailsSchema,
  sig: signatureText,
})
export type OAuthApproval = z.infer<typeof oauthApprovalSchema>

/** Where the wallet takes the tab, once it has compared it with what was agreed to. Null: no tab waits. */
export const oauthRedirectSchema = z.strictObject({ redirect: z.nullable(z.string()) })

/** As the person types it; a hyphen and small letters do no harm. */
export const userCodeSchema = z.strictObject({ userCode: z.string().check(z.maxLength(32)) })
export const claimedCodeSchema = z.strictObject({ requestId: requestIdText })
