/** What every ledger store must keep to about its usage rows and the sums of their days. */
import { dayOf, type LedgerStore, type UsageQuery } from '../metering/index.ts'
import {
  createId,
  type GrantId,
  type KeyId,
  type RequestId,
  type UsageFilter,
  type UsageRow,
} from '../protocol/index.ts'
import { assertNoRoom, assertSame, makeReservation, makeRow } from './ledger-samples.ts'
import type { LedgerStoreCase } from './ledger-store-contract.ts'
import { createSeededRandom } from './seeded-random.ts'

const random = createSeededRandom('usage store contract')
const HOUR = 3_600_000
const NOON = 1_795_262_400_000
const TODAY = '2026-11-21'
const YESTERDAY = '2026-11-20'

/** A call that was held and settled. */
async function settle(store: LedgerStore, members: Partial<UsageRow> = {}): Promise<UsageRow> {
  const { grantId, keyId, provider, model, startedAt } = members
  const reservation = makeReservation({
    requestId: createId<RequestId>(random),
    ...(grantId && { grantId }),
    ...(keyId && { keyId }),
    ...(provider && { provider }),
    ...(model !== undefined && { model }),
    ...(startedAt !== undefined && { startedAt }),
  })
  await store.reserve(reservation, [])
  const row = makeRow(reservation, members)
  await store.settle(row)
  return row
}

/** Every row that fits, page by page; each page no larger than asked for. */
async function walk(store: LedgerStore, filter: UsageFilter, limit: number): Promise<UsageRow[]> {
  const rows: UsageRow[] = []
  let before: UsageQuery['before'] = null
  do {
    const page = await store.rows({ filter, before, limit })
    assertSame(page.rows.length <= limit, true, 'the size of a page')
    rows.push(...page.rows)
    before = page.next
  } while (before !== null)
  return rows
}

const idsOf = (rows: readonly UsageRow[]) => rows.map(({ requestId }) => requestId)

