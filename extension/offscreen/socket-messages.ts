/** Background ↔ offscreen document about the sockets it holds. */
import * as z from 'zod/mini'

const socketId = z.int()
const data = z.union([z.string(), z.instanceof(Uint8Array)])

/** Background → document. */
export const socketOrderSchema = z.discriminatedUnion('type', [
  /** The credential is none of its business: a rule of the browser sets it on the handshake. */
  z.strictObject({
    type: z.literal('socket.open'),
    socketId,
    url: z.string(),
    protocols: z.array(z.string()),
  }),
  z.strictObject({ type: z.literal('socket.send'), socketId, data }),
  z.strictObject({
    type: z.literal('socket.close'),
    socketId,
    code: z.optional(z.int()),
    reason: z.string(),
  }),
])
export type SocketOrder = z.infer<typeof socketOrderSchema>

/** Document → background. */
export const socketReportSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('socket.opened'),
    socketId,
    protocol: z.string(),
    extensions: z.string(),
  }),
  z.strictObject({ type: z.literal('socket.frame'), socketId, data }),
  z.strictObject({ type: z.literal('socket.sent'), socketId, bytes: z.int() }),
  z.strictObject({
    type: z.literal('socket.closed'),
    socketId,
    code: z.int(),
    reason: z.string(),
    wasClean: z.boolean(),
  }),
])
export type SocketReport = z.infer<typeof socketReportSchema>
