/** What an app's server sees of the wallets it is linked with: the stubs, and counts. */
import { WalletError, clientIdSchema, idText } from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { addClientRoute } from '../http/route.ts'
import { clientUsage, clientUsageSchema, usageQuerySchema } from '../oauth/client-usage.ts'
import type { Server } from '../server.ts'
import {
  findConnection,
  listAppConnections,
  revokeConnection,
  type Connection,
} from '../stores/apps.ts'

const PER_PAGE = 1000
const connectionSchema = z.strictObject({
  id: idText,
  clientId: clientIdSchema,
  status: z.enum(['active', 'revoked']),
  sealed: z.enum(['required', 'plain']),
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
})
const pageQuery = z.strictObject({
  after: z.optional(idText),
  limit: z.coerce.number().int().min(1).max(PER_PAGE).default(100),
})
const named = z.strictObject({ id: idText })

export function addConnectionRoutes(app: FastifyInstance, server: Server): void {
  const { queries } = server.database
  addClientRoute(app, server, {
    ...{ method: 'GET', url: '/v1/link/connections', tag: 'Link' },
    summary: 'The app’s connections, by id; `after` is the last one of the page before',
    query: pageQuery,
    reply: z.array(connectionSchema),
    handle: async ({ query }, { id }) =>
      (await listAppConnections(queries, id, query)).map(toReply),
  })
  addClientRoute(app, server, {
    ...{ method: 'GET', url: '/v1/link/connections/:id', tag: 'Link' },
    summary: 'One of the app’s connections',
    errors: ['request.not_found'],
    params: named,
    reply: connectionSchema,
    handle: async ({ params }, { id }) => {
      const found = await findConnection(queries, params.id)
      // C91: of another app's the same answer as of none.
      if (found?.client_id !== id) throw new WalletError('request.not_found')
      return toReply(found)
    },
  })
  addClientRoute(app, server, {
    ...{ method: 'DELETE', url: '/v1/link/connections/:id', tag: 'Link' },
    summary: 'Gives a connection back: it is ended at once',
    errors: ['request.not_found'],
    params: named,
    reply: z.strictObject({}),
    handle: async ({ params }, { id }) => {
      const isOwn = await revokeConnection(queries, { clientId: id }, params.id)
      if (!isOwn) throw new WalletError('request.not_found')
      return {}
    },
  })
  addClientRoute(app, server, {
    ...{ method: 'GET', url: '/v1/link/usage', tag: 'Link' },
    summary: 'What the app used, by day; the last 30 days unless others are named',
    query: usageQuerySchema,
    reply: clientUsageSchema,
    handle: ({ query }, { id, account_id }) => clientUsage(server, account_id, id, query),
  })
}

function toReply(stub: Connection): z.infer<typeof connectionSchema> {
  return {
    ...{ id: stub.id, clientId: stub.client_id, createdAt: stub.created_at },
    status: stub.status === 'active' ? 'active' : 'revoked',
    // What is not known to be plain is not read by anybody between.
    sealed: stub.sealed === 'plain' ? 'plain' : 'required',
    expiresAt: stub.expires_at,
  }
}
