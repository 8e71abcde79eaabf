/** Apps as AI Pass names them: OAuth clients of their owner, and what people agreed to with them. */
import { randomInt } from 'node:crypto'
import { WalletError, isRedirectUri, originSchema, toBase64url } from '@valetkey/wallet/protocol'
import { createClientId, createServerToken } from '@valetkey/wallet/sync/formats'
import * as z from 'zod'
import type { Server } from '../server.ts'
import { deleteApp, findOwnApp, insertApp, listApps, updateApp, type App } from '../stores/apps.ts'
import { endAuthorisations, endTokens } from '../stores/oauth.ts'
import { inTransaction } from '../stores/queries.ts'
import { SCOPES, readScopes, readTexts } from './scopes.ts'

const ACCESS_S = 3600
const REFRESH_S = 2_592_000
const ACCESS_MIN_S = 60
const seconds = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

export const clientRequestSchema = z.strictObject({
  clientName: z.string().trim().min(3).max(255),
  redirectUris: z.array(z.string().refine(isRedirectUri)).max(20).default([]),
  requestedScopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .max(SCOPES.length)
    .default([...SCOPES]),
  /** Taken as it comes, and always on: nobody's wallet is asked by nobody. */
  requireConsent: z.boolean().default(true),
  /** More than these is lowered to them. */
  accessTokenTtlSeconds: seconds.default(ACCESS_S),
  refreshTokenTtlSeconds: seconds.default(REFRESH_S),
  /** Beside what AI Pass takes: an app without a server has no place for a secret (C104). */
  clientType: z.enum(['CONFIDENTIAL', 'PUBLIC']).default('CONFIDENTIAL'),
  /** And its site, where that is not the one of its first redirect: Link goes by it. `''`: it has none. */
  origin: z.optional(z.union([originSchema, z.literal('')])),
})
export type ClientRequest = z.output<typeof clientRequestSchema>

