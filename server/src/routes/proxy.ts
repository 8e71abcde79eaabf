/**
 * Calls of app servers. What the app sent goes to the person's wallet, and what comes back is the
 * provider's own: this process keeps neither. A sealed call it cannot read at all.
 */
import {
  RELAY_BODY_LIMIT_BYTES,
  RELAY_PAYLOAD_BYTES,
  WalletError,
  asWalletError,
  createId,
  grantIdSchema,
  idText,
  parseJson,
  type RequestId,
} from '@valetkey/wallet/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { proveAccess, type AppAccess } from '../auth/app-access.ts'
import type { CallRequest } from '../relay/app-call.ts'
import type { Server } from '../server.ts'
import { relayReply } from '../http/relay-reply.ts'

const CHAT = '/v1/chat/completions'
const ROUTES = [
  { method: 'POST', url: '/v1/proxy/chat/completions', summary: 'A chat call of any provider' },
  { method: 'POST', url: CHAT, summary: 'A chat call of any provider' },
  { method: 'GET', url: '/v1/proxy/models', summary: 'The models the wallet offers' },
] as const
const PASSTHROUGH = '/v1/proxy/passthrough/'
/** What a call may say to its provider; the wallet has a list of its own. */
const HEADERS = /^(?:accept|content-type|anthropic-(?:version|beta)|openai-beta|x-stainless-.*)$/

export function addProxyRoutes(app: FastifyInstance, server: Server): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    // A body is the wallet's to parse: it is carried as it came, whatever it is.
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body)
    })
    const bodyLimit = RELAY_BODY_LIMIT_BYTES
    for (const { method, url, summary } of ROUTES) {
      scope.route({
        ...{ method, url, bodyLimit, schema: { summary, tags: ['Relay'] } },
        handler: (request, reply) =>
          relayPlain(server, request, reply, method === 'GET' ? '/v1/models' : CHAT),
      })
    }
    scope.route({
      ...{ method: ['GET', 'POST', 'DELETE'], url: `${PASSTHROUGH}:provider/*`, bodyLimit },
      schema: { summary: 'A provider’s own call', tags: ['Relay'] },
      handler: (request, reply) =>
        relayPlain(server, request, reply, `/passthrough/${request.url.slice(PASSTHROUGH.length)}`),
    })
    scope.route({
      ...{ method: 'POST', url: '/v1/relay', bodyLimit: RELAY_BODY_LIMIT_BYTES + 64 * 1024 },
      schema: { summary: 'A sealed call: chunks in, chunks out', tags: ['Relay'] },
      handler: (request, reply) => relaySealed(server, request, reply),
    })
    done()
  })
}

async function relayPlain(
  server: Server,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
): Promise<void> {
  const access = await proveAccess(server, request)
  const { connectionId, sealed } = access
  // The wallet says so too: it need not be asked.
  if (sealed !== 'plain') throw new WalletError('relay.sealed_required')
  const idempotencyKey = idempotencyKeyOf(request)
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    HEADERS.test(name) && typeof value === 'string' ? [[name, value] as [string, string]] : [],
  )
  const open = {
    ...{ grant: grantIdSchema.parse(connectionId), requestId: createId<RequestId>(server.random) },
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...{ method: request.method, path, headers },
  }
  await relay(server, request, reply, { access, open, body: framesOf(bodyOf(request)) })
}

const sealedHeadSchema = z.strictObject({
  requestId: idText,
  t: z.number().int().nonnegative(),
  enc: z.string(),
  idempotencyKey: z.string().optional(),
})

/** `lp(JSON {requestId, t, enc})`, then `lp(chunk)` for each chunk. */
async function relaySealed(
  server: Server,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const access = await proveAccess(server, request)
  const { connectionId } = access
  const [first, ...chunks] = partsOf(bodyOf(request))
  const head = sealedHeadSchema.safeParse(parseJson(new TextDecoder().decode(first)))
  if (!head.success || chunks.some(({ length }) => length > RELAY_PAYLOAD_BYTES)) {
    throw new WalletError('request.invalid', { reason: 'sealed' })
  }
  const { requestId, t, enc, idempotencyKey } = head.data
  const open = {
    ...{ grant: grantIdSchema.parse(connectionId), requestId: requestId as RequestId, t, enc },
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  }
  await relay(server, request, reply, { access, open, body: chunks })
}

/** A wallet's refusal before the first byte is an answer like any other; later the reply breaks off. */
async function relay(
  server: Server,
  request: FastifyRequest,
  reply: FastifyReply,
  call: { readonly access: AppAccess } & Omit<CallRequest, 'onReply'>,
): Promise<void> {
  const { access, open, body } = call
  const answer = relayReply(reply, request.id, 'enc' in open)
  const at = server.clock()
  try {
    const onReply = answer.listener
    const opened = await server.relay.openCall(access.accountId, { open, body, onReply })
    answer.start(opened)
  } catch (error) {
    answer.listener.end(asWalletError(error))
  }
  await answer.done
  server.relayLog.add({
    ...{ connection_id: access.connectionId, request_id: open.requestId },
    ...{ account_id: access.accountId, client_id: access.clientId },
    ...{ at, ms: Math.max(0, server.clock() - at), status: answer.seen.status },
    bytes_in: body.reduce((sum, { length }) => sum + length, 0),
    bytes_out: answer.seen.bytes,
  })
}

/** C106: whoever holds no token learns of no wallet. */
function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new WalletError('request.invalid', { reason: 'idempotency-key' })
  }
  return key
}

function bodyOf({ body }: FastifyRequest): Uint8Array {
  return Buffer.isBuffer(body) ? body : new Uint8Array()
}

function framesOf(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += RELAY_PAYLOAD_BYTES) {
    frames.push(bytes.subarray(at, at + RELAY_PAYLOAD_BYTES))
  }
  return frames
}

/** @throws `request.invalid` for lengths that do not add up */
function partsOf(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const start = at + 4
    const end = start > bytes.length ? Infinity : start + view.getUint32(at)
    if (end > bytes.length) throw new WalletError('request.invalid', { reason: 'sealed' })
    parts.push(bytes.subarray(start, end))
    at = end
  }
  return parts
}
