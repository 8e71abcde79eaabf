import {
  PAIRING_LIMIT_BYTES,
  PAIRING_STEPS,
  idText,
  pairingClaimReplySchema,
  pairingClaimRequestSchema,
  pairingReplySchema,
  pairingRequestSchema,
  pairingValueSchema,
} from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { beginPairing, readStep, takePairing, writeStep } from '../accounts/pairing.ts'
import { addDeviceRoute, addGuestRoute } from '../http/route.ts'
import type { Server } from '../server.ts'

const params = z.strictObject({ id: idText })
const done = z.strictObject({})
const writing = {
  params,
  body: pairingValueSchema,
  bodyLimit: PAIRING_LIMIT_BYTES * 2,
  reply: done,
  errors: ['request.not_found', 'request.unprocessable', 'request.replayed'],
} as const

export function addPairingRoutes(app: FastifyInstance, server: Server): void {
  addGuestRoute(app, server, {
    ...{ method: 'POST', url: '/v1/pairings', tag: 'Pairing' },
    summary: 'The new device begins: it commits to its key and shows the code',
    body: pairingRequestSchema,
    reply: pairingReplySchema,
    handle: ({ body }) => beginPairing(server, body.commit),
  })
  addDeviceRoute(app, server, {
    ...{ method: 'POST', url: '/v1/pairings/claim', tag: 'Pairing' },
    summary: 'The old device takes the pairing whose code was typed on it',
    errors: ['request.not_found'],
    body: pairingClaimRequestSchema,
    reply: pairingClaimReplySchema,
    handle: ({ body }, session) => takePairing(server, session, body.code),
  })
  for (const step of ['offer', 'grant'] as const) {
    addDeviceRoute(app, server, {
      ...{ ...writing, method: 'PUT', url: `/v1/pairings/:id/${step}`, tag: 'Pairing' },
      summary: `The old device writes its ${step}, once`,
      handle: async ({ body, params: { id } }, session) => {
        await writeStep(server, step, { pairingId: id, value: body.value, session })
        return {}
      },
    })
  }
  addGuestRoute(app, server, {
    ...{ ...writing, method: 'PUT', url: '/v1/pairings/:id/reveal', tag: 'Pairing' },
    summary: 'The new device reveals its key, once',
    handle: async ({ body, params: { id } }) => {
      await writeStep(server, 'reveal', { pairingId: id, value: body.value })
      return {}
    },
  })
  for (const step of PAIRING_STEPS) {
    addGuestRoute(app, server, {
      ...{ method: 'GET', url: `/v1/pairings/:id/${step}`, tag: 'Pairing' },
      summary: `Reads the ${step}: the id, 16 random bytes, is known to the two devices alone`,
      errors: ['request.not_found'],
      params,
      reply: pairingValueSchema,
      handle: ({ params: { id } }) => readStep(server, step, id),
    })
  }
}