export const clientSchema = z.strictObject({
  id: z.number(),
  clientId: z.string(),
  clientName: z.string(),
  clientType: z.enum(['CONFIDENTIAL', 'PUBLIC']),
  /** Its site; `''` for a program without one. */
  origin: z.string(),
  redirectUris: z.array(z.string()),
  scopes: z.array(z.enum(SCOPES)),
  accessTokenTtlSeconds: z.number(),
  refreshTokenTtlSeconds: z.number(),
  requirePkce: z.literal(true),
  requireConsent: z.literal(true),
  isActive: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
type ClientReply = z.infer<typeof clientSchema>

/** What every app starts with, however it is made. */
export function newApp(
  { clock, random }: Server,
  about: Pick<App, 'account_id' | 'name' | 'origin'> & Partial<App>,
): { app: App; clientSecret: string } {
  const secret = createServerToken('cs', random)
  const now = clock()
  const app = {
    ...{ id: createClientId(random), number: randomInt(1, 2 ** 47), public_keys: '[]' },
    ...{ secret_hash: toBase64url(secret.atRest), created_at: now, updated_at: now },
    ...{ redirect_uris: '[]', scopes: JSON.stringify(SCOPES), client_type: 'CONFIDENTIAL' },
    ...{ access_ttl_s: ACCESS_S, refresh_ttl_s: REFRESH_S, is_active: 1 },
    ...about,
  }
  return { app, clientSecret: secret.text }
}

export async function createClient(
  server: Server,
  accountId: string,
  asked: ClientRequest,
): Promise<ClientReply & { clientSecret?: string }> {
  const { app, clientSecret } = newApp(server, {
    ...{ account_id: accountId, client_type: asked.clientType },
    ...columnsOf(asked),
  })
  await insertApp(server.database.queries, app)
  return { ...toClient(app), ...(asked.clientType === 'CONFIDENTIAL' && { clientSecret }) }
}

export async function listClients(server: Server, accountId: string): Promise<ClientReply[]> {
  return (await listApps(server.database.queries, accountId)).map(toClient)
}

/** C91: of another account's the same answer as of none. @throws `request.not_found` */
export async function ownClient(server: Server, accountId: string, name: string): Promise<App> {
  const app = await findOwnApp(server.database.queries, accountId, name)
  if (!app) throw new WalletError('request.not_found')
  return app
}

/**
 * Its kind stays: a secret that was given out is not taken back by a word.
 * @throws `request.not_found`
 */
export async function updateClient(
  server: Server,
  accountId: string,
  name: string,
  asked: ClientRequest,
): Promise<ClientReply> {
  const app = await ownClient(server, accountId, name)
  const { origin, ...columns } = columnsOf(asked)
  // The app's keys are those of its site: one that was named stays until another is named.
  const keepsOrigin = asked.origin === undefined && app.origin !== ''
  const changes = {
    ...columns,
    origin: keepsOrigin ? app.origin : origin,
    updated_at: server.clock(),
  }
  await updateApp(server.database.queries, app.id, changes)
  return toClient({ ...app, ...changes })
}

/** With all that people agreed to. @throws `request.not_found` */
export async function removeClient(server: Server, accountId: string, name: string): Promise<void> {
  const app = await ownClient(server, accountId, name)
  await inTransaction(server.database, async (queries) => {
    await deleteApp(queries, app.id)
    await endAuthorisations(queries, app.id)
  })
}

/** Its tokens are dead and it gets no more; what is written of it stays. @throws `request.not_found` */
export async function deactivateClient(
  server: Server,
  accountId: string,
  name: string,
): Promise<ClientReply> {
  const app = await ownClient(server, accountId, name)
  const changes = { is_active: 0, updated_at: server.clock() }
  await inTransaction(server.database, async (queries) => {
    await updateApp(queries, app.id, changes)
    await endTokens(queries, app.id)
  })
  return toClient({ ...app, ...changes })
}

/** It may ask again; the tokens it had stay dead. @throws `request.not_found` */
export async function activateClient(
  server: Server,
  accountId: string,
  name: string,
): Promise<ClientReply> {
  const app = await ownClient(server, accountId, name)
  const changes = { is_active: 1, updated_at: server.clock() }
  await updateApp(server.database.queries, app.id, changes)
  return toClient({ ...app, ...changes })
}

/**
 * A secret in the place of the one there was, which is dead at once: whoever has read it has nothing.
 * @throws `request.not_found`; `request.unprocessable` for an app that has no place for one (C104)
 */
export async function renewSecret(
  server: Server,
  accountId: string,
  name: string,
): Promise<{ clientSecret: string }> {
  const app = await ownClient(server, accountId, name)
  if (app.client_type === 'PUBLIC') throw new WalletError('request.unprocessable')
  const secret = createServerToken('cs', server.random)
  const changes = { secret_hash: toBase64url(secret.atRest), updated_at: server.clock() }
  await updateApp(server.database.queries, app.id, changes)
  return { clientSecret: secret.text }
}

function columnsOf(asked: ClientRequest) {
  return {
    name: asked.clientName,
    origin: asked.origin ?? originOf(asked.redirectUris),
    redirect_uris: JSON.stringify(asked.redirectUris),
    scopes: JSON.stringify(asked.requestedScopes),
    access_ttl_s: Math.max(ACCESS_MIN_S, Math.min(asked.accessTokenTtlSeconds, ACCESS_S)),
    refresh_ttl_s: Math.max(ACCESS_MIN_S, Math.min(asked.refreshTokenTtlSeconds, REFRESH_S)),
  }
}

/** The site of the first address that is on one; `''` for a program without. */
function originOf(redirectUris: readonly string[]): string {
  const origins = redirectUris.map((uri) => new URL(uri).origin)
  return origins.find((origin) => originSchema.safeParse(origin).success) ?? ''
}

export function toClient(app: App): ClientReply {
  return {
    id: app.number,
    clientId: app.id,
    clientName: app.name,
    clientType: app.client_type === 'PUBLIC' ? 'PUBLIC' : 'CONFIDENTIAL',
    origin: app.origin,
    redirectUris: readTexts(app.redirect_uris),
    scopes: readScopes(app.scopes),
    accessTokenTtlSeconds: app.access_ttl_s,
    refreshTokenTtlSeconds: app.refresh_ttl_s,
    requirePkce: true,
    requireConsent: true,
    isActive: app.is_active === 1,
    createdAt: new Date(app.created_at).toISOString(),
    updatedAt: new Date(app.updated_at).toISOString(),
  }
}
