/**
 * Calls of app servers on the live socket (design: protocols §2, §4b). One WebSocket message is one frame,
 * as those of the live channel:
 *
 *   type u8 | flags u8 | reserved u16 | stream u32 | payload, up to 64 KiB
 *
 * A stream is one call, numbered by the server, evenly. The wallet takes it (`accept`), and only then is
 * the body sent: of two wallets that take one call, one gets it. In plain mode a second `accept` carries
 * the status and the headers of the reply.
 */
import * as z from 'zod/mini'
import { fromBase64url } from './base64url.ts'
import { fromWire, toWire, type WalletError } from './errors.ts'
import { grantIdSchema, requestIdSchema } from './ids.ts'
import { parseJson } from './parse.ts'

const FRAME_START_BYTES = 8
/** The most a frame carries; a sealed chunk is exactly one frame. */
export const RELAY_PAYLOAD_BYTES = 64 * 1024
/** What a stream may send before the other side grants more, each way. */
export const RELAY_CREDIT_BYTES = 256 * 1024
export const RELAY_BODY_LIMIT_BYTES = 8 * 1024 * 1024
export const RELAY_REPLY_LIMIT_BYTES = 64 * 1024 * 1024
export const RELAY_CALL_LIMIT_MS = 10 * 60_000
export const RELAY_STREAMS_PER_WALLET = 32
/** How long a wallet may take to accept a call. */
export const RELAY_ACCEPT_MS = 2000
/** What a wallet says in `hello` when it takes calls. */
export const RELAY_CAPABILITY = 'relay'
/** The close code by which a wallet says that it goes because it was locked. */
export const LIVE_CLOSE_LOCKED = 4001

const RELAY_FRAMES = {
  ...{ open: 16, accept: 17, data: 18, end: 19, rst: 20, window: 21 },
} as const
type RelayFrameType = keyof typeof RELAY_FRAMES
const TYPES = new Map(Object.entries(RELAY_FRAMES).map(([type, number]) => [number, type]))

const headers = z
  .array(z.tuple([z.string().check(z.maxLength(256)), z.string().check(z.maxLength(16_384))]))
  .check(z.maxLength(128))
const opened = {
  grant: grantIdSchema,
  requestId: requestIdSchema,
  idempotencyKey: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
}
const sealedOpenSchema = z.strictObject({
  ...opened,
  enc: z.string().check(z.refine((text) => isBytes(text, 32))),
  t: z.int().check(z.nonnegative()),
})
const plainOpenSchema = z.strictObject({
  ...opened,
  method: z.string().check(z.regex(/^[A-Z]{1,16}$/)),
  path: z.string().check(z.startsWith('/'), z.maxLength(8192)),
  headers,
})
const openSchema = z.union([sealedOpenSchema, plainOpenSchema])
export type SealedOpen = z.infer<typeof sealedOpenSchema>
export type PlainOpen = z.infer<typeof plainOpenSchema>

const replyHeadSchema = z.strictObject({
  status: z.int().check(z.gte(200), z.lte(599)),
  headers,
})
/** Of a reply in plain mode. */
export type RelayReplyHead = z.infer<typeof replyHeadSchema>
const takenSchema = z.strictObject({})

export type RelayFrame = { readonly stream: number } & (
  | { readonly type: 'open'; readonly open: SealedOpen | PlainOpen }
  /** `head` null: taken. */
  | { readonly type: 'accept'; readonly head: RelayReplyHead | null }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'end' }
  /** The call is over, whatever was still to come. */
  | { readonly type: 'rst'; readonly error: WalletError }
  /** So many bytes more may be sent. */
  | { readonly type: 'window'; readonly bytes: number }
)

/** @throws RangeError for a payload no frame carries */
export function encodeRelayFrame(frame: RelayFrame): Uint8Array<ArrayBuffer> {
  const payload = payloadOf(frame)
  if (payload.length > RELAY_PAYLOAD_BYTES) throw new RangeError('a frame holds 64 KiB')
  const bytes = new Uint8Array(FRAME_START_BYTES + payload.length)
  bytes[0] = RELAY_FRAMES[frame.type]
  new DataView(bytes.buffer).setUint32(4, frame.stream)
  bytes.set(payload, FRAME_START_BYTES)
  return bytes
}

function payloadOf(frame: RelayFrame): Uint8Array {
  switch (frame.type) {
    case 'open':
      return jsonBytes(frame.open)
    case 'accept':
      return jsonBytes(frame.head ?? {})
    case 'data':
      return frame.bytes
    case 'end':
      return new Uint8Array()
    case 'rst':
      return jsonBytes(toWire(frame.error, ''))
    case 'window': {
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setUint32(0, frame.bytes)
      return bytes
    }
  }
}

/** Whether a message is one of this table, and not of the live channel's. */
export function isRelayFrame(bytes: Uint8Array): boolean {
  return TYPES.has(bytes[0] ?? 0)
}

/** The frame in these bytes, or null for anything that is none. `data` is a view of them. */
export function decodeRelayFrame(bytes: Uint8Array): RelayFrame | null {
  const type = TYPES.get(bytes[0] ?? 0) as RelayFrameType | undefined // the keys of the table
  if (type === undefined || bytes.length < FRAME_START_BYTES) return null
  if (bytes.length > FRAME_START_BYTES + RELAY_PAYLOAD_BYTES) return null
  if (bytes[1] !== 0 || bytes[2] !== 0 || bytes[3] !== 0) return null
  const stream = numberAt(bytes, 4)
  if (stream === 0 || stream % 2 !== 0) return null
  return decodePayload(type, stream, bytes.subarray(FRAME_START_BYTES))
}

function decodePayload(
  type: RelayFrameType,
  stream: number,
  payload: Uint8Array,
): RelayFrame | null {
  switch (type) {
    case 'data':
      return { type, stream, bytes: payload }
    case 'end':
      return payload.length === 0 ? { type, stream } : null
    case 'window': {
      const bytes = payload.length === 4 ? numberAt(payload, 0) : 0
      return bytes > 0 ? { type, stream, bytes } : null
    }
    case 'open': {
      const parsed = openSchema.safeParse(jsonOf(payload))
      return parsed.success ? { type, stream, open: parsed.data } : null
    }
    case 'accept': {
      const json = jsonOf(payload)
      if (takenSchema.safeParse(json).success) return { type, stream, head: null }
      const parsed = replyHeadSchema.safeParse(json)
      return parsed.success ? { type, stream, head: parsed.data } : null
    }
    // A code of a newer table is read as `internal`: the call is over all the same.
    case 'rst':
      return { type, stream, error: fromWire(jsonOf(payload)) }
  }
}

function numberAt(bytes: Uint8Array, at: number): number {
  const low = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
  return (bytes[at] ?? 0) * 2 ** 24 + low
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function jsonOf(payload: Uint8Array): unknown {
  return parseJson(new TextDecoder().decode(payload))
}

function isBytes(text: string, sizeBytes: number): boolean {
  try {
    return fromBase64url(text).length === sizeBytes
  } catch {
    return false
  }
}
