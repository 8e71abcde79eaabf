import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUsd, type UsageRow } from '../protocol/index.ts'
import { FUZZED_WHOLE, tryInputs } from '../testing/fuzz.ts'
import { REPORTS, type BilledSend, type Report } from './__fixtures__/billing-provider.ts'
import { BillingWorld, HOUR, type PageWish } from './__fixtures__/billing-world.ts'

const DAY = 24 * HOUR
/** In every test run, and in a long one. */
const SCHEDULES = { usual: 150, long: 10_000 }

const thousandths = fc.nat(1000)
const which = fc.nat(50)

const wish: fc.Arbitrary<PageWish> = fc.record({
  stream: fc.boolean(),
  outputLimit: fc.option(fc.integer({ min: 2, max: 2000 })),
  reads: fc.oneof(
    { weight: 5, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  plan: fc.record({
    refusals: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(
          fc.record({
            status: fc.constantFrom<(401 | 429 | 500)[]>(401, 429, 500),
            hasBody: fc.boolean(),
          }),
          { maxLength: 3 },
        ),
      },
    ),
    prompt: fc.integer({ min: 1, max: 40 }),
    cachedShare: thousandths,
    outputShare: thousandths,
    reasoningShare: thousandths,
    report: fc.constantFrom<Report[]>(...REPORTS, 'honest', 'honest', 'under'),
  }),
})

/** One thing that happens, and how far the rest comes before the next: so many turns, or to its rest. */
const happening = fc.record({
  what: fc.oneof(
    { weight: 10, arbitrary: fc.record({ op: fc.constant('begin' as const), wish }) },
    {
      weight: 24,
      arbitrary: fc.record({
        op: fc.constantFrom<('answer' | 'end' | 'part')[]>(
          'answer',
          'answer',
          'end',
          'end',
          'part',
        ),
        which,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ op: fc.constantFrom<('cut' | 'abort')[]>('cut', 'abort'), which }),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('kill' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constantFrom<('jump' | 'wait')[]>('jump', 'wait'),
        hours: fc.integer({ min: -900, max: 900 }),
      }),
    },
  ),
  turns: fc.oneof(fc.constant(null), fc.nat(25)),
})

type Happening =
  typeof happening extends fc.Arbitrary<infer Each extends { what: unknown }> ? Each['what'] : never

const schedule = fc.record({
  happenings: fc.array(happening, { minLength: 15, maxLength: 60, size: 'max' }),
  dayLimit: fc.integer({ min: 150_000, max: 4_000_000 }),
  totalLimit: fc.integer({ min: 150_000, max: 8_000_000 }),
})

const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function turns(count: number | null): Promise<void> {
  if (count === null) return rest()
  for (let turn = 0; turn < count; turn++) await Promise.resolve()
}

function happen(world: BillingWorld, what: Happening): Promise<void> | void {
  const running = world.sends.filter(
    ({ rule, answered }) => rule === null && answered === (what.op !== 'answer'),
  )
  const send = 'which' in what ? running[what.which % running.length] : undefined
  switch (what.op) {
    case 'begin':
      world.begin(what.wish)
      return
    case 'answer':
      world.lastDate = Math.max(world.lastDate, world.trueTime)
      send?.answer(new Date(world.trueTime).toUTCString())
      return
    case 'part':
      send?.begin()
      return
    case 'end':
      send?.end()
      return
    case 'cut':
      send?.cut()
      return
    case 'abort': {
      const call = world.calls[what.which % world.calls.length]
      if (call) world.abort(call)
      return
    }
    case 'kill':
      return world.kill()
    case 'jump':
      world.clock.advance(what.hours * HOUR)
      return
    case 'wait': {
      // Time itself goes forward alone, and both clocks see it.
      const ms = (Math.abs(what.hours) % 40) * HOUR
      world.trueTime += ms
      world.clock.advance(ms)
    }
  }
}

interface Limits {
  readonly day: number
  readonly total: number
}

