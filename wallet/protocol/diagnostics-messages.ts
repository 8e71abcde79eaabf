/**
 * What a person may paste into a bug report. It is an allow-list: numbers, fixed words and versions; nothing of it
 * can hold a key, a prompt, a name or an address, but for `sites` and `labels`, which the person ticks.
 */
import * as z from 'zod/mini'
import { isErrorCode } from './errors.ts'
import { originSchema } from './grant.ts'
import { providerIdSchema } from './provider-id.ts'
import { method } from './ui-method.ts'
import { callEndingSchema } from './usage.ts'

const count = z.int().check(z.nonnegative())
/** Digits and dots alone: nothing else fits in. */
const version = z.string().check(z.regex(/^\d{1,6}(?:\.\d{1,6}){0,3}$/))

/** The permissions an extension of ours can hold; sites are counted, never named. */
export const PERMISSION_NAMES = [
  'storage',
  'unlimitedStorage',
  'alarms',
  'idle',
  'scripting',
  'activeTab',
  'offscreen',
  'contextMenus',
  'declarativeNetRequestWithHostAccess',
  'notifications',
  'clipboardWrite',
  'webRequest',
] as const
const permissionNameSchema = z.enum(PERMISSION_NAMES)

/** What the browser says of itself and of us. */
const environmentSchema = z.strictObject({
  extension: version,
  browser: z.strictObject({
    name: z.enum(['chrome', 'firefox', 'other']),
    version: z.nullable(version),
  }),
  system: z.enum(['mac', 'win', 'android', 'cros', 'linux', 'openbsd', 'fuchsia', 'other']),
  permissions: z.array(permissionNameSchema),
  /** How many patterns of hosts it may reach. */
  hosts: count,
  storage: z.strictObject({ usedBytes: z.nullable(count), quotaBytes: z.nullable(count) }),
})
export type Environment = z.infer<typeof environmentSchema>

/** What is known of an open vault. */
const contentsSchema = z.strictObject({
  keys: z.array(z.strictObject({ provider: providerIdSchema, count, archived: count })),
  apps: z.strictObject({ on: count, paused: count, off: count }),
  /** Entries that cannot be read. */
  damaged: count,
  /** The last calls, like ones counted together. `status`: what the provider answered, 0: nothing. */
  calls: z.array(
    z.strictObject({
      provider: providerIdSchema,
      ending: callEndingSchema,
      status: z.int().check(z.minimum(0), z.maximum(999)),
      count,
    }),
  ),
  /** Why calls of sites were refused last, like ones counted together. */
  refusals: z.array(z.strictObject({ code: z.string().check(z.refine(isErrorCode)), count })),
})

export const diagnosticsSchema = z.strictObject({
  format: z.literal(1),
  environment: environmentSchema,
  vault: z.enum(['none', 'locked', 'unlocked', 'damaged']),
  paused: z.boolean(),
  updateWaits: z.boolean(),
  /** Null: the vault is not open. */
  contents: z.nullable(contentsSchema),
  /** Present where the person ticked it. */
  sites: z.optional(z.array(originSchema)),
  /** Present where the person ticked it. */
  labels: z.optional(z.array(z.string())),
})
export type Diagnostics = z.infer<typeof diagnosticsSchema>

export const DIAGNOSTICS_METHODS = {
  /** `sites`, `labels`: the person wants them in it. */
  'diagnostics.get': method(
    z.strictObject({ sites: z.boolean(), labels: z.boolean() }),
    diagnosticsSchema,
  ),
} as const
