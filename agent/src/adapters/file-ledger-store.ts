import {
  KEY_NEVER_USED,
  NEW_WINDOW_CLOCK,
  NOTHING_USED,
  fits,
  fitsFilter,
  periodUseSchema,
  usageDayKey,
  usageDaySchema,
  windowClockStateSchema,
  withCall,
  withHeld,
  withSettled,
  withUsage,
  type KeyUse,
  type LedgerStore,
  type PeriodLimit,
  type PeriodUse,
  type ReserveOutcome,
  type UsagePage,
  type UsageQuery,
} from '@valetkey/wallet/metering'
import {
  WalletError,
  parseJson,
  parseWith,
  reservationSchema,
  usageRowSchema,
  type Reservation,
  type UsageRow,
} from '@valetkey/wallet/protocol'
import type { Statements, WalletFile } from './wallet-file.ts'

const CLOCK = 'clock'

/**
 * The ledger in the wallet's file. Each method is one transaction that is on the disk before it resolves, so
 * that two calls, also of two processes, never both take the last of a budget (C66). What is stored is
 * checked as it is read: a damaged row is `vault.corrupt`.
 */
export function createFileLedgerStore(file: WalletFile): LedgerStore {
  return {
    reserve: (reservation, limits) => file.write((sql) => reserve(sql, reservation, limits)),
    settle: (row) => file.write((sql) => settle(sql, row)),
    append: (row) =>
      file.write((sql) => {
        if (!isKnown(sql, row.requestId)) log(sql, row)
      }),
    reservations: () =>
      file.read((sql) =>
        sql('SELECT json FROM reservations')
          .all()
          .map(({ json }) => parse(reservationSchema, json)),
      ),
    used: (grantId, period) => file.read((sql) => readUse(sql, grantId, period)),
    usage: (limit) =>
      file.read((sql) =>
        sql('SELECT json FROM usage ORDER BY started_at DESC, request_id DESC LIMIT ?')
          .all(limit)
          .map(({ json }) => parse(usageRowSchema, json)),
      ),
    days: (from, to) =>
      file.read((sql) =>
        sql('SELECT json FROM days WHERE day >= ? AND day <= ?')
          .all(from, to)
          .map(({ json }) => parse(usageDaySchema, json)),
      ),
    rows: (query) => file.read((sql) => readPage(sql, query)),
    trimRows: (beforeMs, limit) =>
      file.write((sql) =>
        Number(
          sql(
            `DELETE FROM usage WHERE request_id IN (
               SELECT request_id FROM usage WHERE started_at < ?
               ORDER BY started_at, request_id LIMIT ?)`,
          ).run(beforeMs, limit).changes,
        ),
      ),
    eraseUsage: () =>
      file.write((sql) => {
        sql('DELETE FROM usage').run()
        sql('DELETE FROM days').run()
      }),
    usesOfKeys: (keyIds, period) =>
      file.read((sql) =>
        keyIds.map((keyId) => ({
          ...readKeyUse(sql, keyId, period),
          lastUsedAt: readKeyUse(sql, keyId, 'total').lastUsedAt,
        })),
      ),
    readWindowClock: () =>
      file.read((sql) => {
        const stored = sql('SELECT json FROM state WHERE name = ?').get(CLOCK)
        return stored ? parse(windowClockStateSchema, stored['json']) : NEW_WINDOW_CLOCK
      }),
    writeWindowClock: (state) =>
      file.write((sql) => {
        const text = JSON.stringify(state)
        sql('INSERT OR REPLACE INTO state (name, json) VALUES (?, ?)').run(CLOCK, text)
      }),
  }
}

function reserve(
  sql: Statements,
  reservation: Reservation,
  limits: readonly PeriodLimit[],
): ReserveOutcome {
  const { requestId, grantId, periods } = reservation
  if (isKnown(sql, requestId)) return { outcome: 'replayed' }
  for (const limit of limits) {
    const used = readUse(sql, grantId, limit.period)
    if (!fits(limit, used, reservation)) return { outcome: 'full', limit, used }
  }
  const text = JSON.stringify(reservation)
  sql('INSERT INTO reservations (request_id, json) VALUES (?, ?)').run(requestId, text)
  for (const period of periods) {
    writeUse(sql, grantId, period, withHeld(readUse(sql, grantId, period), reservation))
  }
  return { outcome: 'reserved' }
}

