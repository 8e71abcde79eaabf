import { describe, expect, it } from 'vitest'
import { createLedger } from '../metering/index.ts'
import type { KeyId, KeyPrice } from '../protocol/index.ts'
import { APP, AT_HOSTS, KEY_ID, REPLY, World, chat, read } from './__fixtures__/call-world.ts'
import { ownPrice } from './own-price.ts'
import { runCall } from './run-call.ts'

const MINE: KeyPrice = {
  model: 'my-*',
  inputUsd: '0.10',
  cachedInputUsd: '0.02',
  outputUsd: '0.40',
}
const DEAR: KeyPrice = { model: '*', inputUsd: '100', outputUsd: '1000' }
/** 64 for the call, 16 for its message; what its text counts is taken from a call at the table's price. */
const INPUT_NANO = 100
const OUTPUT_NANO = 400
const LIMIT = 1000

function worldWith(prices: readonly KeyPrice[]) {
  const world = new World()
  if (world.grant) {
    const limits = { ...world.grant.terms.limits, maxOutputTokens: LIMIT }
    world.grant = { ...world.grant, terms: { ...world.grant.terms, limits } }
  }
  const ports = {
    ...world.ports,
    openVault: () =>
      Promise.resolve({
        readGrant: () => Promise.resolve(world.grant),
        openKey: (keyId: KeyId) =>
          Promise.resolve({ keyId, provider: world.provider, ...AT_HOSTS, prices }),
      }),
  }
  const call = (model: string) => runCall(chat({ model }), APP, ports, new AbortController().signal)
  return { world, call }
}

describe('what a person says that models cost', () => {
  it.each<[string, string | null, number | null]>([
    ['the first that fits', 'my-model', 100_000],
    ['one for every other', 'gpt-5', 100_000_000],
    ['one for a call that names no model', null, 100_000_000],
  ])('is %s', (_, model, input) => {
    const key = { keyId: KEY_ID, provider: 'openai', ...AT_HOSTS } as const

    expect(ownPrice({ ...key, prices: [MINE, DEAR] }, model)?.input ?? null).toBe(input)
    expect(ownPrice({ ...key, prices: [{ ...MINE, model: 'other' }] }, model)).toBeNull()
    expect(ownPrice(key, model)).toBeNull()
  })
})

describe('a call with a key that has prices of its own', () => {
  it('is held and charged by the price it was held with, whoever settles it (C65, C70)', async () => {
    const { world, call } = worldWith([MINE])
    let atProvider = { boundNanoUsd: 0, boundTokens: 0 }
    world.answer = async () => {
      const [held] = await world.store.reservations()
      if (held) atProvider = held
      expect(held?.price).toEqual({ input: 100_000, cachedInput: 20_000, output: 400_000 })
      return Response.json({
        ...REPLY,
        usage: {
          prompt_tokens: 90,
          completion_tokens: 30,
          prompt_tokens_details: { cached_tokens: 40 },
        },
      })
    }
    await read(await call('my-model'))

    const inputTokens = atProvider.boundTokens - LIMIT
    expect(atProvider.boundNanoUsd).toBe(inputTokens * 2 * INPUT_NANO + LIMIT * OUTPUT_NANO)
    expect((await world.rows())[0]).toMatchObject({
      costNanoUsd: 50 * INPUT_NANO + 40 * 20 + 30 * OUTPUT_NANO,
      costSource: 'usage',
    })
  })

  it('costs its bound at that price when its worker died (C65)', async () => {
    const { world, call } = worldWith([MINE])
    world.answer = () => new Promise(() => undefined)
    void call('my-model')
    await expect.poll(() => world.sent.length).toBe(1)
    const [held] = await world.store.reservations()
    const next = createLedger({ store: world.store, clock: () => world.clock.now() })

    expect(await next.reconcile()).toMatchObject([
      { ending: 'lost', costSource: 'bound', costNanoUsd: held?.boundNanoUsd },
    ])
  })

  it('has a floor by that price, not by the dearest of the provider (C71)', async () => {
    const { world, call } = worldWith([MINE])
    const content = 'word '.repeat(1000)
    const usage = { prompt_tokens: 9, completion_tokens: 1 }
    world.answer = () =>
      Promise.resolve(Response.json({ choices: [{ message: { content } }], usage }))
    await read(await call('my-model'))

    expect((await world.rows())[0]).toMatchObject({
      costNanoUsd: Math.ceil(content.length / 128) * OUTPUT_NANO,
      costSource: 'floor',
    })
  })

  it('is one to ask about when its own price is above what the person wants to be asked at', async () => {
    const { world, call } = worldWith([DEAR])
    if (world.grant) {
      world.grant = { ...world.grant, terms: { ...world.grant.terms, askAbove: '0.10' } }
    }
    expect((await read(await call('gpt-4o-mini'))).headers['x-valetkey-error']).toBe('grant.denied')
    expect(world.sent).toEqual([])

    world.says = 'allow'
    expect((await read(await call('gpt-4o-mini'))).status).toBe(200)
  })

  it('costs what the table says where none of them fits', async () => {
    const { world, call } = worldWith([MINE])
    await read(await call('gpt-4o-mini'))

    expect((await world.rows())[0]).toMatchObject({ costNanoUsd: 9 * 150 + 3 * 600 })
  })
})
