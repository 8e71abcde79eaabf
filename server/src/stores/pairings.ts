import type { Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Queries } from './queries.ts'

export type Pairing = Selectable<Tables['pairings']>

export async function insertPairing(queries: Queries, pairing: Pairing): Promise<void> {
  await queries.insertInto('pairings').values(pairing).execute()
}

export function findPairing(queries: Queries, id: string): Promise<Pairing | undefined> {
  return queries.selectFrom('pairings').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Whose code it is takes it: the code works once. */
export function claimPairing(
  queries: Queries,
  claim: { readonly code: string; readonly accountId: string; readonly now: number },
): Promise<Pairing | undefined> {
  return queries
    .updateTable('pairings')
    .set({ account_id: claim.accountId, code: null })
    .where('code', '=', claim.code)
    .where('expires_at', '>=', claim.now)
    .returningAll()
    .executeTakeFirst()
}

/** @returns false where it was written before */
export async function setPairingValue(
  queries: Queries,
  id: string,
  name: 'offer_value' | 'reveal_value' | 'grant_value',
  value: string,
): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('pairings')
    .set({ [name]: value })
    .where('id', '=', id)
    .where(name, 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function dropExpiredPairings(queries: Queries, now: number): Promise<void> {
  await queries.deleteFrom('pairings').where('expires_at', '<', now).execute()
}
