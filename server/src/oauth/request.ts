/**
 * The authorization request (RFC 6749 §4.1.1, RFC 7636): parked under an id that is made for one load of the
 * page. The person's wallet fetches it, and answers it. There is no cookie and no session: who has the id
 * and no wallet can look at it and say no, nothing else (C98).
 */
import { createHash } from 'node:crypto'
import {
  WalletError,
  authorizationDetailsSchema,
  fromBase64url,
  parseJson,
  publicKeyText,
  toBase64url,
  type OAuthApproval,
  type OAuthDetails,
} from '@valetkey/wallet/protocol'
import { authorizeMessage } from '@valetkey/wallet/sync/formats'
import * as z from 'zod'
import type { DeviceSession } from '../auth/session.ts'
import { verifySignature } from '../auth/verify-signature.ts'
import type { Server } from '../server.ts'
import {
  findApp,
  findConnection,
  insertConnection,
  updateConnection,
  type App,
  type Connection,
} from '../stores/apps.ts'
import { findDevice } from '../stores/devices.ts'
import {
  answerRequest,
  findRequest,
  insertCode,
  insertRequest,
  type OAuthRequest,
} from '../stores/oauth.ts'
import { inTransaction, type Queries } from '../stores/queries.ts'
import { required, type Form } from './form.ts'
import { OAuthError } from './oauth-error.ts'
import { isRegistered, redirectWith } from './redirect-uri.ts'
import { asJson, narrowed, readDetails, readScopes, readTexts } from './scopes.ts'

export const REQUEST_MS = 10 * 60_000
const CODE_MS = 60_000
const ID_BYTES = 32
const publicKeysSchema = z.array(publicKeyText)

export const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url')

/**
 * Parks a request.
 * @returns the id for the page, and which app asks
 * @throws OAuthError. C94: none of them leads anywhere. Anybody may register an app, and who sends people
 *   to an address of theirs by a request that is wrong on purpose would have an open redirect (RFC 9700 §4.11.2)
 */
