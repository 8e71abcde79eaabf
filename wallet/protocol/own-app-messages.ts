/** What the windows ask about the apps a person builds: registered at the server of their vault (protocols §4). */
import * as z from 'zod/mini'
import { originSchema } from './grant.ts'
import { clientIdSchema } from './link-messages.ts'
import { isRedirectUri } from './redirect-uri.ts'
import { method, nothing } from './ui-method.ts'

const count = z.int().check(z.nonnegative())

/** What its owner says of an app. */
const ownAppDraftSchema = z.strictObject({
  name: z.string().check(z.trim(), z.minLength(3), z.maxLength(255)),
  /** Of its pages, which link wallets; null: it has none. */
  origin: z.nullable(originSchema),
  /** Where OAuth takes a person back to, to the letter. */
  redirectUris: z.array(z.string().check(z.refine(isRedirectUri))).check(z.maxLength(20)),
})
export type OwnAppDraft = z.infer<typeof ownAppDraftSchema>

/** `program`: it runs on people's machines, where a secret is none (C104). */
const ownAppKindSchema = z.enum(['server', 'program'])
export type OwnAppKind = z.infer<typeof ownAppKindSchema>

const ownAppSchema = z.strictObject({
  clientId: clientIdSchema,
  kind: ownAppKindSchema,
  name: z.string(),
  origin: z.nullable(originSchema),
  redirectUris: z.array(z.string()),
  isActive: z.boolean(),
  createdAt: z.int(),
})
export type OwnApp = z.infer<typeof ownAppSchema>

/** What people's wallets did for an app. The last three: as far as people share them. */
const usageShape = {
  requests: count,
  failed: count,
  inputTokens: count,
  outputTokens: count,
  nanoUsd: count,
}
const ownAppUsageSchema = z.strictObject({
  totals: z.strictObject(usageShape),
  /** The UTC days on which there was something, the oldest first. */
  days: z.array(z.strictObject({ date: z.string(), ...usageShape })),
})
export type OwnAppUsage = z.infer<typeof ownAppUsageSchema>

const named = z.strictObject({ clientId: clientIdSchema })
const secret = z.strictObject({ secret: z.string() })

export const OWN_APP_METHODS = {
  /** `server` null: this vault has none, and so no place for apps. */
  'own_app.list': method(
    nothing,
    z.strictObject({ server: z.nullable(originSchema), apps: z.array(ownAppSchema) }),
  ),
  /** `secret`: stands in this reply and nowhere else; null for a program. */
  'own_app.register': method(
    z.strictObject({ kind: ownAppKindSchema, draft: ownAppDraftSchema }),
    z.strictObject({ app: ownAppSchema, secret: z.nullable(z.string()) }),
  ),
  'own_app.change': method(
    z.strictObject({ clientId: clientIdSchema, draft: ownAppDraftSchema }),
    nothing,
  ),
  /** Stopped, it gets nothing more, and what is written of it stays. */
  'own_app.set_active': method(
    z.strictObject({ clientId: clientIdSchema, active: z.boolean() }),
    nothing,
  ),
  /** The secret before is dead at once. */
  'own_app.renew_secret': method(named, secret),
  'own_app.remove': method(named, nothing),
  /** The last 30 days. */
  'own_app.usage': method(named, ownAppUsageSchema),
  /** The Ed25519 keys a site names for sealing, as a wallet that links would read them now. */
  'own_app.site_keys': method(
    z.strictObject({ origin: originSchema }),
    z.strictObject({ keys: z.array(z.string()) }),
  ),
} as const
