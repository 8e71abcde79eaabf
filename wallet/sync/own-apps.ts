/** The apps a person builds, at their server: AI Pass's endpoints for clients (design: compatibility). */
import * as z from 'zod/mini'
import {
  originSchema,
  type OwnApp,
  type OwnAppDraft,
  type OwnAppKind,
  type OwnAppUsage,
} from '../protocol/index.ts'
import { clientIdSchema } from '../protocol/link-messages.ts'
import type { ServerCall } from './call-server.ts'
import { nothing } from './server-client.ts'

const CLIENTS = '/api/v1/oauth2/clients'

const clientSchema = z.object({
  clientId: clientIdSchema,
  clientName: z.string(),
  clientType: z.enum(['CONFIDENTIAL', 'PUBLIC']),
  origin: z.string(),
  redirectUris: z.array(z.string()),
  isActive: z.boolean(),
  createdAt: z.iso.datetime(),
})
const madeSchema = z.extend(clientSchema, { clientSecret: z.optional(z.string()) })
const count = z.number().check(z.nonnegative())
const figures = {
  requests: count,
  failed: count,
  inputTokens: count,
  outputTokens: count,
  nanoUsd: count,
}
const usageSchema = z.object({
  totals: z.object(figures),
  daily: z.array(z.object({ date: z.string(), ...figures })),
})

type SessionCall = <T>(schema: z.ZodMiniType<T>, call: ServerCall) => Promise<T>

/** Each: `request.not_found` for an app that is not the account's, or is gone. */
export interface OwnApps {
  list(): Promise<readonly OwnApp[]>
  /** @returns the app and its secret, which nobody is told again; null for a program */
  register(kind: OwnAppKind, draft: OwnAppDraft): Promise<{ app: OwnApp; secret: string | null }>
  change(clientId: string, draft: OwnAppDraft): Promise<void>
  /** Stopping kills its tokens; starting brings none back. */
  setActive(clientId: string, active: boolean): Promise<void>
  /** The secret before is dead at once. @throws `request.unprocessable` for a program */
  renewSecret(clientId: string): Promise<string>
  /** With everything people agreed to. */
  remove(clientId: string): Promise<void>
  /** Of the last 30 days. */
  usage(clientId: string): Promise<OwnAppUsage>
}

export function createOwnApps(call: SessionCall): OwnApps {
  const ask = <T>(schema: z.ZodMiniType<T>, method: ServerCall['method'], path = '') =>
    call(schema, { method, path: CLIENTS + path })
  const tell = <T>(
    schema: z.ZodMiniType<T>,
    method: 'POST' | 'PUT',
    { path = '', body }: { path?: string; body: object },
  ) => call(schema, { method, path: CLIENTS + path, body: JSON.stringify(body) })
  return {
    list: async () => (await ask(z.array(clientSchema), 'GET')).map(toOwnApp),
    async register(kind, draft) {
      const clientType = kind === 'program' ? 'PUBLIC' : 'CONFIDENTIAL'
      const made = await tell(madeSchema, 'POST', { body: { ...toClient(draft), clientType } })
      return { app: toOwnApp(made), secret: made.clientSecret ?? null }
    },
    async change(clientId, draft) {
      await tell(clientSchema, 'PUT', { path: `/${clientId}`, body: toClient(draft) })
    },
    async setActive(clientId, active) {
      await ask(clientSchema, 'POST', `/${clientId}/${active ? 'activate' : 'deactivate'}`)
    },
    renewSecret: async (clientId) => {
      const reply = z.object({ clientSecret: z.string() })
      return (await ask(reply, 'POST', `/${clientId}/secret`)).clientSecret
    },
    async remove(clientId) {
      await ask(nothing, 'DELETE', `/${clientId}`)
    },
    async usage(clientId) {
      const { totals, daily } = await ask(usageSchema, 'GET', `/${clientId}/usage`)
      return { totals, days: daily }
    },
  }
}

function toOwnApp(client: z.infer<typeof clientSchema>): OwnApp {
  return {
    ...{ clientId: client.clientId, name: client.clientName, isActive: client.isActive },
    kind: client.clientType === 'PUBLIC' ? 'program' : 'server',
    origin: originSchema.safeParse(client.origin).data ?? null,
    redirectUris: client.redirectUris,
    createdAt: Date.parse(client.createdAt),
  }
}

function toClient({ name, origin, redirectUris }: OwnAppDraft): object {
  return { clientName: name, redirectUris, origin: origin ?? '' }
}
