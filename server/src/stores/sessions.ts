import type { Insertable, Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Queries } from './queries.ts'

type Session = Selectable<Tables['sessions']>

export async function storeSession(
  queries: Queries,
  session: Insertable<Tables['sessions']>,
): Promise<void> {
  await queries.insertInto('sessions').values(session).execute()
}

/** A session whose device is still on the list, with that device's key. */
export function findSession(
  queries: Queries,
  id: string,
): Promise<(Session & { ed25519: string }) | undefined> {
  return queries
    .selectFrom('sessions')
    .innerJoin('devices', (join) =>
      join
        .onRef('devices.account_id', '=', 'sessions.account_id')
        .onRef('devices.device_id', '=', 'sessions.device_id'),
    )
    .selectAll('sessions')
    .select('devices.ed25519')
    .where('sessions.id', '=', id)
    .executeTakeFirst()
}

export async function endSessionsOfAccount(queries: Queries, accountId: string): Promise<void> {
  await queries.deleteFrom('sessions').where('account_id', '=', accountId).execute()
}

export async function dropExpiredSessions(queries: Queries, now: number): Promise<void> {
  await queries.deleteFrom('sessions').where('expires_at', '<', now).execute()
}
