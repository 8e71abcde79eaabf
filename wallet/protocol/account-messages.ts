/** Accounts, devices and pairing over the wire (design: protocols §4b). */
import * as z from 'zod/mini'
import {
  bytesTextUpTo,
  hashText,
  idText,
  publicKeyText,
  signatureText,
  bytesText,
} from './wire-bytes.ts'
import {
  changesSchema,
  cursorSchema,
  devicesDocumentSchema,
  epochKeysSchema,
  signedHeadSchema,
} from './sync-messages.ts'

export const CHALLENGE_BYTES = 32
const challengeText = bytesText(CHALLENGE_BYTES)
const timeSchema = z.int().check(z.nonnegative())
const saltText = bytesText(16)

export const kdfSchema = z.strictObject({
  alg: z.literal('argon2id'),
  v: z.literal(19),
  m: z.int().check(z.positive()),
  t: z.int().check(z.positive()),
  p: z.literal(1),
})

export const preloginRequestSchema = z.strictObject({ accountId: idText })
/** The same for an account that does not exist, so that nobody learns which do (C107). */
export const preloginReplySchema = z.strictObject({
  suite: z.int(),
  salt: saltText,
  kdf: kdfSchema,
  challenge: challengeText,
})
export type PreloginReply = z.infer<typeof preloginReplySchema>

/** What stands for the passphrase at the server: public keys, and what the client needs to derive them. */
const credentials = {
  suite: z.literal(1),
  salt: saltText,
  kdf: kdfSchema,
  accountKey: publicKeyText,
  recoveryKey: publicKeyText,
}

export const registerRequestSchema = z.strictObject({
  accountId: idText,
  ...credentials,
  devices: devicesDocumentSchema,
  wraps: changesSchema,
  head: signedHeadSchema,
  changes: changesSchema,
  /** `account` by ASK, `device` by the first device, over the same bytes. */
  signatures: z.strictObject({ account: signatureText, device: signatureText }),
})
export type RegisterRequest = z.infer<typeof registerRequestSchema>

export const tokenReplySchema = z.strictObject({ token: z.string(), expiresAt: timeSchema })
export type TokenReply = z.infer<typeof tokenReplySchema>

export const loginRequestSchema = z.strictObject({
  accountId: idText,
  deviceId: idText,
  challenge: challengeText,
  t: timeSchema,
  sig: signatureText,
})
export type LoginRequest = z.infer<typeof loginRequestSchema>
export const loginReplySchema = z.extend(tokenReplySchema, { head: signedHeadSchema })
export type LoginReply = z.infer<typeof loginReplySchema>

export const devicesReplySchema = z.strictObject({
  document: devicesDocumentSchema,
  seen: z.array(z.strictObject({ id: idText, seenAt: timeSchema, ackedSeq: timeSchema })),
  /** When somebody last fetched the vault with the recovery key. */
  recoveredAt: z.nullable(timeSchema),
})
export type DevicesReply = z.infer<typeof devicesReplySchema>

/** A changed device list. By a device (its session), or by ASK with a challenge. */
export const changeDevicesRequestSchema = z.strictObject({
  accountId: idText,
  base: hashText,
  changes: changesSchema,
  head: signedHeadSchema,
  devices: devicesDocumentSchema,
  challenge: z.optional(challengeText),
  signatures: z.optional(z.strictObject({ account: signatureText })),
})
export type ChangeDevicesRequest = z.infer<typeof changeDevicesRequestSchema>

/** Opens an epoch or changes the passphrase. By the old ASK, or by RAK to complete a recovery. */
export const credentialsRequestSchema = z.strictObject({
  accountId: idText,
  ...credentials,
  /** Absent: the recovery kit stays as it is. */
  recoveryKey: z.optional(publicKeyText),
  base: hashText,
  wraps: changesSchema,
  changes: changesSchema,
  keys: z.optional(epochKeysSchema),
  devices: devicesDocumentSchema,
  head: signedHeadSchema,
  challenge: challengeText,
  signatures: z.union([
    z.strictObject({ account: signatureText }),
    z.strictObject({ recovery: signatureText }),
  ]),
})
export type CredentialsRequest = z.infer<typeof credentialsRequestSchema>

/** One page of the vault for who holds RAK (recovery), or ASK but no device yet (enrolment). */
export const fetchVaultRequestSchema = z.strictObject({
  accountId: idText,
  cursor: z.optional(cursorSchema),
  challenge: challengeText,
  signatures: z.union([
    z.strictObject({ account: signatureText }),
    z.strictObject({ recovery: signatureText }),
  ]),
})
export type FetchVaultRequest = z.infer<typeof fetchVaultRequestSchema>

export const deleteAccountRequestSchema = z.strictObject({
  accountId: idText,
  challenge: challengeText,
  signatures: z.strictObject({ account: signatureText }),
})
export type DeleteAccountRequest = z.infer<typeof deleteAccountRequestSchema>

/** What a pairing carries, 4 KiB each. */
export const PAIRING_STEPS = ['commit', 'offer', 'reveal', 'grant'] as const
export type PairingStep = (typeof PAIRING_STEPS)[number]
export const PAIRING_LIMIT_BYTES = 4096
const pairingText = bytesTextUpTo(PAIRING_LIMIT_BYTES)
export const pairingRequestSchema = z.strictObject({ commit: pairingText })
export const pairingReplySchema = z.strictObject({
  pairingId: idText,
  /** Typed on the old device. */
  code: z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{8}$/)),
  expiresAt: timeSchema,
})
export type PairingReply = z.infer<typeof pairingReplySchema>
export const pairingClaimRequestSchema = z.strictObject({
  code: z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{8}$/)),
})
export const pairingClaimReplySchema = z.strictObject({ pairingId: idText })
export const pairingValueSchema = z.strictObject({ value: pairingText })
