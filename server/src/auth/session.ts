import { createHash, timingSafeEqual } from 'node:crypto'
import { WalletError, fromBase64url, toBase64url } from '@valetkey/wallet/protocol'
import {
  PROOF_SKEW_MS,
  createServerToken,
  parseServerToken,
  readProof,
} from '@valetkey/wallet/sync/formats'
import type { FastifyRequest } from 'fastify'
import { bodyBytes } from '../http/body.ts'
import type { Server } from '../server.ts'
import { findSession, storeSession } from '../stores/sessions.ts'
import type { Queries } from '../stores/queries.ts'
import { verifySignature } from './verify-signature.ts'

const SESSION_MS = 15 * 60_000
const NONCE_MS = 10 * 60_000

export interface DeviceSession {
  readonly accountId: string
  readonly deviceId: string
}

/** A fresh token for a device that has just proved itself. */
export async function openSession(
  server: Server,
  queries: Queries,
  { accountId, deviceId }: DeviceSession,
): Promise<{ token: string; expiresAt: number }> {
  const { id, atRest, text } = createServerToken('ds', server.random)
  const expiresAt = server.clock() + SESSION_MS
  await storeSession(queries, {
    id: toBase64url(id),
    account_id: accountId,
    device_id: deviceId,
    hash: toBase64url(atRest),
    expires_at: expiresAt,
  })
  return { token: text, expiresAt }
}

/**
 * Whose request this is. C91: a token alone opens nothing, the device's key has to have signed this
 * method, address and body, now, and once.
 * @throws `auth.failed`, or `auth.expired` for a token of ours that is over
 */
export async function proveSession(
  server: Server,
  request: FastifyRequest,
): Promise<DeviceSession> {
  const authorization = request.headers.authorization ?? ''
  const token = parseServerToken(authorization.replace(/^Bearer /, ''))
  if (typeof token === 'string' || token.kind !== 'ds') throw new WalletError('auth.failed')
  const session = await findSession(server.database.queries, toBase64url(token.id))
  if (!session || !timingSafeEqual(fromBase64url(session.hash), token.atRest)) {
    throw new WalletError('auth.failed')
  }
  if (session.expires_at <= server.clock()) throw new WalletError('auth.expired')
  const proven = {
    method: request.method,
    targetUri: server.config.origin + request.url,
    body: bodyBytes(request),
    authorization,
  }
  const proof = readProof(proven, request.headers, sha256)
  const createdMs = (proof?.created ?? 0) * 1000
  const inTime = Math.abs(server.clock() - createdMs) <= PROOF_SKEW_MS
  if (proof?.deviceId !== session.device_id || !inTime) throw new WalletError('auth.failed')
  const key = fromBase64url(session.ed25519)
  if (!verifySignature(key, proof.message, proof.signature)) throw new WalletError('auth.failed')
  const name = `nonce ${session.device_id} ${proof.nonce}`
  const first = await server.once.claim(name, createdMs, server.clock() + NONCE_MS)
  if (!first) throw new WalletError('auth.failed')
  return { accountId: session.account_id, deviceId: session.device_id }
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
