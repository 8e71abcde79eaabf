import * as z from 'zod'
import type { Server } from '../server.ts'
import { findApp, listConnections, type Connection } from '../stores/apps.ts'
import { listFamilies } from '../stores/oauth.ts'
import { SCOPES, readScopes } from './scopes.ts'

export const consentSchema = z.strictObject({
  clientId: z.string(),
  clientName: z.string(),
  /** Of OAuth; an app that was linked has none. */
  scopes: z.array(z.enum(SCOPES)),
  connectionIds: z.array(z.string()),
  /** ISO. */
  grantedAt: z.string(),
})

/** Each app with a live connection to the account, by OAuth or by Link, the first agreed to first. */
export async function listConsents(
  server: Server,
  accountId: string,
): Promise<z.infer<typeof consentSchema>[]> {
  const { queries } = server.database
  const now = server.clock()
  const live = (await listConnections(queries, accountId)).filter(
    ({ status, expires_at }) => status === 'active' && (expires_at === null || expires_at > now),
  )
  const families = await listFamilies(queries, accountId)
  const byClient = new Map<string, Connection[]>()
  for (const connection of live) {
    byClient.set(connection.client_id, [...(byClient.get(connection.client_id) ?? []), connection])
  }
  return Promise.all(
    [...byClient].map(async ([clientId, connections]) => {
      const app = await findApp(queries, clientId)
      const scopes = families
        .filter(({ client_id }) => client_id === clientId)
        .flatMap((family) => readScopes(family.scopes))
      return {
        ...{ clientId, clientName: app?.name ?? '', scopes: [...new Set(scopes)] },
        connectionIds: connections.map(({ id }) => id),
        grantedAt: new Date(Math.min(...connections.map((each) => each.created_at))).toISOString(),
      }
    }),
  )
}
