/** What the access token of a linked app stands for. */
import { timingSafeEqual } from 'node:crypto'
import { WalletError, fromBase64url, isWalletError, toBase64url } from '@valetkey/wallet/protocol'
import type { FastifyRequest } from 'fastify'
import { parseServerToken } from '@valetkey/wallet/sync/formats'
import type { Server } from '../server.ts'
import { extendToken, findAccessToken } from '../stores/link.ts'

/** A token of Link slides: each use within it begins the time anew. One of OAuth is renewed by its app. */
export const ACCESS_MS = 90 * 24 * 60 * 60_000
const DAY_MS = 24 * 60 * 60_000

export interface AppAccess {
  readonly tokenId: string
  /** The grant's id, the same in the wallet. */
  readonly connectionId: string
  /** Of the person whose wallet is asked. */
  readonly accountId: string
  readonly clientId: string
  readonly sealed: 'required' | 'plain'
  readonly isOAuth: boolean
}

/**
 * Looked up anew for each request: a connection that is ended is dead at once.
 * @param authorization `Bearer vk_at_…`, where an app's library puts its API key
 * @throws `auth.failed`, `auth.expired`, `auth.forbidden` without the scope `api:access`, `grant.revoked`, `grant.expired`
 */
export async function findAppAccess(server: Server, authorization: string): Promise<AppAccess> {
  return findAccess(server, authorization.replace(/^Bearer /i, ''))
}

/** @throws as {@link findAppAccess} */
export async function findAccess(server: Server, text: string): Promise<AppAccess> {
  const { queries } = server.database
  const now = server.clock()
  const token = parseServerToken(text)
  if (typeof token === 'string' || token.kind !== 'at') throw new WalletError('auth.failed')
  const stored = await findAccessToken(queries, 'at', toBase64url(token.id))
  if (!stored || !timingSafeEqual(fromBase64url(stored.hash), token.atRest)) {
    throw new WalletError('auth.failed')
  }
  if (stored.expires_at <= now) throw new WalletError('auth.expired')
  const { account_id: accountId, client_id: clientId } = stored
  const isActive = stored.status === 'active'
  if (!isActive || accountId === null || clientId === null) throw new WalletError('grant.revoked')
  if (stored.connection_expires_at !== null && stored.connection_expires_at <= now) {
    throw new WalletError('grant.expired')
  }
  if (stored.family !== null) {
    // C96, C99: one that came of a code or a refresh token which was shown twice.
    if (stored.family_status !== 'active') throw new WalletError('auth.failed')
    if (!stored.scopes?.includes('"api:access"')) throw new WalletError('auth.forbidden')
  } else if (stored.expires_at < now + ACCESS_MS - DAY_MS) {
    await extendToken(queries, stored.id, now + ACCESS_MS)
  }
  return {
    ...{ tokenId: stored.id, connectionId: stored.connection_id, accountId, clientId },
    // What is not known to be plain is not read by us.
    sealed: stored.sealed === 'plain' ? 'plain' : 'required',
    isOAuth: stored.family !== null,
  }
}

/**
 * The same for a request, within what a connection may ask, and whoever guesses at tokens.
 * @throws as {@link findAppAccess}, and `request.rate_limited`
 */
export async function proveAccess(server: Server, request: FastifyRequest): Promise<AppAccess> {
  try {
    const access = await findAppAccess(server, request.headers.authorization ?? '')
    await server.limits.take('requests', `connection ${access.connectionId}`)
    return access
  } catch (error) {
    if (isWalletError(error, 'auth.failed')) await server.limits.take('guests', request.ip)
    throw error
  }
}
