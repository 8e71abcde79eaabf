import type { Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { firstRowOf, type Queries } from './queries.ts'

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

/** One that is in use: what was deactivated asks for nothing and gets nothing. */
export function findApp(queries: Queries, id: string): Promise<App | undefined> {
  return queries
    .selectFrom('apps')
    .selectAll()
    .where('id', '=', id)
    .where('is_active', '=', 1)
    .executeTakeFirst()
}

/** One of the account's own, in use or not. @param name its id, or its number as text */
export function findOwnApp(
  queries: Queries,
  accountId: string,
  name: string,
): Promise<App | undefined> {
  const own = queries.selectFrom('apps').selectAll().where('account_id', '=', accountId)
  const named = /^\d{1,15}$/.test(name)
    ? own.where('number', '=', Number(name))
    : own.where('id', '=', name)
  return named.executeTakeFirst()
}

export async function updateApp(
  queries: Queries,
  id: string,
  changes: Partial<Omit<App, 'id' | 'account_id'>>,
): Promise<void> {
  await queries.updateTable('apps').set(changes).where('id', '=', id).execute()
}

export async function deleteApp(queries: Queries, id: string): Promise<void> {
  await queries.deleteFrom('apps').where('id', '=', id).execute()
}

export const findConnection = firstRowOf((queries, id: string) =>
  queries.selectFrom('connections').selectAll().where('id', '=', id),
)

/** @returns false where there is one of this id */
export async function insertConnection(queries: Queries, made: Connection): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await queries
    .insertInto('connections')
    .values(made)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

/** What the person allowed anew. */
export async function updateConnection(
  queries: Queries,
  id: string,
  changes: Pick<Connection, 'expires_at' | 'sealed'>,
): Promise<void> {
  await queries.updateTable('connections').set(changes).where('id', '=', id).execute()
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

/** Those of an app, by id. @param after the last one of the page before */
export function listAppConnections(
  queries: Queries,
  clientId: string,
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<Connection[]> {
  return queries
    .selectFrom('connections')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** @returns false where the account, or the app, has none of this id */
export async function revokeConnection(
  queries: Queries,
  by: { readonly accountId: string } | { readonly clientId: string },
  id: string,
): Promise<boolean> {
  const [column, owner] =
    'accountId' in by
      ? (['account_id', by.accountId] as const)
      : (['client_id', by.clientId] as const)
  const { numUpdatedRows } = await queries
    .updateTable('connections')
    .set({ status: 'revoked' })
    .where(column, '=', owner)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** @returns false where the account has none of this id that is active */
export async function writeRelayKey(
  queries: Queries,
  { accountId, id, key }: { accountId: string; id: string; key: string },
): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('connections')
    .set({ relay_key: key })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .where('status', '=', 'active')
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}
