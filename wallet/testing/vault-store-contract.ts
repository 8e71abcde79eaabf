/**
 * What every vault store must keep to, as cases that any test runner can run: `tests/contract` runs them
 * over each store there is.
 */
import {
  createId,
  isWalletError,
  toBase64url,
  type AccountId,
  type DeviceId,
  type ErrorCode,
  type RecordId,
  type VaultId,
} from '../protocol/index.ts'
import type { StoredRow, VaultHeader, VaultStore } from '../vault/index.ts'
import { createSeededRandom } from './seeded-random.ts'

/** A store under test. */
export interface VaultStoreSubject {
  /** Empty at first. */
  readonly store: VaultStore
  /** From now on the `count`th single write of a commit finds no room (1: the first). 0: never again. */
  readonly failAtWrite: (count: number) => void
  /** Another store over the same place, as another window or a restarted worker has it. */
  readonly reopen: () => VaultStore
}

export interface VaultStoreCase {
  readonly title: string
  /** Rejects with what differs. */
  run(subject: VaultStoreSubject): Promise<void>
}

const random = createSeededRandom('vault store contract')
const vaultHeader: VaultHeader = {
  schema: 1,
  vaultId: createId<VaultId>(random),
  accountId: createId<AccountId>(random),
  deviceId: createId<DeviceId>(random),
  epoch: 1,
  minSuite: 1,
  secretKey: toBase64url(random(16)),
}

function makeRow(rev = 1, recordId = createId<RecordId>(random)): StoredRow {
  const { deviceId } = vaultHeader
  const prev = rev === 1 ? new Uint8Array() : random(32)
  return { recordId, rev, prev, del: 0, writerDeviceId: deviceId, envelope: random(340) }
}

function makeWrap(): StoredRow {
  return { ...makeRow(), method: 'passphrase', params: '{"salt":"AA"}' }
}

const expecting = (...pairs: [StoredRow, number][]) =>
  new Map(pairs.map(([row, rev]) => [row.recordId, rev]))

const first = makeRow()
const wrap = makeWrap()

async function create(store: VaultStore): Promise<void> {
  const expected = expecting([first, 0], [wrap, 0])
  await store.commit({ header: vaultHeader, rows: [first, wrap], expected, epoch: null })
}

/** Everything in the store, in an order and form that can be compared. */
async function contents(store: VaultStore): Promise<string> {
  const rows = (await store.readRows()).map(shown).sort()
  return shown({ header: await store.readHeader(), rows })
}

/** A value as text that can be compared. */
export function shown(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    member instanceof Uint8Array ? `bytes:${toBase64url(member)}` : member,
  )
}

/** @throws an AssertionError, as test runners call it, that names what differs */
export function assertSame(found: unknown, wanted: unknown, what: string): void {
  const [foundText, wantedText] = [shown(found), shown(wanted)]
  if (foundText !== wantedText) {
    const difference = new Error(`${what}: ${foundText} instead of ${wantedText}`)
    difference.name = 'AssertionError'
    throw difference
  }
}

/** Asserts that a commit is refused with `code` and that the store is as it was. */
async function assertRefused(
  store: VaultStore,
  act: () => Promise<void>,
  code: ErrorCode,
): Promise<void> {
  const before = await contents(store)
  let refusal: unknown = 'not refused'
  try {
    await act()
  } catch (error) {
    refusal = isWalletError(error) ? error.code : String(error)
  }
  assertSame(refusal, code, 'the refusal')
  assertSame(await contents(store), before, 'the store after a refusal')
}

