/** The device authorization grant (RFC 8628): a program without a browser, and a person with a wallet. */
import { WalletError, toBase64url } from '@valetkey/wallet/protocol'
import type { DeviceSession } from '../auth/session.ts'
import type { Server } from '../server.ts'
import type { App } from '../stores/apps.ts'
import {
  claimUserCode,
  findDeviceRequest,
  insertFamily,
  insertRequest,
  notePoll,
  useRequest,
} from '../stores/oauth.ts'
import { inTransaction } from '../stores/queries.ts'
import { required, type Form } from './form.ts'
import { OAuthError } from './oauth-error.ts'
import { REQUEST_MS, emptyRequest, hashOf } from './request.ts'
import { readScopes } from './scopes.ts'
import { familyOf, giveTokens, type TokenReply } from './tokens.ts'

/** No vowels, so that no code is a word, and nothing that looks like another (RFC 8628 §6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const LENGTH = 8
const INTERVAL_S = 5
const TRIES = 5

/** @param ip where the program asks from: the person sees it, and compares (C102) */
export async function beginDevice(server: Server, app: App, form: Form, ip: string) {
  const deviceCode = toBase64url(server.random(32))
  const letters = drawCode(server)
  await insertRequest(server.database.queries, {
    ...emptyRequest(server, app, form),
    ...{ id: hashOf(deviceCode), device_hash: hashOf(deviceCode), user_code: letters },
    ...{ from_address: ip, interval_s: INTERVAL_S },
  })
  return {
    device_code: deviceCode,
    user_code: `${letters.slice(0, 4)}-${letters.slice(4)}`,
    // C102: no address holds the code. Who is sent one by somebody else has to type it, and sees for whom.
    verification_uri: `${server.config.origin}/oauth2/device`,
    expires_in: REQUEST_MS / 1000,
    interval: INTERVAL_S,
  }
}

/**
 * The code the person typed in their wallet, once. From now on the request is theirs to answer.
 * @throws `request.not_found`, `request.rate_limited` after five tries in ten minutes
 */
export async function claimDevice(
  server: Server,
  { accountId }: DeviceSession,
  typed: string,
): Promise<{ requestId: string }> {
  await limitTries(server, accountId)
  const userCode = typed.toUpperCase().replace(/[\s-]/g, '')
  const requestId = toBase64url(server.random(32))
  const claim = { userCode, id: hashOf(requestId), now: server.clock() }
  const isThere = await claimUserCode(server.database.queries, claim)
  if (!isThere) throw new WalletError('request.not_found')
  return { requestId }
}

/** RFC 8628 §3.4, §3.5. @throws OAuthError */
export async function exchangeDevice(server: Server, app: App, form: Form): Promise<TokenReply> {
  const { queries } = server.database
  const now = server.clock()
  const request = await findDeviceRequest(queries, hashOf(required(form, 'device_code')))
  if (request?.client_id !== app.id) throw new OAuthError('invalid_grant', 'No such device code.')
  if (request.expires_at <= now) throw new OAuthError('expired_token', 'It is over.')
  if (request.status === 'denied') throw new OAuthError('access_denied', 'The person said no.')
  const { account_id: accountId, connection_id: connectionId } = request
  if (request.status === 'open') {
    const isEarly = now - request.polled_at < request.interval_s * 1000
    const interval = request.interval_s + (isEarly ? INTERVAL_S : 0)
    await notePoll(queries, request.id, { polled_at: now, interval_s: interval })
    if (isEarly) throw new OAuthError('slow_down', 'Ask less often.')
    throw new OAuthError('authorization_pending', 'The person did not answer yet.')
  }
  const given = await inTransaction(server.database, async (all) => {
    const isFirst = await useRequest(all, request.id)
    if (!isFirst || accountId === null || connectionId === null) return null
    const agreed = { ...request, account_id: accountId, connection_id: connectionId }
    const family = { ...familyOf(agreed), id: toBase64url(server.random(16)), created_at: now }
    await insertFamily(all, family)
    return giveTokens(server, all, app, { family, scopes: readScopes(request.scopes) })
  })
  if (!given) throw new OAuthError('invalid_grant', 'It was used.')
  return given
}

/** 20 letters leave no remainder in 240: each is as likely. */
function drawCode(server: Server): string {
  const letters: string[] = []
  while (letters.length < LENGTH) {
    for (const byte of server.random(16)) {
      const letter = byte < 240 ? LETTERS[byte % LETTERS.length] : undefined
      if (letter !== undefined && letters.length < LENGTH) letters.push(letter)
    }
  }
  return letters.join('')
}

/** C102: 34 bits that live ten minutes, and five tries of an account. */
async function limitTries(server: Server, accountId: string): Promise<void> {
  const now = server.clock()
  const window = Math.floor(now / REQUEST_MS)
  const until = (window + 1) * REQUEST_MS
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const name = `device code ${accountId} ${String(window)} ${String(attempt)}`
    if (await server.once.claim(name, now, until)) return
  }
  throw new WalletError('request.rate_limited', { retryAfterMs: until - now })
}
