import {
  exchangeReplySchema,
  exchangeRequestSchema,
  linkApprovalSchema,
  linkDetailsSchema,
  linkSessionReplySchema,
  linkSessionRequestSchema,
  linkTokenRequestSchema,
  publicTokenReplySchema,
  rotateReplySchema,
  rotateRequestSchema,
} from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import { addClientRoute, addDeviceRoute, addGuestRoute } from '../http/route.ts'
import { authorizeLink, beginLink, describeLink, exchange, rotate } from '../link/link.ts'
import type { Server } from '../server.ts'
import { addConnectionRoutes } from './app-connections.ts'

/** No token stands in an address: addresses are logged, and sent on as referrers (C101). */
export function addLinkRoutes(app: FastifyInstance, server: Server): void {
  addClientRoute(app, server, {
    ...{ method: 'POST', url: '/v1/link/sessions', tag: 'Link', status: 201 },
    summary: 'A link token for one person; it lives half an hour',
    errors: ['request.unprocessable'],
    body: linkSessionRequestSchema,
    reply: linkSessionReplySchema,
    handle: ({ body }, client) => beginLink(server, client, body),
  })
  addGuestRoute(app, server, {
    ...{ method: 'POST', url: '/v1/link/details', tag: 'Link' },
    summary: 'What a link token asks for, and which app: for the wallet to show',
    errors: ['auth.failed', 'auth.expired', 'request.replayed'],
    body: linkTokenRequestSchema,
    reply: linkDetailsSchema,
    handle: ({ body }) => describeLink(server, body.linkToken),
  })
  addDeviceRoute(app, server, {
    ...{ method: 'POST', url: '/v1/link/authorize', tag: 'Link' },
    summary: 'The person agrees in their wallet; the public token is for the app’s page',
    errors: ['auth.forbidden', 'request.replayed', 'request.unprocessable'],
    body: linkApprovalSchema,
    reply: publicTokenReplySchema,
    handle: ({ body }, session) => authorizeLink(server, session, body),
  })
  addClientRoute(app, server, {
    ...{ method: 'POST', url: '/v1/link/exchange', tag: 'Link' },
    summary: 'A public token, once, for the access token the app’s server keeps',
    errors: ['auth.expired', 'request.replayed', 'grant.revoked'],
    body: exchangeRequestSchema,
    reply: exchangeReplySchema,
    handle: ({ body }, client) => exchange(server, client, body.publicToken),
  })
  addClientRoute(app, server, {
    ...{ method: 'POST', url: '/v1/link/rotate', tag: 'Link' },
    summary: 'A new access token in place of one',
    errors: ['auth.expired', 'grant.revoked', 'grant.expired'],
    body: rotateRequestSchema,
    reply: rotateReplySchema,
    handle: ({ body }, client) => rotate(server, client, body.accessToken),
  })
  addConnectionRoutes(app, server)
}
