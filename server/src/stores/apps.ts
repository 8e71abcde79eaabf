import type { Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Queries } from './queries.ts'

export type App = Selectable<Tables['apps']>
export type Connection = Selectable<Tables['connections']>

export async function insertApp(queries: Queries, app: App): Promise<void> {
  await queries.insertInto('apps').values(app).execute()
}

export function listApps(queries: Queries, accountId: string): Promise<App[]> {
  return queries
    .selectFrom('apps')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export function findApp(queries: Queries, id: string): Promise<App | undefined> {
  return queries.selectFrom('apps').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findConnection(queries: Queries, id: string): Promise<Connection | undefined> {
  return queries.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirst()
}

/** @returns false where there is one of this id */
export async function insertConnection(queries: Queries, made: Connection): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await queries
    .insertInto('connections')
    .values(made)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export function listConnections(queries: Queries, accountId: string): Promise<Connection[]> {
  return queries
    .selectFrom('connections')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** @returns false where the account has none of this id */
export async function revokeConnection(
  queries: Queries,
  accountId: string,
  id: string,
): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('connections')
    .set({ status: 'revoked' })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}
