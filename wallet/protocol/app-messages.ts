/** What the windows ask about the apps that hold a grant. */
import * as z from 'zod/mini'
import {
  capabilitySchema,
  grantStatusSchema,
  grantValetKeySchema,
  originSchema,
  termsSchema,
} from './grant.ts'
import { grantIdSchema, keyIdSchema } from './ids.ts'
import { providerIdSchema } from './provider-id.ts'
import { method, nothing } from './ui-method.ts'

const nanoUsd = z.int().check(z.nonnegative())

/** One app: its site, how its grant stands, what it spent. */
const appShape = {
  grantId: grantIdSchema,
  origin: originSchema,
  /** `off`: taken back; it can only be looked at. */
  state: z.enum(['on', 'paused', 'expired', 'blocked', 'asking', 'off']),
  terms: termsSchema,
  /** Spent and held in the running period of each budget, in the order of `terms.budgets`. */
  usedNanoUsd: z.array(nanoUsd),
  /** When its latest call began, Unix ms; null: never, or not known any more. */
  lastUsedAt: z.nullable(z.int()),
}
const appSchema = z.strictObject(appShape)
export type AppSummary = z.infer<typeof appSchema>

/** Terms to start from, and what they can be made of: the keys there are, what the catalogue knows. */
export const termChoicesShape = {
  /** The person may narrow or widen them. */
  proposed: termsSchema,
  keys: z.array(z.strictObject({ id: keyIdSchema, provider: providerIdSchema, label: z.string() })),
  /** Models the catalogue names for each provider, to choose from. */
  models: z.record(z.string(), z.array(z.string())),
  capabilities: z.array(capabilitySchema),
}

const termChoicesSchema = z.strictObject(termChoicesShape)
export type TermChoices = z.infer<typeof termChoicesSchema>

const appDetailSchema = z.strictObject({
  ...appShape,
  choices: termChoicesSchema,
  createdAt: z.int(),
  valetKeys: z.array(grantValetKeySchema),
})
export type AppDetail = z.infer<typeof appDetailSchema>

/** Something about an app the person should know. Amounts in nano-USD. */
const noticeSchema = z.strictObject({
  id: z.string(),
  grantId: grantIdSchema,
  origin: originSchema,
  about: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('budget'),
      percent: z.enum(['80', '100']),
      usedNanoUsd: nanoUsd,
      limitUsd: z.string(),
      window: z.enum(['day', 'week', 'month', 'total']),
    }),
    z.strictObject({
      kind: z.literal('unusual'),
      todayNanoUsd: nanoUsd,
      usualNanoUsd: nanoUsd,
    }),
  ]),
})
export type AppNotice = z.infer<typeof noticeSchema>

/** An app whose server makes calls through the relay. */
const linkedAppSchema = z.strictObject({
  grantId: grantIdSchema,
  /** What it calls itself: nobody vouches for it. */
  name: z.string(),
  /** Null: it came by a code, and only its name is known. */
  origin: z.nullable(originSchema),
  /** Who relays its calls. */
  server: originSchema,
  status: grantStatusSchema,
  terms: termsSchema,
  /** Spent and held in the running period of each budget, in the order of `terms.budgets`. */
  usedNanoUsd: z.array(nanoUsd),
  createdAt: z.int(),
})
export type LinkedApp = z.infer<typeof linkedAppSchema>

export const APP_METHODS = {
  'linked.list': method(nothing, z.strictObject({ apps: z.array(linkedAppSchema) })),
  /** The code that a program shows. The person is asked before anything is allowed (RFC 8628; C102). */
  'linked.enter_code': method(
    z.strictObject({ code: z.string().check(z.minLength(1), z.maxLength(32)) }),
    z.strictObject({ outcome: z.enum(['allowed', 'denied', 'unanswered']) }),
  ),
  'linked.pause': method(z.strictObject({ grantId: grantIdSchema, paused: z.boolean() }), nothing),
  'linked.revoke': method(z.strictObject({ grantId: grantIdSchema }), nothing),
  'app.list': method(nothing, z.strictObject({ apps: z.array(appSchema) })),
  'app.get': method(z.strictObject({ grantId: grantIdSchema }), appDetailSchema),
  'app.change_terms': method(
    z.strictObject({ grantId: grantIdSchema, terms: termsSchema }),
    nothing,
  ),
  'app.notices_list': method(nothing, z.strictObject({ notices: z.array(noticeSchema) })),
  'app.dismiss_notice': method(z.strictObject({ id: z.string() }), nothing),
} as const
