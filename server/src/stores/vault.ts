/** The rows of a vault and the chain of its heads. */
import { ROWS_PER_ACCOUNT, STORED_BYTES_PER_ACCOUNT, WalletError } from '@valetkey/wallet/protocol'
import type { Selectable } from 'kysely'
import type { NewRow, Tables } from '../database/tables.ts'
import type { Queries } from './queries.ts'

export type StoredRow = Selectable<Tables['rows']>

export interface Stored {
  readonly bytes: number
  readonly live: number
}

/**
 * Writes changed rows over what was there.
 * @param before what the account stores already
 * @returns what it stores then
 * @throws `request.unprocessable` for a revision that is not newer, or a record come back from its deletion
 * @throws `vault.quota`
 */
export async function writeRows(
  queries: Queries,
  accountId: string,
  rows: readonly NewRow[],
  before: Stored,
): Promise<Stored> {
  if (rows.length === 0) return before
  const replaced = await queries
    .selectFrom('rows')
    .select(['record_id', 'rev', 'del', 'size_bytes'])
    .where('account_id', '=', accountId)
    .where(
      'record_id',
      'in',
      rows.map(({ record_id }) => record_id),
    )
    .execute()
  const old = new Map(replaced.map((row) => [row.record_id, row]))
  let { bytes, live } = before
  for (const row of rows) {
    const known = old.get(row.record_id)
    if (known && (row.rev <= known.rev || row.del < known.del)) {
      throw new WalletError('request.unprocessable')
    }
    bytes += row.size_bytes - (known?.size_bytes ?? 0)
    live += 1 - row.del - (known ? 1 - known.del : 0)
  }
  if (live > ROWS_PER_ACCOUNT || bytes > STORED_BYTES_PER_ACCOUNT) {
    throw new WalletError('vault.quota')
  }
  await queries
    .insertInto('rows')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'record_id']).doUpdateSet((excluded) => ({
        seq: excluded.ref('excluded.seq'),
        rev: excluded.ref('excluded.rev'),
        prev: excluded.ref('excluded.prev'),
        del: excluded.ref('excluded.del'),
        writer_device_id: excluded.ref('excluded.writer_device_id'),
        epoch: excluded.ref('excluded.epoch'),
        method: excluded.ref('excluded.method'),
        params: excluded.ref('excluded.params'),
        size_bytes: excluded.ref('excluded.size_bytes'),
        envelope: excluded.ref('excluded.envelope'),
      })),
    )
    .execute()
  return { bytes, live }
}

/** Drops tombstones every device has seen. @returns the bytes that gave back */
export async function dropTombstones(
  queries: Queries,
  accountId: string,
  floor: number,
): Promise<number> {
  const dropped = await queries
    .deleteFrom('rows')
    .where('account_id', '=', accountId)
    .where('del', '=', 1)
    .where('seq', '<=', floor)
    .returning('size_bytes')
    .execute()
  return dropped.reduce((sum, { size_bytes }) => sum + size_bytes, 0)
}

/** Whether a wrap that opens the vault is left from an epoch before this one. */
export async function hasOlderWrap(
  queries: Queries,
  accountId: string,
  epoch: number,
): Promise<boolean> {
  const older = await queries
    .selectFrom('rows')
    .select('record_id')
    .where('account_id', '=', accountId)
    .where('method', 'in', ['passphrase', 'recovery', 'passkey'])
    .where('del', '=', 0)
    .where('epoch', '<', epoch)
    .executeTakeFirst()
  return older !== undefined
}

export async function insertHead(queries: Queries, head: Tables['heads']): Promise<void> {
  await queries.insertInto('heads').values(head).execute()
}

export function findHead(
  queries: Queries,
  accountId: string,
  hash: string,
): Promise<{ seq: number } | undefined> {
  return queries
    .selectFrom('heads')
    .select('seq')
    .where('account_id', '=', accountId)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

export function listHeads(
  queries: Queries,
  accountId: string,
  range: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<{ head: string; sig: string }[]> {
  return queries
    .selectFrom('heads')
    .select(['head', 'sig'])
    .where('account_id', '=', accountId)
    .where('seq', '>=', range.from)
    .where('seq', '<=', range.to)
    .orderBy('seq')
    .limit(range.limit)
    .execute()
}

/** Of the rows after `seq`, in order: where each belongs and how large it is. */
export function listSizes(
  queries: Queries,
  accountId: string,
  after: number,
  limit: number,
): Promise<{ seq: number; size_bytes: number }[]> {
  return queries
    .selectFrom('rows')
    .select(['seq', 'size_bytes'])
    .where('account_id', '=', accountId)
    .where('seq', '>', after)
    .orderBy('seq')
    .orderBy('record_id')
    .limit(limit)
    .execute()
}

/** The rows of whole pushes: after one seq, up to and with another. */
export function listRows(
  queries: Queries,
  accountId: string,
  after: number,
  upTo: number,
): Promise<StoredRow[]> {
  return queries
    .selectFrom('rows')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .orderBy('record_id')
    .execute()
}
