/** What of the design is not built yet, and says so. */
import { WalletError } from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { addGuestRoute } from '../http/route.ts'
import type { Server } from '../server.ts'

/** AI Pass's names, kept for what money is: it waits for a ledger of its own. */
const NOT_YET = [
  ['POST', '/api/v1/payment/create-checkout-session', 'Payments'],
  ['POST', '/api/v1/payment/verify-and-capture', 'Payments'],
  ['POST', '/api/v1/giftcard/redeem', 'Gift cards'],
] as const

export function addLaterRoutes(app: FastifyInstance, server: Server): void {
  for (const [method, url, summary] of NOT_YET) {
    addGuestRoute(app, server, {
      ...{ method, url, summary: `Not built yet. ${summary}`, tag: 'Not built yet' },
      errors: ['request.not_implemented'],
      reply: z.never(),
      handle: () => Promise.reject(new WalletError('request.not_implemented')),
    })
  }
}
