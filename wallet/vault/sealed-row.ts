import { openEnvelope, sealEnvelope, sha256, type EnvelopeType } from '../crypto/index.ts'
import {
  WalletError,
  parseWith,
  type DeviceId,
  type JsonObject,
  type Random,
  type RecordId,
  type VaultId,
} from '../protocol/index.ts'
import type { RootKeys } from './root-keys.ts'
import { storedRowSchema, type StoredRow } from './store.ts'

/** What every row of an open vault is sealed and opened with. */
export interface SealingContext {
  readonly vaultId: VaultId
  readonly deviceId: DeviceId
  readonly epoch: number
  readonly keys: RootKeys
  readonly random: Random
}

/** The envelope types that K_record seals. */
type RowType = Extract<EnvelopeType, 'record' | 'device'>

/** The first row of a record. */
export function sealFirstRow(
  context: SealingContext,
  recordId: RecordId,
  content: JsonObject,
  type: RowType = 'record',
): StoredRow {
  const place = { recordId, rev: 1, prev: new Uint8Array(), del: 0 } as const
  return sealRow(context, place, content, type)
}

/** What a row is replaced by. */
interface NextContent {
  readonly content: JsonObject
  /** 1 for a tombstone; 0 unless told. */
  readonly del?: 0 | 1
  readonly type?: RowType
}

/** The row that replaces `row`: one rev higher, bound to the hash of the envelope it replaces. */
export function sealNextRow(
  context: SealingContext,
  row: StoredRow,
  { content, del = 0, type = 'record' }: NextContent,
): StoredRow {
  const { recordId, rev, envelope } = row
  const place = { recordId, rev: rev + 1, prev: sha256(envelope), del }
  return sealRow(context, place, content, type)
}

/** The tombstone of a row: sealed like any other, with nothing in it. */
export function sealTombstone(context: SealingContext, row: StoredRow): StoredRow {
  return sealNextRow(context, row, { content: {}, del: 1 })
}

/**
 * Opens a row of the store.
 * @throws `vault.corrupt`, `vault.newer`; `vault.locked` once the keys are wiped
 */
export function openRow(
  context: SealingContext,
  row: StoredRow,
  type: RowType = 'record',
): JsonObject {
  const { vaultId, keys } = context
  const keyOf = (epoch: number) => keys.recordKey(epoch)
  return openEnvelope({ type, keyOf, vaultId, row, envelope: row.envelope })
}

/** A value of the store → a row. @throws `vault.corrupt` */
export function parseRow(value: unknown): StoredRow {
  return parseWith(storedRowSchema, value, 'vault.corrupt')
}

function sealRow(
  context: SealingContext,
  place: Pick<StoredRow, 'recordId' | 'rev' | 'prev' | 'del'>,
  content: JsonObject,
  type: RowType,
): StoredRow {
  const { vaultId, deviceId, epoch, keys, random } = context
  // Asked for at the last moment: a lock while the caller waited for the store must win.
  const key = keys.recordKey(epoch)
  if (key === undefined) throw new WalletError('vault.corrupt')
  const row = { ...place, writerDeviceId: deviceId }
  return { ...row, envelope: sealEnvelope({ type, epoch, key, vaultId, row, content }, random) }
}
