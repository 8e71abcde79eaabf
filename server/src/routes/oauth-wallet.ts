import {
  claimedCodeSchema,
  oauthApprovalSchema,
  oauthDetailsSchema,
  oauthRedirectSchema,
  oauthRequestSchema,
  userCodeSchema,
} from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import { addDeviceRoute, addGuestRoute } from '../http/route.ts'
import { claimDevice } from '../oauth/device-grant.ts'
import { agree, deny, describeRequest } from '../oauth/request.ts'
import type { Server } from '../server.ts'

/** The wallet's side of OAuth, as Link has it. No id of a request stands in an address. */
export function addOAuthWalletRoutes(app: FastifyInstance, server: Server): void {
  addGuestRoute(app, server, {
    ...{ method: 'POST', url: '/v1/oauth/details', tag: 'OAuth' },
    summary: 'What an app asks for, and which app: for the wallet to show',
    errors: ['auth.failed', 'auth.expired', 'request.replayed'],
    body: oauthRequestSchema,
    reply: oauthDetailsSchema,
    handle: ({ body }) => describeRequest(server, body.requestId),
  })
  addDeviceRoute(app, server, {
    ...{ method: 'POST', url: '/v1/oauth/authorize', tag: 'OAuth' },
    summary: 'The person agrees in their wallet; the wallet takes the tab where the answer says',
    errors: ['auth.forbidden', 'request.replayed', 'request.unprocessable'],
    body: oauthApprovalSchema,
    reply: oauthRedirectSchema,
    handle: ({ body }, session) => agree(server, session, body),
  })
  addGuestRoute(app, server, {
    ...{ method: 'POST', url: '/v1/oauth/deny', tag: 'OAuth' },
    summary: 'The person says no',
    errors: ['auth.failed', 'auth.expired', 'request.replayed'],
    body: oauthRequestSchema,
    reply: oauthRedirectSchema,
    handle: ({ body }) => deny(server, body.requestId),
  })
  addDeviceRoute(app, server, {
    ...{ method: 'POST', url: '/v1/oauth/device', tag: 'OAuth' },
    summary: 'The code a person typed, for the id of its request',
    errors: ['request.not_found'],
    body: userCodeSchema,
    reply: claimedCodeSchema,
    handle: ({ body }, session) => claimDevice(server, session, body.userCode),
  })
}
