import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PROVIDER_IDS, isWalletError, type ProviderId } from '../protocol/index.ts'
import { providerById, type CallFacts, type Endpoint } from '../providers/index.ts'
import { boundCall, hasMedia, type BoundInput, type CallBound } from './bound.ts'
import { costOf } from './prices.ts'

const at = Date.UTC(2026, 10, 21)

function makeCall(
  facts: Partial<Omit<CallFacts, 'input'>> & { input?: Partial<CallFacts['input']> } = {},
  members: { provider?: ProviderId; capability?: Endpoint['capability']; max?: number } = {},
): BoundInput {
  return {
    provider: providerById(members.provider ?? 'openai'),
    endpoint: { capability: members.capability ?? 'chat' },
    facts: {
      path: '/v1/chat/completions',
      model: 'gpt-5-mini',
      needs: [],
      stream: false,
      outputLimit: null,
      choices: 1,
      unbounded: false,
      ...facts,
      input: { textBytes: 0, messages: 0, tools: 0, images: 0, files: 0, ...facts.input },
    },
    maxOutputTokens: members.max ?? 1000,
    at,
  }
}

function boundOf(call: BoundInput): number {
  const bound = boundCall(call)
  if ('unbounded' in bound) throw new Error('unbounded')
  return bound.boundNanoUsd
}

