import * as z from 'zod/mini'
import { linkWishSchema } from '@valetkey/wallet/linked'
import {
  connectRequestSchema,
  grantIdSchema,
  originSchema,
  providerIdSchema,
  termsSchema,
} from '@valetkey/wallet/protocol'
import { browser } from './browser.ts'

const siteWishSchema = z.strictObject({
  kind: z.literal('site'),
  id: z.string(),
  origin: originSchema,
  /** The consent window, once it is open. */
  windowId: z.nullable(z.int()),
})
/** A site the person wants to switch on: waits for the browser permission, then for the consent. */
export type SiteWish = z.infer<typeof siteWishSchema>

const callQuestionSchema = z.strictObject({
  kind: z.literal('call'),
  id: z.string(),
  origin: originSchema,
  grantId: grantIdSchema,
  terms: termsSchema,
  provider: providerIdSchema,
  model: z.nullable(z.string()),
  /** Null: nothing bounds what this call may cost. */
  boundNanoUsd: z.nullable(z.int()),
  /** What it will probably cost; null: not known. */
  expectedNanoUsd: z.nullable(z.int()),
  /** Why this call is asked about. */
  why: z.enum(['every_call', 'unbounded', 'above']),
  windowId: z.nullable(z.int()),
})
export type CallQuestion = z.infer<typeof callQuestionSchema>

const connectWishSchema = z.strictObject({
  kind: z.literal('connect'),
  id: z.string(),
  origin: originSchema,
  request: connectRequestSchema,
  /** Set where its server asks for a grant of its own. */
  link: z.optional(linkWishSchema),
  windowId: z.nullable(z.int()),
})
/** An app of the SDK that waits to be connected. */
export type ConnectWish = z.infer<typeof connectWishSchema>

const captureQuestionSchema = z.strictObject({
  kind: z.literal('capture'),
  /** The candidate's: the key itself lies elsewhere. */
  id: z.string(),
  windowId: z.nullable(z.int()),
})

const pendingSchema = z.discriminatedUnion('kind', [
  siteWishSchema,
  callQuestionSchema,
  connectWishSchema,
  captureQuestionSchema,
])
export type Pending = z.infer<typeof pendingSchema>

const PENDING = 'consents'

/** The open questions, in `storage.session`: they survive the worker and end with the browser. */
export async function readPending(): Promise<readonly Pending[]> {
  const stored = (await browser.storage.session.get(PENDING))[PENDING]
  const parsed = z.array(pendingSchema).safeParse(stored ?? [])
  return parsed.success ? parsed.data : []
}

export async function writePending(pending: readonly Pending[]): Promise<void> {
  await browser.storage.session.set({ [PENDING]: pending })
}
