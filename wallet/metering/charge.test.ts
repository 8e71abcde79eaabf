import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  callEndingSchema,
  createId,
  type GrantId,
  type KeyId,
  type RequestId,
  type Reservation,
  type TokenUsage,
} from '../protocol/index.ts'
import { createSeededRandom } from '../testing/index.ts'
import { chargeOf, localFloor, type CallOutcome } from './charge.ts'
import { costOf } from './prices.ts'

const random = createSeededRandom('charge')
const at = Date.UTC(2026, 10, 21)
const BOUND = 5_000_000
const reservation: Reservation = {
  requestId: createId<RequestId>(random),
  grantId: createId<GrantId>(random),
  keyId: createId<KeyId>(random),
  provider: 'openai',
  model: 'gpt-5-mini',
  capability: 'chat',
  lane: 'proxy',
  startedAt: at,
  boundNanoUsd: BOUND,
  boundTokens: 4000,
  media: false,
  periods: ['total'],
}
const usage: TokenUsage = {
  input: 100,
  cachedInput: 0,
  cacheWriteInput: 0,
  output: 50,
  reasoning: 20,
}
const HONEST = 100 * 250 + 50 * 2000
const done: CallOutcome = {
  ending: 'done',
  status: 200,
  usage,
  usageFinal: true,
  firstByteSeen: true,
}
const bound = { costNanoUsd: BOUND, costSource: 'bound', tokens: null }
const nothing = { costNanoUsd: 0, costSource: 'none', tokens: null }
const silent = { usage: null, usageFinal: false }

