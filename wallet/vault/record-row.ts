/** What a stored row means as a record. */
import {
  WalletError,
  type GrantId,
  type KeyId,
  type RecordContent,
  type RecordFields,
  type RecordId,
  type RecordKind,
} from '../protocol/index.ts'
import { isUnreadable } from './read-vault.ts'
import { fieldsOf, parseContent } from './record-content.ts'
import { openRow, parseRow, type SealingContext } from './sealed-row.ts'
import type { StoredRow } from './store.ts'

/** The id of a record, by its kind. */
export type RecordIdOf<K extends RecordKind> = K extends 'key'
  ? KeyId
  : K extends 'grant'
    ? GrantId
    : RecordId

export interface ListedRecord<K extends RecordKind> {
  readonly id: RecordIdOf<K>
  readonly fields: RecordFields<K>
}

/** What a list could and could not read. One damaged row never hides the others. */
export interface RecordList<K extends RecordKind> {
  readonly records: readonly ListedRecord<K>[]
  /** Record ids whose kind nobody can tell any more, `''` where even the id is gone. */
  readonly damaged: readonly string[]
}

/** Wraps and the device's own keys are rows, not records. */
export function isRecordRow({ deviceId }: SealingContext, row: StoredRow): boolean {
  return row.method === undefined && (row.recordId as string) !== deviceId
}

/**
 * Null for a tombstone, which is opened all the same: only a sealed one counts (C80).
 * @throws `vault.corrupt`, `vault.newer`, `vault.locked`
 */
export function openRecordRow(context: SealingContext, row: StoredRow): RecordContent | null {
  const opened = openRow(context, row)
  if (row.del === 0) return parseContent(opened)
  if (Object.keys(opened).length > 0) throw new WalletError('vault.corrupt')
  return null
}

/** A vault without its identity could never certify a device again; all else may go, damaged or not. */
export function isRemovable(context: SealingContext, row: StoredRow): boolean {
  if (!isRecordRow(context, row)) return false
  try {
    return openRecordRow(context, row)?.kind !== 'identity'
  } catch (error) {
    if (isUnreadable(error)) return true
    throw error
  }
}

/** Every record of a kind among stored rows, and which rows could not be read. */
export function listRows<K extends RecordKind>(
  context: SealingContext,
  kind: K,
  rows: readonly unknown[],
): RecordList<K> {
  const records: ListedRecord<K>[] = []
  const damaged: string[] = []
  for (const stored of rows) {
    try {
      const row = parseRow(stored)
      const content = isRecordRow(context, row) ? openRecordRow(context, row) : null
      if (content?.kind !== kind) continue
      records.push({ id: row.recordId as RecordIdOf<K>, fields: fieldsOf(kind, content) })
    } catch (error) {
      if (!isUnreadable(error)) throw error
      damaged.push(idIn(stored))
    }
  }
  return { records, damaged }
}

/** The id in a stored value that may be no row; '' where it has none. */
export function idIn(stored: unknown): string {
  const id: unknown =
    typeof stored === 'object' && stored !== null ? Reflect.get(stored, 'recordId') : undefined
  return typeof id === 'string' ? id : ''
}
