/** What a page and the background say to each other about a socket (formats §8). */
import * as z from 'zod/mini'
import { callIdSchema } from './call-id.ts'
import { SOCKET_FRAME_LIMIT_BYTES } from './limits.ts'

/** One frame: text, or bytes. */
const socketDataSchema = z.union([
  z.string().check(z.maxLength(SOCKET_FRAME_LIMIT_BYTES)),
  z
    .instanceof(Uint8Array)
    .check(z.refine(({ length }: Uint8Array) => length <= SOCKET_FRAME_LIMIT_BYTES)),
])

const closeSchema = {
  code: z.int().check(z.minimum(0), z.maximum(65_535)),
  reason: z.string().check(z.maxLength(1024)),
}

/** Page → background. */
export const socketMessagesOfPage = [
  z.strictObject({
    type: z.literal('socket.open'),
    callId: callIdSchema,
    url: z.string().check(z.maxLength(16_384)),
    protocols: z.array(z.string().check(z.maxLength(512))).check(z.maxLength(32)),
    valetKey: z.string().check(z.maxLength(256)),
  }),
  z.strictObject({ type: z.literal('socket.frame'), callId: callIdSchema, data: socketDataSchema }),
  /** Without a code the page gave none. */
  z.strictObject({
    type: z.literal('socket.close'),
    callId: callIdSchema,
    code: z.optional(closeSchema.code),
    reason: closeSchema.reason,
  }),
] as const

/** Background → page; a socket that was refused ends with `call.error`, one that is not ours with `call.pass`. */
export const socketMessagesToPage = [
  z.strictObject({
    type: z.literal('socket.opened'),
    callId: callIdSchema,
    protocol: z.string(),
    extensions: z.string(),
  }),
  z.strictObject({ type: z.literal('socket.frame'), callId: callIdSchema, data: socketDataSchema }),
  /** The network took that many bytes of the page's frames: `bufferedAmount` falls by them. */
  z.strictObject({
    type: z.literal('socket.sent'),
    callId: callIdSchema,
    bytes: z.int().check(z.nonnegative()),
  }),
  z.strictObject({
    type: z.literal('socket.closed'),
    callId: callIdSchema,
    ...closeSchema,
    wasClean: z.boolean(),
  }),
] as const
