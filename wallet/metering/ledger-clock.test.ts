import { afterEach, describe, expect, it, vi } from 'vitest'
import type { BudgetWindow } from '../protocol/index.ts'
import { CENT, HOUR, grantId, makeCall, setUp } from './__fixtures__/small-ledger.ts'
import { createLedger } from './ledger.ts'

const DAY = 24 * HOUR

afterEach(() => {
  vi.unstubAllEnvs()
})

/** A ledger whose window has room for one call at a time. */
function setUpWindow(window: BudgetWindow, at: number) {
  const { store, clock, ledger } = setUp()
  clock.set(at)
  const budgets = [{ usd: '0.03', window }]
  const takes = (of = ledger) =>
    of.reserve(makeCall({ budgets })).then(
      () => true,
      () => false,
    )
  const restarted = () => createLedger({ store, clock: clock.now })
  return { store, clock, ledger, takes, restarted }
}

describe('a budget and the calendar (C68)', () => {
  it.each<[BudgetWindow, string, string]>([
    ['day', '2026-11-21T23:59:59.999Z', '2026-11-22T00:00:00Z'],
    ['month', '2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00Z'],
    ['month', '2028-02-29T23:59:59.999Z', '2028-03-01T00:00:00Z'],
    ['month', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00Z'],
    ['week', '2026-11-22T23:59:59.999Z', '2026-11-23T00:00:00Z'],
    ['week', '2027-01-03T23:59:59.999Z', '2027-01-04T00:00:00Z'],
  ])(
    'of a %s ends with its last millisecond (%s), and not again when the clock goes back',
    async (window, last, first) => {
      const { clock, takes, restarted } = setUpWindow(window, Date.parse(last))
      expect([await takes(), await takes()]).toEqual([true, false])

      clock.set(Date.parse(first))
      expect([await takes(), await takes()]).toEqual([true, false])

      clock.set(Date.parse(last))
      expect([await takes(), await takes(restarted())]).toEqual([false, false])
    },
  )

  it.each<[BudgetWindow, string, string]>([
    ['week', '2026-12-31T12:00:00Z', '2027-01-01T12:00:00Z'],
    ['week', '2024-12-30T12:00:00Z', '2025-01-01T12:00:00Z'],
    ['month', '2028-02-28T12:00:00Z', '2028-02-29T12:00:00Z'],
    ['total', '2026-12-31T12:00:00Z', '2031-01-01T12:00:00Z'],
  ])('of a %s goes on from %s to %s', async (window, before, after) => {
    const { clock, takes } = setUpWindow(window, Date.parse(before))
    expect(await takes()).toBe(true)
    clock.set(Date.parse(after))

    expect(await takes()).toBe(false)
  })

  it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Kiritimati'])(
    'is the same day in %s when its clocks are put forward or back',
    async (zone) => {
      vi.stubEnv('TZ', zone)
      for (const change of ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-25', '2026-11-01']) {
        const { clock, takes } = setUpWindow('day', Date.parse(`${change}T00:00:00Z`))
        const taken = [await takes()]
        for (let hour = 1; hour <= 24; hour++) {
          clock.advance(HOUR)
          taken.push(await takes())
        }

        // One at the beginning of the day, one at the beginning of the next.
        expect([change, taken.flatMap((was, hour) => (was ? [hour] : []))]).toEqual([
          change,
          [0, 24],
        ])
      }
    },
  )

  it('is not moved by a traveller who sets another time zone', async () => {
    const { takes } = setUpWindow('day', Date.parse('2026-11-21T23:30:00Z'))
    vi.stubEnv('TZ', 'Pacific/Kiritimati')
    expect(await takes()).toBe(true)
    vi.stubEnv('TZ', 'Pacific/Pago_Pago')

    expect(await takes()).toBe(false)
  })

  it('gives a clock that is turned to and fro one day more at most, over any number of restarts', async () => {
    const { store, clock, ledger, takes, restarted } = setUpWindow(
      'day',
      Date.UTC(2026, 10, 21, 12),
    )
    await ledger.noteProviderDate('Sat, 21 Nov 2026 12:00:00 GMT')
    let taken = 0
    for (const days of [0, 1, -1, 40, -400, 1, 0, 365, 1, -1]) {
      clock.set(Date.UTC(2026, 10, 21, 12) + days * DAY)
      if (await takes()) taken += 1
      if (await takes(restarted())) taken += 1
    }

    expect(taken).toBe(2)
    expect((await store.used(grantId, 'total')).nanoUsd).toBe(2 * 3 * CENT)
  })
})
