/** Between rows as they are stored and rows as they travel. */
import {
  fromBase64url,
  toBase64url,
  type DeviceId,
  type NumberedRow,
  type RecordId,
  type SyncRow,
} from '../protocol/index.ts'
import { equalBytes } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import type { SharedRow, SyncMemory, SyncedRow } from './sync-ports.ts'

export function toWire(row: SharedRow): SyncRow {
  const { recordId, rev, del, writerDeviceId, method, params } = row
  return {
    ...{ recordId, rev, prev: toBase64url(row.prev), del, writerDeviceId },
    envelope: toBase64url(row.envelope),
    ...(method === undefined ? {} : { method }),
    ...(params === undefined ? {} : { params }),
  }
}

/** @throws `request.invalid` for text with stray bits */
function fromWire(row: SyncRow): SharedRow {
  const { rev, del, method, params } = row
  return {
    recordId: row.recordId as RecordId,
    ...{ rev, del, prev: fromBase64url(row.prev) },
    writerDeviceId: row.writerDeviceId as DeviceId,
    envelope: fromBase64url(row.envelope),
    ...(method === undefined ? {} : { method }),
    ...(params === undefined ? {} : { params }),
  }
}

/** What a head of this seq says of a row. */
export function syncedRow(row: SharedRow, seq: number): SyncedRow {
  const { recordId, rev, prev, del, writerDeviceId, envelope } = row
  return { recordId, rev, prev, del, writerDeviceId, envelopeHash: sha256(envelope), seq }
}

/** A row as it came, and what its head says of it. */
export interface PulledRow {
  readonly row: SharedRow
  readonly synced: SyncedRow
}

export function numberedRow(row: NumberedRow): PulledRow {
  const shared = fromWire(row)
  return { row: shared, synced: syncedRow(shared, row.seq) }
}

/**
 * Whether this device changed a row since it was synced last. A tombstone of what nobody else has (any
 * more) is no news to anybody.
 */
export function isChanged(row: SharedRow, synced: SyncedRow | undefined): boolean {
  if (!synced) return row.del === 0
  return !equalBytes(sha256(row.envelope), synced.envelopeHash)
}

/** How many rows of this device no push has carried yet. */
export function countWaiting({ synced }: SyncMemory, rows: readonly SharedRow[]): number {
  const known = new Map(synced.map((row) => [row.recordId, row]))
  return rows.filter((row) => isChanged(row, known.get(row.recordId))).length
}
