/**
 * The backup file (formats §12):
 *
 *   "VLTKBACKUP 1\n" | canonical JSON {vaultId, createdAt, wraps} | "\n" | one envelope of type 7
 *   └───────────── in clear; its hash is authenticated with the envelope ┘
 */
import * as z from 'zod/mini'
import {
  canonicalBytes,
  concat,
  envelopeEpoch,
  equalBytes,
  openEnvelope,
  sealEnvelope,
  sha256,
  utf8,
  type Bytes,
  type EnvelopeRow,
} from '../crypto/index.ts'
import {
  BACKUP_LIMIT_BYTES,
  WalletError,
  canonicalJson,
  deviceIdSchema,
  fromBase64url,
  isDeeperThan,
  parseJson,
  parseWith,
  recordContentSchema,
  recordIdSchema,
  toBase64url,
  vaultIdSchema,
  type DeviceId,
  type JsonObject,
  type Random,
  type RecordContent,
  type RecordId,
  type VaultId,
} from '../protocol/index.ts'
import { storedRowSchema, type StoredRow } from './store.ts'

const MAGIC = utf8('VLTKBACKUP 1\n')
const NEWLINE = 10
/** Room for dozens of wraps. */
const HEADER_LIMIT_BYTES = 64 * 1024
/** The first bytes of an envelope name its epoch. */
const ENVELOPE_START_BYTES = 12
const DEPTH_LIMIT = 64

/** A record as a backup holds it. */
export interface BackupRecord {
  readonly recordId: RecordId
  readonly content: RecordContent
}

/** What a backup says in clear. True only once its envelope has opened. */
export interface BackupHeader {
  readonly vaultId: VaultId
  /** Unix milliseconds. */
  readonly createdAt: number
  readonly wraps: readonly StoredRow[]
}

/** A backup taken apart, nothing of it opened. */
export interface BackupFile extends BackupHeader {
  readonly epoch: number
  /** The row its envelope stands in, bound to all bytes before it. */
  readonly row: EnvelopeRow
  readonly envelope: Uint8Array
}

const bytesText = z.string().check(z.regex(/^[A-Za-z0-9_-]*$/))
const wrapSchema = z.strictObject({
  recordId: recordIdSchema,
  rev: z.int().check(z.nonnegative()),
  prev: bytesText,
  del: z.union([z.literal(0), z.literal(1)]),
  writerDeviceId: deviceIdSchema,
  envelope: bytesText,
  method: storedRowSchema.shape.method,
  params: storedRowSchema.shape.params,
})
const headerSchema = z.strictObject({
  vaultId: vaultIdSchema,
  createdAt: z.int(),
  wraps: z.array(wrapSchema),
})
const contentSchema = z.strictObject({
  records: z.array(z.extend(recordContentSchema, { recordId: recordIdSchema })),
})

/**
 * Writes a backup.
 * @throws `request.too_large` for one that could not be read again
 */
export function sealBackupFile(
  header: BackupHeader,
  sealed: {
    readonly records: readonly BackupRecord[]
    readonly epoch: number
    /** K_record of the epoch. */
    readonly key: Uint8Array
  },
  random: Random,
): Bytes {
  const { vaultId, createdAt, wraps } = header
  const text = canonicalBytes({ vaultId, createdAt, wraps: wraps.map(wrapJson) })
  const before = concat(MAGIC, text, Uint8Array.of(NEWLINE))
  const records = sealed.records.map(
    ({ recordId, content }) => ({ ...content, recordId }) as JsonObject, // `counters` is left out where it is not there
  )
  const { epoch, key } = sealed
  const sealing = { type: 'backup', epoch, key, vaultId, row: rowAfter(before) } as const
  const file = concat(before, sealEnvelope({ ...sealing, content: { records } }, random))
  assertSize(file)
  return file
}

/**
 * Takes a backup apart. C90: its size is judged before anything is read.
 * @throws `request.too_large`; `vault.corrupt` for what is no backup, or not whole
 */
export function parseBackupFile(file: Uint8Array): BackupFile {
  assertSize(file)
  const magic = file.subarray(0, MAGIC.length)
  const end = file.subarray(0, HEADER_LIMIT_BYTES).indexOf(NEWLINE, MAGIC.length)
  const before = file.subarray(0, end + 1)
  const envelope = file.subarray(end + 1)
  if (!equalBytes(magic, MAGIC) || end < 0 || envelope.length < ENVELOPE_START_BYTES) {
    throw new WalletError('vault.corrupt')
  }
  const header = parseJson(readText(file.subarray(MAGIC.length, end)))
  const { vaultId, createdAt, wraps } = parseWith(headerSchema, header, 'vault.corrupt')
  assertEachOnce(wraps)
  return {
    vaultId,
    createdAt,
    wraps: wraps.map(readWrap),
    epoch: envelopeEpoch(envelope),
    row: rowAfter(before),
    envelope,
  }
}

/**
 * The records of a backup.
 * @param keyOf K_record of an epoch, if the reader has it
 * @throws `vault.newer` for a later version's; `vault.corrupt` for all else that is not as it was written
 */
export function openBackupFile(
  { vaultId, row, envelope }: BackupFile,
  keyOf: (epoch: number) => Uint8Array | undefined,
): readonly BackupRecord[] {
  const opened = openEnvelope({ type: 'backup', keyOf, vaultId, row, envelope })
  // C90: who gives away a file may give away its keys too. What follows recurses into every value.
  if (isDeeperThan(opened, DEPTH_LIMIT)) throw new WalletError('vault.corrupt')
  const { records } = parseWith(contentSchema, opened, 'vault.corrupt')
  assertEachOnce(records)
  return records.map(({ recordId, ...content }) => {
    assertSealable(content)
    return { recordId, content }
  })
}

function assertEachOnce(rows: readonly { readonly recordId: RecordId }[]): void {
  const ids = new Set(rows.map(({ recordId }) => recordId))
  if (ids.size < rows.length) throw new WalletError('vault.corrupt')
}

/** AAD of the envelope: no record, no device; the hash of what stands before it binds the header. */
function rowAfter(before: Uint8Array): EnvelopeRow {
  const none = toBase64url(new Uint8Array(16))
  return {
    recordId: none as RecordId,
    rev: 0,
    prev: sha256(before),
    del: 0,
    writerDeviceId: none as DeviceId,
  }
}

function wrapJson({ prev, envelope, ...row }: StoredRow): JsonObject {
  return { ...row, prev: toBase64url(prev), envelope: toBase64url(envelope) } as JsonObject
}

function readWrap({ prev, envelope, ...row }: z.infer<typeof wrapSchema>): StoredRow {
  try {
    return { ...row, prev: fromBase64url(prev), envelope: fromBase64url(envelope) }
  } catch {
    throw new WalletError('vault.corrupt')
  }
}

/** A value that canonical JSON cannot hold could be shown, and never be stored. */
function assertSealable(content: RecordContent): void {
  try {
    canonicalJson(content as JsonObject)
  } catch {
    throw new WalletError('vault.corrupt')
  }
}

function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new WalletError('vault.corrupt')
  }
}

function assertSize(file: Uint8Array): void {
  if (file.length > BACKUP_LIMIT_BYTES) {
    throw new WalletError('request.too_large', { limitBytes: BACKUP_LIMIT_BYTES })
  }
}
