import {
  WalletError,
  clientIdSchema,
  idText,
  originSchema,
  parseJson,
  publicKeyText,
} from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { addDeviceRoute } from '../http/route.ts'
import { newApp } from '../oauth/clients.ts'
import type { Server } from '../server.ts'
import { insertApp, listApps, listConnections, revokeConnection, type App } from '../stores/apps.ts'
import { listUsage } from '../stores/usage.ts'

const USAGE_PER_PAGE = 1000
const keyList = z.array(publicKeyText).max(8)
const appSchema = z.strictObject({
  clientId: clientIdSchema,
  name: z.string(),
  origin: z.string(),
  publicKeys: keyList,
  createdAt: z.number(),
})
const appRequest = z.strictObject({
  name: z.string().trim().min(1).max(255),
  origin: originSchema,
  publicKeys: keyList,
})
const connectionSchema = z.strictObject({
  id: idText,
  clientId: clientIdSchema,
  status: z.enum(['active', 'revoked']),
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
})
const time = z.coerce.number().int().nonnegative()
const usageQuery = z.strictObject({
  from: time.optional(),
  to: time.optional(),
  clientId: z.optional(clientIdSchema),
  connectionId: z.optional(idText),
  provider: z.string().max(64).optional(),
  model: z.string().max(128).optional(),
  limit: z.coerce.number().int().min(1).max(USAGE_PER_PAGE).default(100),
})
const usageRow = z.strictObject({
  connectionId: idText,
  clientId: clientIdSchema,
  at: z.number(),
  level: z.enum(['totals', 'calls']),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  status: z.number().nullable(),
  requests: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  nanoUsd: z.number(),
})

export function addAppRoutes(app: FastifyInstance, server: Server): void {
  const { queries } = server.database
  addDeviceRoute(app, server, {
    ...{ method: 'POST', url: '/v1/apps', tag: 'Apps', status: 201 },
    summary: 'A new app; its secret stands in this reply and nowhere else',
    body: appRequest,
    reply: appSchema.extend({ clientSecret: z.string() }),
    handle: async ({ body }, { accountId }) => {
      const { app: made, clientSecret } = newApp(server, {
        ...{ account_id: accountId, name: body.name, origin: body.origin },
        public_keys: JSON.stringify(body.publicKeys),
      })
      await insertApp(queries, made)
      return { ...toReply(made), clientSecret }
    },
  })
  addDeviceRoute(app, server, {
    ...{ method: 'GET', url: '/v1/apps', tag: 'Apps' },
    summary: 'The account’s apps',
    reply: z.array(appSchema),
    handle: async (_request, { accountId }) => (await listApps(queries, accountId)).map(toReply),
  })
  addConnectionRoutes(app, server)
}

function addConnectionRoutes(app: FastifyInstance, server: Server): void {
  const { queries } = server.database
  addDeviceRoute(app, server, {
    ...{ method: 'GET', url: '/v1/connections', tag: 'Apps' },
    summary: 'What linked apps hold: stubs, whose terms are sealed in the vault',
    reply: z.array(connectionSchema),
    handle: async (_request, { accountId }) =>
      (await listConnections(queries, accountId)).map((stub) => ({
        id: stub.id,
        clientId: stub.client_id,
        status: stub.status === 'active' ? ('active' as const) : ('revoked' as const),
        createdAt: stub.created_at,
        expiresAt: stub.expires_at,
      })),
  })
  addDeviceRoute(app, server, {
    ...{ method: 'DELETE', url: '/v1/connections/:id', tag: 'Apps' },
    summary: 'Ends a connection at once',
    errors: ['request.not_found'],
    params: z.strictObject({ id: idText }),
    reply: z.strictObject({}),
    handle: async ({ params }, { accountId }) => {
      // C91: of another account's the same answer as of none.
      const revoked = await revokeConnection(queries, { accountId }, params.id)
      if (!revoked) throw new WalletError('request.not_found')
      return {}
    },
  })
  addDeviceRoute(app, server, {
    ...{ method: 'GET', url: '/v1/usage', tag: 'Apps' },
    summary: 'What linked apps used, as far as it is shared with this server; the newest first',
    query: usageQuery,
    reply: z.array(usageRow),
    handle: async ({ query }, { accountId }) => {
      const rows = await listUsage(queries, { accountId, ...query })
      return rows.map((row) => ({
        connectionId: row.connection_id,
        clientId: row.client_id,
        at: row.at,
        level: row.level === 'calls' ? ('calls' as const) : ('totals' as const),
        provider: row.provider,
        model: row.model,
        status: row.status,
        requests: row.requests,
        inputTokens: row.input_tokens,
        outputTokens: row.output_tokens,
        nanoUsd: row.nano_usd,
      }))
    },
  })
}

function toReply(app: App): z.infer<typeof appSchema> {
  return {
    clientId: app.id,
    name: app.name,
    origin: app.origin,
    publicKeys: keyList.parse(parseJson(app.public_keys)),
    createdAt: app.created_at,
  }
}
