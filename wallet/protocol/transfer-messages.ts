/**
 * What our windows ask to bring keys in, to take them out, and to start anew. A preview stores nothing and
 * names no secret: whoever goes on sends the same file again with what was chosen of it.
 */
import * as z from 'zod/mini'
import { keyIdSchema } from './ids.ts'
import { providerIdSchema } from './provider-id.ts'
import { method, nothing, passphraseText } from './ui-method.ts'
import { kitOnly, recoveryKey } from './vault-messages.ts'

/** Far above what is read: a larger text is refused with a sentence, not as a broken message. */
const importText = z.string()
/** base64url of a whole backup. */
const backupText = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/))
const keyText = z.string().check(z.minLength(1), z.maxLength(256))
const count = z.int().check(z.nonnegative())

/** A key of a file, by its place among the keys of the preview. */
const chosenKeySchema = z.strictObject({
  index: z.int().check(z.nonnegative()),
  provider: providerIdSchema,
})
export type ChosenKey = z.infer<typeof chosenKeySchema>
const chosenKeys = z.array(chosenKeySchema).check(z.minLength(1), z.maxLength(10_000))

const previewKeySchema = z.strictObject({
  /** The line, row or item it stands in. */
  place: z.int(),
  provider: providerIdSchema,
  /** Whether there is no doubt whose key it is. */
  sure: z.boolean(),
  label: z.string(),
  masked: z.string(),
  archived: z.boolean(),
  /** The name of the key of the vault with the same secret. */
  duplicateOf: z.nullable(z.string()),
  /** The same secret stands earlier in the file. */
  repeated: z.boolean(),
})
export type PreviewKey = z.infer<typeof previewKeySchema>

const importPreviewSchema = z.strictObject({
  kind: z.literal('preview'),
  format: z.enum(['env', 'csv', 'bitwarden-json', '1password-csv', 'valetkey-csv', 'backup']),
  keys: z.array(previewKeySchema),
  /** The first ones. */
  refused: z.array(
    z.strictObject({
      place: z.int(),
      label: z.string(),
      masked: z.string(),
      reason: z.enum(['admin', 'valet']),
    }),
  ),
  refusedCount: count,
  /** The first places that could not be read. */
  notUnderstood: z.array(z.strictObject({ place: z.int(), reason: z.string() })),
  notUnderstoodCount: count,
})
export type ImportPreviewReply = z.infer<typeof importPreviewSchema>

const importRefusalSchema = z.strictObject({
  kind: z.literal('refused'),
  reason: z.enum(['empty', 'too-large', 'not-text', 'encrypted', 'not-understood', 'backup']),
})
export type ImportRefusalReason = z.infer<typeof importRefusalSchema>['reason']

const importedKeySchema = z.strictObject({
  keyId: keyIdSchema,
  provider: providerIdSchema,
  label: z.string(),
})
export type ImportedKeySummary = z.infer<typeof importedKeySchema>

/** `skipped`: in the vault by now. */
const imported = z.strictObject({ keys: z.array(importedKeySchema), skippedCount: count })

/** What opens a backup. Without a Secret Key, that of the vault here is tried. */
const backupCredentials = z.strictObject({
  passphrase: passphraseText,
  secretKey: z.optional(keyText),
})
export type BackupCredentialsText = z.infer<typeof backupCredentials>

const mergeOutcomeSchema = z.strictObject({
  added: count,
  changed: count,
  unchanged: count,
  repaired: count,
  deleted: count,
  blocked: count,
})
export type MergeCounts = z.infer<typeof mergeOutcomeSchema>

const passphraseNeeded = z.strictObject({ outcome: z.literal('passphrase-needed') })

export const TRANSFER_METHODS = {
  'import.preview': method(
    z.strictObject({ text: importText }),
    z.discriminatedUnion('kind', [importPreviewSchema, importRefusalSchema]),
  ),
  /** Stores what was chosen, all of it or nothing. */
  'import.run': method(z.strictObject({ text: importText, chosen: chosenKeys }), imported),
  /** Every key in clear, for a person who entered the passphrase within the last minute. */
  'export.keys': method(
    z.strictObject({ format: z.enum(['env', 'csv']) }),
    z.discriminatedUnion('outcome', [
      z.strictObject({
        outcome: z.literal('exported'),
        text: z.string(),
        keyCount: count,
        /** Records that could not be read, and are not in it. */
        damagedCount: count,
      }),
      passphraseNeeded,
    ]),
  ),
  'backup.create': method(
    nothing,
    z.discriminatedUnion('outcome', [
      z.strictObject({
        outcome: z.literal('created'),
        file: backupText,
        recordCount: count,
        damagedCount: count,
      }),
      passphraseNeeded,
    ]),
  ),
  /** What a backup would bring into the open vault. */
  'backup.preview': method(
    z.strictObject({ file: backupText, credentials: backupCredentials }),
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('same'), createdAt: z.int(), outcome: mergeOutcomeSchema }),
      z.strictObject({
        kind: z.literal('other'),
        createdAt: z.int(),
        preview: z.discriminatedUnion('kind', [importPreviewSchema, importRefusalSchema]),
      }),
    ]),
  ),
  'backup.merge': method(
    z.strictObject({ file: backupText, credentials: backupCredentials }),
    z.strictObject({ outcome: mergeOutcomeSchema }),
  ),
  /** Keys of another vault's backup. */
  'backup.import': method(
    z.strictObject({ file: backupText, credentials: backupCredentials, chosen: chosenKeys }),
    imported,
  ),
  /** Makes the vault of a backup where there is none, and opens it. */
  'backup.restore': method(
    z.strictObject({ file: backupText, passphrase: passphraseText, secretKey: keyText }),
    z.strictObject({ recordCount: count }),
  ),
  /** The same with the recovery key of its time: everything that the old kit could tell is made new. */
  'backup.restore_with_kit': method(
    z.strictObject({ file: backupText, recoveryKey, newPassphrase: passphraseText }),
    kitOnly,
  ),
  /** What is there of a vault that may be damaged. Nothing is repaired, nothing written. */
  'recovery.get': method(
    nothing,
    z.union([
      z.strictObject({
        state: z.literal('open'),
        /** Entries that cannot be read. */
        damagedCount: count,
      }),
      z.strictObject({
        state: z.enum(['none', 'present', 'damaged', 'newer']),
        /** Sealed entries of every kind; null: they cannot be read. */
        rowCount: z.nullable(count),
        hasPassphrase: z.boolean(),
        hasRecoveryKey: z.boolean(),
      }),
    ]),
  ),
  /** All that the browser stored of the vault, sealed as it is, to be kept beside it. */
  'recovery.copy': method(nothing, z.strictObject({ text: z.string() })),
  /** Removes everything ValetKey keeps in this browser. The word is typed by the person. */
  'wallet.erase': method(z.strictObject({ typed: z.literal('erase') }), nothing),
} as const
