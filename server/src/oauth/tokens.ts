/** The token endpoint: a code, a refresh token or a device code, each once, for a token of an hour. */
import { createHash, timingSafeEqual } from 'node:crypto'
import {
  authorizationDetailsSchema,
  canonicalJson,
  fromBase64url,
  parseJson,
  toBase64url,
  type AuthorizationDetail,
} from '@valetkey/wallet/protocol'
import { createServerToken, parseServerToken } from '@valetkey/wallet/sync/formats'
import type { Server } from '../server.ts'
import { findConnection, type App, type Connection } from '../stores/apps.ts'
import { findToken, insertToken, useToken, type AppToken } from '../stores/link.ts'
import {
  findCode,
  findFamily,
  insertFamily,
  revokeFamily,
  useCode,
  type OAuthFamily,
} from '../stores/oauth.ts'
import { inTransaction, type Queries } from '../stores/queries.ts'
import { required, type Form } from './form.ts'
import { OAuthError } from './oauth-error.ts'
import { hashOf } from './request.ts'
import { asJson, narrowed, readDetails, readScopes, type Scope } from './scopes.ts'

/** Who lost the reply of a refresh shows the same token again soon; who stole it, later. */
const REUSE_MS = 10_000

export interface TokenReply {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly refresh_token: string
  readonly scope: string
  readonly authorization_details: readonly AuthorizationDetail[]
  /** Beside what the standards name: for apps that seal. */
  readonly connection_id: string
  readonly wallet_key: string
  readonly sealed: 'required' | 'plain'
}

const refused = (): OAuthError =>
  new OAuthError('invalid_grant', 'It is not known, not this app’s, over or used.')

/** RFC 6749 §4.1.3, RFC 7636 §4.6. @throws OAuthError */
export async function exchangeCode(server: Server, app: App, form: Form): Promise<TokenReply> {
  const { queries } = server.database
  const now = server.clock()
  const code = await findCode(queries, hashOf(required(form, 'code')))
  const redirectUri = required(form, 'redirect_uri')
  const verifier = required(form, 'code_verifier')
  // C96: of another app's code nothing is said, and nothing is used up.
  if (code?.client_id !== app.id) throw refused()
  const isHere = code.redirect_uri === redirectUri
  // C95
  if (!isHere || !isVerifierOf(code.challenge, verifier)) throw refused()
  if (code.used_at !== null) {
    // C96: shown twice, it was read by somebody else.
    await revokeFamily(queries, code.id)
    throw refused()
  }
  if (code.expires_at <= now) throw refused()
  const scopes = narrowed(readScopes(code.scopes), form['scope'])
  keepDetails(code.details, form)
  const given = await inTransaction(server.database, async (all) => {
    const isFirst = await useCode(all, code.id, now)
    if (!isFirst) return null
    const family = { ...familyOf(code), id: code.id, created_at: now }
    await insertFamily(all, family)
    return giveTokens(server, all, app, { family, scopes })
  })
  if (given) return given
  await revokeFamily(queries, code.id)
  throw refused()
}

/** RFC 6749 §6, rotated (RFC 9700 §4.14.2). @throws OAuthError */
export async function refresh(server: Server, app: App, form: Form): Promise<TokenReply> {
  const { queries } = server.database
  const stored = await findShown(queries, 'rt', required(form, 'refresh_token'))
  if (stored?.client_id !== app.id || stored.family === null) throw refused()
  const family = await findFamily(queries, stored.family)
  if (family?.status !== 'active' || stored.expires_at <= server.clock()) throw refused()
  if (stored.used_at !== null) throw await reused(server, stored, family)
  // C100
  const scopes = narrowed(readScopes(family.scopes), form['scope'])
  keepDetails(family.details, form)
  const given = await inTransaction(server.database, async (all) => {
    // C99: of ten that show it at once one is first.
    const isFirst = await useToken(all, stored.id, server.clock())
    return isFirst ? giveTokens(server, all, app, { family, scopes }) : null
  })
  if (!given) throw refused()
  return given
}

