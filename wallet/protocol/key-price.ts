import * as z from 'zod/mini'
import { parseUsd, usdSchema } from './money.ts'

/** What a person says that a model costs with a key, in dollars for a million tokens. */
export const keyPriceSchema = z.strictObject({
  /** The models it is for: a name, `*` standing for any run of characters. */
  model: z.string().check(z.minLength(1), z.maxLength(200)),
  inputUsd: usdSchema,
  /** Of what the provider had in its cache; absent: as any other input. */
  cachedInputUsd: z.optional(usdSchema),
  outputUsd: usdSchema,
})
export type KeyPrice = z.infer<typeof keyPriceSchema>

const MOST_PRICES = 50
/** In the order they are looked through: the first whose models fit counts. */
export const keyPricesSchema = z.array(keyPriceSchema).check(z.maxLength(MOST_PRICES))

const picoUsd = z.int().check(z.nonnegative())

/** The same for one token, in pico-USD: what a call was held with, and is charged with however it ends. */
export const ownPriceSchema = z.strictObject({
  input: picoUsd,
  cachedInput: picoUsd,
  output: picoUsd,
})
export type OwnPrice = z.infer<typeof ownPriceSchema>

const NANO_PER_MTOK_IN_PICO = 1000

/** @throws `request.invalid` for an amount that is none */
export function ownPriceOf({ inputUsd, cachedInputUsd, outputUsd }: KeyPrice): OwnPrice {
  return {
    input: picoPerToken(inputUsd),
    cachedInput: picoPerToken(cachedInputUsd ?? inputUsd),
    output: picoPerToken(outputUsd),
  }
}

/** A dollar for a million tokens is 10⁶ pico-USD a token; what is smaller than one is rounded up. */
function picoPerToken(usdPerMillion: string): number {
  return Math.ceil(parseUsd(usdPerMillion) / NANO_PER_MTOK_IN_PICO)
}
