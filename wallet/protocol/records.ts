import * as z from 'zod/mini'
import {
  grantRelaySchema,
  grantStatusSchema,
  grantSubjectSchema,
  grantValetKeySchema,
  termsSchema,
} from './grant.ts'
import { deviceIdSchema } from './ids.ts'
import { keyPricesSchema } from './key-price.ts'
import { allocationFieldsSchema } from './limit-parts.ts'
import { providerIdSchema } from './provider-id.ts'

/** A hybrid logical clock: 48-bit ms ‖ 16-bit counter, 16 lower-case hex digits (formats §4). */
export const hlcSchema = z.string().check(z.regex(/^[0-9a-f]{16}$/))

const stampedField = z.tuple([z.json(), hlcSchema, deviceIdSchema])

/** The plain content of a sealed record: each field carries who wrote it and when. */
export const recordContentSchema = z.strictObject({
  kind: z.string(),
  fields: z.record(z.string(), stampedField),
  counters: z.optional(z.record(z.string(), z.int().check(z.nonnegative()))),
})
export type RecordContent = z.infer<typeof recordContentSchema>

/** What the last test of a provider key said. */
export const keyTestSchema = z.strictObject({
  at: z.int(),
  outcome: z.enum(['works', 'refused', 'limited', 'unreachable']),
})
export type KeyTest = z.infer<typeof keyTestSchema>

/** How many secrets that lost a merge stand beside the one of a key: a record has its bounds (formats §3). */
export const KEPT_SECRETS_MAX = 3
/** How many secrets of before a key names. */
export const SECRET_PAST_MAX = 8

/** When a secret was written, and by which device. */
export const secretNameSchema = z.string().check(z.regex(/^[0-9a-f]{16}\.[\w-]{22}$/))

/** The secret of a key that lost against one another device wrote at the same time. */
const keptSecretSchema = z.strictObject({
  id: secretNameSchema,
  /** Null: the person forgot it; remembered, so that no other device brings it back. */
  secret: z.nullable(z.string().check(z.minLength(1), z.maxLength(4096))),
  /** Unix ms. */
  until: z.int(),
})
export type KeptSecret = z.infer<typeof keptSecretSchema>
export const keptSecretsSchema = z.array(keptSecretSchema).check(z.maxLength(KEPT_SECRETS_MAX))

/** The fields of each record kind, unstamped, as the engine reads and writes them. */
export const RECORD_FIELDS = {
  key: z.strictObject({
    provider: providerIdSchema,
    baseUrl: z.nullable(z.string()),
    secret: z.string().check(z.minLength(1), z.maxLength(4096)),
    label: z.string().check(z.maxLength(200)),
    notes: z.string().check(z.maxLength(10_000)),
    createdAt: z.int(),
    expiresAt: z.nullable(z.int()),
    lastTest: z.nullable(keyTestSchema),
    order: z.int(),
    archived: z.boolean(),
    /** What the person says its models cost; absent in records of before, and where nothing is said. */
    prices: z.optional(keyPricesSchema),
    history: z.optional(keptSecretsSchema),
    /** Which secrets this one was made to replace, the last first. */
    secretPast: z.optional(z.array(secretNameSchema).check(z.maxLength(SECRET_PAST_MAX))),
  }),
  grant: z.strictObject({
    subject: grantSubjectSchema,
    terms: termsSchema,
    status: grantStatusSchema,
    createdAt: z.int(),
    valetKeys: z.array(grantValetKeySchema),
    /** The app asked for it through the SDK: the grant's id opens it, without the browser's permission. */
    connected: z.optional(z.boolean()),
    /** Of an app's server alone. */
    relay: z.optional(grantRelaySchema),
  }),
  /** What this device may use up of the limits of grants; one record for each device. */
  allocation: allocationFieldsSchema,
  identity: z.strictObject({ seed: z.string() }),
  /** What a person calls a device. That it may write stands in the device document alone. */
  device: z.strictObject({
    deviceId: deviceIdSchema,
    name: z.string().check(z.minLength(1), z.maxLength(60)),
  }),
  /** What a person knows of a passkey. Its wrap opens the vault without it. */
  passkey: z.strictObject({
    /** base64url, as in the wrap */
    credentialId: z.string().check(z.minLength(1), z.maxLength(1364)),
    name: z.string().check(z.maxLength(60)),
    /** Null: not known. */
    createdAt: z.nullable(z.int()),
    lastUsedAt: z.nullable(z.int()),
  }),
} as const

export type RecordKind = keyof typeof RECORD_FIELDS
export type RecordFields<K extends RecordKind> = z.infer<(typeof RECORD_FIELDS)[K]>