export const VAULT_STORE_CASES: readonly VaultStoreCase[] = [
  {
    title: 'is empty at first',
    run: async ({ store }) => {
      assertSame(await store.readHeader(), undefined, 'the header')
      assertSame(await store.readRow(first.recordId), undefined, 'a row')
      assertSame(await store.readRows(), [], 'the rows')
    },
  },
  {
    title: 'gives back the header and rows as they were stored',
    run: async ({ store }) => {
      await create(store)

      assertSame(await store.readHeader(), vaultHeader, 'the header')
      for (const row of [first, wrap]) {
        const stored = (await store.readRow(row.recordId)) as StoredRow
        assertSame(Object.keys(stored).sort(), Object.keys(row).sort(), 'the members')
        for (const name of Object.keys(row)) {
          assertSame(Reflect.get(stored, name), Reflect.get(row, name), name)
        }
      }
      assertSame((await store.readRows()).length, 2, 'the number of rows')
      assertSame(await store.readWraps(), { header: vaultHeader, rows: [wrap] }, 'the wraps')
    },
  },
  {
    title: 'keeps what was committed for the next who opens it',
    run: async ({ store, reopen }) => {
      await create(store)

      assertSame(await contents(reopen()), await contents(store), 'the store opened again')
    },
  },
  {
    title: 'gives out copies: changing one changes nothing',
    run: async ({ store }) => {
      await create(store)
      const before = await contents(store)
      const row = (await store.readRow(first.recordId)) as StoredRow
      row.envelope.fill(0)

      assertSame(await contents(store), before, 'the store')
    },
  },
  {
    title: 'takes copies: the caller may go on with its own',
    run: async ({ store }) => {
      const row = makeRow()
      const envelope = row.envelope.slice()
      await store.commit({ rows: [row], expected: expecting([row, 0]), epoch: null })
      row.envelope.fill(0)

      assertSame(await store.readRow(row.recordId), { ...row, envelope }, 'the row')
    },
  },
  {
    title: 'replaces a row whose rev is the expected one',
    run: async ({ store }) => {
      await create(store)
      const next = makeRow(2, first.recordId)
      await store.commit({ rows: [next], expected: expecting([first, 1]), epoch: 1 })

      assertSame(await store.readRow(first.recordId), next, 'the row')
      assertSame((await store.readRows()).length, 2, 'the number of rows')
    },
  },
  {
    title: 'refuses a change computed from an older rev, and keeps the newer row',
    run: async ({ store }) => {
      await create(store)
      await store.commit({
        rows: [makeRow(2, first.recordId)],
        expected: expecting([first, 1]),
        epoch: 1,
      })
      const late = makeRow(2, first.recordId)

      await assertRefused(
        store,
        () => store.commit({ rows: [late], expected: expecting([first, 1]), epoch: 1 }),
        'sync.conflict',
      )
    },
  },
  {
    title: 'refuses to add a row that is there, and to change one that is not',
    run: async ({ store }) => {
      await create(store)
      const absent = makeRow(2)
      for (const [row, rev] of [
        [first, 0],
        [absent, 1],
      ] as const) {
        await assertRefused(
          store,
          () => store.commit({ rows: [row], expected: expecting([row, rev]), epoch: 1 }),
          'sync.conflict',
        )
      }
    },
  },
  {
    title: 'writes nothing of a change of which one row was overtaken',
    run: async ({ store }) => {
      await create(store)
      const added = makeRow()
      const late = makeRow(2, first.recordId)
      const header = { ...vaultHeader, epoch: 2 }
      const expected = expecting([added, 0], [late, 7])

      await assertRefused(
        store,
        () => store.commit({ header, rows: [added, late], expected, epoch: 1 }),
        'sync.conflict',
      )
    },
  },
  {
    title: 'lets one of two win that change the same row at once',
    run: async ({ store, reopen }) => {
      await create(store)
      const stores = [store, reopen(), store, reopen()]
      const results = await Promise.allSettled(
        stores.map((each) =>
          each.commit({
            rows: [makeRow(2, first.recordId)],
            expected: expecting([first, 1]),
            epoch: 1,
          }),
        ),
      )
      const refusals = results.filter(({ status }) => status === 'rejected')

      assertSame(refusals.length, stores.length - 1, 'how many were refused')
      for (const refusal of refusals) {
        const conflict =
          refusal.status === 'rejected' && isWalletError(refusal.reason, 'sync.conflict')
        assertSame(conflict, true, 'the refusal is a conflict')
      }
    },
  },
  {
    title: 'refuses to create a vault where one is',
    run: async ({ store }) => {
      await create(store)
      const row = makeRow()
      const header = { ...vaultHeader, vaultId: createId<VaultId>(random) }
      const expected = expecting([row, 0])

      await assertRefused(
        store,
        () => store.commit({ header, rows: [row], expected, epoch: null }),
        'sync.conflict',
      )
    },
  },
  {
    title: 'lets one of two win that create a vault at once',
    run: async ({ store, reopen }) => {
      const other = reopen()
      const results = await Promise.allSettled([create(store), create(other)])

      assertSame(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'outcomes')
    },
  },
  {
    title: 'refuses a change computed in another epoch, and keeps the newer one (C88)',
    run: async ({ store }) => {
      await create(store)
      const header = { ...vaultHeader, epoch: 2 }
      await store.commit({ header, rows: [], expected: new Map(), epoch: 1 })
      const row = makeRow()
      const expected = expecting([row, 0])

      for (const epoch of [1, 3, null]) {
        await assertRefused(
          store,
          () => store.commit({ rows: [row], expected, epoch }),
          'sync.conflict',
        )
      }
      await store.commit({ rows: [row], expected, epoch: 2 })
    },
  },
  {
    title: 'refuses a change of every row when a row was added meanwhile (C88)',
    run: async ({ store }) => {
      await create(store)
      const added = makeRow()
      await store.commit({ rows: [added], expected: expecting([added, 0]), epoch: 1 })
      const header = { ...vaultHeader, epoch: 2 }
      const rows = [makeRow(2, first.recordId)]
      const expected = expecting([first, 1])

      for (const rowCount of [0, 2, 4]) {
        await assertRefused(
          store,
          () => store.commit({ header, rows, expected, epoch: 1, rowCount }),
          'sync.conflict',
        )
      }
      await store.commit({ header, rows, expected, epoch: 1, rowCount: 3 })
    },
  },
  {
    title: 'reads header and rows of one moment, whatever is written meanwhile',
    run: async ({ store, reopen }) => {
      await create(store)
      const other = reopen()
      for (let epoch = 1; epoch < 6; epoch++) {
        const reading = other.readAll()
        const writing = store.commit({
          header: { ...vaultHeader, epoch: epoch + 1 },
          rows: [makeRow(epoch + 1, first.recordId)],
          expected: expecting([first, epoch]),
          epoch,
        })
        const { header, rows } = await reading
        await writing
        const row = (rows as StoredRow[]).find(({ recordId }) => recordId === first.recordId)

        assertSame(row?.rev, (header as VaultHeader).epoch, 'the rev beside the epoch')
        assertSame(rows.length, 2, 'the number of rows')
      }
    },
  },
  {
    title: 'leaves the old state when there is no room, at whichever write (C86)',
    run: async ({ store, failAtWrite }) => {
      await create(store)
      const rows = [makeRow(2, first.recordId), makeRow(), makeRow()]
      const [changed, ...added] = rows
      const expected = new Map([
        ...expecting(...added.map((row): [StoredRow, number] => [row, 0])),
        [changed?.recordId ?? first.recordId, 1] as const,
      ])
      const header = { ...vaultHeader, epoch: 2 }
      for (let write = 1; write <= rows.length + 1; write++) {
        failAtWrite(write)
        await assertRefused(
          store,
          () => store.commit({ header, rows, expected, epoch: 1 }),
          'vault.quota',
        )
      }
      failAtWrite(0)
      await store.commit({ header, rows, expected, epoch: 1 })

      assertSame(await store.readHeader(), header, 'the header once there is room')
      assertSame((await store.readRows()).length, 4, 'the rows once there is room')
    },
  },
  {
    title: 'leaves nothing behind when there is no room to create a vault (C86)',
    run: async ({ store, failAtWrite }) => {
      for (let write = 1; write <= 3; write++) {
        failAtWrite(write)
        await assertRefused(store, () => create(store), 'vault.quota')
      }
      assertSame(await store.readHeader(), undefined, 'the header')
    },
  },
]
