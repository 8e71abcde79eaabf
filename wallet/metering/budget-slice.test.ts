import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeClock, createMemoryLedgerStore } from '../testing/index.ts'
import { CENT, done, grantId, makeCall } from './__fixtures__/small-ledger.ts'
import { sliceOf } from './budget-slice.ts'
import type { ReserveInput } from './hold-call.ts'
import { createLedger } from './ledger.ts'

describe('the parts of a limit that several wallets have', () => {
  it('are together the limit, and differ by no more than one (C67)', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 50 }), (limit, devices) => {
        const slices = Array.from({ length: devices }, (_, position) =>
          sliceOf(limit, { position, devices }),
        )

        const sum = slices.reduce((total, slice) => total + BigInt(slice), 0n)
        expect(sum).toBe(BigInt(limit))
        expect(Math.max(...slices) - Math.min(...slices)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('two wallets that do not hear of each other', () => {
  const budgets: ReserveInput['budgets'] = [{ usd: '0.10', window: 'day' }]

  /** As two devices that are offline: each has its own store, and the other's is nowhere to be read. */
  const twoLedgers = () =>
    [0, 1].map((position) =>
      createLedger({
        store: createMemoryLedgerStore(),
        clock: createFakeClock().now,
        share: { position, devices: 2 },
      }),
    )

  it('spend a budget once between them, each its part (C67)', async () => {
    const spent = await Promise.all(
      twoLedgers().map(async (ledger) => {
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
      twoLedgers().map(async (ledger) => {
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

  it('tells an app the part it may use, not the whole (C67)', async () => {
    const [ledger] = twoLedgers()

    await expect(
      ledger?.reserve(makeCall({ budgets, boundNanoUsd: 6 * CENT })),
    ).rejects.toMatchObject({ code: 'budget.exceeded', details: { limitUsd: '0.05' } })
  })
})
