import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callEndingSchema, parseUsd, type NanoUsd, type Reservation } from '../protocol/index.ts'
import { FUZZED, tryInputs } from '../testing/fuzz.ts'
import type { CallOutcome } from './charge.ts'
import type { ReserveInput } from './hold-call.ts'
import { costOf } from './prices.ts'
import { grantId, setUp, makeCall, usage, done } from './__fixtures__/small-ledger.ts'

/** One call of a run: what it really costs at the provider, and how it ends. */
const runCalls = fc.array(
  fc.record({
    spareBound: fc.nat(5_000_000),
    output: fc.integer({ min: 1, max: 4000 }),
    ending: fc.constantFrom(...callEndingSchema.options),
    reported: fc.constantFrom('honestly', 'not', 'absurdly', 'not finally'),
    overlap: fc.boolean(),
  }),
  { maxLength: 40 },
)

describe('the ledger at every moment (C66, C69–C73)', () => {
  it(
    'is at least what is billed and at most the limit, and equal to honest usage',
    FUZZED,
    async () => {
      await tryInputs(
        100,
        fc.asyncProperty(runCalls, fc.integer({ min: 1, max: 99 }), async (calls, cents) => {
          const { ledger, clock } = setUp()
          const budgets: ReserveInput['budgets'] = [{ usd: `0.${String(cents)}`, window: 'total' }]
          const cap = parseUsd(budgets[0]?.usd ?? '0')
          let billed = 0
          let refused = 0
          const open: { reservation: Reservation; outcome: CallOutcome; cost: NanoUsd }[] = []
          const settleNext = async () => {
            const next = open.shift()
            if (!next) return
            const before = (await ledger.used(grantId, budgets))[0] ?? 0
            const row = await ledger.settle(next.reservation, next.outcome)
            const after = (await ledger.used(grantId, budgets))[0] ?? 0
            expect(after - before).toBe((row?.costNanoUsd ?? 0) - next.reservation.boundNanoUsd)
            if (row?.costSource === 'usage') expect(row.costNanoUsd).toBe(next.cost)
          }
          for (const call of calls) {
            const spent = { ...usage, output: call.output }
            const cost = costOf(
              { provider: 'openai', model: 'gpt-5-mini', at: clock.now() },
              spent,
              false,
            )
            const boundNanoUsd = cost + call.spareBound
            try {
              const reservation = await ledger.reserve(makeCall({ budgets, boundNanoUsd }))
              const free = call.ending === 'denied' || call.ending === 'refused'
              billed += free ? 0 : cost
              const outcome = {
                ...done,
                ending: call.ending,
                status: call.ending === 'refused' ? 429 : 200,
                usage: {
                  honestly: spent,
                  not: null,
                  absurdly: { ...spent, input: -7 },
                  'not finally': spent,
                }[call.reported],
                usageFinal: call.reported !== 'not finally',
              }
              open.push({ reservation, outcome, cost })
            } catch (error) {
              expect(error).toMatchObject({ code: 'budget.exceeded' })
              refused += 1
            }
            if (!call.overlap) await settleNext()
            const [now = 0] = await ledger.used(grantId, budgets)
            expect(now).toBeGreaterThanOrEqual(billed)
            expect(now).toBeLessThanOrEqual(cap)
          }
          while (open.length > 0) await settleNext()
          const [end = 0] = await ledger.used(grantId, budgets)
          const rows = await ledger.usage(1000)
          expect(end).toBe(rows.reduce((sum, row) => sum + row.costNanoUsd, 0))
          expect(rows.length + refused).toBe(calls.length)
          expect(end).toBeGreaterThanOrEqual(billed)
        }),
      )
    },
  )
})
