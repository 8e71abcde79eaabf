import { createHash, timingSafeEqual } from 'node:crypto'
import { WalletError } from '@valetkey/wallet/protocol'
import type { FastifyInstance } from 'fastify'
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import * as z from 'zod'
import type { LiveSockets } from '../live/sockets.ts'
import type { Server } from '../server.ts'
import { addGuestRoute } from '../http/route.ts'

/** For who runs it: whether it lives, and how much it does. Of an account it says nothing. */
export function addOperatorRoutes(
  app: FastifyInstance,
  server: Server,
  sockets: LiveSockets,
): void {
  const metrics = createMetrics(app, sockets)
  addGuestRoute(app, server, {
    ...{ method: 'GET', url: '/health', tag: 'Operator' },
    summary: 'Whether the server and its database answer',
    reply: z.strictObject({ status: z.literal('ok') }),
    handle: async () => {
      await server.database.queries.selectFrom('meta').select('name').limit(1).execute()
      return { status: 'ok' as const }
    },
  })
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!mayRead(server, request.headers.authorization)) throw new WalletError('request.not_found')
    return reply.type(metrics.contentType).send(await metrics.metrics())
  })
}

function createMetrics(app: FastifyInstance, sockets: LiveSockets): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'valetkey_request_seconds',
    help: 'How long requests took, by route and status',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  new Gauge({
    name: 'valetkey_live_sockets',
    help: 'Open live channels',
    registers: [registry],
    collect() {
      this.set(sockets.count())
    },
  })
  app.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, never the address: that holds ids.
    const route = request.routeOptions.url ?? 'none'
    const status = reply.statusCode
    durations.observe({ method: request.method, route, status }, reply.elapsedTime / 1000)
    done()
  })
  return registry
}

function mayRead(server: Server, authorization: string | undefined): boolean {
  const { metricsToken } = server.config
  if (metricsToken === undefined || authorization === undefined) return false
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(authorization), hash(`Bearer ${metricsToken}`))
}
