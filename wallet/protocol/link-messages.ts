/** Linking an app's server with a person's wallet, over the wire (design: protocols §3). */
import * as z from 'zod/mini'
import { originSchema } from './grant.ts'
import { providerIdSchema } from './provider-id.ts'
import { hashText, idText, publicKeyText, signatureText } from './wire-bytes.ts'

const timeSchema = z.int().check(z.nonnegative())
const tokenText = z.string().check(z.maxLength(160))

export const clientIdSchema = z.string().check(z.regex(/^vk_cid_[0-9A-Za-z]{22}$/))

/** What an app asks of a person to come; hints, nothing that binds the wallet. */
const linkHints = {
  requestedProviders: z._default(z.array(providerIdSchema).check(z.maxLength(64)), []),
  /** 1000 is $10 a month. */
  budgetSuggestionCents: z.optional(z.int().check(z.nonnegative(), z.maximum(100_000_000))),
}

export const linkSessionRequestSchema = z.strictObject(linkHints)
export const linkSessionReplySchema = z.strictObject({
  linkToken: tokenText,
  expiresAt: timeSchema,
})

export const linkTokenRequestSchema = z.strictObject({ linkToken: tokenText })

/** What a wallet shows the person before they agree. */
export const linkDetailsSchema = z.strictObject({
  sessionId: idText,
  app: z.strictObject({
    clientId: clientIdSchema,
    name: z.string(),
    origin: originSchema,
    publicKeys: z.array(publicKeyText),
  }),
  ...linkHints,
  expiresAt: timeSchema,
})
export type LinkDetails = z.infer<typeof linkDetailsSchema>

/** All that a server may know of a grant. */
export const grantStubSchema = z.strictObject({
  grant: idText,
  /** The grant's Ed25519 key, whose hash is the wallet's fingerprint. */
  walletKey: publicKeyText,
  sealed: z.enum(['required', 'plain']),
  expiresAt: z.nullable(timeSchema),
})
export type GrantStub = z.infer<typeof grantStubSchema>

/** Signed by the device where the person agreed (formats §5b, `link`). */
export const linkApprovalSchema = z.strictObject({
  linkToken: tokenText,
  stub: grantStubSchema,
  sig: signatureText,
})
export type LinkApproval = z.infer<typeof linkApprovalSchema>
export const publicTokenReplySchema = z.strictObject({
  publicToken: tokenText,
  expiresAt: timeSchema,
})
export type PublicTokenReply = z.infer<typeof publicTokenReplySchema>

export const exchangeRequestSchema = z.strictObject({ publicToken: tokenText })
export const exchangeReplySchema = z.strictObject({
  accessToken: tokenText,
  expiresAt: timeSchema,
  connectionId: idText,
  walletKey: publicKeyText,
  /** SHA-256 of `walletKey`: the same as in the public token, or somebody stands between. */
  walletFingerprint: hashText,
  sealed: z.enum(['required', 'plain']),
})
export type ExchangeReply = z.infer<typeof exchangeReplySchema>

export const rotateRequestSchema = z.strictObject({ accessToken: tokenText })
export const rotateReplySchema = z.strictObject({ accessToken: tokenText, expiresAt: timeSchema })
