/**
 * Link: an app's server asks, a person agrees in their wallet, the app's server gets a token. What the person
 * agreed to stays sealed in their vault: here is a stub.
 */
import { timingSafeEqual } from 'node:crypto'
import {
  WalletError,
  fromBase64url,
  linkSessionRequestSchema,
  parseJson,
  parseWith,
  publicKeyText,
  toBase64url,
  type ExchangeReply,
  type GrantStub,
  type LinkDetails,
} from '@valetkey/wallet/protocol'
import {
  createServerToken,
  linkMessage,
  parseServerToken,
  type ServerTokenKind,
} from '@valetkey/wallet/sync/formats'
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { ACCESS_MS, findAccess } from '../auth/app-access.ts'
import type { DeviceSession } from '../auth/session.ts'
import { verifySignature } from '../auth/verify-signature.ts'
import type { Server } from '../server.ts'
import { findApp, findConnection, insertConnection, type App } from '../stores/apps.ts'
import { listDevices } from '../stores/devices.ts'
import {
  deleteAccess,
  deleteToken,
  findLinkSession,
  findToken,
  insertLinkSession,
  insertToken,
  useLinkSession,
  useToken,
  type LinkSession,
} from '../stores/link.ts'
import { inTransaction, type Queries } from '../stores/queries.ts'

const LINK_MS = 30 * 60_000
const PUBLIC_MS = 5 * 60_000
const publicKeysSchema = z.array(publicKeyText)

type Hints = z.infer<typeof linkSessionRequestSchema>

/**
 * The app's server begins.
 * @throws `request.unprocessable` for an app without a site: its wallet would have no page to compare
 */
export async function beginLink(server: Server, app: App, hints: Hints) {
  if (app.origin === '') throw new WalletError('request.unprocessable')
  const { id, atRest, text } = createServerToken('lt', server.random)
  const expiresAt = server.clock() + LINK_MS
  await insertLinkSession(server.database.queries, {
    id: toBase64url(id),
    account_id: app.account_id,
    client_id: app.id,
    hash: toBase64url(atRest),
    hints: JSON.stringify(hints),
    expires_at: expiresAt,
    used_at: null,
  })
  return { linkToken: text, expiresAt }
}

/**
 * What the wallet shows the person. The app is named by this server: its origin is what the wallet compares
 * with the page it was asked from.
 * @throws `auth.failed`, `auth.expired`, `request.replayed`
 */
export async function describeLink(server: Server, linkToken: string): Promise<LinkDetails> {
  return detailsOf(await openSession(server, linkToken))
}

/**
 * The person agreed: the connection is there, and good for one public token.
 * @throws as {@link describeLink}, and `auth.forbidden` for a signature that is not the device's
 */
export async function authorizeLink(
  server: Server,
  device: DeviceSession,
  approval: { readonly linkToken: string; readonly stub: GrantStub; readonly sig: string },
): Promise<{ publicToken: string; expiresAt: number }> {
  const opened = await openSession(server, approval.linkToken)
  const { stub } = approval
  const { clientId, origin } = detailsOf(opened).app
  const message = linkMessage({ id: opened.session.id, clientId, appOrigin: origin }, { ...stub })
  const devices = await listDevices(server.database.queries, device.accountId)
  const key = devices.find(({ device_id }) => device_id === device.deviceId)?.ed25519
  const sig = fromBase64url(approval.sig)
  if (key === undefined || !verifySignature(fromBase64url(key), message, sig)) {
    throw new WalletError('auth.forbidden')
  }
  const now = server.clock()
  return inTransaction(server.database, async (queries) => {
    // C101: of two that agree with one token one is first.
    const isFirst = await useLinkSession(queries, opened.session.id, now)
    if (!isFirst) throw new WalletError('request.replayed')
    const isNew = await insertConnection(queries, {
      id: stub.grant,
      account_id: device.accountId,
      client_id: clientId,
      status: 'active',
      created_at: now,
      expires_at: stub.expiresAt,
      wallet_key: stub.walletKey,
      sealed: stub.sealed,
      relay_key: null,
    })
    if (!isNew) throw new WalletError('request.unprocessable')
    const token = { accountId: device.accountId, connectionId: stub.grant, clientId }
    const fingerprint = fingerprintOf(stub.walletKey)
    const expiresAt = now + PUBLIC_MS
    const publicToken = await giveToken(server, queries, {
      ...{ ...token, kind: 'pt', expiresAt, fingerprint },
    })
    return { publicToken, expiresAt }
  })
}

/**
 * The page's public token for a token the app's server keeps. One shown again was read by somebody else
 * too: what it was good for ends.
 * @throws `auth.failed`, `auth.forbidden` for another app's, `auth.expired`, `request.replayed`, `grant.revoked`
 */
