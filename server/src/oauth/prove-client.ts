/** Which app asks at the endpoints of OAuth (RFC 6749 §2.3). */
import { timingSafeEqual } from 'node:crypto'
import { fromBase64url } from '@valetkey/wallet/protocol'
import { parseServerToken } from '@valetkey/wallet/sync/formats'
import type { Server } from '../server.ts'
import { findApp, type App } from '../stores/apps.ts'
import type { Form } from './form.ts'
import { OAuthError } from './oauth-error.ts'

/** What an unknown app's secret is compared with: the same work, the same answer. */
const NOBODY = new Uint8Array(32)

export interface OAuthRequestFrom {
  readonly form: Form
  readonly authorization: string | undefined
  /** Set by a browser, and only by one. */
  readonly origin: string | undefined
  readonly ip: string
}

/**
 * The app, proven by its secret; a public one by its id alone, which proves nothing: PKCE does.
 * @throws `invalid_client`, `invalid_request` for two ways at once
 */
export async function proveOAuthClient(server: Server, from: OAuthRequestFrom): Promise<App> {
  const shown = readCredentials(from)
  const app = await findApp(server.database.queries, shown.id)
  if (app?.client_type === 'PUBLIC' && shown.secret === undefined) {
    await limited(server, 'requests', `oauth ${app.id} ${from.ip}`)
    return app
  }
  // C104: a secret that is in a browser is none.
  const isPage = from.origin !== undefined
  const token = parseServerToken(shown.secret ?? '')
  const known = app?.client_type === 'CONFIDENTIAL' ? fromBase64url(app.secret_hash) : NOBODY
  const isSecret = typeof token !== 'string' && token.kind === 'cs'
  if (app && isSecret && !isPage && timingSafeEqual(known, token.atRest)) {
    await limited(server, 'requests', `oauth ${app.id}`)
    return app
  }
  await limited(server, 'guests', from.ip)
  throw new OAuthError('invalid_client', 'The app could not be recognised.')
}

/** @throws `temporarily_unavailable` */
export async function limited(
  server: Server,
  what: 'requests' | 'guests',
  key: string,
): Promise<void> {
  try {
    await server.limits.take(what, key)
  } catch {
    throw new OAuthError('temporarily_unavailable', 'Too many requests.', 60)
  }
}

function readCredentials({ form, authorization }: OAuthRequestFrom): {
  id: string
  secret: string | undefined
} {
  const { client_id: id, client_secret: secret } = form
  if (authorization === undefined) return { id: id ?? '', secret }
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]{1,512})$/i.exec(authorization) ?? []
  const pair = Buffer.from(encoded ?? '', 'base64').toString('latin1')
  const colon = pair.indexOf(':')
  const basic = { id: decoded(pair.slice(0, colon)), secret: decoded(pair.slice(colon + 1)) }
  if (encoded === undefined || colon < 0) {
    throw new OAuthError('invalid_client', 'The app could not be recognised.')
  }
  if (secret !== undefined || (id !== undefined && id !== basic.id)) {
    throw new OAuthError('invalid_request', 'The app shows itself in two ways.')
  }
  return basic
}

/** Both halves are encoded as a form is (RFC 6749 §2.3.1). */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return ''
  }
}
