import { WalletError, asWalletError, isWalletError, toWire } from '@valetkey/wallet/protocol'
import type { FastifyError, FastifyInstance } from 'fastify'

/** Every failure leaves in one form, its text from the error table alone. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((caught: FastifyError, request, reply) => {
    const error = translated(caught)
    if (error.code === 'internal')
      request.log.error({ requestId: request.id, failure: caught.name })
    const wait = error.code === 'request.rate_limited' ? retryAfter(error) : undefined
    if (wait !== undefined) void reply.header('retry-after', wait)
    // Beside a provider's own error, which an app's client may get at the same address.
    void reply.header('x-valetkey-error', error.code)
    return reply.status(error.status).send({ success: false, error: toWire(error, request.id) })
  })
  app.setNotFoundHandler((request, reply) => {
    const error = toWire(new WalletError('request.not_found'), request.id)
    return reply.status(404).send({ success: false, error })
  })
}

/** What Fastify itself refuses, as codes of ours. */
function translated(caught: FastifyError): WalletError {
  if (isWalletError(caught)) return caught
  if (caught.validation) return new WalletError('request.invalid', { reason: 'schema' })
  if (caught.statusCode === 413) return new WalletError('request.too_large')
  if (caught.statusCode !== undefined && caught.statusCode < 500) {
    return new WalletError('request.invalid', { reason: 'http' })
  }
  return asWalletError(caught)
}

function retryAfter(error: WalletError): number {
  const { retryAfterMs } = error.details as { retryAfterMs: number } // the details of this code
  return Math.ceil(retryAfterMs / 1000)
}
