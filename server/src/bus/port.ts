import { parseJson } from '@valetkey/wallet/protocol'
import * as z from 'zod'

const noticeSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('head'), seq: z.number() }),
  z.strictObject({ type: z.literal('recovered'), seq: z.number() }),
  /** These devices may stay; everybody else's socket is closed. */
  z.strictObject({ type: z.literal('devices'), seq: z.number(), devices: z.array(z.string()) }),
  z.strictObject({ type: z.literal('deleted') }),
])
export type Notice = z.infer<typeof noticeSchema>

/** A notice off the wire, or null for what a newer process may say. */
export function readNotice(text: string): Notice | null {
  const parsed = noticeSchema.safeParse(parseJson(text))
  return parsed.success ? parsed.data : null
}

export interface Bus {
  /** At most once, and never waited for: who missed a hint pulls at the next one. */
  readonly publish: (accountId: string, notice: Notice) => void
  /** @returns what ends the subscription */
  readonly subscribe: (accountId: string, hear: (notice: Notice) => void) => () => void
  readonly calls: CallBus
  readonly close: () => Promise<void>
}

/** Relayed calls between processes: an app's call enters at one, its wallet's socket is at another. */
export interface CallBus {
  /**
   * Asks one of those who serve an account.
   * @returns its answer; null: nobody serves it, known at once; or the time is over
   */
  readonly ask: (account: string, text: string, timeoutMs: number) => Promise<string | null>
  /** @returns what ends it */
  readonly serve: (account: string, answer: (text: string) => Promise<string>) => () => void
  /** At most once and in order, to whoever hears this end of a call. */
  readonly send: (end: string, bytes: Uint8Array) => void
  /** @returns what ends it */
  readonly hear: (end: string, hear: (bytes: Uint8Array) => void) => () => void
}