export const USAGE_STORE_CASES: readonly LedgerStoreCase[] = [
  {
    title: 'has no sums and no rows at first',
    run: async ({ store }) => {
      assertSame(await store.days('2000-01-01', '2099-12-31'), [], 'sums')
      const page = await store.rows({ filter: {}, before: null, limit: 5 })
      assertSame(page, { rows: [], next: null }, 'rows')
      assertSame(await store.trimRows(NOON, 5), 0, 'what was trimmed')
    },
  },
  {
    title: 'counts each settled call once in the sum of its day, app, key, provider and model',
    run: async ({ store }) => {
      const row = await settle(store)
      await settle(store, { costSource: 'bound', costNanoUsd: 1000, ending: 'lost', tokens: null })
      await store.settle(row)
      await settle(store, { startedAt: NOON - 24 * HOUR, costNanoUsd: 7 })
      await settle(store, { model: 'gpt-5', costNanoUsd: 9 })

      const { grantId, keyId } = row
      const [sum, ...others] = (await store.days(TODAY, TODAY)).toSorted((a, b) =>
        b.model.localeCompare(a.model),
      )
      assertSame(
        sum,
        {
          ...{ day: TODAY, grantId, keyId, provider: 'openai', model: 'gpt-5-mini' },
          calls: 2,
          endings: { done: 1, lost: 1 },
          tokens: { input: 20, cachedInput: 0, cacheWriteInput: 0, output: 10, reasoning: 4 },
          ...{ nanoUsd: 1400, estimatedNanoUsd: 1000 },
        },
        'the sum of two calls',
      )
      assertSame(
        others.map(({ model, nanoUsd }) => [model, nanoUsd]),
        [['gpt-5', 9]],
        'the other model',
      )
      const both = await store.days(YESTERDAY, TODAY)
      assertSame(both.length, 3, 'sums of two days')
      assertSame(
        (await store.days(YESTERDAY, YESTERDAY)).map(({ nanoUsd }) => nanoUsd),
        [7],
        'the day before',
      )
    },
  },
  {
    title: 'counts what is only logged, once, and a denied call without the model it named',
    run: async ({ store }) => {
      const denied = makeRow(makeReservation({ requestId: createId<RequestId>(random) }), {
        ...{ ending: 'denied', costNanoUsd: 0, costSource: 'none', tokens: null },
        model: 'whatever a page likes',
      })
      await store.append(denied)
      await store.append(denied)

      const sums = await store.days(TODAY, TODAY)
      assertSame(
        sums.map(({ model, calls, endings }) => [model, calls, endings]),
        [['', 1, { denied: 1 }]],
        'the sums',
      )
    },
  },
  {
    title: 'puts a call of the last millisecond of a day into that day',
    run: async ({ store }) => {
      const midnight = Date.UTC(2026, 10, 22)
      await settle(store, { startedAt: midnight - 1, costNanoUsd: 1 })
      await settle(store, { startedAt: midnight, costNanoUsd: 2 })

      const costs = (await store.days(TODAY, '2026-11-22')).map(({ day, nanoUsd }) => [
        day,
        nanoUsd,
      ])
      assertSame(
        costs.toSorted(),
        [
          [TODAY, 1],
          ['2026-11-22', 2],
        ],
        'the sums',
      )
    },
  },
  {
    title: 'gives rows in pages, the newest first, each once, also of one millisecond',
    run: async ({ store }) => {
      const times = [5, 9, 7, 7, 7, 1, 9].map((hours) => NOON - hours * HOUR)
      const rows: UsageRow[] = []
      for (const startedAt of times) rows.push(await settle(store, { startedAt }))

      for (const limit of [1, 2, 3, 7, 200]) {
        const found = await walk(store, {}, limit)
        const sorted = found.map(({ startedAt }) => startedAt)
        assertSame(sorted, times.toSorted().reverse(), `the times, ${limit} a page`)
        assertSame(idsOf(found).toSorted(), idsOf(rows).toSorted(), `the rows, ${limit} a page`)
      }
    },
  },
  {
    title: 'says of a page that is just full and holds the last row that it is the last',
    run: async ({ store }) => {
      await settle(store)
      await settle(store)
      const page = await store.rows({ filter: {}, before: null, limit: 2 })

      assertSame([page.rows.length, page.next], [2, null], 'the page')
    },
  },
  {
    title: 'finds rows by app, key, provider, model, ending and time, and by several of them',
    run: async ({ store }) => {
      const grantId = createId<GrantId>(random)
      const keyId = createId<KeyId>(random)
      const day = 24 * HOUR
      const plain = await settle(store)
      const ofGrant = await settle(store, { grantId, startedAt: NOON - 3 * day })
      const ofKey = await settle(store, { keyId, startedAt: NOON - 40 * day })
      const ofProvider = await settle(store, { provider: 'groq', startedAt: NOON - 5 * day })
      const ofModel = await settle(store, { model: 'gpt-5', startedAt: NOON - 6 * day })
      const failed = await settle(store, { ending: 'failed', startedAt: NOON - 400 * day })
      const cases: [string, UsageFilter, UsageRow[]][] = [
        ['an app', { grantIds: [grantId] }, [ofGrant]],
        ['two apps', { grantIds: [grantId, createId<GrantId>(random)] }, [ofGrant]],
        ['a key', { keyId }, [ofKey]],
        ['a provider', { provider: 'groq' }, [ofProvider]],
        ['a model', { model: 'gpt-5' }, [ofModel]],
        ['an ending', { ending: 'failed' }, [failed]],
        ['a time', { from: NOON - 3 * day, to: NOON }, [ofGrant]],
        ['its end alone', { to: NOON - 40 * day }, [failed]],
        ['all of today', { from: NOON - 12 * HOUR }, [plain]],
        ['an app and its provider', { grantIds: [grantId], provider: 'openai' }, [ofGrant]],
        ['an app and another provider', { grantIds: [grantId], provider: 'groq' }, []],
        ['a model at another time', { model: 'gpt-5', from: NOON - 5 * day }, []],
        ['no time', { from: NOON, to: NOON }, []],
      ]
      for (const [what, filter, wanted] of cases) {
        assertSame(idsOf(await walk(store, filter, 2)), idsOf(wanted), what)
      }
      const old = await walk(store, { provider: 'openai', to: NOON }, 1)
      const wanted = [ofGrant, ofModel, ofKey, failed]
      assertSame(idsOf(old), idsOf(wanted), 'many days, a row a page')
    },
  },
  {
    title: 'finds denied calls by the model they named',
    run: async ({ store }) => {
      const denied = makeRow(makeReservation({ requestId: createId<RequestId>(random) }), {
        ...{ ending: 'denied', costNanoUsd: 0, costSource: 'none', tokens: null, model: 'gpt-9' },
      })
      await store.append(denied)

      assertSame(idsOf(await walk(store, { model: 'gpt-9' }, 5)), idsOf([denied]), 'by model')
      assertSame(await walk(store, { model: 'gpt-8' }, 5), [], 'by another model')
    },
  },
  {
    title: 'trims the oldest rows in batches and keeps the sums and what periods have used',
    run: async ({ store }) => {
      for (const hours of [50, 40, 30, 2]) await settle(store, { startedAt: NOON - hours * HOUR })
      const row = await settle(store)
      const before = await store.days('2026-11-01', TODAY)
      const used = await store.used(row.grantId, 'total')

      assertSame(await store.trimRows(NOON - 24 * HOUR, 2), 2, 'the first batch')
      const left = (await store.usage(10)).map(({ startedAt }) => (NOON - startedAt) / HOUR)
      assertSame(left, [0, 2, 30], 'what is left of it')
      assertSame(await store.trimRows(NOON - 24 * HOUR, 2), 1, 'the second batch')
      assertSame(await store.trimRows(NOON - 24 * HOUR, 2), 0, 'the third batch')
      assertSame(await store.trimRows(NOON, 5), 1, 'a row that began just then stays')
      assertSame(await store.days('2026-11-01', TODAY), before, 'the sums')
      assertSame(await store.used(row.grantId, 'total'), used, 'what is used')
    },
  },
  {
    title: 'erases rows and sums, and neither what is held nor what periods have used',
    run: async ({ store }) => {
      const { grantId } = await settle(store)
      const held = makeReservation({ requestId: createId<RequestId>(random) })
      await store.reserve(held, [])
      const used = await store.used(grantId, 'total')
      await store.eraseUsage()

      assertSame(await store.usage(10), [], 'rows')
      assertSame(await store.days('2000-01-01', '2099-12-31'), [], 'sums')
      assertSame(await store.used(grantId, 'total'), used, 'what is used')
      assertSame(await store.settle(makeRow(held)), true, 'whether what was held can be settled')
      const [sum] = await store.days(dayOf(held.startedAt), dayOf(held.startedAt))
      assertSame(sum?.calls, 1, 'calls since then')
    },
  },
  {
    title: 'leaves a sum as it was when there is no room to settle (C86)',
    run: async ({ store, failWrites }) => {
      await settle(store)
      const held = makeReservation({ requestId: createId<RequestId>(random) })
      await store.reserve(held, [])
      const before = await store.days(TODAY, TODAY)
      failWrites(true)
      await assertNoRoom(() => store.settle(makeRow(held)))
      failWrites(false)

      assertSame(await store.days(TODAY, TODAY), before, 'the sums')
      assertSame(await store.settle(makeRow(held)), true, 'whether it can be settled')
      assertSame((await store.days(TODAY, TODAY))[0]?.calls, 2, 'calls')
    },
  },
]
