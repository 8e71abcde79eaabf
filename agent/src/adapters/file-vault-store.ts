import { WalletError, parseJson } from '@valetkey/wallet/protocol'
import {
  storedEpoch,
  type StoredRow,
  type VaultChange,
  type VaultStore,
} from '@valetkey/wallet/vault'
import type { Statements, WalletFile } from './wallet-file.ts'

const COLUMNS = 'record_id, rev, prev, del, writer, envelope, method, params'

/** The vault in the wallet's file. A commit is one transaction, on the disk before it resolves (C87). */
export function createFileVaultStore(file: WalletFile): VaultStore {
  return {
    readHeader: () => file.read(readHeader),
    readRow: (recordId) =>
      file.read((sql) => {
        const row = sql(`SELECT ${COLUMNS} FROM rows WHERE record_id = ?`).get(recordId)
        return row && rowOf(row)
      }),
    readRows: () => file.read(readRows),
    readAll: () => file.read((sql) => ({ header: readHeader(sql), rows: readRows(sql) })),
    readWraps: () =>
      file.read((sql) => ({
        header: readHeader(sql),
        rows: sql(`SELECT ${COLUMNS} FROM rows WHERE method IS NOT NULL`).all().map(rowOf),
      })),
    commit: (change) =>
      file.write((sql) => {
        applyChange(sql, change)
      }),
  }
}

/** Inside a transaction. @throws `sync.conflict` */
export function applyChange(sql: Statements, change: VaultChange): void {
  assertExpected(sql, change)
  if (change.header !== undefined) {
    sql('INSERT OR REPLACE INTO header (id, json) VALUES (1, ?)').run(JSON.stringify(change.header))
  }
  for (const row of change.rows) writeRow(sql, row)
}

function readHeader(sql: Statements): unknown {
  const stored = sql('SELECT json FROM header').get()
  if (stored === undefined) return undefined
  // C85: one that cannot be read is there all the same, and no vault is written over it.
  return parseJson(String(stored['json'])) ?? null
}

function readRows(sql: Statements): unknown[] {
  return sql(`SELECT ${COLUMNS} FROM rows`).all().map(rowOf)
}

function rowOf(stored: Readonly<Record<string, unknown>>): unknown {
  const { record_id: recordId, rev, del, writer, method, params } = stored
  return {
    ...{ recordId, rev, prev: bytesOf(stored['prev']), del, writerDeviceId: writer },
    envelope: bytesOf(stored['envelope']),
    ...(method === null ? {} : { method }),
    ...(params === null ? {} : { params }),
  }
}

/** A copy of its own: what the driver gave may be a view of something larger. */
export function bytesOf(stored: unknown): unknown {
  return stored instanceof Uint8Array ? Uint8Array.from(stored) : stored
}

function writeRow(sql: Statements, row: StoredRow): void {
  const { recordId, rev, prev, del, writerDeviceId, envelope, method, params } = row
  sql(`INSERT OR REPLACE INTO rows (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`).run(
    ...[recordId, rev, prev, del, writerDeviceId, envelope, method ?? null, params ?? null],
  )
}

/** Inside the transaction that writes, or another process could come between (C88). */
function assertExpected(sql: Statements, { epoch, rowCount, expected }: VaultChange): void {
  const renewed = storedEpoch(readHeader(sql)) !== epoch
  const count = sql('SELECT count(*) AS count FROM rows').get()?.['count']
  const grown = rowCount !== undefined && count !== rowCount
  const overtaken = [...expected].some(([id, rev]) => {
    const stored = sql('SELECT rev FROM rows WHERE record_id = ?').get(id)
    return (stored?.['rev'] ?? 0) !== rev
  })
  if (renewed || grown || overtaken) throw new WalletError('sync.conflict')
}
