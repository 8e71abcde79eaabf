import { fromBase64url, toBase64url, type Random } from '@valetkey/wallet/protocol'
import type { OpenDatabase } from '../database/open.ts'

interface Meta {
  readonly secret: Uint8Array
  readonly serverEpoch: string
}

/** What a database was made with; of several processes that start at once, the first one's. */
export async function readMeta({ queries }: OpenDatabase, random: Random): Promise<Meta> {
  const made = [
    { name: 'secret', value: toBase64url(random(32)) },
    { name: 'server_epoch', value: toBase64url(random(16)) },
  ]
  await queries
    .insertInto('meta')
    .values(made)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const stored = new Map(
    (await queries.selectFrom('meta').selectAll().execute()).map(({ name, value }) => [
      name,
      value,
    ]),
  )
  return {
    secret: fromBase64url(stored.get('secret') ?? ''),
    serverEpoch: stored.get('server_epoch') ?? '',
  }
}

/** After a backup was restored: every device then fetches everything anew. */
export async function renewServerEpoch({ queries }: OpenDatabase, random: Random): Promise<void> {
  await queries
    .updateTable('meta')
    .set({ value: toBase64url(random(16)) })
    .where('name', '=', 'server_epoch')
    .execute()
}