function settle(sql: Statements, row: UsageRow): boolean {
  const stored = sql('SELECT json FROM reservations WHERE request_id = ?').get(row.requestId)
  if (!stored) return false
  const reservation = parse(reservationSchema, stored['json'])
  const { requestId, grantId, keyId, periods } = reservation
  sql('DELETE FROM reservations WHERE request_id = ?').run(requestId)
  log(sql, row)
  for (const period of periods) {
    const use = withSettled(readUse(sql, grantId, period), reservation, row)
    writeUse(sql, grantId, period, use)
    const { nanoUsd, lastUsedAt } = withCall(readKeyUse(sql, keyId, period), row)
    sql(
      'INSERT OR REPLACE INTO key_spend (key_id, period, nano_usd, last_used_at) VALUES (?, ?, ?, ?)',
    ).run(keyId, period, nanoUsd, lastUsedAt)
  }
  return true
}

function isKnown(sql: Statements, requestId: string): boolean {
  const held = sql('SELECT 1 FROM reservations WHERE request_id = ?').get(requestId)
  return (held ?? sql('SELECT 1 FROM usage WHERE request_id = ?').get(requestId)) !== undefined
}

function log(sql: Statements, row: UsageRow): void {
  sql('INSERT INTO usage (request_id, started_at, json) VALUES (?, ?, ?)').run(
    ...[row.requestId, row.startedAt, JSON.stringify(row)],
  )
  const id = JSON.stringify(usageDayKey(row))
  const stored = sql('SELECT json FROM days WHERE id = ?').get(id)
  // A sum of a day is for looking at: one that is damaged starts anew, and keeps no call from its end.
  const sum = stored ? usageDaySchema.safeParse(parseJson(String(stored['json']))) : null
  const day = withUsage(sum?.success === true ? sum.data : undefined, row)
  sql('INSERT OR REPLACE INTO days (id, day, json) VALUES (?, ?, ?)').run(
    ...[id, day.day, JSON.stringify(day)],
  )
}

function readPage(sql: Statements, { filter, before, limit }: UsageQuery): UsagePage {
  const from = before ?? { startedAt: Number.MAX_SAFE_INTEGER, requestId: '' }
  const stored = sql(
    `SELECT json FROM usage WHERE (started_at, request_id) < (?, ?)
     ORDER BY started_at DESC, request_id DESC`,
  ).iterate(from.startedAt, from.requestId)
  const rows: UsageRow[] = []
  for (const { json } of stored) {
    const row = parse(usageRowSchema, json)
    if (!fitsFilter(row, filter)) continue
    const last = rows.at(-1)
    if (rows.length === limit && last) {
      return { rows, next: { startedAt: last.startedAt, requestId: last.requestId } }
    }
    rows.push(row)
  }
  return { rows, next: null }
}

function readUse(sql: Statements, grantId: string, period: string): PeriodUse {
  const stored = sql('SELECT json FROM spend WHERE grant_id = ? AND period = ?')
  const found = stored.get(grantId, period)
  return found ? parse(periodUseSchema, found['json']) : NOTHING_USED
}

function writeUse(sql: Statements, grantId: string, period: string, use: PeriodUse): void {
  sql('INSERT OR REPLACE INTO spend (grant_id, period, json) VALUES (?, ?, ?)').run(
    ...[grantId, period, JSON.stringify(use)],
  )
}

function readKeyUse(sql: Statements, keyId: string, period: string): KeyUse {
  const found = sql(
    'SELECT nano_usd, last_used_at FROM key_spend WHERE key_id = ? AND period = ?',
  ).get(keyId, period)
  if (!found) return KEY_NEVER_USED
  const { nano_usd: nanoUsd, last_used_at: lastUsedAt } = found
  const isWhole = typeof nanoUsd === 'number' && nanoUsd >= 0
  if (!isWhole || (lastUsedAt !== null && typeof lastUsedAt !== 'number')) {
    throw new WalletError('vault.corrupt')
  }
  return { nanoUsd, lastUsedAt: lastUsedAt ?? null }
}

function parse<T>(schema: Parameters<typeof parseWith<T>>[0], json: unknown): T {
  return parseWith(schema, parseJson(String(json)), 'vault.corrupt')
}
