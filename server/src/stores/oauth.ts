import type { Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { firstRowOf, type Queries } from './queries.ts'

export type OAuthFamily = Selectable<Tables['oauth_families']>
export type OAuthRequest = Selectable<Tables['oauth_requests']>
export type OAuthCode = Selectable<Tables['oauth_codes']>

/** Families of which nothing is left are kept a day longer than their last token. */
const FAMILY_MS = 24 * 60 * 60_000

export async function insertRequest(queries: Queries, made: OAuthRequest): Promise<void> {
  await queries.insertInto('oauth_requests').values(made).execute()
}

export function findRequest(queries: Queries, id: string): Promise<OAuthRequest | undefined> {
  return queries.selectFrom('oauth_requests').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findDeviceRequest(
  queries: Queries,
  deviceHash: string,
): Promise<OAuthRequest | undefined> {
  return queries
    .selectFrom('oauth_requests')
    .selectAll()
    .where('device_hash', '=', deviceHash)
    .executeTakeFirst()
}

/** The person's answer. @returns false where there was one already */
export async function answerRequest(
  queries: Queries,
  id: string,
  answer: Partial<OAuthRequest>,
): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('oauth_requests')
    .set(answer)
    .where('id', '=', id)
    .where('status', '=', 'open')
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** What the person agreed to, once. @returns false where it was fetched before */
export async function useRequest(queries: Queries, id: string): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('oauth_requests')
    .set({ status: 'used' })
    .where('id', '=', id)
    .where('status', '=', 'agreed')
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function notePoll(
  queries: Queries,
  id: string,
  poll: Pick<OAuthRequest, 'polled_at' | 'interval_s'>,
): Promise<void> {
  await queries.updateTable('oauth_requests').set(poll).where('id', '=', id).execute()
}

/** Gives a device's request the id of the wallet that typed its code. @returns false for no such code */
export async function claimUserCode(
  queries: Queries,
  claim: { readonly userCode: string; readonly id: string; readonly now: number },
): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('oauth_requests')
    .set({ id: claim.id, user_code: null })
    .where('user_code', '=', claim.userCode)
    .where('expires_at', '>', claim.now)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function insertCode(queries: Queries, made: OAuthCode): Promise<void> {
  await queries.insertInto('oauth_codes').values(made).execute()
}

export function findCode(queries: Queries, id: string): Promise<OAuthCode | undefined> {
  return queries.selectFrom('oauth_codes').selectAll().where('id', '=', id).executeTakeFirst()
}

/** @returns false where it was used before */
export async function useCode(queries: Queries, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('oauth_codes')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function insertFamily(queries: Queries, made: OAuthFamily): Promise<void> {
  await queries.insertInto('oauth_families').values(made).execute()
}

export const findFamily = firstRowOf((queries, id: string) =>
  queries.selectFrom('oauth_families').selectAll().where('id', '=', id),
)

/** Each of its tokens is dead at once: they are looked up with it. */
export async function revokeFamily(queries: Queries, id: string): Promise<void> {
  await queries
    .updateTable('oauth_families')
    .set({ status: 'revoked' })
    .where('id', '=', id)
    .execute()
}

/** What one person agreed to with one app. */
export function listFamilies(queries: Queries, accountId: string): Promise<OAuthFamily[]> {
  return queries
    .selectFrom('oauth_families')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('status', '=', 'active')
    .execute()
}

/**
 * Ends every connection of an app, every token of it, and every code that could become one.
 * @param accountId of one person, or absent: of everybody
 * @returns how many connections ended
 */
export async function endAuthorisations(
  queries: Queries,
  clientId: string,
  accountId?: string,
): Promise<number> {
  for (const table of ['app_tokens', 'oauth_codes'] as const) {
    let ended = queries.deleteFrom(table).where('client_id', '=', clientId)
    if (accountId !== undefined) ended = ended.where('account_id', '=', accountId)
    await ended.execute()
  }
  let families = queries
    .updateTable('oauth_families')
    .set({ status: 'revoked' })
    .where('client_id', '=', clientId)
  let connections = queries
    .updateTable('connections')
    .set({ status: 'revoked' })
    .where('client_id', '=', clientId)
    .where('status', '=', 'active')
  if (accountId !== undefined) {
    families = families.where('account_id', '=', accountId)
    connections = connections.where('account_id', '=', accountId)
  }
  await families.execute()
  return Number((await connections.executeTakeFirstOrThrow()).numUpdatedRows)
}

/** Every token of an app, while what people agreed to stays written down. */
export async function endTokens(queries: Queries, clientId: string): Promise<void> {
  await queries
    .updateTable('oauth_families')
    .set({ status: 'revoked' })
    .where('client_id', '=', clientId)
    .execute()
  for (const table of ['app_tokens', 'oauth_codes'] as const) {
    await queries.deleteFrom(table).where('client_id', '=', clientId).execute()
  }
}

export async function dropExpiredOAuth(queries: Queries, now: number): Promise<void> {
  await queries.deleteFrom('oauth_requests').where('expires_at', '<', now).execute()
  // A used code is kept for a day: until then it is known when it is shown again.
  await queries
    .deleteFrom('oauth_codes')
    .where('expires_at', '<', now - FAMILY_MS)
    .execute()
  await queries
    .deleteFrom('oauth_families')
    .where('created_at', '<', now - FAMILY_MS)
    .where((family) =>
      family.not(
        family.exists(
          family
            .selectFrom('app_tokens')
            .select('app_tokens.id')
            .whereRef('app_tokens.family', '=', 'oauth_families.id'),
        ),
      ),
    )
    .execute()
}
