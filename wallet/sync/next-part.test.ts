import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evenPart, nextPart, type PartState } from './next-part.ts'

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

  it('is the same when it is asked for again, as long as nobody else moved', () => {
    fc.assert(
      fc.property(stateArbitrary, (state) => {
        const { whole, others, held, used, lacks } = state
        fc.pre(used <= held && held + others <= whole)
        const next = nextPart(state)
        const met = Math.max(0, lacks - (next - held))
        expect(nextPart({ ...state, held: next, lacks: met })).toBe(next)
      }),
    )
  })

  it('comes to rest on all devices, with the whole limit shared out once each was heard of', () => {
    fc.assert(
      fc.property(worldArbitrary, (world) => {
        const devices = devicesIn(world)
        for (const isAwake of [(each: Device) => each.part !== null, () => true]) {
          expect(settle(world.whole, devices, isAwake)).toBe(true)
          expect(sum(devices, ({ part }) => part ?? 0)).toBeLessThanOrEqual(world.whole)
        }
        expect(sum(devices, ({ part }) => part ?? 0)).toBe(world.whole)
      }),
      { numRuns: 2_000 },
    )
  })
})

/** A device that is not the first may have had no part yet: it is not heard of at first. */
const worldArbitrary = fc.record({
  whole: amount,
  wishes: fc.array(
    fc.record({ part: fc.option(amount), used: amount, target: fc.option(amount) }),
    { minLength: 2, maxLength: 5 },
  ),
})
type World = typeof worldArbitrary extends fc.Arbitrary<infer T> ? T : never

interface Device {
  part: number | null
  readonly used: number
  /** How much it asked for; null: nothing, or it has it. Those listed first asked first. */
  target: number | null
}

function devicesIn({ whole, wishes }: World): readonly Device[] {
  let rest = whole
  return wishes.map(({ part, used, target }, index) => {
    if (part === null && index > 0) return { part, used: 0, target }
    const taken = Math.min(part ?? 0, rest)
    rest -= taken
    return { part: taken, used: Math.min(used, taken), target }
  })
}

/** They sync in turn until none has anything to say. @returns whether they come to an end, soon */
function settle(
  whole: number,
  devices: readonly Device[],
  isAwake: (each: Device) => boolean,
): boolean {
  const awake = devices.filter(isAwake)
  for (let round = 0; round < 6; round++) {
    if (sum(awake, (each) => countPushes(whole, devices, each)) === 0) return true
  }
  return false
}

/** One sync goes on until its device has nothing to say. */
function countPushes(whole: number, devices: readonly Device[], me: Device): number {
  for (let pushes = 0; pushes < 6; pushes++) if (!isNews(whole, devices, me)) return pushes
  throw new Error('one sync never comes to an end')
}

/** @returns whether the device had anything to say */
function isNews(whole: number, devices: readonly Device[], me: Device): boolean {
  const { part, target } = me
  const held = part ?? 0
  const lacksOf = (each: Device) =>
    Math.max(0, Math.min(each.target ?? 0, whole) - (each.part ?? 0))
  const lacks = lacksOf(me)
  if (lacks === 0) me.target = null
  const others = devices.filter((each) => each !== me)
  const ahead = lacks === 0 ? others : devices.slice(0, devices.indexOf(me))
  const fairOf = (each: Device) => evenPart(whole, devices.indexOf(each), devices.length)
  const isNew = part === null
  const unheard = others.filter((each) => each.part === null)
  me.part = nextPart({
    ...{ whole, held, lacks, used: me.used, fair: fairOf(me) },
    others: sum(others, (each) => each.part ?? 0),
    dueToNew: isNew ? 0 : sum(unheard, fairOf),
    dueToAsking: isNew ? 0 : sum(ahead, lacksOf),
  })
  return me.part !== part || me.target !== target
}

function sum(devices: readonly Device[], amountOf: (each: Device) => number): number {
  return devices.reduce((total, each) => total + amountOf(each), 0)
}
