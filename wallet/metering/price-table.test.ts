import { TieredPrices } from '@pydantic/genai-prices'
import { describe, expect, it } from 'vitest'
import { DEAREST, complete, priceFrom } from './price-table.ts'

const tiers = new TieredPrices({ base: 1, tiers: [{ start: 100, price: 2 }] })

describe('a table of token prices', () => {
  it.each<[number | null, number]>([
    [null, 2],
    [0, 1],
    [100, 1],
    [101, 2],
  ])('gives for %s tokens of input the price of their tier', (inputTokens, usd) => {
    const price = priceFrom({ input_mtok: tiers }, { inputTokens, media: false })

    expect(price).toEqual({ input: usd * 1_000_000 })
  })

  it('is exact where a price is no binary fraction', () => {
    expect(priceFrom({ input_mtok: 0.1, output_mtok: 0.018_75 }, DEAREST)).toEqual({
      input: 100_000,
      output: 18_750,
    })
  })

  it.each([
    ['a price of 0', { input_mtok: 0, output_mtok: 0 }],
    ['a negative price', { input_mtok: -1 }],
    ['a price that is no number', { input_mtok: NaN, output_mtok: Infinity }],
    ['prices by the second only', { audio_hours: 0.36 }],
    ['a price for reading the cache only', { cache_read_mtok: 1 }],
    ['nothing', {}],
  ])('has no price where it names %s (C70)', (_, table) => {
    expect(priceFrom(table, DEAREST)).toBeNull()
  })

  it('leaves a kind out that costs nothing, so that the dearer one counts (C70)', () => {
    const price = priceFrom({ input_mtok: 3, cache_read_mtok: 0, output_mtok: 0 }, DEAREST)

    expect(complete(price ?? {}, { input: 7, output: 9 })).toEqual({
      input: 3_000_000,
      cachedInput: 3_000_000,
      cacheWriteInput: 3_000_000,
      cacheWriteLongInput: 3_000_000,
      output: 9,
    })
  })
})