export async function parkRequest(
  server: Server,
  form: Form,
): Promise<{ requestId: string; app: App; redirectUri: string }> {
  const { queries } = server.database
  const app = await findApp(queries, required(form, 'client_id'))
  if (!app) throw new OAuthError('invalid_client', 'There is no such app.')
  const redirectUri = required(form, 'redirect_uri')
  if (!isRegistered(readTexts(app.redirect_uris), redirectUri)) {
    throw new OAuthError('invalid_request', 'The app did not register this redirect_uri.')
  }
  if (form['request'] !== undefined || form['request_uri'] !== undefined) {
    throw new OAuthError('invalid_request', 'Requests stand in the address itself.')
  }
  if (required(form, 'response_type') !== 'code') {
    throw new OAuthError('unsupported_response_type', 'The one response_type is code.')
  }
  if (form['response_mode'] !== undefined && form['response_mode'] !== 'query') {
    throw new OAuthError('invalid_request', 'The one response_mode is query.')
  }
  // C95: `plain`, which is also what an absent method means, shows the verifier to who reads the address.
  const challenge = required(form, 'code_challenge')
  if (required(form, 'code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge)) {
    throw new OAuthError('invalid_request', 'PKCE with S256 is needed.')
  }
  // C98
  const state = required(form, 'state')
  if (!/^[\x20-\x7e]{1,1024}$/.test(state)) {
    throw new OAuthError('invalid_request', 'state is up to 1024 characters of ASCII.')
  }
  const requestId = toBase64url(server.random(ID_BYTES))
  await insertRequest(queries, {
    ...emptyRequest(server, app, form),
    id: hashOf(requestId),
    ...{ redirect_uri: redirectUri, state, challenge },
  })
  return { requestId, app, redirectUri }
}

/** What every request has, of a page or of a device. @throws `invalid_scope`, `invalid_authorization_details` */
export function emptyRequest({ clock }: Server, app: App, form: Form): Omit<OAuthRequest, 'id'> {
  return {
    client_id: app.id,
    scopes: JSON.stringify(narrowed(readScopes(app.scopes), form['scope'])),
    details: JSON.stringify(readDetails(form['authorization_details'])),
    status: 'open',
    ...{ redirect_uri: null, state: null, challenge: null, from_address: null },
    ...{ user_code: null, device_hash: null, account_id: null, connection_id: null },
    ...{ interval_s: 0, polled_at: 0, expires_at: clock() + REQUEST_MS },
  }
}

/**
 * What the wallet shows the person.
 * @throws `auth.failed`, `auth.expired`, `request.replayed`
 */
export async function describeRequest(server: Server, requestId: string): Promise<OAuthDetails> {
  const { request, app } = await openRequest(server, requestId)
  return {
    client: {
      ...{ clientId: app.id, name: app.name, origin: app.origin },
      publicKeys: publicKeysSchema.parse(parseJson(app.public_keys)),
    },
    redirectUri: request.redirect_uri,
    scopes: readScopes(request.scopes),
    details: authorizationDetailsSchema.parse(parseJson(request.details)),
    fromAddress: request.from_address,
    expiresAt: request.expires_at,
  }
}

/**
 * The person agreed. The answer goes to the wallet alone: it is what takes the tab back to the app, so that
 * no page of this server can change the fingerprint it adds.
 * @throws as {@link describeRequest}, and `auth.forbidden` for a signature that is not the device's
 */
export async function agree(
  server: Server,
  device: DeviceSession,
  approval: OAuthApproval,
): Promise<{ redirect: string | null }> {
  const { request, app } = await openRequest(server, approval.requestId)
  await checkSignature(server, device, approval, request)
  const now = server.clock()
  return inTransaction(server.database, async (queries) => {
    const of = { account_id: device.accountId, client_id: app.id }
    const answer = {
      ...{ status: 'agreed', account_id: device.accountId, connection_id: approval.stub.grant },
      details: JSON.stringify(approval.details),
    }
    const isFirst = await answerRequest(queries, request.id, answer)
    if (!isFirst) throw new WalletError('request.replayed')
    await connect(queries, approval.stub, { ...of, status: 'active', created_at: now })
    const { redirect_uri: redirectUri, challenge } = request
    if (redirectUri === null || challenge === null) return { redirect: null }
    const code = toBase64url(server.random(ID_BYTES))
    await insertCode(queries, {
      id: hashOf(code),
      ...{ account_id: device.accountId, connection_id: approval.stub.grant },
      ...{ client_id: app.id, scopes: request.scopes, details: answer.details },
      ...{ redirect_uri: redirectUri, challenge, expires_at: now + CODE_MS, used_at: null },
    })
    // C97: RFC 9207.
    const about = { code, state: request.state, iss: server.config.origin }
    return { redirect: redirectWith(redirectUri, about) }
  })
}

/** The person said no; who never had an account here can. @throws as {@link describeRequest} */
export async function deny(
  server: Server,
  requestId: string,
): Promise<{ redirect: string | null }> {
  const { request } = await openRequest(server, requestId)
  const isFirst = await answerRequest(server.database.queries, request.id, { status: 'denied' })
  if (!isFirst) throw new WalletError('request.replayed')
  if (request.redirect_uri === null) return { redirect: null }
  const about = { error: 'access_denied', state: request.state, iss: server.config.origin }
  return { redirect: redirectWith(request.redirect_uri, about) }
}

async function openRequest(
  server: Server,
  requestId: string,
): Promise<{ request: OAuthRequest; app: App }> {
  const { queries } = server.database
  const request = await findRequest(queries, hashOf(requestId))
  // A device's request is anybody's until its code was typed.
  if (request?.user_code !== null) throw new WalletError('auth.failed')
  if (request.expires_at <= server.clock()) throw new WalletError('auth.expired')
  if (request.status !== 'open') throw new WalletError('request.replayed')
  const app = await findApp(queries, request.client_id)
  if (!app) throw new WalletError('auth.failed')
  return { request, app }
}

async function checkSignature(
  server: Server,
  { accountId, deviceId }: DeviceSession,
  { requestId, details, stub, sig }: OAuthApproval,
  request: OAuthRequest,
): Promise<void> {
  const signed = asJson([...details, stub])
  const message = authorizeMessage(
    {
      ...{ id: fromBase64url(requestId), clientId: request.client_id },
      redirectUri: request.redirect_uri ?? '',
    },
    signed,
  )
  const device = await findDevice(server.database.queries, accountId, deviceId)
  const key = device && fromBase64url(device.ed25519)
  if (!key || !verifySignature(key, message, fromBase64url(sig))) {
    throw new WalletError('auth.forbidden')
  }
}

/** A new connection, or the one that stands: an app whose tokens are lost comes back to its grant. */
async function connect(
  queries: Queries,
  stub: OAuthApproval['stub'],
  of: Pick<Connection, 'account_id' | 'client_id' | 'status' | 'created_at'>,
): Promise<void> {
  const { grant: id, walletKey: wallet_key, expiresAt: expires_at, sealed } = stub
  const isNew = await insertConnection(queries, {
    ...{ ...of, id, wallet_key, expires_at, sealed, relay_key: null },
  })
  if (isNew) return
  const known = await findConnection(queries, id)
  const isSame =
    known?.status === 'active' &&
    known.account_id === of.account_id &&
    known.client_id === of.client_id &&
    known.wallet_key === wallet_key
  if (!isSame) throw new WalletError('request.unprocessable')
  // The person may have let it do more, or longer, or less: what this device signed is what holds.
  await updateConnection(queries, id, { expires_at, sealed })
}
