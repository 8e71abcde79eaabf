/**
 * What the extension's own windows ask of the background: one request, one reply. Only pages of the
 * extension itself may send these; the sender is checked before the schema.
 */
import * as z from 'zod/mini'
import { APP_METHODS, termChoicesShape } from './app-messages.ts'
import { CAPTURE_METHODS } from './capture-messages.ts'
import { DEVICE_METHODS } from './device-messages.ts'
import { DIAGNOSTICS_METHODS } from './diagnostics-messages.ts'
import { errorDetailsSchema, wireErrorSchema } from './errors.ts'
import {
  budgetWindowSchema,
  capabilitySchema,
  grantStatusSchema,
  originSchema,
  termsSchema,
} from './grant.ts'
import { grantIdSchema } from './ids.ts'
import { KEY_METHODS } from './key-messages.ts'
import { OWN_APP_METHODS } from './own-app-messages.ts'
import { usdSchema } from './money.ts'
import { providerIdSchema } from './provider-id.ts'
import { TRANSFER_METHODS } from './transfer-messages.ts'
import { method, nothing } from './ui-method.ts'
import { USAGE_METHODS } from './usage-messages.ts'
import { VAULT_METHODS } from './vault-messages.ts'

const nanoUsd = z.int().check(z.nonnegative())

/** What the windows need to know first. `damaged`: the header is there and cannot be read. */
export const walletStatusSchema = z.strictObject({
  vault: z.enum(['none', 'locked', 'unlocked', 'damaged']),
  paused: z.boolean(),
  /** A new version of the extension is here and starts when no call runs. */
  updateWaits: z.boolean(),
  /** False until the person showed that they kept the recovery kit that is in force. */
  kitKept: z.boolean(),
})
export type WalletStatus = z.infer<typeof walletStatusSchema>

/** A valet key a window may show and copy. */
const siteValetKeySchema = z.strictObject({
  provider: providerIdSchema,
  shape: z.string(),
  key: z.string(),
})

/** One site: whether ValetKey is on for it, on which terms, what it spent. */
export const siteStateSchema = z.strictObject({
  origin: originSchema,
  state: z.enum(['off', 'asking', 'on', 'paused', 'expired', 'blocked']),
  grant: z.nullable(
    z.strictObject({
      id: grantIdSchema,
      status: grantStatusSchema,
      terms: termsSchema,
      valetKeys: z.array(siteValetKeySchema),
      /** Spent and held in the running period of each budget, in the order of `terms.budgets`. */
      usedNanoUsd: z.array(nanoUsd),
    }),
  ),
  /** Why the last call of this site was refused, so that the popup can say what to do. */
  lastRefusal: z.nullable(
    z.strictObject({
      code: z.string(),
      at: z.int(),
      details: z.optional(errorDetailsSchema),
    }),
  ),
  /** A host other than the provider's that this site sent its valet key to: its own server, mostly. */
  foreignHost: z.nullable(z.string()),
})
export type SiteState = z.infer<typeof siteStateSchema>

/** What an app says of itself and wants, where it asked to be connected. None of it is vouched for. */
const appWishSchema = z.strictObject({
  reason: z.nullable(z.string()),
  /** What it would like to spend; the proposal may be less. */
  budget: z.nullable(z.strictObject({ usd: usdSchema, window: budgetWindowSchema })),
  capabilities: z.array(capabilitySchema),
  /** The providers it can work with; none named: all. */
  providers: z.array(providerIdSchema),
  /** Set where it is the app's server that wants to make calls: what it calls itself, and through whom. */
  link: z.nullable(
    z.strictObject({
      name: z.string(),
      server: originSchema,
      /** Whether the vault is synced with another server, or none: an account is opened there for apps alone. */
      isElsewhere: z.boolean(),
      /** False: it has no key that seals, so its server can be served only by what the relay can read. */
      canSeal: z.boolean(),
      /** Set where it asked by OAuth, in a tab that goes to `origin` after the answer. */
      byTab: z.nullable(
        z.strictObject({
          /** What it was registered for, where that is another site than the one it goes to. */
          otherSite: z.nullable(z.string()),
          /** It has access already, and asks for more, or anew. */
          isKnown: z.boolean(),
        }),
      ),
      /** Set where the person typed the code it shows: no page or tab stands for it (C102). */
      byCode: z.nullable(
        z.strictObject({
          /** Where it asks from, as the server saw it. */
          fromAddress: z.nullable(z.string()),
          /** What it was registered for. */
          site: z.nullable(z.string()),
        }),
      ),
    }),
  ),
})

