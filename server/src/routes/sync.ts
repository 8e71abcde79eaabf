import {
  HEADS_PER_PAGE,
  ROWS_PER_PAGE,
  WalletError,
  cursorSchema,
  headsReplySchema,
  idText,
  pullReplySchema,
  pushReplySchema,
  pushRequestSchema,
} from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { addDeviceRoute } from '../http/route.ts'
import type { Server } from '../server.ts'
import { listHeads } from '../stores/vault.ts'
import { pull } from '../sync/pull.ts'
import { push } from '../sync/push.ts'
import { PUSH_BODY_LIMIT_BYTES } from './accounts.ts'

const seqText = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const pullQuery = z.strictObject({
  cursor: z.optional(cursorSchema),
  limit: z.coerce.number().int().min(1).max(ROWS_PER_PAGE).optional(),
  ack: seqText.optional(),
})
const headsQuery = z.strictObject({ from: seqText, to: seqText })

export function addSyncRoutes(app: FastifyInstance, server: Server): void {
  // KeyPass's names stand beside ours: a key here is an envelope, and no name of a provider is known.
  for (const url of ['/v1/sync/push', '/v1/keys']) {
    addDeviceRoute(app, server, {
      ...{ method: 'POST', url, tag: 'Sync' },
      summary: 'One push: changed envelopes and the head that signs the whole',
      errors: [
        'auth.forbidden',
        'sync.conflict',
        'request.unprocessable',
        'request.too_large',
        'vault.quota',
      ],
      bodyLimit: PUSH_BODY_LIMIT_BYTES,
      body: pushRequestSchema,
      reply: pushReplySchema,
      handle: ({ body }, session) => push(server, session, body),
    })
  }
  for (const url of ['/v1/sync/pull', '/v1/keys']) {
    addDeviceRoute(app, server, {
      ...{ method: 'GET', url, tag: 'Sync' },
      summary: 'One page of changes since the cursor, or of everything without one',
      errors: ['sync.resync_required'],
      query: pullQuery,
      reply: pullReplySchema,
      handle: ({ query }, { accountId, deviceId }) => {
        const device = { id: deviceId, ack: query.ack }
        return pull(server, { accountId, cursor: query.cursor, limit: query.limit, device })
      },
    })
  }
  addDeviceRoute(app, server, {
    ...{ method: 'GET', url: '/v1/sync/heads', tag: 'Sync' },
    summary: `The chain of heads, up to ${String(HEADS_PER_PAGE)} at a time`,
    query: headsQuery,
    reply: headsReplySchema,
    handle: async ({ query }, { accountId }) => {
      const range = { from: query.from, to: query.to, limit: HEADS_PER_PAGE }
      return { heads: await listHeads(server.database.queries, accountId, range) }
    },
  })
  addDeviceRoute(app, server, {
    ...{ method: 'DELETE', url: '/v1/keys/:name', tag: 'Sync' },
    summary: 'Never: to delete a key is to push its tombstone with a new head',
    errors: ['request.use_client_sdk'],
    params: z.strictObject({ name: z.union([idText, z.string().max(64)]) }),
    reply: z.never(),
    handle: () => Promise.reject(new WalletError('request.use_client_sdk')),
  })
}
