/** Rows of two devices: what becomes of a record that both changed (formats §4). */
import {
  canonicalJson,
  isWalletError,
  mergeContent,
  type RecordContent,
} from '../protocol/index.ts'
import { laterAllocation } from './allocations.ts'
import { keepLostSecret } from './kept-secrets.ts'
import { sealable } from './record-content.ts'
import { isRecordRow, openRecordRow } from './record-row.ts'
import { sealNextRow, sealTombstone, type SealingContext } from './sealed-row.ts'
import type { StoredRow } from './store.ts'

/** The rows every device has: all but the keys of this one. */
export function sharedRows(context: SealingContext, rows: readonly StoredRow[]): StoredRow[] {
  return rows.filter(({ recordId }) => (recordId as string) !== context.deviceId)
}

/**
 * One row of two, over theirs; null: theirs, as it is. A deletion wins over any edit, and of a row that
 * cannot be read nothing is kept where the other one can.
 * @param now Unix ms
 * @throws `vault.newer` where theirs was written by a newer version: it is not overwritten
 */
export function mergeRows(
  context: SealingContext,
  ours: StoredRow,
  theirs: StoredRow,
  now: number,
): StoredRow | null {
  // A way to open the vault is changed at the server first.
  if (!isRecordRow(context, ours) || !isRecordRow(context, theirs)) return null
  const their = read(context, theirs)
  if (their === null) return null
  const our = read(context, ours)
  if (our === undefined) return null
  // Revs only rise, on either side.
  const place = { ...theirs, rev: Math.max(ours.rev, theirs.rev) }
  if (our === null) return sealTombstone(context, place)
  if (their === undefined) return sealNextRow(context, place, { content: sealable(our) })
  const content = sealable(mergedContent(our, their, now))
  if (canonicalJson(content) === canonicalJson(sealable(their))) return null
  return sealNextRow(context, place, { content })
}

/**
 * C67: an allocation is its device's, whole: what that device wrote last. Another device that sealed an older
 * state of it anew must not bring back what was given away.
 */
function mergedContent(our: RecordContent, their: RecordContent, now: number): RecordContent {
  if (our.kind === 'allocation' && their.kind === 'allocation') return laterAllocation(our, their)
  return keepLostSecret([our, their], mergeContent(our, their), now)
}

/** Null for a tombstone, undefined where nothing can be told. */
function read(context: SealingContext, row: StoredRow) {
  try {
    return openRecordRow(context, row)
  } catch (error) {
    if (isWalletError(error, 'vault.corrupt')) return undefined
    throw error
  }
}
