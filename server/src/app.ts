/** The server without a port: what tests inject requests into. */
import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { jsonSchemaTransform, validatorCompiler } from 'fastify-type-provider-zod'
import { uuidv7 } from 'uuidv7'
import { answerErrors } from './http/errors.ts'
import { letExtensionsAsk } from './http/extension-cors.ts'
import { readJsonBodies } from './http/body.ts'
import { logOptions } from './http/log.ts'
import { openLiveSockets } from './live/sockets.ts'
import { addAccountRoutes } from './routes/accounts.ts'
import { addAppRoutes } from './routes/apps.ts'
import { addDocumentRoutes } from './routes/document.ts'
import { addLinkRoutes } from './routes/link.ts'
import { addRelayKeyRoutes } from './routes/relay-keys.ts'
import { addLaterRoutes } from './routes/later.ts'
import { addOAuthClientRoutes } from './routes/oauth-clients.ts'
import { addOAuthWalletRoutes } from './routes/oauth-wallet.ts'
import { addOAuthRoutes } from './routes/oauth.ts'
import { addOperatorRoutes } from './routes/operator.ts'
import { addPairingRoutes } from './routes/pairings.ts'
import { addProxyRoutes } from './routes/proxy.ts'
import { addReceiptRoutes } from './routes/receipts.ts'
import { addSyncRoutes } from './routes/sync.ts'
import type { Server } from './server.ts'

export interface App {
  readonly fastify: FastifyInstance
  /** Lets open requests end, says goodbye to the sockets, takes no new ones. */
  readonly close: () => Promise<void>
}

const REQUEST_TIMEOUT_MS = 30_000
/** How callers prove who they are. */
const SECURITY_SCHEMES = {
  session: {
    type: 'http',
    scheme: 'bearer',
    description: 'vk_ds_…, with an HTTP Message Signature of the device beside it',
  },
  client: {
    type: 'http',
    scheme: 'basic',
    description: 'An app’s server: client id and client secret',
  },
  access: {
    type: 'http',
    scheme: 'bearer',
    description: 'vk_at_…, of one person’s wallet',
  },
} as const

export async function createApp(
  server: Server,
  logStream?: { write(line: string): void },
): Promise<App> {
  const options: FastifyServerOptions = {
    ...logOptions(server.config.log, logStream),
    trustProxy: server.config.trustProxy,
    genReqId: () => uuidv7(),
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // Longer than any address Node takes: the router would answer in a form that is not ours.
    routerOptions: { maxParamLength: 65_536 },
  }
  const fastify = Fastify(options)
  fastify.setValidatorCompiler(validatorCompiler)
  // Replies are made by our own code: their schemas are for the OpenAPI, and cost nothing at run time.
  fastify.setSerializerCompiler(() => (value) => JSON.stringify(value))
  letExtensionsAsk(fastify)
  readJsonBodies(fastify)
  answerErrors(fastify)
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
    done(null, payload)
  })
  await fastify.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'ValetKey server', version: '1' },
      components: {
        securitySchemes: SECURITY_SCHEMES,
      },
    },
    transform: jsonSchemaTransform,
  })
  const sockets = openLiveSockets(server, fastify.server)
  addDocumentRoutes(fastify)
  addOperatorRoutes(fastify, server, sockets)
  addAccountRoutes(fastify, server)
  addPairingRoutes(fastify, server)
  addSyncRoutes(fastify, server)
  addAppRoutes(fastify, server)
  addLinkRoutes(fastify, server)
  addRelayKeyRoutes(fastify, server)
  addOAuthRoutes(fastify, server)
  addOAuthWalletRoutes(fastify, server)
  addOAuthClientRoutes(fastify, server)
  addProxyRoutes(fastify, server)
  addReceiptRoutes(fastify, server)
  addLaterRoutes(fastify, server)
  await fastify.ready()
  return {
    fastify,
    async close() {
      sockets.close()
      await fastify.close()
    },
  }
}
