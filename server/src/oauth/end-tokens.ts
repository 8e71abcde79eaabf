/** What an app may ask about its tokens, and how it gives them back. */
import { parseJson } from '@valetkey/wallet/protocol'
import { findAccess } from '../auth/app-access.ts'
import type { Server } from '../server.ts'
import { findConnection, type App } from '../stores/apps.ts'
import { deleteToken } from '../stores/link.ts'
import { findFamily, revokeFamily } from '../stores/oauth.ts'
import { required, type Form } from './form.ts'
import { OAuthError } from './oauth-error.ts'
import { readScopes } from './scopes.ts'
import { findShown } from './tokens.ts'

/** RFC 7009: a refresh token takes its whole family along. What is not the app's own is left, and not told. */
export async function revokeToken(server: Server, app: App, form: Form): Promise<void> {
  const { queries } = server.database
  const text = required(form, 'token')
  const access = await findShown(queries, 'at', text)
  if (access?.client_id === app.id) await deleteToken(queries, access.id)
  const refreshing = await findShown(queries, 'rt', text)
  if (refreshing?.client_id === app.id && refreshing.family !== null) {
    await revokeFamily(queries, refreshing.family)
  }
}

/** RFC 7662. To another app, and to one that cannot prove itself, no token is active. */
export async function introspect(server: Server, app: App, form: Form) {
  if (app.client_type === 'PUBLIC') {
    throw new OAuthError('invalid_client', 'An app without a secret cannot ask this.')
  }
  const { queries } = server.database
  const text = required(form, 'token')
  const stored = (await findShown(queries, 'at', text)) ?? (await findShown(queries, 'rt', text))
  const inactive = { active: false } as const
  if (stored?.client_id !== app.id) return inactive
  if (stored.kind === 'at') {
    const isLive = await findAccess(server, text).catch(() => null)
    if (isLive === null) return inactive
  }
  const family = stored.family === null ? undefined : await findFamily(queries, stored.family)
  if (stored.kind === 'rt') {
    const connection = await findConnection(queries, stored.connection_id)
    const isOver = stored.used_at !== null || stored.expires_at <= server.clock()
    const isDead = family?.status !== 'active' || connection?.status !== 'active'
    if (isOver || isDead) return inactive
  }
  return {
    active: true,
    client_id: app.id,
    iss: server.config.origin,
    // The connection, and not the account: two apps cannot find out that they have one user.
    sub: stored.connection_id,
    exp: Math.floor(stored.expires_at / 1000),
    ...(stored.kind === 'at' && { token_type: 'Bearer' as const }),
    ...(family && {
      scope: readScopes(stored.scopes ?? '[]').join(' '),
      authorization_details: parseJson(family.details),
    }),
  }
}