/** What a consent window shows. */
export const consentRequestSchema = z.strictObject({
  id: z.string(),
  origin: originSchema,
  ...termChoicesShape,
  /** Set when the question is about one call of a site that is on already; `once` then allows that call. */
  call: z.nullable(
    z.strictObject({
      provider: providerIdSchema,
      model: z.nullable(z.string()),
      /** The most it can cost; null: nothing bounds it. */
      boundUsd: z.nullable(z.string()),
      /** What it will probably cost; null: not known. */
      expectedUsd: z.nullable(z.string()),
      /** Why the person is asked. What nothing bounds cannot be allowed for good. */
      why: z.enum(['every_call', 'unbounded', 'above']),
    }),
  ),
  /** Set when an app of the SDK asks. */
  app: z.nullable(appWishSchema),
})
export type ConsentRequest = z.infer<typeof consentRequestSchema>

/** What the person set. No secret: readable while locked. */
export const settingsSchema = z.strictObject({
  /** Whether keys can be shown and copied at all. */
  revealKeys: z.boolean(),
})
export type Settings = z.infer<typeof settingsSchema>

/** Every method: its parameters and its result. */
export const UI_METHODS = {
  /** `seen`: the person has the popup before them, so what the badge called for is seen. */
  'status.get': method(z.strictObject({ seen: z.optional(z.boolean()) }), walletStatusSchema),
  ...VAULT_METHODS,
  ...KEY_METHODS,
  ...CAPTURE_METHODS,
  ...TRANSFER_METHODS,
  ...APP_METHODS,
  ...OWN_APP_METHODS,
  'site.get': method(z.strictObject({ origin: originSchema }), siteStateSchema),
  /** Remembers the wish; the consent window opens once the browser permission is there. */
  'site.switch_on': method(
    z.strictObject({ origin: originSchema }),
    z.strictObject({ waitingFor: z.enum(['permission', 'consent']) }),
  ),
  'site.switch_off': method(z.strictObject({ origin: originSchema }), nothing),
  /** The person has read where this site sends its valet key. */
  'site.dismiss_foreign_host': method(z.strictObject({ origin: originSchema }), nothing),
  /** Provider keys the site's open pages keep in their own storage: whose they are, never the keys. */
  'site_keys.list': method(
    z.strictObject({ origin: originSchema }),
    z.strictObject({ providers: z.array(providerIdSchema) }),
  ),
  /** Puts the site's valet keys where its pages keep provider keys. */
  'site_keys.replace': method(
    z.strictObject({ origin: originSchema }),
    z.strictObject({ replaced: z.array(providerIdSchema) }),
  ),
  'site.pause': method(z.strictObject({ origin: originSchema, paused: z.boolean() }), nothing),
  /** `dropsLimits`: the person was told that compatibility mode ends limits it cannot keep. */
  'site.set_lane': method(
    z.discriminatedUnion('lane', [
      z.strictObject({ origin: originSchema, lane: z.literal('proxy') }),
      z.strictObject({
        ...{ origin: originSchema, lane: z.literal('inject') },
        dropsLimits: z.boolean(),
      }),
    ]),
    z.strictObject({ outcome: z.enum(['set', 'passphrase-needed', 'permission-needed']) }),
  ),
  'wallet.pause': method(z.strictObject({ paused: z.boolean() }), nothing),
  'consent.get': method(z.strictObject({ id: z.string() }), consentRequestSchema),
  'consent.decide': method(
    z.discriminatedUnion('decision', [
      z.strictObject({ id: z.string(), decision: z.literal('allow'), terms: termsSchema }),
      z.strictObject({ id: z.string(), decision: z.literal('once'), terms: termsSchema }),
      /** About a call: allows it, and from now on every call of the site that costs no more than this. */
      z.strictObject({ id: z.string(), decision: z.literal('raise'), askAbove: usdSchema }),
      z.strictObject({ id: z.string(), decision: z.literal('deny') }),
    ]),
    nothing,
  ),
  'settings.get': method(nothing, settingsSchema),
  'settings.change': method(settingsSchema, nothing),
  /** A window of ours wrote to the clipboard. `clearsAt`: when a secret is overwritten, null: never. */
  'clipboard.note_copy': method(
    z.strictObject({ secret: z.boolean() }),
    z.strictObject({ clearsAt: z.nullable(z.int()) }),
  ),
  ...USAGE_METHODS,
  ...DEVICE_METHODS,
  ...DIAGNOSTICS_METHODS,
} as const

export type UiMethod = keyof typeof UI_METHODS
export type UiParams<M extends UiMethod> = z.infer<(typeof UI_METHODS)[M]['params']>
export type UiResult<M extends UiMethod> = z.infer<(typeof UI_METHODS)[M]['result']>

/** The envelope of every request from a window. */
export const uiRequestSchema = z.strictObject({ method: z.string(), params: z.unknown() })
export const uiReplySchema = z.union([
  z.strictObject({ ok: z.literal(true), result: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: wireErrorSchema }),
])
export type UiReply = z.infer<typeof uiReplySchema>

/** Background → every open window: something a window shows may have changed, read it again. */
export const stateChangedSchema = z.strictObject({ type: z.literal('state-changed') })
