import * as z from 'zod/mini'

/** The port the offscreen document opens to the background. */
export const OFFSCREEN_PORT = 'offscreen'

/** Background → offscreen document: derive with Argon2id. The bytes go over our own port, to no other page. */
export const kdfRequestSchema = z.strictObject({
  id: z.int(),
  passphraseBytes: z.instanceof(Uint8Array),
  salt: z.instanceof(Uint8Array),
  params: z.strictObject({
    alg: z.literal('argon2id'),
    v: z.literal(19),
    m: z.int(),
    t: z.int(),
    p: z.literal(1),
  }),
})
export type KdfRequest = z.infer<typeof kdfRequestSchema>

export const kdfReplySchema = z.discriminatedUnion('ok', [
  z.strictObject({ id: z.int(), ok: z.literal(true), derivedBytes: z.instanceof(Uint8Array) }),
  z.strictObject({ id: z.int(), ok: z.literal(false) }),
])
export type KdfReply = z.infer<typeof kdfReplySchema>
