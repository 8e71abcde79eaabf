/**
 * What every ledger store must keep to, as cases that any test runner can run: `tests/contract` runs them
 * over each store there is.
 */
import { KEY_NEVER_USED, type LedgerStore, type PeriodLimit } from '../metering/index.ts'
import { createId, type GrantId, type KeyId, type Reservation } from '../protocol/index.ts'
import {
  DAY,
  PERIODS,
  assertNoRoom,
  assertSame,
  dollars,
  grantId,
  keyId,
  makeReservation,
  makeRow,
  random,
} from './ledger-samples.ts'

/** A store under test. */
export interface LedgerStoreSubject {
  /** Empty at first. */
  readonly store: LedgerStore
  /** While true, writes find no room. */
  readonly failWrites: (failing: boolean) => void
  /** Another store over the same place, as a restarted worker has it. */
  readonly reopen: () => LedgerStore
}

export interface LedgerStoreCase {
  readonly title: string
  /** Rejects with what differs. */
  run(subject: LedgerStoreSubject): Promise<void>
}

/** How many of the calls made at once were let through, half of them over another store each. */
async function reserveAtOnce(
  { store, reopen }: LedgerStoreSubject,
  reservations: readonly Reservation[],
  limits: readonly PeriodLimit[],
): Promise<number> {
  const other = reopen()
  const outcomes = await Promise.all(
    reservations.map((reservation, index) =>
      (index % 2 === 0 ? store : other).reserve(reservation, limits),
    ),
  )
  return outcomes.filter(({ outcome }) => outcome === 'reserved').length
}

async function spentByKey(store: LedgerStore, keyId: KeyId, period: string): Promise<number> {
  const [use] = await store.usesOfKeys([keyId], period)
  return use?.nanoUsd ?? 0
}

