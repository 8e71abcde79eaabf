import { idText, receiptsReplySchema, receiptsRequestSchema } from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { addDeviceRoute } from '../http/route.ts'
import { takeReceipts } from '../relay/receipts.ts'
import type { Server } from '../server.ts'
import { listChains, listRelayed } from '../stores/relay-log.ts'

const CALLS_PER_PAGE = 1000
const time = z.coerce.number().int().nonnegative()
const callsQuery = z.strictObject({
  connectionId: z.optional(idText),
  before: time.optional(),
  limit: z.coerce.number().int().min(1).max(CALLS_PER_PAGE).default(100),
})
const callsReply = z.strictObject({
  /** The newest first. */
  calls: z.array(
    z.strictObject({
      requestId: z.string(),
      connectionId: idText,
      clientId: z.string(),
      at: z.number(),
      ms: z.number(),
      bytesIn: z.number(),
      bytesOut: z.number(),
      status: z.number(),
      hasReceipt: z.boolean(),
    }),
  ),
  /** Of each device: how many receipts it made, and how many of these never came. */
  chains: z.array(z.strictObject({ deviceId: z.string(), n: z.number(), missing: z.number() })),
})

export function addReceiptRoutes(app: FastifyInstance, server: Server): void {
  addDeviceRoute(app, server, {
    ...{ method: 'POST', url: '/v1/receipts', tag: 'Relay' },
    summary: 'What relayed calls cost, signed by the device that made them',
    bodyLimit: 128 * 1024,
    body: receiptsRequestSchema,
    reply: receiptsReplySchema,
    handle: ({ body }, session) => takeReceipts(server, session, body.receipts),
  })
  addDeviceRoute(app, server, {
    ...{ method: 'GET', url: '/v1/usage/calls', tag: 'Apps' },
    summary:
      'The calls this server relayed to the account’s wallets, and what is missing of their receipts',
    query: callsQuery,
    reply: callsReply,
    handle: async ({ query }, { accountId }) => {
      const { queries } = server.database
      await server.relayLog.flush()
      const rows = await listRelayed(queries, { accountId, ...query })
      const chains = await listChains(queries, accountId)
      return {
        calls: rows.map((row) => ({
          ...{ requestId: row.request_id, connectionId: row.connection_id, at: row.at },
          ...{ clientId: row.client_id, ms: row.ms, status: row.status },
          ...{ bytesIn: row.bytes_in, bytesOut: row.bytes_out },
          hasReceipt: row.receipt_hash !== null,
        })),
        chains: chains.map(({ device_id, n, missing }) => ({ deviceId: device_id, n, missing })),
      }
    },
  })
}