/**
 * C99: a token shown again after its successor was given was copied by somebody. Within ten seconds it is
 * the app itself, asking twice at once.
 */
async function reused(server: Server, stored: AppToken, family: OAuthFamily): Promise<OAuthError> {
  const isLate = server.clock() - (stored.used_at ?? 0) > REUSE_MS
  if (isLate) await revokeFamily(server.database.queries, family.id)
  return refused()
}

/** The stored token whose text this is. */
export async function findShown(
  queries: Queries,
  kind: 'at' | 'rt',
  text: string,
): Promise<AppToken | undefined> {
  const token = parseServerToken(text)
  if (typeof token === 'string' || token.kind !== kind) return undefined
  const stored = await findToken(queries, kind, toBase64url(token.id))
  return stored && timingSafeEqual(fromBase64url(stored.hash), token.atRest) ? stored : undefined
}

/** A family of what a person agreed to. */
export function familyOf(
  agreed: Pick<OAuthFamily, 'account_id' | 'connection_id' | 'client_id' | 'scopes' | 'details'>,
): Omit<OAuthFamily, 'id' | 'created_at'> {
  return {
    ...{ account_id: agreed.account_id, connection_id: agreed.connection_id },
    ...{ client_id: agreed.client_id, scopes: agreed.scopes, details: agreed.details },
    status: 'active',
  }
}

/** @throws `invalid_grant` where the connection is over */
export async function giveTokens(
  server: Server,
  queries: Queries,
  app: App,
  { family, scopes }: { readonly family: OAuthFamily; readonly scopes: readonly Scope[] },
): Promise<TokenReply> {
  const now = server.clock()
  const connection = await findConnection(queries, family.connection_id)
  if (!isLive(connection, now)) throw refused()
  const until = connection.expires_at ?? Number.MAX_SAFE_INTEGER
  const give = async (kind: 'at' | 'rt', lifeS: number) => {
    const { id, atRest, text } = createServerToken(kind, server.random)
    const expiresAt = Math.min(now + lifeS * 1000, until)
    await insertToken(queries, {
      ...{ id: toBase64url(id), kind, hash: toBase64url(atRest) },
      ...{ account_id: family.account_id, connection_id: family.connection_id },
      ...{ client_id: app.id, family: family.id, expires_at: expiresAt, used_at: null },
      scopes: JSON.stringify(scopes),
    })
    return { text, expiresAt }
  }
  const access = await give('at', app.access_ttl_s)
  const next = await give('rt', app.refresh_ttl_s)
  return {
    access_token: access.text,
    token_type: 'Bearer',
    expires_in: Math.floor((access.expiresAt - now) / 1000),
    refresh_token: next.text,
    scope: scopes.join(' '),
    authorization_details: authorizationDetailsSchema.parse(parseJson(family.details)),
    connection_id: connection.id,
    wallet_key: connection.wallet_key,
    sealed: connection.sealed === 'plain' ? 'plain' : 'required',
  }
}

function isLive(
  connection: Connection | undefined,
  now: number,
): connection is Connection & { wallet_key: string } {
  return (
    connection?.status === 'active' &&
    connection.wallet_key !== null &&
    (connection.expires_at === null || connection.expires_at > now)
  )
}

function isVerifierOf(challenge: string, verifier: string): boolean {
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false
  const made = createHash('sha256').update(verifier).digest()
  return timingSafeEqual(made, Buffer.from(challenge, 'base64url'))
}

/** C100: details may be named again, and nothing else (RFC 9396 §6). */
function keepDetails(granted: string, form: Form): void {
  if (form['authorization_details'] === undefined) return
  const asked = readDetails(form['authorization_details'])
  const had = authorizationDetailsSchema.parse(parseJson(granted))
  const text = (details: object): string => canonicalJson(asJson(details))
  if (text(asked) !== text(had)) {
    throw new OAuthError('invalid_authorization_details', 'They are not what was granted.')
  }
}