/** What holds at every moment, whatever happens next. */
async function holds(world: BillingWorld, limits: Limits): Promise<void> {
  const days = [...world.periods].filter((period) => period.startsWith('day/'))
  // The store answers each question at once, so all of it is one moment.
  const asked = [world.used('total'), ...days.map((day) => world.used(day))]
  const { billed } = world
  const [used = 0, ...inDays] = await Promise.all(asked)
  expect(used).toBeGreaterThanOrEqual(billed)
  expect(used).toBeLessThanOrEqual(limits.total)
  expect(Math.max(0, ...inDays)).toBeLessThanOrEqual(limits.day)
  expect(inDays.reduce((sum, inDay) => sum + inDay, 0)).toBe(used)
  for (const day of days) {
    // C68: no day opens that the provider's own clock does not confirm, give or take one.
    const start = Date.parse(day.slice('day/'.length))
    expect(start).toBeGreaterThan(NOON - DAY)
    expect(start).toBeLessThanOrEqual(world.lastDate + DAY)
  }
}
const NOON = Date.UTC(2026, 10, 21, 12)

const SOURCES = { refused: 'none', usage: 'usage', floor: 'floor', bound: 'bound' } as const

/** Each send has one row, charged by the rule of its ending; whatever is above the bill says so. */
function judge(send: BilledSend, row: UsageRow | undefined): string {
  const { rule, billedNanoUsd, reservation } = send
  expect(row?.costNanoUsd).toBeGreaterThanOrEqual(billedNanoUsd)
  const source = row?.costSource ?? 'none'
  const expected = rule === null ? 'bound' : SOURCES[rule]
  const isCut = send.interrupted && (row?.ending === 'lost' || row?.ending === 'aborted')
  expect([rule, source]).toEqual([rule, isCut ? 'bound' : expected])
  if (source === 'bound') expect(row?.costNanoUsd).toBe(reservation.boundNanoUsd)
  else if (source !== 'floor') expect(row?.costNanoUsd).toBe(billedNanoUsd)
  return row?.ending === 'lost' ? 'lost' : source
}

describe('the money of a wallet, at every moment of any schedule (C65, C66, C68, C69, C71–C73)', () => {
  it(
    'what is billed ≤ what is spent and held ≤ the limits; equal where usage is honest, else said by which rule',
    FUZZED_WHOLE,
    async () => {
      const seen = new Set<string>()
      const property = fc.asyncProperty(schedule, async (input) => {
        const limits = { day: input.dayLimit, total: input.totalLimit }
        const world = new BillingWorld([
          { usd: usd(limits.day), window: 'day' },
          { usd: usd(limits.total), window: 'total' },
        ])
        await world.ledger.noteProviderDate(new Date(world.trueTime).toUTCString())
        for (const { what, turns: count } of input.happenings) {
          await happen(world, what)
          await turns(count)
          await holds(world, limits)
        }
        await rest()
        // What nobody ended is left behind by the last worker.
        await world.kill()
        await holds(world, limits)
        const rows = await world.rows()
        const byId = new Map(rows.map((row) => [row.requestId, row]))
        for (const send of world.sends) seen.add(judge(send, byId.get(send.reservation.requestId)))
        expect(await world.store.reservations()).toEqual([])
        expect(rows.filter(({ ending }) => ending !== 'denied')).toHaveLength(world.held.length)
        expect(new Set(world.sends.map(({ reservation }) => reservation.requestId)).size).toBe(
          world.sends.length,
        )
        const charged = rows.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)
        expect(await world.used('total')).toBe(charged)
        if (world.refused.length > 0) seen.add('refused')
      })
      await tryInputs(SCHEDULES.usual, property, SCHEDULES.long)
      // A schedule that never came to an ending shows nothing of it.
      expect([...seen].sort()).toEqual(['bound', 'floor', 'lost', 'none', 'refused', 'usage'])
    },
  )
})

function usd(nanoUsd: number): string {
  const text = `0.${String(nanoUsd).padStart(9, '0')}`
  expect(parseUsd(text)).toBe(nanoUsd)
  return text
}
