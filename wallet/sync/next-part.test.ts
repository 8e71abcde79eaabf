import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextPart, type PartState } from './next-part.ts'

const amount = fc.integer({ min: 0, max: 1_000 })
/** What is free, or lacking where the limit was made smaller. */
const free = fc.integer({ min: -300, max: 300 })
const stateArbitrary: fc.Arbitrary<PartState> = fc
  .record({
    ...{ free, held: amount, others: amount, used: amount, fair: amount },
    ...{ lacks: amount, dueToNew: amount, dueToAsking: amount },
  })
  .map(({ free: rest, ...state }) => ({
    ...state,
    whole: Math.max(0, state.held + state.others + rest),
  }))

describe('the next part of a limit', () => {
  it('keeps what is used, whoever asks for it (C67)', () => {
    fc.assert(
      fc.property(stateArbitrary, (state) => {
        fc.pre(state.used <= state.held)
        expect(nextPart(state)).toBeGreaterThanOrEqual(state.used)
      }),
    )
  })

  it('is no more than what others leave of it, where it grows (C67)', () => {
    fc.assert(
      fc.property(stateArbitrary, (state) => {
        const next = nextPart(state)
        const rest = Math.max(0, state.whole - state.others)
        expect(next).toBeLessThanOrEqual(Math.max(rest, Math.min(state.used, state.held)))
      }),
    )
  })
})
