/**
 * What a page and the background say to each other (formats §8), through the bridge of a switched-on
 * site or the frame of an SDK app. Every message from a page is hostile until its schema took it.
 */
import * as z from 'zod/mini'
import { callIdSchema } from './call-id.ts'
import { connectMessagesOfApp, connectMessagesToApp } from './connect-messages.ts'
import { wireErrorSchema } from './errors.ts'
import { originSchema } from './grant.ts'
import { BODY_LIMIT_BYTES } from './limits.ts'
import { socketMessagesOfPage, socketMessagesToPage } from './socket-messages.ts'

const headerSchema = z.tuple([
  z.string().check(z.maxLength(256)),
  z.string().check(z.maxLength(16_384)),
])
const headersSchema = z.array(headerSchema).check(z.maxLength(128))

const fieldName = z.string().check(z.maxLength(1024))
const formFieldSchema = z.union([
  z.strictObject({ name: fieldName, text: z.string().check(z.maxLength(BODY_LIMIT_BYTES)) }),
  z.strictObject({
    name: fieldName,
    blob: z.instanceof(Blob),
    filename: z.string().check(z.maxLength(1024)),
  }),
])
export type FormField = z.infer<typeof formFieldSchema>

/**
 * The body of a call: `text` keeps a string body a string, `blob` travels by handle, and so do the files
 * of a `form`: nobody reads them on the way.
 */
const callBodySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('text'),
    text: z.string().check(z.maxLength(BODY_LIMIT_BYTES)),
  }),
  z.strictObject({ kind: z.literal('bytes'), bytes: z.instanceof(Uint8Array) }),
  z.strictObject({ kind: z.literal('blob'), blob: z.instanceof(Blob) }),
  z.strictObject({
    kind: z.literal('form'),
    fields: z.array(formFieldSchema).check(z.maxLength(256)),
  }),
])
export type CallBody = z.infer<typeof callBodySchema>

export const helloSchema = z.strictObject({
  type: z.literal('hello'),
  version: z.int(),
  /** Only on the port of our own frame, which took it from the browser (C16). */
  appOrigin: z.optional(originSchema),
})

export const callStartSchema = z.strictObject({
  type: z.literal('call.start'),
  callId: callIdSchema,
  method: z.string().check(z.maxLength(16)),
  url: z.string().check(z.maxLength(16_384)),
  headers: headersSchema,
  body: callBodySchema,
  valetKey: z.optional(z.string().check(z.maxLength(256))),
  grantRef: z.optional(z.string().check(z.maxLength(64))),
})
export type CallStart = z.infer<typeof callStartSchema>

export const pageMessageSchema = z.discriminatedUnion('type', [
  helloSchema,
  callStartSchema,
  z.strictObject({
    type: z.literal('call.credit'),
    callId: callIdSchema,
    bytes: z.int().check(z.positive()),
  }),
  z.strictObject({ type: z.literal('call.abort'), callId: callIdSchema }),
  ...socketMessagesOfPage,
  ...connectMessagesOfApp,
  z.strictObject({ type: z.literal('status') }),
  /** Of the bridge: this page calls often, its calls should go past the browser's own process. */
  z.strictObject({ type: z.literal('direct.want') }),
  /** A request of the page's own holds a valet key where no provider takes one: it goes out unchanged. */
  z.strictObject({
    type: z.literal('seen'),
    url: z.string().check(z.maxLength(16_384)),
    valetKey: z.string().check(z.maxLength(256)),
  }),
])
/** Page → background. */
export type PageMessage = z.infer<typeof pageMessageSchema>

/** How a switched-on site stands. */
export type SiteStatus = Exclude<AppStatus, 'locked'>

/** How an app's session stands; `locked` is for the apps that are connected, nobody else learns of it. */
const appStatusSchema = z.enum(['on', 'paused', 'locked', 'none'])
export type AppStatus = z.infer<typeof appStatusSchema>

export const backgroundMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), version: z.int(), site: appStatusSchema }),
  /** Not for us: the shim makes the page's own request unchanged. */
  z.strictObject({ type: z.literal('call.pass'), callId: callIdSchema }),
  z.strictObject({
    type: z.literal('call.head'),
    callId: callIdSchema,
    status: z.int(),
    statusText: z.string(),
    headers: headersSchema,
    url: z.string(),
  }),
  z.strictObject({
    type: z.literal('call.chunk'),
    callId: callIdSchema,
    /** A `Blob` where much came at once: by handle it costs half of what bytes in a message do. */
    bytes: z.union([z.instanceof(Uint8Array), z.instanceof(Blob)]),
  }),
  z.strictObject({ type: z.literal('call.end'), callId: callIdSchema }),
  z.extend(wireErrorSchema, { type: z.literal('call.error'), callId: callIdSchema }),
  ...socketMessagesToPage,
  ...connectMessagesToApp,
  z.strictObject({ type: z.literal('changed'), status: appStatusSchema }),
])
/** Background → page. */
export type BackgroundMessage = z.infer<typeof backgroundMessageSchema>

/**
 * Background → bridge, not for the page: the ticket by which the worker knows a channel for that of this
 * document, and the first message on it (decision 0013).
 */
export type DirectMessage =
  { readonly type: 'direct.ticket'; readonly ticket: string } | { readonly type: 'direct.ready' }
