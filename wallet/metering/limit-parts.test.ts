import { describe, expect, it } from 'vitest'
import type { LimitName } from '../protocol/index.ts'
import { createFakeClock, createMemoryLedgerStore } from '../testing/index.ts'
import { CENT, done, grantId, makeCall } from './__fixtures__/small-ledger.ts'
import type { LimitPorts, ReserveInput } from './hold-call.ts'
import { createLedger } from './ledger.ts'

const budgets: ReserveInput['budgets'] = [{ usd: '0.10', window: 'day' }]

/** A device that has half of everything, and gets no more for asking. */
const half: LimitPorts = {
  partOf: () => (_, whole) => Math.floor(whole / 2),
  askForMore: () => Promise.resolve(false),
}
const ledgerWith = (limits: LimitPorts) =>
  createLedger({ store: createMemoryLedgerStore(), clock: createFakeClock().now, limits })

describe('two wallets that do not hear of each other', () => {
  it('spend a budget once between them, each its part (C67)', async () => {
    const spent = await Promise.all(
      [ledgerWith(half), ledgerWith(half)].map(async (ledger) => {
        for (;;) {
          const call = makeCall({ budgets, boundNanoUsd: CENT })
          const reservation = await ledger.reserve(call).catch(() => null)
          if (!reservation) break
          await ledger.settle(reservation, { ...done, ending: 'lost' })
        }
        return (await ledger.used(grantId, budgets))[0]
      }),
    )

    expect(spent).toEqual([5 * CENT, 5 * CENT])
  })

  it.each<[string, Partial<ReserveInput>]>([
    ['calls', { requests: [{ count: 3, window: 'day' }] }],
    ['tokens', { tokens: [{ count: 60_000, window: 'day' }] }],
  ])('share the %s of a period as well (C67)', async (_, limit) => {
    const made = await Promise.all(
      [ledgerWith(half), ledgerWith(half)].map(async (ledger) => {
        const calls = Array.from({ length: 4 }, () =>
          ledger.reserve(makeCall({ ...limit, boundNanoUsd: 1 })),
        )
        const results = await Promise.allSettled(calls)
        return results.filter(({ status }) => status === 'fulfilled').length
      }),
    )

    expect(made.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3)
    expect(Math.max(...made)).toBeGreaterThan(0)
  })

  it('tell an app the part it may use, and what all have together (C67)', async () => {
    await expect(
      ledgerWith(half).reserve(makeCall({ budgets, boundNanoUsd: 6 * CENT })),
    ).rejects.toMatchObject({
      code: 'budget.exceeded',
      details: { limitUsd: '0.05', wholeUsd: '0.10' },
    })
  })
})

describe('a call that finds no room in this wallet’s part', () => {
  const asking = () => {
    let part = 5 * CENT
    const asked: unknown[] = []
    const ledger = ledgerWith({
      partOf: () => Promise.resolve(() => part),
      askForMore: (id, limit: LimitName, target) => {
        asked.push([id, limit, target])
        part = target
        return Promise.resolve(true)
      },
    })
    return { ledger, asked }
  }

  it('asks for as much as it needs, and is made once the part has grown', async () => {
    const { ledger, asked } = asking()
    await ledger.reserve(makeCall({ budgets, boundNanoUsd: 4 * CENT }))
    expect(asked).toEqual([])
    await ledger.reserve(makeCall({ budgets, boundNanoUsd: 3 * CENT }))
    expect(asked).toEqual([[grantId, 'usd/day', 7 * CENT]])
    expect(await ledger.used(grantId, budgets)).toEqual([7 * CENT])
  })

  it('asks for nothing where all wallets together have no room either', async () => {
    const { ledger, asked } = asking()
    await expect(
      ledger.reserve(makeCall({ budgets, boundNanoUsd: 11 * CENT })),
    ).rejects.toMatchObject({ code: 'budget.exceeded' })
    expect(asked).toEqual([])
  })
})

describe('what is left to give away', () => {
  it('is counted once the calls that were being held are held', async () => {
    const store = createMemoryLedgerStore()
    let hold = (): void => undefined
    const held = new Promise<void>((resolve) => (hold = resolve))
    const ledger = createLedger({
      clock: createFakeClock().now,
      store: {
        ...store,
        reserve: async (...args) => {
          await held
          return store.reserve(...args)
        },
      },
    })
    const calling = ledger.reserve(makeCall({ budgets, boundNanoUsd: 2 * CENT }))
    const counting = ledger
      .whenHeld()
      .then(() => ledger.usedOf(grantId, { unit: 'usd', window: 'day' }))
    hold()
    expect(await counting).toBe(2 * CENT)
    await calling
  })
})
