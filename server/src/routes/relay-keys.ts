/** The key of the week: a wallet names it, and whoever may call the wallet reads it. */
import {
  WalletError,
  idText,
  parseJson,
  parseWith,
  relayKeyReplySchema,
  relayKeySchema,
} from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { addAccessRoute, addDeviceRoute } from '../http/route.ts'
import type { Server } from '../server.ts'
import { findConnection, writeRelayKey } from '../stores/apps.ts'

export function addRelayKeyRoutes(app: FastifyInstance, server: Server): void {
  const { queries } = server.database
  addDeviceRoute(app, server, {
    ...{ method: 'PUT', url: '/v1/connections/:id/key', tag: 'Relay' },
    summary: 'The key that calls of a connection are sealed to from now on',
    errors: ['request.not_found'],
    params: z.strictObject({ id: idText }),
    // Its signature is the app's to verify: what is kept here proves nothing to anybody.
    body: relayKeySchema,
    reply: z.strictObject({}),
    handle: async ({ params: { id }, body }, { accountId }) => {
      const isThere = await writeRelayKey(queries, { accountId, id, key: JSON.stringify(body) })
      // C91: of another account's the same answer as of none.
      if (!isThere) throw new WalletError('request.not_found')
      return {}
    },
  })
  addAccessRoute(app, server, {
    ...{ method: 'GET', url: '/v1/relay/key', tag: 'Relay' },
    summary: 'The key that a call of this access token is sealed to',
    reply: relayKeyReplySchema,
    handle: async (_request, { connectionId }) => {
      const connection = await findConnection(queries, connectionId)
      if (!connection?.wallet_key) throw new WalletError('grant.revoked')
      const { wallet_key: walletKey, relay_key: kept } = connection
      const relayKey = kept === null ? null : parseWith(relayKeySchema, parseJson(kept), 'internal')
      return { walletKey, relayKey }
    },
  })
}