export const LEDGER_STORE_CASES: readonly LedgerStoreCase[] = [
  {
    title: 'is empty at first',
    run: async ({ store }) => {
      assertSame(await store.reservations(), [], 'reservations')
      assertSame(await store.usage(10), [], 'usage')
      assertSame(
        await store.used(grantId, DAY),
        { nanoUsd: 0, calls: 0, tokens: 0 },
        'the use of a grant',
      )
      assertSame(await store.usesOfKeys([keyId], DAY), [KEY_NEVER_USED], 'the use of a key')
      assertSame(await store.usesOfKeys([], DAY), [], 'the use of no key')
      const clock = { lastProviderDate: null, lastPeriodTime: null }
      assertSame(await store.readWindowClock(), clock, 'the window clock')
    },
  },
  {
    title: 'counts what is held in every period of the reservation and in no other',
    run: async ({ store }) => {
      await store.reserve(makeReservation(), [])

      for (const period of PERIODS) {
        const held = { nanoUsd: 1000, calls: 1, tokens: 50 }
        assertSame(await store.used(grantId, period), held, period)
      }
      assertSame((await store.used(grantId, 'day/2026-11-22')).nanoUsd, 0, 'the next day')
      const other = createId<GrantId>(random)
      assertSame((await store.used(other, DAY)).nanoUsd, 0, 'another grant')
      assertSame(await spentByKey(store, keyId, DAY), 0, 'what the key spent while it is only held')
    },
  },
  {
    title: 'lets a reservation fill a limit to the last nano-dollar, and not beyond',
    run: async ({ store }) => {
      const first = await store.reserve(makeReservation(), [dollars(1999)])
      const second = await store.reserve(makeReservation(), [dollars(1999)])
      const third = await store.reserve(makeReservation(), [dollars(2000)])

      assertSame(first.outcome, 'reserved', 'the first')
      const used = { nanoUsd: 1000, calls: 1, tokens: 50 }
      assertSame(second, { outcome: 'full', limit: dollars(1999), used }, 'the second')
      assertSame(third.outcome, 'reserved', 'the third')
      assertSame((await store.reservations()).length, 2, 'reservations')
    },
  },
  {
    title: 'counts spent and held together against a limit',
    run: async ({ store }) => {
      const spent = makeReservation()
      await store.reserve(spent, [])
      await store.settle(makeRow(spent))
      await store.reserve(makeReservation(), [])

      const full = await store.reserve(makeReservation(), [dollars(2399)])
      const fitting = await store.reserve(makeReservation(), [dollars(2400)])

      assertSame(full.outcome, 'full', 'one nano-dollar short')
      assertSame(fitting.outcome, 'reserved', 'just enough')
    },
  },
  {
    title: 'names the first of several limits that has no room, and writes nothing',
    run: async ({ store }) => {
      const limits = [dollars(5000), dollars(999, 'total'), dollars(1, 'month/2026-11')]
      const outcome = await store.reserve(makeReservation(), limits)

      const used = { nanoUsd: 0, calls: 0, tokens: 0 }
      assertSame(outcome, { outcome: 'full', limit: dollars(999, 'total'), used }, 'the outcome')
      assertSame(await store.used(grantId, DAY), used, 'the use after it')
      assertSame(await store.reservations(), [], 'reservations')
    },
  },
  {
    title: 'holds limits of calls and of tokens',
    run: async ({ store }) => {
      await store.reserve(makeReservation(), [])
      const full: PeriodLimit[] = [
        { period: DAY, limitCalls: 1 },
        { period: DAY, limitTokens: 99 },
      ]
      for (const limit of full) {
        const outcome = await store.reserve(makeReservation(), [limit])
        assertSame(outcome.outcome, 'full', JSON.stringify(limit))
      }
      const limits: PeriodLimit[] = [
        { period: DAY, limitCalls: 2 },
        { period: DAY, limitTokens: 100 },
      ]
      assertSame((await store.reserve(makeReservation(), limits)).outcome, 'reserved', 'the last')
    },
  },
  {
    title: 'lets through exactly as many of 200 calls made at once as there is room for (C66)',
    run: async (subject) => {
      const { store } = subject
      const reservations = Array.from({ length: 200 }, () => makeReservation())
      const reserved = await reserveAtOnce(subject, reservations, [dollars(3999)])

      assertSame(reserved, 3, 'how many were let through')
      assertSame((await store.reservations()).length, 3, 'reservations')
      assertSame((await store.used(grantId, DAY)).nanoUsd, 3000, 'what is held')
    },
  },
  {
    title: 'reserves a request id once, whether it is held, settled or only logged (C17)',
    run: async ({ store }) => {
      const held = makeReservation()
      const settled = makeReservation()
      const logged = makeReservation()
      await store.reserve(held, [])
      await store.reserve(settled, [])
      await store.settle(makeRow(settled))
      await store.append(makeRow(logged, { costNanoUsd: 0 }))
      const before = await store.used(grantId, DAY)

      for (const again of [held, settled, logged]) {
        const outcome = await store.reserve(again, [dollars(1_000_000)])
        assertSame(outcome, { outcome: 'replayed' }, 'the outcome')
      }
      assertSame(await store.used(grantId, DAY), before, 'the use after replays')
    },
  },
  {
    title: 'reserves a request id once of 20 at once (C17)',
    run: async (subject) => {
      const same = makeReservation()
      const reservations = Array.from({ length: 20 }, () => same)

      assertSame(await reserveAtOnce(subject, reservations, []), 1, 'let through')
      assertSame((await subject.store.used(grantId, DAY)).nanoUsd, 1000, 'what is held')
    },
  },
  {
    title: 'replaces a reservation by its real cost in every period, and for its key',
    run: async ({ store }) => {
      const reservation = makeReservation()
      const row = makeRow(reservation)
      await store.reserve(reservation, [])

      assertSame(await store.settle(row), true, 'whether it was settled')
      for (const period of PERIODS) {
        const used = { nanoUsd: 400, calls: 1, tokens: 30 }
        assertSame(await store.used(grantId, period), used, period)
        assertSame(await spentByKey(store, keyId, period), 400, `the key in ${period}`)
      }
      assertSame(await store.reservations(), [], 'reservations')
      assertSame(await store.usage(10), [row], 'usage')
    },
  },
  {
    title: 'records a cost above the bound as it is',
    run: async ({ store }) => {
      const reservation = makeReservation()
      await store.reserve(reservation, [dollars(1000)])
      await store.settle(makeRow(reservation, { costNanoUsd: 1700 }))

      assertSame((await store.used(grantId, DAY)).nanoUsd, 1700, 'what is spent')
      const next = await store.reserve(makeReservation({ boundNanoUsd: 0 }), [dollars(1000)])
      assertSame(next.outcome, 'full', 'the next call')
    },
  },
  {
    title: 'gives the place of a call back that was never sent, and not of one that was',
    run: async ({ store }) => {
      const unsent = makeReservation()
      const refused = makeReservation()
      await store.reserve(unsent, [])
      await store.reserve(refused, [])
      const free = { costNanoUsd: 0, costSource: 'none', tokens: null } as const
      await store.settle(makeRow(unsent, { ...free, ending: 'denied', status: 0 }))
      await store.settle(makeRow(refused, { ...free, ending: 'refused', status: 401 }))

      const used = { nanoUsd: 0, calls: 1, tokens: 0 }
      assertSame(await store.used(grantId, DAY), used, 'the use')
    },
  },
  {
    title: 'keeps the tokens of the bound where the bound is charged',
    run: async ({ store }) => {
      const reservation = makeReservation()
      await store.reserve(reservation, [])
      const charged = { costNanoUsd: 1000, costSource: 'bound', tokens: null } as const
      await store.settle(makeRow(reservation, { ...charged, ending: 'lost' }))

      assertSame((await store.used(grantId, DAY)).tokens, 50, 'tokens')
    },
  },
  {
    title: 'settles a reservation once of 20 at once (C65)',
    run: async ({ store, reopen }) => {
      const reservation = makeReservation()
      await store.reserve(reservation, [])
      const other = reopen()
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? store : other).settle(
            makeRow(reservation, { costNanoUsd: 400 + index }),
          ),
        ),
      )

      assertSame(results.filter((settled) => settled).length, 1, 'how often')
      const rows = await store.usage(10)
      assertSame(rows.length, 1, 'usage rows')
      const { nanoUsd } = await store.used(grantId, DAY)
      assertSame(nanoUsd, rows[0]?.costNanoUsd, 'what is spent')
      assertSame(await spentByKey(store, keyId, DAY), nanoUsd, 'what the key spent')
    },
  },
  {
    title: 'settles nothing that was never reserved',
    run: async ({ store }) => {
      assertSame(await store.settle(makeRow(makeReservation())), false, 'whether it was settled')
      assertSame(await store.usage(10), [], 'usage')
      assertSame((await store.used(grantId, DAY)).nanoUsd, 0, 'what is spent')
    },
  },
  {
    title: 'appends a refused call without counting it, and never over another row',
    run: async ({ store }) => {
      const reservation = makeReservation()
      const row = makeRow(reservation)
      await store.reserve(reservation, [])
      await store.append({ ...row, status: 1 })
      await store.settle(row)
      await store.append({ ...row, status: 2 })
      const denied = makeRow(makeReservation(), { ending: 'denied', costNanoUsd: 0, status: 0 })
      await store.append({ ...denied, startedAt: denied.startedAt + 1 })

      const statuses = (await store.usage(10)).map(({ status }) => status)
      assertSame(statuses, [0, 200], 'the statuses in the log')
      assertSame((await store.used(grantId, DAY)).calls, 1, 'calls')
    },
  },
  {
    title: 'gives the newest rows first, and no more than asked for',
    run: async ({ store }) => {
      for (const startedAt of [5, 9, 7]) {
        await store.append(makeRow(makeReservation({ startedAt })))
      }
      const times = (await store.usage(2)).map(({ startedAt }) => startedAt)

      assertSame(times, [9, 7], 'the times')
    },
  },
  {
    title: 'sums what a key cost over all grants',
    run: async ({ store }) => {
      const other = createId<KeyId>(random)
      const reservations = [
        makeReservation(),
        makeReservation({ grantId: createId<GrantId>(random) }),
        makeReservation({ keyId: other }),
      ]
      for (const reservation of reservations) {
        await store.reserve(reservation, [])
        await store.settle(makeRow(reservation))
      }

      assertSame(await spentByKey(store, keyId, 'month/2026-11'), 800, 'the key of two grants')
      assertSame(await spentByKey(store, other, 'month/2026-11'), 400, 'the other key')
      assertSame(await spentByKey(store, keyId, 'month/2026-12'), 0, 'the next month')
    },
  },
  {
    title: 'knows when each key was used last, whatever the period',
    run: async ({ store }) => {
      const other = createId<KeyId>(random)
      const never = createId<KeyId>(random)
      const reservations = [
        makeReservation({ startedAt: 700 }),
        makeReservation({ startedAt: 500 }),
        makeReservation({ keyId: other, startedAt: 600, periods: ['month/2026-10', 'total'] }),
      ]
      for (const reservation of reservations) {
        await store.reserve(reservation, [])
        await store.settle(makeRow(reservation))
      }

      assertSame(
        await store.usesOfKeys([other, never, keyId], 'month/2026-11'),
        [{ nanoUsd: 0, lastUsedAt: 600 }, KEY_NEVER_USED, { nanoUsd: 800, lastUsedAt: 700 }],
        'the uses, in the order asked for',
      )
      const many = Array.from({ length: 100 }, () => createId<KeyId>(random))
      assertSame(
        await store.usesOfKeys([...many, keyId], 'month/2026-11'),
        [...many.map(() => KEY_NEVER_USED), { nanoUsd: 800, lastUsedAt: 700 }],
        'the use of one key among many',
      )
    },
  },
  {
    title: 'still holds after a crash what was reserved before it (C65)',
    run: async ({ store, reopen }) => {
      const reservation = makeReservation()
      await store.reserve(reservation, [])
      const clock = { lastProviderDate: 1_795_262_300_000, lastPeriodTime: 1_795_262_400_000 }
      await store.writeWindowClock(clock)
      const after = reopen()

      assertSame(await after.reservations(), [reservation], 'reservations')
      assertSame((await after.used(grantId, DAY)).nanoUsd, 1000, 'what is held')
      assertSame(await after.readWindowClock(), clock, 'the window clock')
      const outcome = await after.reserve(makeReservation(), [dollars(1999)])
      assertSame(outcome.outcome, 'full', 'the next call')
      assertSame(await after.settle(makeRow(reservation)), true, 'whether it was settled')
      assertSame(await store.settle(makeRow(reservation)), false, 'the settlement of the dead')
    },
  },
  {
    title: 'gives out copies: changing one changes nothing',
    run: async ({ store }) => {
      const reservation = makeReservation({ periods: [...PERIODS] })
      await store.reserve(reservation, [])
      reservation.periods.length = 0
      const [read] = await store.reservations()
      read?.periods.splice(0)

      assertSame((await store.reservations())[0]?.periods, PERIODS, 'the periods')
    },
  },
  {
    title: 'leaves the old state when there is no room to write (C86)',
    run: async ({ store, failWrites }) => {
      const reservation = makeReservation()
      await store.reserve(reservation, [])
      const before = await store.used(grantId, DAY)
      failWrites(true)
      await assertNoRoom(() => store.reserve(makeReservation(), []))
      await assertNoRoom(() => store.settle(makeRow(reservation)))
      await assertNoRoom(() => store.append(makeRow(makeReservation())))
      await assertNoRoom(() => store.writeWindowClock({ lastProviderDate: 1, lastPeriodTime: 1 }))
      failWrites(false)

      assertSame(await store.used(grantId, DAY), before, 'the use')
      assertSame(await store.reservations(), [reservation], 'reservations')
      assertSame(await store.usage(10), [], 'usage')
      assertSame((await store.readWindowClock()).lastPeriodTime, null, 'the window clock')
      assertSame(await store.settle(makeRow(reservation)), true, 'whether it can be settled')
    },
  },
]