export async function exchange(
  server: Server,
  app: App,
  publicToken: string,
): Promise<ExchangeReply> {
  const { queries } = server.database
  const now = server.clock()
  const token = parseServerToken(publicToken)
  if (typeof token === 'string' || token.kind !== 'pt') throw new WalletError('auth.failed')
  const stored = await findToken(queries, 'pt', toBase64url(token.id))
  if (!stored || !timingSafeEqual(fromBase64url(stored.hash), token.atRest)) {
    throw new WalletError('auth.failed')
  }
  // C101: of another app's nothing is said, and nothing is used up.
  if (stored.client_id !== app.id) throw new WalletError('auth.forbidden')
  if (stored.expires_at <= now) throw new WalletError('auth.expired')
  const isFirst = await useToken(queries, stored.id, now)
  if (!isFirst) {
    await deleteAccess(queries, stored.connection_id)
    throw new WalletError('request.replayed')
  }
  const connection = await findConnection(queries, stored.connection_id)
  if (connection?.status !== 'active' || connection.wallet_key === null) {
    throw new WalletError('grant.revoked')
  }
  const expiresAt = now + ACCESS_MS
  const accessToken = await giveToken(server, queries, {
    ...{ accountId: stored.account_id, connectionId: connection.id },
    ...{ clientId: app.id, kind: 'at', expiresAt },
  })
  return {
    ...{ accessToken, expiresAt, connectionId: connection.id },
    walletKey: connection.wallet_key,
    walletFingerprint: toBase64url(fingerprintOf(connection.wallet_key)),
    sealed: connection.sealed === 'plain' ? 'plain' : 'required',
  }
}

/**
 * A new access token for one that may have been seen. The old one ends with the same step.
 * @throws as `findAccess`, and `auth.forbidden` for another app's
 */
export async function rotate(server: Server, app: App, accessToken: string) {
  const access = await findAccess(server, accessToken)
  // One of OAuth lives an hour, and is renewed by its refresh token alone.
  if (access.clientId !== app.id || access.isOAuth) throw new WalletError('auth.forbidden')
  const expiresAt = server.clock() + ACCESS_MS
  return inTransaction(server.database, async (queries) => {
    const isFirst = await deleteToken(queries, access.tokenId)
    if (!isFirst) throw new WalletError('auth.failed')
    const text = await giveToken(server, queries, { ...access, kind: 'at', expiresAt })
    return { accessToken: text, expiresAt }
  })
}

interface OpenSession {
  readonly session: LinkSession
  readonly app: App
}

async function openSession(server: Server, linkToken: string): Promise<OpenSession> {
  const { queries } = server.database
  const token = parseServerToken(linkToken)
  if (typeof token === 'string' || token.kind !== 'lt') throw new WalletError('auth.failed')
  const session = await findLinkSession(queries, toBase64url(token.id))
  if (!session || !timingSafeEqual(fromBase64url(session.hash), token.atRest)) {
    throw new WalletError('auth.failed')
  }
  if (session.expires_at <= server.clock()) throw new WalletError('auth.expired')
  if (session.used_at !== null) throw new WalletError('request.replayed')
  const app = await findApp(queries, session.client_id)
  if (!app) throw new WalletError('auth.failed')
  return { session, app }
}

function detailsOf({ session, app }: OpenSession): LinkDetails {
  const publicKeys = publicKeysSchema.parse(parseJson(app.public_keys))
  return {
    sessionId: session.id,
    app: { clientId: app.id, name: app.name, origin: app.origin, publicKeys },
    ...parseWith(linkSessionRequestSchema, parseJson(session.hints), 'internal'),
    expiresAt: session.expires_at,
  }
}

async function giveToken(
  server: Server,
  queries: Queries,
  about: {
    readonly kind: Extract<ServerTokenKind, 'pt' | 'at'>
    readonly accountId: string
    readonly connectionId: string
    readonly clientId: string
    readonly expiresAt: number
    readonly fingerprint?: Uint8Array
  },
): Promise<string> {
  const { id, atRest, text } = createServerToken(about.kind, server.random, about.fingerprint)
  await insertToken(queries, {
    id: toBase64url(id),
    kind: about.kind,
    hash: toBase64url(atRest),
    account_id: about.accountId,
    connection_id: about.connectionId,
    client_id: about.clientId,
    expires_at: about.expiresAt,
    used_at: null,
    ...{ family: null, scopes: null },
  })
  return text
}

/** SHA-256 of the grant's signing key (formats §10). */
function fingerprintOf(walletKey: string): Uint8Array {
  return createHash('sha256').update(fromBase64url(walletKey)).digest()
}
