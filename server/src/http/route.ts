/** One way to add a route: parsed request in, envelope out, and what it says of itself in the OpenAPI. */
import { ERROR_TABLE, type ErrorCode } from '@valetkey/wallet/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { proveAccess, type AppAccess } from '../auth/app-access.ts'
import { proveClient } from '../auth/client.ts'
import type { App as Client } from '../stores/apps.ts'
import type { DeviceSession } from '../auth/session.ts'
import { proveSession } from '../auth/session.ts'
import type { Server } from '../server.ts'

type Schema = z.core.$ZodType
type Parsed<S extends Schema | undefined> = S extends Schema ? z.output<S> : undefined

export interface RouteRequest<B, Q, P> {
  readonly body: B
  readonly query: Q
  readonly params: P
  /** The address it came from. */
  readonly ip: string
  readonly requestId: string
}

interface RouteText {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly summary: string
  readonly tag: string
  /** Beside those of every route. */
  readonly errors?: readonly ErrorCode[]
  readonly bodyLimit?: number
  readonly status?: number
}

interface Shapes<
  B extends Schema | undefined,
  Q extends Schema | undefined,
  P extends Schema | undefined,
  R extends Schema,
> {
  readonly body?: B
  readonly query?: Q
  readonly params?: P
  readonly reply: R
}

const EVERY_ROUTE: readonly ErrorCode[] = ['request.invalid', 'request.rate_limited', 'internal']
const BODY_LIMIT_BYTES = 64 * 1024

/** A route for anybody, limited by address. */
export function addGuestRoute<
  R extends Schema,
  B extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  P extends Schema | undefined = undefined,
>(
  app: FastifyInstance,
  server: Server,
  route: RouteText &
    Shapes<B, Q, P, R> & {
      readonly handle: (
        request: RouteRequest<Parsed<B>, Parsed<Q>, Parsed<P>>,
      ) => Promise<z.input<R>>
    },
): void {
  add(app, route, async (request) => {
    await server.limits.take('guests', request.ip)
    return route.handle(readRequest(request))
  })
}

/** A route for devices: a session's token, and the device's proof over this very request. */
export function addDeviceRoute<
  R extends Schema,
  B extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  P extends Schema | undefined = undefined,
>(
  app: FastifyInstance,
  server: Server,
  route: RouteText &
    Shapes<B, Q, P, R> & {
      readonly handle: (
        request: RouteRequest<Parsed<B>, Parsed<Q>, Parsed<P>>,
        session: DeviceSession,
      ) => Promise<z.input<R>>
    },
): void {
  const errors: readonly ErrorCode[] = ['auth.failed', 'auth.expired', ...(route.errors ?? [])]
  add(app, { ...route, errors, security: [{ session: [] }] }, async (request) => {
    const session = await proveSession(server, request)
    await server.limits.take('requests', session.accountId)
    return route.handle(readRequest(request), session)
  })
}

/** A route for the servers of apps, by client id and secret. */
export function addClientRoute<
  R extends Schema,
  B extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  P extends Schema | undefined = undefined,
>(
  app: FastifyInstance,
  server: Server,
  route: RouteText &
    Shapes<B, Q, P, R> & {
      readonly handle: (
        request: RouteRequest<Parsed<B>, Parsed<Q>, Parsed<P>>,
        client: Client,
      ) => Promise<z.input<R>>
    },
): void {
  const errors: readonly ErrorCode[] = ['auth.failed', 'auth.forbidden', ...(route.errors ?? [])]
  add(app, { ...route, errors, security: [{ client: [] }] }, async (request) => {
    const client = await proveClient(server, request)
    await server.limits.take('requests', client.id)
    return route.handle(readRequest(request), client)
  })
}

/** A route for whoever holds an access token of a connection. */
export function addAccessRoute<R extends Schema>(
  app: FastifyInstance,
  server: Server,
  route: RouteText &
    Shapes<undefined, undefined, undefined, R> & {
      readonly handle: (
        request: RouteRequest<undefined, undefined, undefined>,
        access: AppAccess,
      ) => Promise<z.input<R>>
    },
): void {
  const errors: readonly ErrorCode[] = [
    ...(['auth.failed', 'auth.expired', 'grant.revoked', 'grant.expired'] as const),
    ...(route.errors ?? []),
  ]
  add(app, { ...route, errors, security: [{ access: [] }] }, async (request) => {
    const access = await proveAccess(server, request)
    return route.handle(readRequest(request), access)
  })
}

function add(
  app: FastifyInstance,
  route: RouteText &
    Partial<Shapes<Schema | undefined, Schema | undefined, Schema | undefined, Schema>> & {
      readonly reply: Schema
      readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
    },
  answer: (request: FastifyRequest) => Promise<unknown>,
): void {
  const { method, url, summary, tag, status = 200 } = route
  app.route({
    method,
    url,
    bodyLimit: route.bodyLimit ?? BODY_LIMIT_BYTES,
    schema: {
      summary,
      tags: [tag],
      ...(route.body && { body: route.body }),
      ...(route.query && { querystring: route.query }),
      ...(route.params && { params: route.params }),
      ...(route.security && { security: route.security }),
      response: {
        [status]: z.object({ success: z.literal(true), data: route.reply }),
        ...errorReplies([...EVERY_ROUTE, ...(route.errors ?? [])]),
      },
    },
    handler: async (request, reply) => {
      const data = await answer(request)
      return reply.status(status).send({ success: true, data })
    },
  })
}

function readRequest<B, Q, P>(request: FastifyRequest): RouteRequest<B, Q, P> {
  return {
    body: request.body as B, // validated by the schemas the types are of
    query: request.query as Q,
    params: request.params as P,
    ip: request.ip,
    requestId: request.id,
  }
}

/** By status, from the error table. */
function errorReplies(codes: readonly ErrorCode[]): Record<number, z.ZodType> {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of new Set(codes)) {
    const { status } = ERROR_TABLE[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, each]) => [
      status,
      z
        .object({
          success: z.literal(false),
          error: z.object({
            code: z.enum(each),
            message: z.string(),
            retryable: z.boolean(),
            requestId: z.string(),
            details: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
          }),
        })
        .describe(each.map((code) => ERROR_TABLE[code].message).join(' ')),
    ]),
  )
}
