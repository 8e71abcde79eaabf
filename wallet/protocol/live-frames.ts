/**
 * The live channel (design: protocols §1, §2). One WebSocket message is one frame:
 *
 *   type u8 | flags u8 | reserved u16 | stream u32 | payload, up to 64 KiB
 *
 * Payloads of the frames below are JSON; stream and flags are 0.
 */
import * as z from 'zod/mini'
import { parseJson } from './parse.ts'
import { bytesText, idText, signatureText } from './wire-bytes.ts'

export const LIVE_SUBPROTOCOL = 'valetkey.relay.1'
export const LIVE_PING_MS = 20_000
/** A socket that said nothing for so long is dropped. */
export const LIVE_SILENCE_MS = 45_000
const FRAME_LIMIT_BYTES = 64 * 1024
const FRAME_START_BYTES = 8

const LIVE_FRAMES = {
  challenge: 1,
  hello: 2,
  welcome: 3,
  hint: 4,
  ping: 5,
  pong: 6,
  goaway: 7,
} as const
type LiveFrameType = keyof typeof LIVE_FRAMES

const empty = z.strictObject({})
const liveFrameSchemas = {
  /** Server → wallet, at once. */
  challenge: z.strictObject({ challenge: bytesText(32), connId: idText }),
  /** Wallet → server: the `live` signature over both. */
  hello: z.strictObject({
    acct: idText,
    dev: idText,
    t: z.int().check(z.nonnegative()),
    sig: signatureText,
    caps: z.array(z.string().check(z.maxLength(32))).check(z.maxLength(16)),
  }),
  /** `recoveredAt`: somebody fetched the vault with the recovery key. */
  welcome: z.strictObject({ seq: z.int(), recoveredAt: z.nullable(z.int()) }),
  /** There is a newer head: pull. */
  hint: z.strictObject({ seq: z.int(), recovered: z.optional(z.boolean()) }),
  ping: empty,
  pong: empty,
  /** Milliseconds until to come back, and how long to keep trying. */
  goaway: z.strictObject({ reconnectIn: z.int(), tryFor: z.int() }),
} as const satisfies Record<LiveFrameType, z.ZodMiniType>
export type LiveFrame =
  | { type: 'ping' | 'pong' }
  | {
      [T in Exclude<LiveFrameType, 'ping' | 'pong'>]: { type: T } & z.infer<
        (typeof liveFrameSchemas)[T]
      >
    }[Exclude<LiveFrameType, 'ping' | 'pong'>]

export function encodeLiveFrame({ type, ...payload }: LiveFrame): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(payload))
  const bytes = new Uint8Array(FRAME_START_BYTES + json.length)
  bytes[0] = LIVE_FRAMES[type]
  bytes.set(json, FRAME_START_BYTES)
  return bytes
}

/** The frame in these bytes, or null for anything that is none of this table. */
export function decodeLiveFrame(bytes: Uint8Array): LiveFrame | null {
  if (bytes.length > FRAME_START_BYTES + FRAME_LIMIT_BYTES) return null
  const [number, ...rest] = bytes.subarray(0, FRAME_START_BYTES)
  const type = typeOf(number)
  if (!type || rest.length !== FRAME_START_BYTES - 1 || rest.some((byte) => byte !== 0)) return null
  const json = parseJson(new TextDecoder().decode(bytes.subarray(FRAME_START_BYTES)))
  const payload = liveFrameSchemas[type].safeParse(json)
  return payload.success ? ({ type, ...payload.data } as LiveFrame) : null
}

function typeOf(number: number | undefined): LiveFrameType | undefined {
  const types = Object.keys(LIVE_FRAMES) as LiveFrameType[]
  return types.find((type) => LIVE_FRAMES[type] === number)
}
