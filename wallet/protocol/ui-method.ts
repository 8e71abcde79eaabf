import * as z from 'zod/mini'

/** One method a window may call: the schemas of its parameters and its result. */
export const method = <P extends z.ZodMiniType, R extends z.ZodMiniType>(params: P, result: R) => ({
  params,
  result,
})

export const nothing = z.strictObject({})
export const passphraseText = z.string().check(z.minLength(1), z.maxLength(1024))
