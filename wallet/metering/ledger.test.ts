import { describe, expect, it } from 'vitest'
import type { ReserveInput } from './hold-call.ts'
import { createLedger } from './ledger.ts'
import {
  grantId,
  keyId,
  HOUR,
  CENT,
  setUp,
  makeCall,
  usage,
  done,
  HONEST,
} from './__fixtures__/small-ledger.ts'

describe('a ledger', () => {
  it('holds the bound before a call, and charges the usage after it', async () => {
    const { ledger, clock } = setUp()
    const call = makeCall()
    const reservation = await ledger.reserve(call)
    expect(await ledger.used(grantId, call.budgets)).toEqual([3 * CENT])

    clock.advance(1500)
    const row = await ledger.settle(reservation, done)
    expect(row).toEqual({
      requestId: call.requestId,
      grantId,
      keyId,
      provider: 'openai',
      model: 'gpt-5-mini',
      capability: 'chat',
      lane: 'proxy',
      startedAt: clock.now() - 1500,
      durationMs: 1500,
      status: 200,
      ending: 'done',
      tokens: usage,
      costNanoUsd: HONEST,
      costSource: 'usage',
    })
    expect(await ledger.used(grantId, call.budgets)).toEqual([HONEST])
    expect(await ledger.usesOfKeys([keyId])).toEqual([
      { nanoUsd: HONEST, lastUsedAt: clock.now() - 1500 },
    ])
    expect(await ledger.usage(5)).toEqual([row])
  })

  it('refuses a call that could cost more than is left, and says by how much', async () => {
    const { ledger, store } = setUp()
    for (let index = 0; index < 3; index++) await ledger.reserve(makeCall())

    await expect(ledger.reserve(makeCall())).rejects.toMatchObject({
      code: 'budget.exceeded',
      message: 'This call could cost more than is left of this site’s limit.',
      details: { window: 'day', limitUsd: '0.10', usedUsd: '0.09', neededUsd: '0.03' },
    })
    expect(await store.reservations()).toHaveLength(3)
  })

  it('names the window that is full', async () => {
    const { ledger } = setUp()
    const budgets: ReserveInput['budgets'] = [
      { usd: '5.00', window: 'day' },
      { usd: '0.02', window: 'month' },
    ]

    await expect(ledger.reserve(makeCall({ budgets }))).rejects.toMatchObject({
      details: { window: 'month', limitUsd: '0.02', usedUsd: '0.00', neededUsd: '0.03' },
    })
  })

  it('allows nothing that costs without a budget, and what is free with any', async () => {
    const { ledger } = setUp()
    const listing = { capability: null, boundNanoUsd: 0, boundTokens: 0 }

    await expect(ledger.reserve(makeCall({ budgets: [] }))).rejects.toMatchObject({
      code: 'budget.exceeded',
      details: { window: 'total', limitUsd: '0.00' },
    })
    await ledger.settle(await ledger.reserve(makeCall()), { ...done, ending: 'lost' })
    const lowered: ReserveInput['budgets'] = [{ usd: '0.01', window: 'day' }]
    await expect(ledger.reserve(makeCall({ ...listing, budgets: lowered }))).resolves.toBeDefined()
    await expect(
      ledger.reserve(makeCall({ boundNanoUsd: 0, budgets: lowered })),
    ).rejects.toMatchObject({ code: 'budget.exceeded' })
  })

  it('refuses a request id that was there before (C17)', async () => {
    const { ledger } = setUp()
    const call = makeCall({ boundNanoUsd: 1 })
    const reservation = await ledger.reserve(call)
    await expect(ledger.reserve(call)).rejects.toMatchObject({
      code: 'request.replayed',
      message: 'This call was already made once.',
    })
    await ledger.settle(reservation, done)

    await expect(ledger.reserve(call)).rejects.toMatchObject({ code: 'request.replayed' })
  })

  it('settles a call once, whoever comes first', async () => {
    const { ledger } = setUp()
    const reservation = await ledger.reserve(makeCall())
    const endings = ['done', 'aborted', 'lost', 'failed'] as const
    const rows = await Promise.all(
      endings.map((ending) => ledger.settle(reservation, { ...done, ending })),
    )

    expect(rows.filter((row) => row !== null)).toHaveLength(1)
    expect(await ledger.usage(10)).toHaveLength(1)
  })

  it('charges what a dead worker left behind with the whole bound, once (C65)', async () => {
    const { ledger, store, clock } = setUp()
    const left = await ledger.reserve(makeCall({ lane: 'relay' }))
    clock.advance(HOUR)
    const next = createLedger({ store, clock: clock.now })

    expect(await next.reconcile()).toEqual([
      expect.objectContaining({
        requestId: left.requestId,
        ending: 'lost',
        lane: 'relay',
        status: 0,
        costNanoUsd: 3 * CENT,
        costSource: 'bound',
        durationMs: HOUR,
      }),
    ])
    expect(await next.reconcile()).toEqual([])
    expect(await ledger.settle(left, done)).toBeNull()
    expect(await next.used(grantId, [{ usd: '1', window: 'total' }])).toEqual([3 * CENT])
  })

  it('makes no room while a settlement cannot be written', async () => {
    const { ledger, store } = setUp()
    const reservation = await ledger.reserve(makeCall())
    store.failWrites(true)
    await expect(ledger.settle(reservation, done)).rejects.toMatchObject({ code: 'vault.quota' })
    store.failWrites(false)

    expect(await ledger.used(grantId, makeCall().budgets)).toEqual([3 * CENT])
    const next = createLedger({ store, clock: () => reservation.startedAt })
    expect(await next.reconcile()).toHaveLength(1)
  })

  it('leaves its own running calls alone when it reconciles late (C65)', async () => {
    const { ledger, store } = setUp()
    const left = await ledger.reserve(makeCall())
    const next = createLedger({ store, clock: () => left.startedAt })
    const running = await next.reserve(makeCall())
    const settled = await next.reconcile()

    expect(settled.map(({ requestId }) => requestId)).toEqual([left.requestId])
    expect(await next.settle(running, done)).toMatchObject({ costNanoUsd: HONEST })
    expect(await next.reconcile()).toEqual([])
  })

  it('gives a new day new room, and a month not', async () => {
    const { ledger, clock } = setUp()
    const budgets: ReserveInput['budgets'] = [
      { usd: '0.03', window: 'day' },
      { usd: '0.06', window: 'month' },
    ]
    await ledger.reserve(makeCall({ budgets }))
    await expect(ledger.reserve(makeCall({ budgets }))).rejects.toMatchObject({
      details: { window: 'day' },
    })
    clock.advance(13 * HOUR)
    await ledger.reserve(makeCall({ budgets }))
    clock.advance(24 * HOUR)

    await expect(ledger.reserve(makeCall({ budgets }))).rejects.toMatchObject({
      details: { window: 'month' },
    })
  })

  it('charges the day a call was reserved on, however late it ends', async () => {
    const { ledger, store, clock } = setUp()
    const { budgets } = makeCall()
    const reservation = await ledger.reserve(makeCall())
    clock.advance(14 * HOUR)
    await ledger.settle(reservation, done)

    expect((await store.used(grantId, 'day/2026-11-21')).nanoUsd).toBe(HONEST)
    expect(await ledger.used(grantId, budgets)).toEqual([0])
  })

  it('opens no new day for a clock turned ahead or back, until a provider says so (C68)', async () => {
    const { ledger, clock } = setUp()
    const budgets: ReserveInput['budgets'] = [{ usd: '0.03', window: 'day' }]
    await ledger.noteProviderDate('Sat, 21 Nov 2026 12:00:00 GMT')
    await ledger.noteProviderDate('no date at all')
    await ledger.reserve(makeCall({ budgets }))
    for (const ms of [25 * HOUR, 9000 * HOUR, -20_000 * HOUR]) {
      clock.advance(ms)
      await expect(ledger.reserve(makeCall({ budgets }))).rejects.toMatchObject({
        code: 'budget.exceeded',
      })
    }
    clock.set(Date.UTC(2026, 10, 23, 12))
    await ledger.noteProviderDate('Mon, 23 Nov 2026 12:00:00 GMT')

    await expect(ledger.reserve(makeCall({ budgets }))).resolves.toBeDefined()
  })

  it('asks the provider for the time when the budget of an old day is full, and only then', async () => {
    const asked: string[] = []
    const { ledger, clock } = setUp({
      confirmTime: (provider) => {
        asked.push(provider)
        return Promise.resolve(clock.now() - 1000)
      },
    })
    const budgets: ReserveInput['budgets'] = [{ usd: '0.06', window: 'day' }]
    await ledger.noteProviderDate('Sat, 21 Nov 2026 12:00:00 GMT')
    await ledger.reserve(makeCall({ budgets }))
    clock.advance(50 * HOUR)
    await ledger.reserve(makeCall({ budgets }))
    expect(asked).toEqual([])

    await ledger.reserve(makeCall({ budgets }))
    expect(asked).toEqual(['openai'])
    expect(await ledger.used(grantId, budgets)).toEqual([3 * CENT])
    await ledger.reserve(makeCall({ budgets }))
    await expect(ledger.reserve(makeCall({ budgets }))).rejects.toMatchObject({
      code: 'budget.exceeded',
    })
    expect(asked).toEqual(['openai'])
  })

  it.each<[string, () => Promise<number | null>]>([
    ['does not answer', () => Promise.resolve(null)],
    ['cannot be reached', () => Promise.reject(new TypeError('network'))],
    ['says it is still the old day', () => Promise.resolve(Date.UTC(2026, 10, 21, 13))],
  ])('stays in the old day when the provider %s (C68)', async (_, confirmTime) => {
    const { ledger, clock } = setUp({ confirmTime })
    const budgets: ReserveInput['budgets'] = [{ usd: '0.03', window: 'day' }]
    await ledger.noteProviderDate('Sat, 21 Nov 2026 12:00:00 GMT')
    await ledger.reserve(makeCall({ budgets }))
    clock.advance(50 * HOUR)

    await expect(ledger.reserve(makeCall({ budgets }))).rejects.toMatchObject({
      code: 'budget.exceeded',
    })
  })

  it('holds the limits of calls and of tokens of a grant, and says when there is room again', async () => {
    const { ledger } = setUp()
    const free = { budgets: [{ usd: '9.00', window: 'day' as const }] }
    const requests: ReserveInput['requests'] = [{ count: 2, window: 'day' }]
    const tokens: ReserveInput['tokens'] = [{ count: 40_000, window: 'week' }]
    await ledger.reserve(makeCall({ ...free, requests }))
    await ledger.reserve(makeCall({ ...free, requests, tokens }))

    await expect(ledger.reserve(makeCall({ ...free, requests }))).rejects.toMatchObject({
      code: 'request.rate_limited',
      details: { retryAfterMs: 12 * HOUR },
    })
    await expect(ledger.reserve(makeCall({ ...free, tokens }))).rejects.toMatchObject({
      code: 'request.rate_limited',
      details: { retryAfterMs: 36 * HOUR },
    })
  })

  it('logs a call that was refused before sending, at no cost', async () => {
    const { ledger, clock } = setUp()
    const { requestId, provider, model, capability } = makeCall()
    await ledger.recordDenied({
      requestId,
      grantId,
      keyId,
      provider,
      model,
      capability,
      lane: 'proxy',
    })

    expect(await ledger.usage(1)).toEqual([
      expect.objectContaining({
        requestId,
        ending: 'denied',
        costNanoUsd: 0,
        startedAt: clock.now(),
      }),
    ])
    expect(await ledger.used(grantId, makeCall().budgets)).toEqual([0])
  })
})
