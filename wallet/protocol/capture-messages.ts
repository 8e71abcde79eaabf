/**
 * Keys on their way in: what the script on a provider's dashboard tells the background, and what our windows
 * ask about a key that waits to be confirmed. The secret goes in with the proposal and never comes back out.
 */
import * as z from 'zod/mini'
import type { WireError } from './errors.ts'
import { originSchema } from './grant.ts'
import { grantIdSchema, keyIdSchema } from './ids.ts'
import { providerIdSchema } from './provider-id.ts'
import { keyTestSchema } from './records.ts'
import { method, nothing } from './ui-method.ts'

/** How long a key that waits to be confirmed is remembered, in milliseconds; in memory only. */
export const CANDIDATE_MS = 120_000

/**
 * Where a key was picked up: shown on the dashboard, in the argument of its own copy call (C59), or in a
 * selection the person saved from the context menu.
 */
const captureViaSchema = z.enum(['page', 'copy', 'selection'])
export type CaptureVia = z.infer<typeof captureViaSchema>

/** What both ends of a masked key show: all that a dashboard's list tells of a key. */
const maskSchema = z.strictObject({
  start: z.string().check(z.maxLength(64)),
  end: z.string().check(z.minLength(3), z.maxLength(64)),
})

/** Script on a dashboard → background. Whose dashboard it is, the browser's own facts of the sender tell. */
export const captureMessageSchema = z.discriminatedUnion('type', [
  /** The person pressed “Save in ValetKey” on the toast. It only proposes. */
  z.strictObject({
    type: z.literal('capture.propose'),
    key: z.string().check(z.minLength(1), z.maxLength(4096)),
    via: z.enum(['page', 'copy']),
    /** What the page calls the key, as far as it could be read. */
    name: z.nullable(z.string().check(z.maxLength(200))),
  }),
  /** The dashboard lists these as revoked, disabled or expired. */
  z.strictObject({
    type: z.literal('capture.revoked'),
    masks: z.array(maskSchema).check(z.minLength(1), z.maxLength(50)),
  }),
])
export type CaptureMessage = z.infer<typeof captureMessageSchema>

/**
 * Background → script. A dashboard learns nothing of the vault: a proposal was put to the person, or it was
 * not; of masks only that they were heard.
 */
export type CaptureReply =
  | { readonly ok: true; readonly result: { readonly outcome: 'asked' | 'heard' } }
  | { readonly ok: false; readonly error: WireError }
/** A masked key, as a dashboard's list shows it. */
export type KeyMask = z.infer<typeof maskSchema>

/** Why a text a person picked holds no key to save. */
export const NO_KEY_REASONS = ['none', 'several', 'admin', 'valet'] as const
export type NoKeyReason = (typeof NO_KEY_REASONS)[number]

/** A key that waits to be confirmed, as its window may see it. */
const captureRequestSchema = z.strictObject({
  id: z.string(),
  provider: providerIdSchema,
  /** Where it was picked up; null for a selection in a page that has no origin. */
  origin: z.nullable(originSchema),
  via: captureViaSchema,
  /** `sk-proj…x7Qa`: never enough to use. */
  maskedKey: z.string(),
  /** What the page calls it; '' where it says nothing. */
  suggestedLabel: z.string(),
  /** When it is forgotten, Unix ms. */
  forgottenAt: z.int(),
  /** What its test said; null: it was not tested. */
  test: z.nullable(keyTestSchema),
  /** What only the open vault knows; null while it is locked. */
  vault: z.nullable(
    z.strictObject({
      /** The very same key is in the vault already; under this label. */
      duplicate: z.nullable(z.strictObject({ keyId: keyIdSchema, label: z.string() })),
      /** How many keys of this provider the vault holds: another one may be somebody else's (C58). */
      others: z.int(),
      /** Sites whose grant has keys of this provider, which may use this one too. */
      sites: z.array(z.strictObject({ grantId: grantIdSchema, origin: originSchema })),
    }),
  ),
})
export type CaptureRequest = z.infer<typeof captureRequestSchema>

export const CAPTURE_METHODS = {
  /** Answers while locked too, so that the window can say what it is about. */
  'capture.get': method(z.strictObject({ id: z.string() }), captureRequestSchema),
  /** Tries the key at its provider. Nothing is stored by it. */
  'capture.check': method(
    z.strictObject({ id: z.string() }),
    z.strictObject({ test: keyTestSchema }),
  ),
  /** Stores the key. One the page copied is stored only after its test said that it works (C59). */
  'capture.save': method(
    z.strictObject({
      id: z.string(),
      label: z.string().check(z.maxLength(200)),
      expiresAt: z.nullable(z.int().check(z.positive())),
      /** Their grants may use it from now on, after the keys they have. */
      grantIds: z.array(grantIdSchema).check(z.maxLength(200)),
    }),
    z.strictObject({
      keyId: keyIdSchema,
      test: keyTestSchema,
      /** Of those sites, the ones whose grant could not be changed meanwhile. */
      leftOut: z.array(originSchema),
    }),
  ),
  'capture.discard': method(z.strictObject({ id: z.string() }), nothing),
} as const
