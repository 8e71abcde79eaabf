import type { Insertable, Updateable } from 'kysely'
import type { OpenDatabase } from '../database/open.ts'
import type { Account, Tables } from '../database/tables.ts'
import type { Queries } from './queries.ts'

export function findAccount(queries: Queries, accountId: string): Promise<Account | undefined> {
  return queries.selectFrom('accounts').selectAll().where('id', '=', accountId).executeTakeFirst()
}

/** How its passphrase is hashed: the little that anybody may ask for. */
export function findKdf(
  queries: Queries,
  accountId: string,
): Promise<Pick<Account, 'suite' | 'salt' | 'kdf'> | undefined> {
  return queries
    .selectFrom('accounts')
    .select(['suite', 'salt', 'kdf'])
    .where('id', '=', accountId)
    .executeTakeFirst()
}

/** The account, and nobody else changes it until the transaction ends. */
export function lockAccount(
  { kind }: OpenDatabase,
  queries: Queries,
  accountId: string,
): Promise<Account | undefined> {
  const found = queries.selectFrom('accounts').selectAll().where('id', '=', accountId)
  return (kind === 'postgres' ? found.forUpdate() : found).executeTakeFirst()
}

/** @returns false where the id is taken */
export async function insertAccount(
  queries: Queries,
  account: Insertable<Tables['accounts']>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await queries
    .insertInto('accounts')
    .values(account)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

/** Compare and swap on the head. @returns false where another push came first */
export async function updateAccount(
  queries: Queries,
  accountId: string,
  base: string,
  change: Updateable<Tables['accounts']>,
): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('accounts')
    .set(change)
    .where('id', '=', accountId)
    .where('head_hash', '=', base)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function markRecovered(
  queries: Queries,
  accountId: string,
  at: number,
): Promise<void> {
  await queries
    .updateTable('accounts')
    .set({ recovered_at: at })
    .where('id', '=', accountId)
    .execute()
}

const TABLES_OF_AN_ACCOUNT = [
  'rows',
  'heads',
  'devices',
  'sessions',
  'pairings',
  'apps',
  'connections',
  'link_sessions',
  'app_tokens',
  'usage_rows',
] as const satisfies readonly (keyof Tables)[]

/** Everything that names the account, and the account. */
export async function deleteAccount(queries: Queries, accountId: string): Promise<void> {
  for (const table of TABLES_OF_AN_ACCOUNT) {
    await queries.deleteFrom(table).where('account_id', '=', accountId).execute()
  }
  await queries.deleteFrom('accounts').where('id', '=', accountId).execute()
}
