/** AI Pass's endpoints for the owners of apps and for the people who use them (docs: compatibility). */
import { WalletError } from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { addDeviceRoute } from '../http/route.ts'
import { clientUsage, clientUsageSchema, usageQuerySchema } from '../oauth/client-usage.ts'
import {
  activateClient,
  clientRequestSchema,
  clientSchema,
  createClient,
  deactivateClient,
  listClients,
  ownClient,
  removeClient,
  renewSecret,
  toClient,
  updateClient,
} from '../oauth/clients.ts'
import { consentSchema, listConsents } from '../oauth/consents.ts'
import type { Server } from '../server.ts'
import { endAuthorisations } from '../stores/oauth.ts'
import { inTransaction } from '../stores/queries.ts'

const CLIENTS = '/api/v1/oauth2/clients'
const CONSENTS = '/api/v1/oauth2/consents'
/** By number as AI Pass has it, or by client id. */
const named = z.strictObject({ id: z.string().max(64) })

export function addOAuthClientRoutes(app: FastifyInstance, server: Server): void {
  const common = { tag: 'OAuth clients' } as const
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'POST', url: CLIENTS, status: 201 },
    summary: 'A new app; its secret stands in this reply and nowhere else',
    body: clientRequestSchema,
    reply: clientSchema.extend({ clientSecret: z.string().optional() }),
    handle: ({ body }, { accountId }) => createClient(server, accountId, body),
  })
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'GET', url: CLIENTS },
    summary: 'The account’s apps',
    reply: z.array(clientSchema),
    handle: (_request, { accountId }) => listClients(server, accountId),
  })
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'GET', url: `${CLIENTS}/:id` },
    summary: 'One app of the account',
    errors: ['request.not_found'],
    params: named,
    reply: clientSchema,
    handle: async ({ params }, { accountId }) =>
      toClient(await ownClient(server, accountId, params.id)),
  })
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'PUT', url: `${CLIENTS}/:id` },
    summary: 'Changes an app',
    errors: ['request.not_found'],
    params: named,
    body: clientRequestSchema,
    reply: clientSchema,
    handle: ({ params, body }, { accountId }) => updateClient(server, accountId, params.id, body),
  })
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'DELETE', url: `${CLIENTS}/:id` },
    summary: 'Deletes an app and ends what people agreed to with it',
    errors: ['request.not_found'],
    params: named,
    reply: z.strictObject({}),
    handle: async ({ params }, { accountId }) => {
      await removeClient(server, accountId, params.id)
      return {}
    },
  })
  addSwitchRoutes(app, server)
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'GET', url: `${CLIENTS}/:id/usage` },
    summary: 'What an app used, by day; the last 30 days unless others are named',
    errors: ['request.not_found'],
    params: named,
    query: usageQuerySchema,
    reply: clientUsageSchema,
    handle: ({ params, query }, { accountId }) => clientUsage(server, accountId, params.id, query),
  })
  addConsentRoutes(app, server)
}

/** Whether an app may go on, and with which secret. */
function addSwitchRoutes(app: FastifyInstance, server: Server): void {
  const common = { tag: 'OAuth clients' } as const
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'POST', url: `${CLIENTS}/:id/deactivate` },
    summary: 'Stops an app and keeps what is written of it',
    errors: ['request.not_found'],
    params: named,
    reply: clientSchema,
    handle: ({ params }, { accountId }) => deactivateClient(server, accountId, params.id),
  })
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'POST', url: `${CLIENTS}/:id/activate` },
    summary: 'Lets a stopped app ask again; the tokens it had stay dead',
    errors: ['request.not_found'],
    params: named,
    reply: clientSchema,
    handle: ({ params }, { accountId }) => activateClient(server, accountId, params.id),
  })
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'POST', url: `${CLIENTS}/:id/secret` },
    summary: 'A new secret, in this reply and nowhere else; the one before is dead at once',
    errors: ['request.not_found', 'request.unprocessable'],
    params: named,
    reply: z.strictObject({ clientSecret: z.string() }),
    handle: ({ params }, { accountId }) => renewSecret(server, accountId, params.id),
  })
}

function addConsentRoutes(app: FastifyInstance, server: Server): void {
  const common = { tag: 'OAuth consents' } as const
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'GET', url: CONSENTS },
    summary: 'The apps a person lets use their wallet',
    reply: z.array(consentSchema),
    handle: (_request, { accountId }) => listConsents(server, accountId),
  })
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'GET', url: `${CONSENTS}/count` },
    summary: 'How many these are',
    reply: z.number(),
    handle: async (_request, { accountId }) => (await listConsents(server, accountId)).length,
  })
  addDeviceRoute(app, server, {
    ...{ ...common, method: 'DELETE', url: `${CONSENTS}/:clientId` },
    summary: 'Takes it back: every connection and every token of the app is dead at once',
    errors: ['request.not_found'],
    params: z.strictObject({ clientId: z.string().max(64) }),
    reply: z.strictObject({}),
    handle: async ({ params }, { accountId }) => {
      const ended = await inTransaction(server.database, (queries) =>
        endAuthorisations(queries, params.clientId, accountId),
      )
      if (ended === 0) throw new WalletError('request.not_found')
      return {}
    },
  })
}
