import type { FastifyInstance } from 'fastify'

/** What a browser says of whoever asks: no page can say this of itself. */
const EXTENSION = /^(?:chrome|moz)-extension:\/\//
const METHODS = 'GET, POST, PUT, DELETE'
const HEADERS = 'authorization, content-digest, content-type, signature, signature-input'
const KEPT_SECONDS = '7200'

/**
 * Lets wallets in browsers ask here without a permission for this host (protocols §3: a person's app may be
 * registered at a server they never heard of). Pages get nothing of it, and nothing here goes by a cookie.
 */
export function letExtensionsAsk(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers
    if (origin === undefined || !EXTENSION.test(origin)) {
      done()
      return
    }
    void reply.header('access-control-allow-origin', origin).header('vary', 'Origin')
    if (request.method !== 'OPTIONS') {
      done()
      return
    }
    void reply
      .header('access-control-allow-methods', METHODS)
      .header('access-control-allow-headers', HEADERS)
      .header('access-control-max-age', KEPT_SECONDS)
      .status(204)
      .send()
  })
}
