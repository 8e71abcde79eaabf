import * as z from 'zod/mini'
import { parseUsd, usdSchema } from './money.ts'

/** The models a price is for: a name, `*` standing for any run of characters. */
const model = z.string().check(z.minLength(1), z.maxLength(200))

/** Above it no whole number of pico-USD holds the price; nothing is sold so dear by the piece. */
const MOST_FOR_A_UNIT = 1000
const unitUsd = usdSchema.check(z.refine((text) => Number(text) <= MOST_FOR_A_UNIT))

/** What a person says that a model costs with a key, in dollars. */
export const keyPriceSchema = z.union([
  /** For a million tokens. */
  z.strictObject({
    model,
    inputUsd: usdSchema,
    /** Of what the provider had in its cache; absent: as any other input. */
    cachedInputUsd: z.optional(usdSchema),
    outputUsd: usdSchema,
  }),
  /** For a picture made, a million characters spoken, a minute of sound heard. */
  z.strictObject({ model, per: z.enum(['image', 'mchar', 'minute']), usd: unitUsd }),
])
export type KeyPrice = z.infer<typeof keyPriceSchema>

const MOST_PRICES = 50
/** In the order they are looked through: the first whose models fit counts. */
export const keyPricesSchema = z.array(keyPriceSchema).check(z.maxLength(MOST_PRICES))

const picoUsd = z.int().check(z.nonnegative())

/** What one of something that is no token costs, in pico-USD. */
const unitPriceSchema = z.strictObject({
  per: z.enum(['image', 'character', 'second']),
  picoUsd,
})
export type UnitPrice = z.infer<typeof unitPriceSchema>

/**
 * The same for one token, in pico-USD: what a call was held with, and is charged with however it ends. With
 * a `unit` no token costs anything.
 */
export const ownPriceSchema = z.strictObject({
  input: picoUsd,
  cachedInput: picoUsd,
  output: picoUsd,
  unit: z.optional(unitPriceSchema),
})
export type OwnPrice = z.infer<typeof ownPriceSchema>

const PICO_PER_NANO = 1000
const NANO_PER_MTOK_IN_PICO = 1000
const SECONDS_PER_MINUTE = 60

/** @throws `request.invalid` for an amount that is none */
export function ownPriceOf(price: KeyPrice): OwnPrice {
  if ('per' in price) return { input: 0, cachedInput: 0, output: 0, unit: unitOf(price) }
  const { inputUsd, cachedInputUsd, outputUsd } = price
  return {
    input: picoPerToken(inputUsd),
    cachedInput: picoPerToken(cachedInputUsd ?? inputUsd),
    output: picoPerToken(outputUsd),
  }
}

function unitOf({ per, usd }: Extract<KeyPrice, { per: unknown }>): UnitPrice {
  if (per === 'image') return { per, picoUsd: parseUsd(usd) * PICO_PER_NANO }
  if (per === 'mchar') return { per: 'character', picoUsd: picoPerToken(usd) }
  return {
    per: 'second',
    picoUsd: Math.ceil((parseUsd(usd) * PICO_PER_NANO) / SECONDS_PER_MINUTE),
  }
}

/** A dollar for a million tokens is 10⁶ pico-USD a token; what is smaller than one is rounded up. */
function picoPerToken(usdPerMillion: string): number {
  return Math.ceil(parseUsd(usdPerMillion) / NANO_PER_MTOK_IN_PICO)
}
