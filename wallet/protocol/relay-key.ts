/** The keys a sealed call is made with: the wallet's of the week, and the app's as its own site names them. */
import * as z from 'zod/mini'
import { originSchema } from './grant.ts'
import { publicKeyText, signatureText } from './wire-bytes.ts'

const timeSchema = z.int().check(z.nonnegative())

/** An X25519 key that calls are sealed to, signed by the grant's Ed25519 key (formats §5b, `relay-key`). */
export const relayKeySchema = z.strictObject({
  pk: publicKeyText,
  /** Unix milliseconds, as all times. */
  notBefore: timeSchema,
  notAfter: timeSchema,
  sig: signatureText,
})
export type RelayKey = z.infer<typeof relayKeySchema>

/** What an app's server is told of a wallet before it seals; null: the wallet was not there to name one. */
export const relayKeyReplySchema = z.strictObject({
  walletKey: publicKeyText,
  relayKey: z.nullable(relayKeySchema),
})
export type RelayKeyReply = z.infer<typeof relayKeyReplySchema>

/** Where an app names its keys, on the origin of its pages (protocols §2). */
export const APP_KEYS_PATH = '/.well-known/valetkey.json'
export const APP_KEYS_LIMIT_BYTES = 16 * 1024
const APP_KEYS_MAX = 16

/** Members that are not ours are let be: the file is the app's. */
export const appKeysSchema = z.object({
  schema: z.literal(1),
  origin: originSchema,
  keys: z
    .array(
      z.object({
        kid: z.string().check(z.maxLength(128)),
        ed25519: publicKeyText,
        notAfter: timeSchema,
      }),
    )
    .check(z.maxLength(APP_KEYS_MAX)),
})
export type AppKeys = z.infer<typeof appKeysSchema>
