import { WalletError, parseStrictJsonObject } from '@valetkey/wallet/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const bodies = new WeakMap<FastifyRequest, Uint8Array>()

/** The bytes of a body as they came: what the device signed a digest of. */
export function bodyBytes(request: FastifyRequest): Uint8Array {
  return bodies.get(request) ?? new Uint8Array()
}

/** JSON alone, and strictly: repeated names, `__proto__` and deep nesting are refused (C83). */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    bodies.set(request, bytes)
    try {
      done(null, bytes.length === 0 ? undefined : parseStrictJsonObject(decode(bytes)))
    } catch (error) {
      done(error instanceof Error ? error : new WalletError('request.invalid'))
    }
  })
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new WalletError('request.invalid', { reason: 'utf-8' })
  }
}
