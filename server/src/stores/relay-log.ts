import { sql } from 'kysely'
import type { RelayedRow } from '../database/tables.ts'
import type { Queries } from './queries.ts'

/** Rows of one statement: few shapes of statements, each prepared once. */
const AT_ONCE = 64

/** Each call once: an app that names two calls alike has one row. */
export async function insertRelayed(queries: Queries, rows: readonly RelayedRow[]): Promise<void> {
  for (let at = 0; at < rows.length;) {
    const size = rows.length - at >= AT_ONCE ? AT_ONCE : 1
    await queries
      .insertInto('relay_log')
      .values(rows.slice(at, at + size))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    at += size
  }
}

export function findRelayed(
  queries: Queries,
  { accountId, grant, req }: { accountId: string; grant: string; req: string },
): Promise<RelayedRow | undefined> {
  return queries
    .selectFrom('relay_log')
    .selectAll()
    .where('connection_id', '=', grant)
    .where('request_id', '=', req)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
}

/** @returns false where there is one */
export async function setReceipt(
  queries: Queries,
  { connection_id, request_id }: RelayedRow,
  hash: string,
): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('relay_log')
    .set({ receipt_hash: hash })
    .where('connection_id', '=', connection_id)
    .where('request_id', '=', request_id)
    .where('receipt_hash', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export interface RelayedFilter {
  readonly accountId: string
  readonly connectionId?: string | undefined
  /** Unix ms, not included. */
  readonly before?: number | undefined
  readonly limit: number
}

/** The newest first. */
export function listRelayed(queries: Queries, filter: RelayedFilter): Promise<RelayedRow[]> {
  let found = queries
    .selectFrom('relay_log')
    .selectAll()
    .where('account_id', '=', filter.accountId)
    .where('at', '<', filter.before ?? Number.MAX_SAFE_INTEGER)
  if (filter.connectionId !== undefined) {
    found = found.where('connection_id', '=', filter.connectionId)
  }
  return found.orderBy('at', 'desc').orderBy('request_id').limit(filter.limit).execute()
}

export interface Chain {
  readonly device_id: string
  readonly n: number
  readonly hash: string
  readonly missing: number
}

export function listChains(queries: Queries, accountId: string): Promise<Chain[]> {
  return queries
    .selectFrom('receipt_chains')
    .select(['device_id', 'n', 'hash', 'missing'])
    .where('account_id', '=', accountId)
    .orderBy('device_id')
    .execute()
}

/** @returns false where the chain went on meanwhile */
export async function moveChain(
  queries: Queries,
  accountId: string,
  from: Chain,
  to: Chain,
): Promise<boolean> {
  const key = { account_id: accountId, device_id: from.device_id }
  await queries
    .insertInto('receipt_chains')
    .values({ ...key, n: 0, hash: from.hash, missing: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { numUpdatedRows } = await queries
    .updateTable('receipt_chains')
    .set({ n: to.n, hash: to.hash, missing: to.missing })
    .where('account_id', '=', accountId)
    .where('device_id', '=', from.device_id)
    .where('n', '=', from.n)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export interface DayOfClient {
  /** Days since 1970, UTC. */
  readonly day: number
  readonly requests: number
  readonly failed: number
  readonly bytesIn: number
  readonly bytesOut: number
}

interface ClientRange {
  readonly clientId: string
  /** Unix ms, included; not included. */
  readonly from: number
  readonly to: number
}

const dayOf = sql<number | string>`at / 86400000`

/** What was relayed for an app, whoever's wallet it was. */
export async function sumRelayed(
  queries: Queries,
  { clientId, from, to }: ClientRange,
): Promise<DayOfClient[]> {
  const rows = await queries
    .selectFrom('relay_log')
    .select(({ fn }) => [
      dayOf.as('day'),
      fn.countAll().as('requests'),
      sql<number | string>`sum(case when status >= 400 then 1 else 0 end)`.as('failed'),
      fn.sum('bytes_in').as('bytesIn'),
      fn.sum('bytes_out').as('bytesOut'),
    ])
    .where('client_id', '=', clientId)
    .where('at', '>=', from)
    .where('at', '<', to)
    .groupBy(dayOf)
    .execute()
  // PostgreSQL's sums are text.
  return rows.map((row) => ({
    ...{ day: Number(row.day), requests: Number(row.requests), failed: Number(row.failed) },
    ...{ bytesIn: Number(row.bytesIn), bytesOut: Number(row.bytesOut) },
  }))
}

/** What people share of what it cost. */
export async function sumShared(queries: Queries, { clientId, from, to }: ClientRange) {
  const rows = await queries
    .selectFrom('usage_rows')
    .select(({ fn }) => [
      dayOf.as('day'),
      fn.sum('input_tokens').as('inputTokens'),
      fn.sum('output_tokens').as('outputTokens'),
      fn.sum('nano_usd').as('nanoUsd'),
    ])
    .where('client_id', '=', clientId)
    .where('at', '>=', from)
    .where('at', '<', to)
    .groupBy(dayOf)
    .execute()
  return rows.map((row) => ({
    ...{ day: Number(row.day), inputTokens: Number(row.inputTokens) },
    ...{ outputTokens: Number(row.outputTokens), nanoUsd: Number(row.nanoUsd) },
  }))
}

export async function dropOldRelayed(queries: Queries, before: number): Promise<void> {
  await queries.deleteFrom('relay_log').where('at', '<', before).execute()
}