describe('the bound of a call', () => {
  it('is one token for each byte, an overhead, and the longest answer (gpt-5-mini)', () => {
    const call = makeCall({ input: { textBytes: 1000, messages: 2 } })

    expect(boundCall(call)).toEqual({
      boundNanoUsd: (64 + 1000 + 2 * 16) * 250 + 1000 * 2000,
      boundTokens: 64 + 1000 + 2 * 16 + 1000,
    })
  })

  it('takes the cache-write rate of the longer time where it is dearer', () => {
    const call = makeCall(
      { model: 'claude-opus-4-8', outputLimit: 1, input: { textBytes: 936 } },
      { provider: 'anthropic' },
    )

    expect(boundOf(call)).toBe(1000 * 10_000 + 25_000)
  })

  it('takes the dearest size tier', () => {
    const call = makeCall(
      { model: 'gpt-5.5', outputLimit: 1, input: { textBytes: 36 } },
      { provider: 'openai' },
    )

    expect(boundOf(call)).toBe(100 * 10_000 + 45_000)
  })

  it('multiplies the answer by the number of choices (C44)', () => {
    const one = boundOf(makeCall({ choices: 1 }))

    expect(boundOf(makeCall({ choices: 8 })) - one).toBe(7 * 1000 * 2000)
  })

  it.each([
    [null, 1000],
    [400, 400],
    [1_000_000, 1000],
  ])('takes the smaller of the app’s output limit %s and ours (C44)', (outputLimit, tokens) => {
    expect(boundOf(makeCall({ outputLimit }))).toBe(64 * 250 + tokens * 2000)
  })

  it.each<[string, Partial<CallFacts['input']>, number]>([
    ['a tool', { tools: 1 }, 1024 + 768],
    ['a message', { messages: 1 }, 16],
    ['an image', { images: 1 }, 24_600],
    ['a file, of whatever length', { files: 1 }, 400_000],
    ['two files together, as no call holds more than the model takes', { files: 2 }, 400_000],
  ])('counts %s', (_, input, tokens) => {
    expect(boundOf(makeCall({ input })) - boundOf(makeCall())).toBe(tokens * 250)
  })

  it('counts an image at the dearest where the model counts it dearer, or is not named', () => {
    const image = { input: { images: 1 } }
    const tokensOf = (call: BoundInput) => {
      const bound = boundCall(call)
      return 'unbounded' in bound ? 0 : bound.boundTokens
    }

    expect(tokensOf(makeCall({ ...image, model: 'gpt-4o-mini' }))).toBe(64 + 1000 + 48_169)
    expect(tokensOf(makeCall({ ...image, model: 'ft:gpt-4o-mini-2024-07-18:us' }))).toBe(
      64 + 1000 + 48_169,
    )
    expect(tokensOf(makeCall({ ...image, model: null }))).toBe(64 + 1000 + 48_169)
  })

  it.each<[ProviderId, number]>([
    ['openai', 24_600],
    ['anthropic', 4784],
    ['google', 4128],
    ['groq', 6400],
  ])('counts an image as %s states it', (provider, tokens) => {
    const of = (images: number) =>
      boundCall(makeCall({ model: 'some-model', input: { images } }, { provider }))
    const tokensOf = (bound: CallBound) => ('unbounded' in bound ? 0 : bound.boundTokens)

    expect(tokensOf(of(1)) - tokensOf(of(0))).toBe(tokens)
  })

  it.each([
    ['gpt-4o-transcribe', 6000, 10_000],
    ['gpt-4o-mini-transcribe', 3000, 5000],
  ])(
    'is the whole context of %s for a recording, however long it claims to be',
    (model, sound, text) => {
      const call = makeCall({ model, input: { files: 1 } }, { capability: 'transcription' })

      expect(boundOf(call)).toBe((64 + 16_000) * sound + 16_000 * text)
    },
  )

  it.each<[string, ProviderId]>([
    ['whisper-1', 'openai'],
    ['whisper-large-v3', 'groq'],
    ['scribe-of-tomorrow', 'openai'],
    ['gpt-5-mini', 'openai'],
  ])('is none for a recording that %s is sent: no length of it is known', (model, provider) => {
    const call = { model, input: { files: 1 } }

    expect(boundCall(makeCall(call, { provider, capability: 'transcription' }))).toMatchObject({
      unbounded: true,
    })
  })

  describe('of a model that its provider gives away', () => {
    const ask = (facts: Parameters<typeof makeCall>[0], provider: ProviderId = 'openrouter') =>
      boundCall(makeCall({ model: 'meta/llama-4:free', ...facts }, { provider }))

    it('counts tokens, and costs nothing', () => {
      expect(ask({ input: { textBytes: 10 } })).toEqual({ boundNanoUsd: 0, boundTokens: 1074 })
    })

    it.each<[string, Parameters<typeof makeCall>[0], ProviderId]>([
      ['a tool with a fee', { unbounded: true }, 'openrouter'],
      ['a file, which is read for a fee', { input: { files: 1 } }, 'openrouter'],
      ['a name that only holds the word', { model: 'free/model' }, 'openrouter'],
      ['two variants at once', { model: 'meta/llama-4:free:nitro' }, 'openrouter'],
      ['another provider', {}, 'openai'],
    ])('costs something with %s (C70)', (_, facts, provider) => {
      expect(ask(facts, provider)).not.toMatchObject({ boundNanoUsd: 0 })
    })
  })

  it.each<[string, ProviderId, number]>([
    ['whisper-1', 'openai', 360_000_000],
    ['whisper-large-v3', 'groq', 111_000_003],
  ])('reckons with an hour of sound for %s, once the person said yes', (model, provider, part) => {
    const call = { model, input: { files: 1 } }

    expect(boundCall(makeCall(call, { provider, capability: 'transcription' }))).toEqual({
      ...{ unbounded: true, partNanoUsd: part, partTokens: 0 },
    })
  })

  it('is by the character for speech that is sold so: a byte is one at most', () => {
    const speech = (model: string) =>
      boundCall(makeCall({ model, input: { textBytes: 100 } }, { capability: 'speech' }))

    expect(speech('tts-1')).toEqual({ boundNanoUsd: 1_500_000, boundTokens: 0 })
    expect(speech('tts-1-hd')).toEqual({ boundNanoUsd: 3_000_000, boundTokens: 0 })
    expect(speech('gpt-4o-mini-tts')).toMatchObject({ unbounded: true })
  })

  it.each([
    ['gpt-image-1', 40],
    ['gpt-image-1-mini', 8],
    ['gpt-image-1.5', 32],
  ])('is every picture of %s at the most tokens it can have', (model, usdPerMillion) => {
    const picture = (choices: number) =>
      boundOf(makeCall({ model, choices }, { capability: 'image' }))

    expect(picture(3) - picture(2)).toBe(6540 * usdPerMillion * 1000)
  })

  it.each(['gpt-image-2', 'dall-e-3', 'gpt-image-1-of-tomorrow', null])(
    'is none for pictures by %s: nothing states what one of them holds',
    (model) => {
      expect(boundCall(makeCall({ model }, { capability: 'image' }))).toMatchObject({
        unbounded: true,
      })
    },
  )

  describe('with a price of the person’s own by the piece', () => {
    const tokens = { input: 0, cachedInput: 0, output: 0 }
    const of = (
      per: 'image' | 'character' | 'second',
      capability: Endpoint['capability'],
      facts: Parameters<typeof makeCall>[0] = {},
    ) =>
      boundCall({
        ...makeCall({ model: 'own', ...facts }, { capability, provider: 'stability' }),
        price: { ...tokens, unit: { per, picoUsd: 2_000_000 } },
      })

    it('is that price for each piece', () => {
      expect(of('image', 'image', { choices: 4 })).toEqual({ boundNanoUsd: 8000, boundTokens: 0 })
      expect(of('character', 'speech', { input: { textBytes: 7 } })).toMatchObject({
        boundNanoUsd: 14_000,
      })
    })

    it.each([
      ['image', 'chat'],
      ['character', 'image'],
      ['second', 'transcription'],
    ] as const)(
      'is none, and not 0, by the %s for %s: nothing tells how many (C70)',
      (per, capability) => {
        const bound = of(per, capability)

        expect(bound).toMatchObject({ unbounded: true })
        expect('partNanoUsd' in bound && bound.partNanoUsd).toBeGreaterThan(0)
      },
    )

    it('is none where the request has fees of its own', () => {
      expect(of('image', 'image', { unbounded: true })).toMatchObject({ unbounded: true })
    })
  })

  it('has no output for embeddings', () => {
    const model = 'text-embedding-3-small'
    const call = makeCall({ model, input: { textBytes: 936 } }, { capability: 'embedding' })

    expect(boundOf(call)).toBe(1000 * 20)
  })

  it.each(['models', 'tokens'] as const)('is nothing for %s', (capability) => {
    expect(boundOf(makeCall({ model: null, unbounded: true }, { capability }))).toBe(0)
  })

  it('is nothing for moderation, which the table knows as free, but not for a model it does not know', () => {
    const moderation = (model: string) => makeCall({ model }, { capability: 'moderation' })

    expect(boundOf(moderation('omni-moderation-latest'))).toBe(0)
    expect(boundOf(moderation('judge-of-tomorrow'))).toBeGreaterThan(0)
  })

  it('is the dearest for a model nobody knows, never 0 (C70)', () => {
    const known = boundOf(makeCall({ model: 'o1-pro' }))

    expect(boundOf(makeCall({ model: 'gpt-of-tomorrow' }))).toBeGreaterThanOrEqual(known)
  })

  it.each(['image', 'speech', 'transcription', 'realtime', 'video', 'rerank'] as const)(
    'is not known for %s, and the part that is known is not 0',
    (capability) => {
      const bound = boundCall(makeCall({ input: { textBytes: 100 } }, { capability }))

      expect(bound).toMatchObject({ unbounded: true })
      expect('partNanoUsd' in bound && bound.partNanoUsd).toBeGreaterThan(0)
    },
  )

  it('is not known where the request has fees of its own', () => {
    expect(boundCall(makeCall({ unbounded: true }))).toMatchObject({ unbounded: true })
  })

  it('is not known where the sum is none that a number holds', () => {
    const endless = makeCall({ choices: Number.MAX_SAFE_INTEGER })

    expect(boundCall(endless)).toMatchObject({
      unbounded: true,
      partNanoUsd: Number.MAX_SAFE_INTEGER,
    })
  })

  it.each<[string, Parameters<typeof makeCall>]>([
    ['a negative output limit', [{ outputLimit: -1 }]],
    ['half a token', [{ outputLimit: 0.5 }]],
    ['a negative number of choices', [{ choices: -3 }]],
    ['more choices than a number holds', [{ choices: 1e308 }]],
    ['endless text', [{ input: { textBytes: Infinity } }]],
    ['no number of images', [{ input: { images: NaN } }]],
    ['a negative limit of ours', [{}, { max: -1 }]],
  ])('is refused for %s (C44)', (_, call) => {
    expect(() => boundCall(makeCall(...call))).toThrow(
      expect.objectContaining({ code: 'request.invalid', details: { reason: 'count' } }),
    )
  })

  it('is never below what any usage within it costs (C69–C73)', () => {
    const models = fc.constantFrom(
      ...([
        'gpt-5-mini',
        'gpt-5.5',
        'claude-sonnet-4-5',
        'gemini-2.5-flash',
        'nobody-knows',
      ] as const),
    )
    const count = fc.nat(50_000)
    const calls = fc.record({
      provider: fc.constantFrom(...PROVIDER_IDS),
      model: models,
      textBytes: count,
      images: fc.nat(3),
      choices: fc.integer({ min: 1, max: 4 }),
      outputLimit: fc.option(count),
      max: fc.integer({ min: 1, max: 50_000 }),
      shares: fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)),
    })
    fc.assert(
      fc.property(calls, ({ provider, textBytes, images, shares, max, ...facts }) => {
        const input = { textBytes, messages: 1, images }
        const call = makeCall({ ...facts, input }, { provider, max })
        const bound = boundOf(call)
        const limit = Math.min(facts.outputLimit ?? Infinity, max)
        const cachedInput = Math.floor((textBytes * shares[0]) / 200)
        const cacheWriteInput = Math.floor((textBytes * shares[1]) / 200)
        const usage = {
          input: textBytes - cachedInput - cacheWriteInput,
          cachedInput,
          cacheWriteInput,
          output: Math.floor((facts.choices * limit * shares[2]) / 100),
          reasoning: 0,
        }
        const cost = costOf({ provider, model: facts.model, at }, usage, hasMedia(call.facts))

        expect(cost).toBeLessThanOrEqual(bound)
      }),
      { numRuns: 500 },
    )
  })

  it('throws nothing but codes, whatever is counted', () => {
    const any = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, 2 ** 53, -1, 1e308))
    fc.assert(
      fc.property(any, any, any, (textBytes, choices, outputLimit) => {
        try {
          const bound = boundCall(makeCall({ choices, outputLimit, input: { textBytes } }))
          const nanoUsd = 'unbounded' in bound ? bound.partNanoUsd : bound.boundNanoUsd
          expect(Number.isSafeInteger(nanoUsd) && nanoUsd >= 0).toBe(true)
        } catch (error) {
          expect(isWalletError(error, 'request.invalid')).toBe(true)
        }
      }),
    )
  })
})
