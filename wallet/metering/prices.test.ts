import { calcPrice, findProvider } from '@pydantic/genai-prices'
import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { PROVIDER_IDS, type ProviderId, type TokenUsage } from '../protocol/index.ts'
import { costOf, priceOf } from './prices.ts'

const at = Date.UTC(2026, 10, 21)
const NANO = 1e9
const none = { input: 0, cachedInput: 0, cacheWriteInput: 0, output: 0, reasoning: 0 }
const usageOf = (members: Partial<TokenUsage>): TokenUsage => ({ ...none, ...members })

/** What the price package itself makes of a usage; its input tokens include the cached ones. */
function oracle(provider: ProviderId, model: string, usage: TokenUsage): number {
  const result = calcPrice(
    {
      input_tokens: usage.input + usage.cachedInput + usage.cacheWriteInput,
      cache_read_tokens: usage.cachedInput,
      cache_write_tokens: usage.cacheWriteInput,
      ...(usage.cacheWriteLongInput && { cache_write_1h_tokens: usage.cacheWriteLongInput }),
      output_tokens: usage.output,
    },
    model,
    { providerId: provider, timestamp: new Date(at) },
  )
  return (result?.total_price ?? NaN) * NANO
}

describe('the price of a model', () => {
  it.each<[ProviderId, string, number, number]>([
    ['openai', 'gpt-5-mini', 250_000, 2_000_000],
    ['anthropic', 'claude-opus-4-8', 5_000_000, 25_000_000],
    ['groq', 'llama-3.1-8b-instant', 50_000, 80_000],
    ['google', 'gemini-2.5-flash-lite', 100_000, 400_000],
  ])('is the one of the table: %s %s', (provider, model, input, output) => {
    expect(priceOf({ provider, model, at }, false)).toMatchObject({ known: true, input, output })
  })

  it('is that of the dearest size tier', () => {
    const price = priceOf({ provider: 'anthropic', model: 'claude-sonnet-4-5', at })

    expect(price).toMatchObject({
      input: 6_000_000,
      cachedInput: 600_000,
      cacheWriteInput: 7_500_000,
      cacheWriteLongInput: 12_000_000,
      output: 22_500_000,
    })
  })

  it('counts the dearest medium where the call carries any, and what comes out always', () => {
    const model = 'gpt-audio'

    expect(priceOf({ provider: 'openai', model, at }).input).toBe(32_000_000)
    expect(priceOf({ provider: 'openai', model, at }, false).input).toBe(2_500_000)
    expect(priceOf({ provider: 'openai', model, at }, false).output).toBe(64_000_000)
  })

  it('changes on the day the table says', () => {
    const priced = { provider: 'google', model: 'gemini-3.6-flash' } as const
    const before = priceOf({ ...priced, at: Date.UTC(2026, 11, 31, 23) }).input
    const after = priceOf({ ...priced, at: Date.UTC(2027, 0, 1) }).input

    expect([before, after]).toEqual([750_000, 1_500_000])
  })

  it.each(PROVIDER_IDS)(
    'is the dearest of all models of %s for one nobody knows (C70)',
    (provider) => {
      const names = ['made-up-model', '', 'x'.repeat(10_000), '__proto__', null]
      for (const model of names) {
        const unknown = priceOf({ provider, model, at })

        expect(unknown.known).toBe(false)
        // A provider the table does not have would be free.
        expect(unknown.input).toBeGreaterThan(0)
        expect(unknown.output).toBeGreaterThan(0)
        for (const { id } of findProvider({ providerId: provider })?.models ?? []) {
          const price = priceOf({ provider, model: id, at })
          for (const kind of ['input', 'cachedInput', 'cacheWriteInput', 'output'] as const) {
            expect(unknown[kind]).toBeGreaterThanOrEqual(price[kind])
            expect(price[kind]).toBeGreaterThan(0)
          }
        }
      }
    },
  )

  it.each<[ProviderId, string]>([['google', 'gemma-3']])(
    'is never 0 where the table has none for tokens: %s %s (C70)',
    (provider, model) => {
      const { known, input, output } = priceOf({ provider, model, at })

      expect(known).toBe(false)
      expect(Math.min(input, output)).toBeGreaterThan(0)
    },
  )

  it.each<[ProviderId, string, object]>([
    // 0.111 $ and 0.36 $ an hour; 15 $ and 30 $ for a million characters
    ['groq', 'whisper-large-v3', { per: 'second', picoUsd: 30_833_334 }],
    ['openai', 'whisper-1', { per: 'second', picoUsd: 100_000_000 }],
    ['openai', 'tts-1', { per: 'character', picoUsd: 15_000_000 }],
    ['openai', 'tts-1-hd', { per: 'character', picoUsd: 30_000_000 }],
  ])('is known by the unit that %s sells %s by', (provider, model, unit) => {
    expect(priceOf({ provider, model, at })).toMatchObject({ known: true, unit })
  })

  it.each<[ProviderId, string, number, number]>([
    ['openai', 'whisper-1', 90, 9_000_000],
    // Ten seconds are the least that Groq bills.
    ['groq', 'whisper-large-v3', 2, 308_334],
    // Nobody knows what a second costs there: 2 $ an hour.
    ['openai', 'whisper-of-tomorrow', 3600, 2_000_000_002],
  ])('counts the seconds that %s heard with %s', (provider, model, seconds, nanoUsd) => {
    expect(costOf({ provider, model, at }, { ...usageOf({}), seconds })).toBe(nanoUsd)
  })

  it('is looked up without any network', () => {
    const fetched = vi.spyOn(globalThis, 'fetch')
    priceOf({ provider: 'openai', model: 'gpt-made-up', at })
    costOf({ provider: 'openai', model: 'gpt-5', at }, usageOf({ input: 1 }))

    expect(fetched).not.toHaveBeenCalled()
    fetched.mockRestore()
  })
})