describe('the charge of an ended call (protocols §3b)', () => {
  it('says that the price is not known (C70)', () => {
    const unknown = { ...reservation, model: 'model-of-tomorrow' }
    const dearest = costOf({ provider: 'openai', model: unknown.model, at }, usage, false)
    const own = { input: 1000, cachedInput: 1000, output: 2000 }

    expect(chargeOf(unknown, done)).toEqual({
      ...{ costNanoUsd: dearest, costSource: 'price', tokens: usage },
    })
    expect(chargeOf({ ...unknown, price: own }, done)).toMatchObject({
      ...{ costNanoUsd: 100 + 50 * 2, costSource: 'usage' },
    })
  })

  it('is by the second of sound where that is what the provider reports', () => {
    const heard = { ...reservation, model: 'whisper-1', capability: 'transcription' as const }
    const sound = { input: 0, cachedInput: 0, cacheWriteInput: 0, output: 0, reasoning: 0 }

    expect(chargeOf(heard, { ...done, usage: { ...sound, seconds: 61 } })).toEqual({
      ...{ costNanoUsd: 6_100_000, costSource: 'usage' },
      tokens: { ...sound, seconds: 61 },
    })
    expect(chargeOf(heard, { ...done, usage: { ...sound, seconds: 31 * 86_400 } })).toEqual(bound)
    expect(chargeOf(heard, { ...done, usage: { ...sound, seconds: 0 } })).toEqual(bound)
  })

  it.each(['image', 'character'] as const)(
    'is what was held for each %s the person put a price on, whatever tokens are reported',
    (per) => {
      const price = { input: 0, cachedInput: 0, output: 0, unit: { per, picoUsd: 1000 } }

      expect(chargeOf({ ...reservation, price }, done)).toEqual({
        ...{ costNanoUsd: BOUND, costSource: 'usage', tokens: usage },
      })
    },
  )

  it('is the price by the minute that the person stated, for what was heard', () => {
    const unit = { per: 'second' as const, picoUsd: 1_000_000 }
    const price = { input: 0, cachedInput: 0, output: 0, unit }
    const heard = { ...usage, input: 0, output: 0, reasoning: 0, seconds: 12 }

    expect(chargeOf({ ...reservation, price }, { ...done, usage: heard })).toMatchObject({
      ...{ costNanoUsd: 12_000, costSource: 'usage' },
    })
  })

  it('is the usage the provider reported', () => {
    expect(chargeOf(reservation, done)).toEqual({
      costNanoUsd: HONEST,
      costSource: 'usage',
      tokens: usage,
    })
  })

  it.each<[string, Partial<CallOutcome>]>([
    ['nothing was sent', { ...silent, ending: 'denied', status: 0, firstByteSeen: false }],
    ['the provider refused with a 4xx and its body', { ...silent, ending: 'refused', status: 401 }],
    ['the provider refused with a 5xx and its body', { ...silent, ending: 'refused', status: 529 }],
  ])('is nothing where %s', (_, outcome) => {
    expect(chargeOf(reservation, { ...done, ...outcome })).toEqual(nothing)
  })

  it.each<[string, Partial<CallOutcome>]>([
    ['aborted after the first byte', { ...silent, ending: 'aborted' }],
    ['aborted right after sending (C72)', { ...silent, ending: 'aborted', firstByteSeen: false }],
    ['aborted with usage that could still rise', { ending: 'aborted', usageFinal: false }],
    ['cut', { ...silent, ending: 'failed' }],
    ['without any reply', { ...silent, ending: 'failed', status: 0, firstByteSeen: false }],
    ['lost with its worker (C65)', { ...silent, ending: 'lost', status: 0, firstByteSeen: false }],
    ['lost, whatever is said of its usage', { ending: 'lost' }],
    ['done without usage', silent],
    ['done with usage that was not final', { usageFinal: false }],
    [
      'refused without an error body',
      { ...silent, ending: 'refused', status: 500, firstByteSeen: false },
    ],
    ['refused with a status that is no refusal', { ending: 'refused', status: 200 }],
  ])('is the whole bound for a call %s', (_, outcome) => {
    expect(chargeOf(reservation, { ...done, ...outcome })).toEqual(bound)
  })

  it('is the usage for a call aborted after its final usage had come', () => {
    expect(chargeOf(reservation, { ...done, ending: 'aborted' }).costNanoUsd).toBe(HONEST)
  })

  it.each<[string, object]>([
    ['negative', { output: -1 }],
    ['NaN', { input: NaN }],
    ['infinite', { input: Infinity }],
    ['1e308', { output: 1e308 }],
    ['more than any model makes', { output: 100_000_001, reasoning: 0 }],
    ['half a token', { input: 0.5 }],
    ['text', { input: '100' }],
    ['absent', { input: undefined }],
    ['of another shape', { credits: 5 }],
    ['nothing at all', { input: 0, output: 0, reasoning: 0 }],
    ['more reasoning than output', { reasoning: 51 }],
    ['more long cache writes than writes', { cacheWriteLongInput: 1 }],
  ])('is the whole bound for usage that is %s (C69)', (_, members) => {
    const absurd = { ...usage, ...members }

    expect(chargeOf(reservation, { ...done, usage: absurd })).toEqual(bound)
  })

  it('is at least what was seen, where the provider reports less (C71)', () => {
    const floor = HONEST + 1

    expect(chargeOf(reservation, { ...done, localFloor: floor })).toEqual({
      costNanoUsd: floor,
      costSource: 'floor',
      tokens: usage,
    })
    expect(chargeOf(reservation, { ...done, localFloor: HONEST }).costSource).toBe('usage')
  })

  it('is the usage also where it is more than the bound: that is what is billed', () => {
    const more = { ...usage, output: 90_000 }
    const charge = chargeOf(reservation, { ...done, usage: more })

    expect(charge).toMatchObject({ costNanoUsd: 25_000 + 90_000 * 2000, costSource: 'usage' })
  })

  it('says "nothing" of a call that was free to begin with', () => {
    const free = { ...reservation, boundNanoUsd: 0 }

    expect(chargeOf(free, { ...done, ...silent })).toEqual(nothing)
  })

  it('counts input as the dearest medium where the call carried any', () => {
    const audio = { ...reservation, model: 'gpt-audio' }
    const [text, media] = [false, true].map(
      (flag) => chargeOf({ ...audio, media: flag }, done).costNanoUsd,
    )

    expect((media ?? 0) - (text ?? 0)).toBe(100 * (32_000 - 2500))
  })

  it('is never below what is billed, nor above the bound without a usage that says so', () => {
    const counts = fc.record({
      input: fc.nat(10_000),
      cachedInput: fc.nat(10_000),
      cacheWriteInput: fc.nat(10_000),
      output: fc.integer({ min: 1, max: 10_000 }),
      reasoning: fc.constant(0),
    })
    const outcomes = fc.record({
      ending: fc.constantFrom(...callEndingSchema.options),
      status: fc.constantFrom(0, 200, 204, 400, 429, 500),
      usage: fc.option(counts),
      usageFinal: fc.boolean(),
      firstByteSeen: fc.boolean(),
    })
    fc.assert(
      fc.property(outcomes, counts, (outcome, billed) => {
        // Whatever the app does with the reply, an honest provider bills at most the bound.
        const priced = { provider: 'openai', model: 'gpt-5-mini', at } as const
        const boundNanoUsd = costOf(priced, billed)
        const honest = { ...outcome, usage: outcome.usage && billed }
        const charge = chargeOf({ ...reservation, boundNanoUsd }, honest)
        const free =
          outcome.ending === 'denied' ||
          (outcome.ending === 'refused' && outcome.status >= 400 && outcome.firstByteSeen)

        expect(charge.costNanoUsd).toBe(free ? 0 : boundNanoUsd)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the floor of what was seen', () => {
  it('takes every token as the longest there is, so that it is never above an honest figure', () => {
    const seen = { provider: 'openai', model: 'gpt-5-mini', at } as const

    expect(localFloor({ ...seen, outputTextBytes: 0 })).toBe(0)
    expect(localFloor({ ...seen, outputTextBytes: 1 })).toBe(2000)
    expect(localFloor({ ...seen, outputTextBytes: 1281 })).toBe(11 * 2000)
  })
})
