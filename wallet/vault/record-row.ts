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
import {
  factsOf,
  withoutRelay,
  type GrantTerms,
  type KeyFacts,
  type KnownRow,
  type RowMemory,
} from './row-memory.ts'
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

/** A provider key without its secret. */
export interface ListedKey {
  readonly id: KeyId
  readonly fields: KeyFacts
}

export interface KeyList {
  readonly records: readonly ListedKey[]
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

/** Rows opened in one go: some milliseconds, then whatever else waits has its turn. */
const ROWS_IN_ONE_GO = 100

/** Every record of a kind among stored rows, and which rows could not be read. */
export function listRows<K extends RecordKind>(
  context: SealingContext,
  kind: K,
  { rows, memory }: Rows,
): Promise<RecordList<K>> {
  return readEach(context, rows, memory, (known, open): ListedRecord<K> | null => {
    if (known && known.kind !== kind) return null
    const { row, content } = open()
    memory.note(knownRow(row, content))
    if (content?.kind !== kind) return null
    return { id: row.recordId as RecordIdOf<K>, fields: fieldsOf(kind, content) }
  })
}

/** Every provider key among stored rows without its secret; what is known already is not opened. */
export function listKeyFacts(context: SealingContext, { rows, memory }: Rows): Promise<KeyList> {
  return readEach(context, rows, memory, (known, open): ListedKey | null => {
    if (known && known.kind !== 'key') return null
    if (known?.facts) return { id: known.row.recordId as string as KeyId, fields: known.facts }
    const { row, content } = open()
    const noted = knownRow(row, content)
    memory.note(noted)
    return noted.facts && { id: row.recordId as string as KeyId, fields: noted.facts }
  })
}

/** What is picked of the live records of these kinds, with their rows and their stamps. */
export async function openRows<T>(
  context: SealingContext,
  kinds: readonly RecordKind[],
  { rows, memory }: Rows,
  pick: (row: StoredRow, content: RecordContent) => T | null,
): Promise<{ readonly records: readonly T[]; readonly damaged: readonly string[] }> {
  const isAsked = (kind: string | null) => kinds.some((each) => each === kind)
  return readEach(context, rows, memory, (known, open) => {
    if (known && !isAsked(known.kind)) return null
    const { row, content } = open()
    memory.note(knownRow(row, content))
    return content && isAsked(content.kind) ? pick(row, content) : null
  })
}

/** Whatever a row was opened for: it is not opened again for the list of keys. */
function knownRow(row: StoredRow, content: RecordContent | null): KnownRow {
  const facts = content?.kind === 'key' ? factsOf(fieldsOf('key', content)) : null
  return { row, kind: content?.kind ?? null, facts }
}

/** A grant of a stored row, opened once; null where it is none. @throws as {@link openRecordRow} */
export function readGrantRow(
  context: SealingContext,
  row: StoredRow,
  memory: RowMemory,
): GrantTerms | null {
  const known = memory.recall(row)
  if (known?.grant) return known.grant
  if (known && known.kind !== 'grant') return null
  const content = openRecordRow(context, row)
  if (content?.kind !== 'grant') return null
  const grant = withoutRelay(fieldsOf('grant', content))
  memory.note({ row, kind: 'grant', facts: null, grant })
  return grant
}

export interface Rows {
  readonly rows: readonly unknown[]
  readonly memory: RowMemory
}

type OpenedRow = { readonly row: StoredRow; readonly content: RecordContent | null }

/** @param read null: not asked for. What it throws for a damaged row makes that row `damaged`. */
async function readEach<T>(
  context: SealingContext,
  rows: readonly unknown[],
  memory: RowMemory,
  read: (known: KnownRow | null, open: () => OpenedRow) => T | null,
): Promise<{ records: T[]; damaged: string[] }> {
  const records: T[] = []
  const damaged: string[] = []
  let opened = 0
  for (const stored of rows) {
    try {
      const known = memory.recall(stored)
      const row = known?.row ?? parseRow(stored)
      if (!isRecordRow(context, row)) continue
      const record = read(known, () => {
        opened += 1
        return { row, content: openRecordRow(context, row) }
      })
      if (record !== null) records.push(record)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      damaged.push(idIn(stored))
    }
    if (opened >= ROWS_IN_ONE_GO) {
      opened = 0
      await new Promise((resolve) => setTimeout(resolve))
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