describe('the cost of a usage', () => {
  it('is rounded up to the next nano-dollar for each kind of token', () => {
    // 18.75 nano-dollars for a cached token.
    const price = { provider: 'google', model: 'gemini-1.5-flash', at } as const

    expect(costOf(price, usageOf({ cachedInput: 1 }))).toBe(19)
    expect(costOf(price, usageOf({ cachedInput: 4 }))).toBe(75)
  })

  it('follows the size of the call from tier to tier', () => {
    const priced = { provider: 'anthropic', model: 'claude-sonnet-4-5', at } as const

    expect(costOf(priced, usageOf({ input: 200_000 }))).toBe(200_000 * 3000)
    expect(costOf(priced, usageOf({ input: 200_001 }))).toBe(200_001 * 6000)
    expect(costOf(priced, usageOf({ input: 1, cachedInput: 200_000 }))).toBe(6000 + 200_000 * 600)
  })

  it('takes cache writes as the longer ones unless it is known how many were', () => {
    const priced = { provider: 'anthropic', model: 'claude-opus-4-8', at } as const
    const writes = { cacheWriteInput: 10 }

    expect(costOf(priced, usageOf(writes))).toBe(100_000)
    expect(costOf(priced, usageOf({ ...writes, cacheWriteLongInput: 0 }))).toBe(62_500)
    expect(costOf(priced, usageOf({ ...writes, cacheWriteLongInput: 4 }))).toBe(77_500)
  })

  it('is the dearest for an unknown model, never 0 (C70)', () => {
    const priced = { provider: 'openai', model: 'gpt-of-tomorrow', at } as const

    expect(costOf(priced, usageOf({ input: 1 }))).toBeGreaterThanOrEqual(150_000)
    expect(costOf(priced, usageOf({ output: 1 }))).toBeGreaterThanOrEqual(600_000)
  })

  it('is what the price package computes, for any honest usage of a text model', () => {
    const models: [ProviderId, string][] = [
      ['openai', 'gpt-5'],
      ['openai', 'gpt-5.5'],
      ['openai', 'gpt-6-sol'],
      ['anthropic', 'claude-sonnet-5'],
      ['anthropic', 'claude-sonnet-4-5'],
      ['google', 'gemini-2.5-flash'],
      ['google', 'gemini-2.5-pro'],
      ['groq', 'openai/gpt-oss-120b'],
    ]
    const count = fc.integer({ min: 0, max: 400_000 })
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        count,
        count,
        count,
        (priced, input, cachedInput, output) => {
          const [provider, model] = priced
          const usage = usageOf({ input, cachedInput, output })
          const cost = costOf({ provider, model, at }, usage, false)
          const exact = oracle(provider, model, usage)

          expect(cost).toBeGreaterThanOrEqual(Math.floor(exact))
          expect(cost).toBeLessThanOrEqual(exact + 3)
        },
      ),
    )
  })

  it('is what the price package computes for cache writes of both kinds', () => {
    const count = fc.integer({ min: 0, max: 90_000 })
    fc.assert(
      fc.property(count, count, count, (input, shorter, longer) => {
        const usage = usageOf({
          input,
          cacheWriteInput: shorter + longer,
          cacheWriteLongInput: longer,
        })
        const exact = oracle('anthropic', 'claude-opus-4-8', usage)
        const cost = costOf({ provider: 'anthropic', model: 'claude-opus-4-8', at }, usage, false)

        expect(Math.abs(cost - exact)).toBeLessThanOrEqual(3)
      }),
    )
  })

  it('stays below the dearest price of the model for any usage and medium', () => {
    const ids = PROVIDER_IDS.flatMap((provider) =>
      (findProvider({ providerId: provider })?.models ?? []).map(({ id }) => ({
        provider,
        model: id,
      })),
    )
    const count = fc.integer({ min: 0, max: 1_000_000 })
    const usages = fc.record({
      input: count,
      cachedInput: count,
      cacheWriteInput: count,
      output: count,
    })
    fc.assert(
      fc.property(fc.constantFrom(...ids), usages, fc.boolean(), (model, counts, media) => {
        const price = priceOf({ ...model, at }, media)
        const input = Math.max(price.input, price.cacheWriteInput, price.cacheWriteLongInput)
        const inputTokens = counts.input + counts.cachedInput + counts.cacheWriteInput
        const most = Math.ceil((inputTokens * input + counts.output * price.output) / 1000) + 4

        expect(costOf({ ...model, at }, usageOf(counts), media)).toBeLessThanOrEqual(most)
      }),
      { numRuns: 300 },
    )
  })
})
