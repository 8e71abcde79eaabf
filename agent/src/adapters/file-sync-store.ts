import { isJsonObject, parseJson } from '@valetkey/wallet/protocol'
import {
  parseSyncMemory,
  type SyncChange,
  type SyncMemory,
  type SyncState,
  type SyncStore,
  type SyncedRow,
} from '@valetkey/wallet/sync'
import { applyChange, bytesOf } from './file-vault-store.ts'
import type { Statements, WalletFile } from './wallet-file.ts'

const NAME = 'sync'
const COLUMNS = 'place, record_id, rev, prev, del, writer, hash, seq'

/** Of which head a row is: the one that is believed, or that of a push which may have arrived. */
type Place = 'head' | 'outbox'

/** What was synced, in the wallet's file, beside the rows it is of. */
export interface FileSyncStore extends SyncStore {
  /** Without the rows: of a large vault a small read. @throws as `read` does */
  readState(): Promise<SyncState>
}

/** A commit is one transaction with the vault's own rows: what was synced never says more than is there. */
export function createFileSyncStore(file: WalletFile): FileSyncStore {
  return {
    read: () => file.read((sql) => read(sql, readRows(sql, 'head'))),
    readState: () => file.read((sql) => read(sql, []).state),
    commit: (change) =>
      file.write((sql) => {
        applyChange(sql, change)
        write(sql, change)
      }),
  }
}

/** @throws `request.not_found` where nothing was ever synced, `vault.corrupt` */
function read(sql: Statements, synced: readonly unknown[]): SyncMemory {
  const stored = sql('SELECT json FROM state WHERE name = ?').get(NAME)
  if (stored === undefined) return parseSyncMemory(undefined, [])
  const state = parseJson(String(stored['json'])) ?? null
  const outbox = isJsonObject(state) ? state['outbox'] : null
  return isJsonObject(state) && isJsonObject(outbox)
    ? parseSyncMemory({ ...state, outbox: { ...outbox, rows: readRows(sql, 'outbox') } }, synced)
    : parseSyncMemory(state, synced)
}

function readRows(sql: Statements, place: Place): unknown[] {
  return sql(`SELECT ${COLUMNS} FROM synced WHERE place = ?`)
    .all(place)
    .map(({ record_id: recordId, rev, prev, del, writer, hash, seq }) => ({
      ...{ recordId, rev, prev: bytesOf(prev), del, writerDeviceId: writer },
      ...{ envelopeHash: bytesOf(hash), seq },
    }))
}

function write(sql: Statements, { state, synced: { put, remove } }: SyncChange): void {
  const { outbox } = state
  const text = JSON.stringify({ ...state, outbox: outbox && { push: outbox.push } })
  sql('INSERT OR REPLACE INTO state (name, json) VALUES (?, ?)').run(NAME, text)
  sql("DELETE FROM synced WHERE place = 'outbox'").run()
  for (const row of outbox?.rows ?? []) writeRow(sql, 'outbox', row)
  for (const row of put) writeRow(sql, 'head', row)
  for (const recordId of remove) {
    sql("DELETE FROM synced WHERE place = 'head' AND record_id = ?").run(recordId)
  }
}

function writeRow(sql: Statements, place: Place, row: SyncedRow): void {
  const { recordId, rev, prev, del, writerDeviceId, envelopeHash, seq } = row
  sql(`INSERT OR REPLACE INTO synced (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`).run(
    ...[place, recordId, rev, prev, del, writerDeviceId, envelopeHash, seq],
  )
}
