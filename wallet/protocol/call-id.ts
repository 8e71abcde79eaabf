import * as z from 'zod/mini'

/** Names one call or socket of one port; chosen by the page, used once. */
export const callIdSchema = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/))
