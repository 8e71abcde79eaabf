import { WalletError, canonicalJson, isWalletError, mergeContent } from '../protocol/index.ts'
import type { BackupRecord } from './backup-file.ts'
import { isUnreadable, rowOrNull } from './read-vault.ts'
import { sealable } from './record-content.ts'
import { idIn, isRecordRow, openRecordRow } from './record-row.ts'
import { sealFirstRow, sealNextRow, type SealingContext } from './sealed-row.ts'
import type { StoredRow, VaultChange } from './store.ts'

/** What became of the records of a backup. */
type MergeResult =
  /** It was not there. */
  | 'added'
  /** The backup knew something later. */
  | 'changed'
  | 'unchanged'
  /** It was damaged, and is as it was in the backup. */
  | 'repaired'
  /** It was deleted since; a deletion wins over every edit (formats §4). */
  | 'deleted'
  /** What stands in its place cannot be told, and stays. */
  | 'blocked'

/** How many records met each end. */
export type MergeOutcome = Readonly<Record<MergeResult, number>>

/**
 * What a backup of the same vault changes, as one commit. Nothing is ever taken back: where both have a
 * record, each field keeps its later value.
 */
export function mergeRecords(
  context: SealingContext,
  stored: readonly unknown[],
  records: readonly BackupRecord[],
): Pick<VaultChange, 'rows' | 'expected'> & { readonly outcome: MergeOutcome } {
  const present = new Map(stored.map((value) => [idIn(value), value]))
  const outcome = { added: 0, changed: 0, unchanged: 0, repaired: 0, deleted: 0, blocked: 0 }
  const rows: StoredRow[] = []
  const expected = new Map<StoredRow['recordId'], number>()
  for (const record of records) {
    const { result, row } = mergeRecord(context, present.get(record.recordId), record)
    outcome[result] += 1
    if (row === undefined) continue
    rows.push(row)
    expected.set(row.recordId, row.rev - 1)
  }
  return { rows, expected, outcome }
}

interface Merged {
  readonly result: MergeResult
  /** What is to be written. */
  readonly row?: StoredRow
}

function mergeRecord(context: SealingContext, stored: unknown, record: BackupRecord): Merged {
  const theirs = sealable(record.content)
  if (stored === undefined) {
    return { result: 'added', row: sealFirstRow(context, record.recordId, theirs) }
  }
  const row = rowOrNull(stored)
  if (row === null || !isRecordRow(context, row)) return { result: 'blocked' }
  // A damaged row may claim a rev that nothing can follow.
  if (row.rev === Number.MAX_SAFE_INTEGER) return { result: 'blocked' }
  try {
    const ours = openRecordRow(context, row)
    if (ours === null) return { result: 'deleted' }
    const content = sealable(mergeContent(ours, record.content))
    if (canonicalJson(content) === canonicalJson(sealable(ours))) return { result: 'unchanged' }
    return { result: 'changed', row: sealNextRow(context, row, { content }) }
  } catch (error) {
    if (isWalletError(error, 'vault.newer')) return { result: 'blocked' }
    if (!isUnreadable(error)) throw error
    return { result: 'repaired', row: sealNextRow(context, row, { content: theirs }) }
  }
}

/** @throws `request.unprocessable` for a backup of another vault */
export function assertSameVault(
  { vaultId }: Pick<SealingContext, 'vaultId'>,
  backup: Pick<SealingContext, 'vaultId'>,
): void {
  if (vaultId !== backup.vaultId) throw new WalletError('request.unprocessable')
}
