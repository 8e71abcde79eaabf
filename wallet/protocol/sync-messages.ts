/** What device and server tell each other about a vault (design: protocols §1, formats §3, §5). */
import * as z from 'zod/mini'
import {
  bytesText,
  bytesTextUpTo,
  hashText,
  idText,
  publicKeyText,
  signatureText,
} from './wire-bytes.ts'

/** The largest envelope: 65,536 bytes of content and what stands around it. */
export const ENVELOPE_LIMIT_BYTES = 65_620
export const CHANGES_PER_PUSH = 500
export const ROWS_PER_PAGE = 1000
export const PUSH_LIMIT_BYTES = 4 * 1024 * 1024
export const DEVICES_PER_ACCOUNT = 32
/** What a person keeps. */
export const RECORDS_PER_ACCOUNT = 10_000
/** With what a wallet keeps beside it: wraps, the identity, names of devices, settings, parts of limits. */
export const ROWS_PER_ACCOUNT = RECORDS_PER_ACCOUNT + 1000
export const STORED_BYTES_PER_ACCOUNT = 64 * 1024 * 1024
export const PUSHES_PER_MINUTE = 60

const safeInt = z.int().check(z.nonnegative())

/** A device as the vault's identity certified it. */
const deviceEntrySchema = z.strictObject({
  id: idText,
  ed25519: publicKeyText,
  x25519: publicKeyText,
  addedAt: safeInt,
  sig: signatureText,
})
export type DeviceEntry = z.infer<typeof deviceEntrySchema>

const identityLinkSchema = z.strictObject({
  from: publicKeyText,
  to: publicKeyText,
  sig: signatureText,
})
export type IdentityLink = z.infer<typeof identityLinkSchema>

export const devicesDocumentSchema = z.strictObject({
  identity: publicKeyText,
  /** H(keys) of the epoch that is open, where a push brought keys. */
  keysHash: z.optional(hashText),
  links: z.array(identityLinkSchema).check(z.maxLength(256)),
  devices: z.array(deviceEntrySchema).check(z.minLength(1), z.maxLength(DEVICES_PER_ACCOUNT)),
})
export type DevicesDocument = z.infer<typeof devicesDocumentSchema>

export const signedHeadSchema = z.strictObject({ head: bytesText(158), sig: signatureText })
export type SignedHeadText = z.infer<typeof signedHeadSchema>

/** The root key of an epoch, sealed to one device. */
const epochKeySchema = z.strictObject({
  deviceId: idText,
  enc: publicKeyText,
  sealed: bytesTextUpTo(1024),
})
export const epochKeysSchema = z
  .array(epochKeySchema)
  .check(z.minLength(1), z.maxLength(DEVICES_PER_ACCOUNT))
export type EpochKey = z.infer<typeof epochKeySchema>

/** A stored row. Wraps alone have `method` and `params`. */
const syncRowSchema = z.strictObject({
  recordId: idText,
  rev: z.int().check(z.positive()),
  prev: z.union([z.literal(''), hashText]),
  del: z.union([z.literal(0), z.literal(1)]),
  writerDeviceId: idText,
  envelope: bytesTextUpTo(ENVELOPE_LIMIT_BYTES),
  method: z.optional(z.enum(['passphrase', 'recovery', 'passkey', 'epoch'])),
  params: z.optional(z.string().check(z.maxLength(4096))),
})
export type SyncRow = z.infer<typeof syncRowSchema>

/** A row as the server hands it out: with the seq of the push that brought it. */
const numberedRowSchema = z.extend(syncRowSchema, { seq: z.int().check(z.positive()) })
export type NumberedRow = z.infer<typeof numberedRowSchema>

export const changesSchema = z.array(syncRowSchema).check(z.maxLength(CHANGES_PER_PUSH))

/** One push: `base` is the hash of the head it was made on. */
export const pushRequestSchema = z.strictObject({
  base: hashText,
  changes: changesSchema,
  head: signedHeadSchema,
  devices: z.optional(devicesDocumentSchema),
  keys: z.optional(epochKeysSchema),
})
export type PushRequest = z.infer<typeof pushRequestSchema>

export const pushReplySchema = z.strictObject({ seq: safeInt })

export const cursorSchema = z.string().check(z.regex(/^[A-Za-z0-9_-]{22}\.\d{1,16}\.[df]$/))

/** One page. `head` and what belongs to it stand on the last page alone, and are of its snapshot. */
export const pullReplySchema = z.strictObject({
  rows: z.array(numberedRowSchema),
  cursor: cursorSchema,
  head: z.nullable(signedHeadSchema),
  devices: z.nullable(devicesDocumentSchema),
  keys: z.nullable(z.array(epochKeySchema)),
  /** What every device seen in 180 days has acknowledged: the next head may name it as its floor. */
  floor: z.nullable(safeInt),
})
export type PullReply = z.infer<typeof pullReplySchema>

export const HEADS_PER_PAGE = 500
export const headsReplySchema = z.strictObject({ heads: z.array(signedHeadSchema) })
export type HeadsReply = z.infer<typeof headsReplySchema>
