import * as z from 'zod/mini'

/** The port the offscreen document opens to the background. */
export const OFFSCREEN_PORT = 'offscreen'

/** Background → offscreen document. Bytes go over our own port, to no other page. */
export const offscreenRequestSchema = z.discriminatedUnion('type', [
  /** Derive with Argon2id. */
  z.strictObject({
    id: z.int(),
    type: z.literal('derive'),
    passphraseBytes: z.instanceof(Uint8Array),
    salt: z.instanceof(Uint8Array),
    params: z.strictObject({
      alg: z.literal('argon2id'),
      v: z.literal(19),
      m: z.int(),
      t: z.int(),
      p: z.literal(1),
    }),
  }),
  /** Overwrite the clipboard with nothing. */
  z.strictObject({ id: z.int(), type: z.literal('clear-clipboard') }),
])
export type OffscreenRequest = z.infer<typeof offscreenRequestSchema>

/** `bytes`: what was derived; null where there is nothing to hand over. */
export const offscreenReplySchema = z.discriminatedUnion('ok', [
  z.strictObject({ id: z.int(), ok: z.literal(true), bytes: z.nullable(z.instanceof(Uint8Array)) }),
  z.strictObject({ id: z.int(), ok: z.literal(false) }),
])
export type OffscreenReply = z.infer<typeof offscreenReplySchema>
