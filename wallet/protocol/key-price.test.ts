import { describe, expect, it } from 'vitest'
import { keyPricesSchema, ownPriceOf } from './key-price.ts'

describe('a price by hand', () => {
  it.each<[string, string | undefined, string, number, number, number]>([
    ['0.15', '0.075', '0.60', 150_000, 75_000, 600_000],
    ['3', undefined, '15.00', 3_000_000, 3_000_000, 15_000_000],
    ['0.0000015', undefined, '0', 2, 2, 0],
  ])('of $%s, $%s, $%s for a million tokens is whole pico-USD a token, rounded up', (...row) => {
    const [inputUsd, cachedInputUsd, outputUsd, input, cachedInput, output] = row
    const cached = cachedInputUsd === undefined ? {} : { cachedInputUsd }

    expect(ownPriceOf({ model: '*', inputUsd, outputUsd, ...cached })).toEqual({
      ...{ input, cachedInput, output },
    })
  })

  it.each<[string, object]>([
    ['a negative amount', { inputUsd: '-1' }],
    ['an amount that is none', { outputUsd: 'NaN' }],
    ['a power', { outputUsd: '1e3' }],
    ['no model', { model: '' }],
    ['a member nobody knows', { perImage: '1' }],
  ])('is refused with %s', (_, change) => {
    const price = { model: 'gpt-*', inputUsd: '1', outputUsd: '2' }

    expect(keyPricesSchema.safeParse([price]).success).toBe(true)
    expect(keyPricesSchema.safeParse([{ ...price, ...change }]).success).toBe(false)
  })
})
