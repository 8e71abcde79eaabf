/** The server of an app proves itself by client id and secret (RFC 6749 §2.3.1, HTTP Basic). */
import { timingSafeEqual } from 'node:crypto'
import { WalletError, fromBase64url } from '@valetkey/wallet/protocol'
import { parseServerToken } from '@valetkey/wallet/sync/formats'
import type { FastifyRequest } from 'fastify'
import type { Server } from '../server.ts'
import { findApp, type App } from '../stores/apps.ts'

/** What an unknown app's secret is compared with: the same work, the same answer. */
const NOBODY = new Uint8Array(32)

/**
 * Whose app asks.
 * @throws `auth.failed`, and `auth.forbidden` for a page: a secret in a browser is none (C104)
 */
export async function proveClient(server: Server, request: FastifyRequest): Promise<App> {
  if (request.headers.origin !== undefined) throw new WalletError('auth.forbidden')
  const [id = '', secret = ''] = readBasic(request.headers.authorization ?? '')
  const token = parseServerToken(secret)
  const app = await findApp(server.database.queries, id)
  const known = app ? fromBase64url(app.secret_hash) : NOBODY
  const isSecret = typeof token !== 'string' && token.kind === 'cs'
  if (app && isSecret && timingSafeEqual(known, token.atRest)) return app
  await server.limits.take('guests', request.ip)
  throw new WalletError('auth.failed')
}

function readBasic(header: string): readonly string[] {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]{1,512})$/.exec(header) ?? []
  return Buffer.from(encoded, 'base64').toString('latin1').split(':')
}
