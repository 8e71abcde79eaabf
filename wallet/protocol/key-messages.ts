/** What our windows ask about provider keys. A secret comes back from `key.reveal` alone. */
import * as z from 'zod/mini'
import { originSchema } from './grant.ts'
import { keyIdSchema } from './ids.ts'
import { keyPricesSchema } from './key-price.ts'
import { providerIdSchema } from './provider-id.ts'
import { keyTestSchema, secretNameSchema } from './records.ts'
import { method, nothing } from './ui-method.ts'

/** As long as an import may bring one: whoever edits the notes of such a key sends its label along. */
const label = z.string().check(z.maxLength(200))
const notes = z.string().check(z.maxLength(10_000))
const secret = z.string().check(z.minLength(1), z.maxLength(4096))
const expiresAt = z.nullable(z.int().check(z.positive()))
const keptOfKey = z.strictObject({ keyId: keyIdSchema, id: secretNameSchema })
const onlyKey = z.strictObject({ keyId: keyIdSchema })

/** A provider key as a window may see it: never the secret. */
export const keySummarySchema = z.strictObject({
  id: keyIdSchema,
  provider: providerIdSchema,
  /** Where it goes instead of its provider's hosts. */
  baseUrl: z.nullable(z.string()),
  label: z.string(),
  notes: z.string(),
  createdAt: z.int(),
  /** Null: never, or not known. */
  lastUsedAt: z.nullable(z.int()),
  expiresAt: z.nullable(z.int()),
  lastTest: z.nullable(keyTestSchema),
  /** Put away: no site can use it, and it is offered to none. */
  archived: z.boolean(),
  prices: keyPricesSchema,
  spentThisMonthNanoUsd: z.int().check(z.nonnegative()),
  /** Sites whose grant names it. */
  sites: z.array(originSchema),
  /** Keys that another device saved in its place at the same time: when, and until when each is kept. */
  kept: z.array(z.strictObject({ id: secretNameSchema, savedAt: z.int(), until: z.int() })),
})
export type KeySummary = z.infer<typeof keySummarySchema>

export const KEY_METHODS = {
  /**
   * `baseUrl` where the provider's keys name a place of their own; `ownNetwork`: the person said that the
   * very server it names is theirs (C27). Such a server may want no key: `secret` is then empty.
   */
  'key.add': method(
    z.union([
      z.strictObject({ provider: providerIdSchema, secret, label }),
      z.strictObject({
        provider: providerIdSchema,
        secret: z.string().check(z.maxLength(4096)),
        label,
        baseUrl: z.string().check(z.minLength(1), z.maxLength(500)),
        ownNetwork: z.boolean(),
      }),
    ]),
    z.strictObject({ keyId: keyIdSchema, test: keyTestSchema }),
  ),
  /** In the person's order, the archived ones too. */
  'key.list': method(nothing, z.strictObject({ keys: z.array(keySummarySchema) })),
  'key.check': method(onlyKey, z.strictObject({ test: keyTestSchema })),
  'key.update': method(z.strictObject({ keyId: keyIdSchema, label, notes, expiresAt }), nothing),
  /** What its models cost, where the table does not know it; all of them at once. */
  'key.set_prices': method(
    z.strictObject({ keyId: keyIdSchema, prices: keyPricesSchema }),
    nothing,
  ),
  /** A new secret under the same id, so that grants go on. Not taken where the provider refuses it. */
  'key.replace': method(
    z.strictObject({ keyId: keyIdSchema, secret, expiresAt }),
    z.strictObject({ replaced: z.boolean(), test: keyTestSchema }),
  ),
  /** Takes a key that is kept, as `key.replace` does a new one; the one that was there is kept in its place. */
  'key.use_kept': method(keptOfKey, z.strictObject({ replaced: z.boolean(), test: keyTestSchema })),
  'key.forget_kept': method(keptOfKey, nothing),
  'key.archive': method(z.strictObject({ keyId: keyIdSchema, archived: z.boolean() }), nothing),
  /** Gone at once for everyone; until `undoUntil` (Unix ms) `key.restore` brings it back whole. */
  'key.remove': method(onlyKey, z.strictObject({ undoUntil: z.int() })),
  'key.restore': method(onlyKey, nothing),
  /** Puts a key before another one; last where `before` is null. */
  'key.reorder': method(
    z.strictObject({ keyId: keyIdSchema, before: z.nullable(keyIdSchema) }),
    nothing,
  ),
  /** The secret, for a person who switched this on and entered the passphrase within the last minute. */
  'key.reveal': method(
    onlyKey,
    z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('shown'), secret: z.string() }),
      z.strictObject({ outcome: z.literal('switched-off') }),
      z.strictObject({ outcome: z.literal('passphrase-needed') }),
    ]),
  ),
} as const
