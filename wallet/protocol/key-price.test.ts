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

  it.each([
    ['image', '0.04', { per: 'image', picoUsd: 40_000_000_000 }],
    ['mchar', '15', { per: 'character', picoUsd: 15_000_000 }],
    ['minute', '0.006', { per: 'second', picoUsd: 100_000_000 }],
    ['minute', '0.0043', { per: 'second', picoUsd: 71_666_667 }],
  ] as const)(
    'by the %s of $%s is whole pico-USD, and no token costs anything',
    (per, usd, unit) => {
      const price = { model: '*', per, usd }

      expect(keyPricesSchema.safeParse([price]).success).toBe(true)
      expect(ownPriceOf(price)).toEqual({ input: 0, cachedInput: 0, output: 0, unit })
    },
  )

  it('by the piece is at most what whole numbers hold', () => {
    const price = (usd: string) => ({ model: '*', per: 'image', usd })

    expect(keyPricesSchema.safeParse([price('1000')]).success).toBe(true)
    expect(keyPricesSchema.safeParse([price('1000.01')]).success).toBe(false)
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
