import type { Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { firstRowOf, type Queries } from './queries.ts'

export type LinkSession = Selectable<Tables['link_sessions']>
export type AppToken = Selectable<Tables['app_tokens']>

export async function insertLinkSession(queries: Queries, made: LinkSession): Promise<void> {
  await queries.insertInto('link_sessions').values(made).execute()
}

export function findLinkSession(queries: Queries, id: string): Promise<LinkSession | undefined> {
  return queries.selectFrom('link_sessions').selectAll().where('id', '=', id).executeTakeFirst()
}

/** @returns false where it was used before */
export async function useLinkSession(queries: Queries, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('link_sessions')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function insertToken(queries: Queries, made: AppToken): Promise<void> {
  await queries.insertInto('app_tokens').values(made).execute()
}

export const findToken = firstRowOf((queries, kind: 'pt' | 'at' | 'rt', id: string) =>
  queries.selectFrom('app_tokens').selectAll().where('kind', '=', kind).where('id', '=', id),
)

/** An access token, what it is of and whether that still stands: looked up for every call of an app's server. */
export const findAccessToken = firstRowOf((queries, kind: 'at', id: string) =>
  queries
    .selectFrom('app_tokens as token')
    .leftJoin('connections as connection', 'connection.id', 'token.connection_id')
    .leftJoin('oauth_families as family', 'family.id', 'token.family')
    .select([
      ...(['token.id', 'token.hash', 'token.expires_at', 'token.family', 'token.scopes'] as const),
      ...(['token.connection_id', 'connection.account_id', 'connection.client_id'] as const),
      ...(['connection.status', 'connection.sealed'] as const),
      'connection.expires_at as connection_expires_at',
      'family.status as family_status',
    ])
    .where('token.kind', '=', kind)
    .where('token.id', '=', id),
)

/** @returns false where it was used before */
export async function useToken(queries: Queries, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('app_tokens')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function extendToken(queries: Queries, id: string, expiresAt: number): Promise<void> {
  await queries
    .updateTable('app_tokens')
    .set({ expires_at: expiresAt })
    .where('id', '=', id)
    .execute()
}

/** @returns false where there is none any more */
export async function deleteToken(queries: Queries, id: string): Promise<boolean> {
  const { numDeletedRows } = await queries
    .deleteFrom('app_tokens')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

/** Every access token of a connection. */
export async function deleteAccess(queries: Queries, connectionId: string): Promise<void> {
  await queries
    .deleteFrom('app_tokens')
    .where('connection_id', '=', connectionId)
    .where('kind', '=', 'at')
    .execute()
}

export async function dropExpiredLinks(queries: Queries, now: number): Promise<void> {
  await queries.deleteFrom('link_sessions').where('expires_at', '<', now).execute()
  await queries.deleteFrom('app_tokens').where('expires_at', '<', now).execute()
}
