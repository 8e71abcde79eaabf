import 'fake-indexeddb/auto'
import Dexie from 'dexie'
import { describe, expect, it, vi } from 'vitest'
import { createDexieLedgerStore } from '@valetkey/extension/adapters/dexie-ledger-store.ts'
import { FIRST_LEDGER, writeFirstLedger } from './__fixtures__/first-ledger.ts'

let names = 0
const newName = () => `first ledger ${names++}`

async function tablesOf(name: string): Promise<[number, string[]]> {
  const database = await new Dexie(name).open()
  const found: [number, string[]] = [database.verno, database.tables.map((table) => table.name)]
  database.close()
  return found
}

describe('a ledger of the first version', () => {
  it('gets the sums of its days, and keeps everything it held', async () => {
    const name = newName()
    await writeFirstLedger(name)
    const store = createDexieLedgerStore(name)

    const sums = await store.days('2026-11-01', '2026-11-30')
    expect(sums.toSorted((a, b) => a.day.localeCompare(b.day))).toEqual(FIRST_LEDGER.sums)
    expect(await store.usage(10)).toEqual(FIRST_LEDGER.rows.toReversed())
    expect(await store.reservations()).toEqual(FIRST_LEDGER.reservations)
    const { grantId, period, use } = FIRST_LEDGER.spend
    expect(await store.used(grantId, period)).toEqual(use)
    expect(await store.readWindowClock()).toEqual(FIRST_LEDGER.clock)
    expect(await store.rows({ filter: { ending: 'lost' }, before: null, limit: 5 })).toMatchObject({
      rows: [{ requestId: FIRST_LEDGER.rows[1].requestId }],
      next: null,
    })
  })

  it('is brought up once, and read as it is from then on', async () => {
    const name = newName()
    await writeFirstLedger(name)
    await createDexieLedgerStore(name).days('2026-11-01', '2026-11-30')
    const again = createDexieLedgerStore(name)

    expect(await again.days('2026-11-01', '2026-11-30')).toHaveLength(FIRST_LEDGER.sums.length)
    expect((await tablesOf(name))[0]).toBe(2)
  })

  it('is brought up by one of two stores that open it at once', async () => {
    const name = newName()
    await writeFirstLedger(name)
    const stores = [createDexieLedgerStore(name), createDexieLedgerStore(name)]
    const sums = await Promise.all(stores.map((store) => store.days('2026-11-01', '2026-11-30')))

    expect(sums.map(({ length }) => length)).toEqual([
      FIRST_LEDGER.sums.length,
      FIRST_LEDGER.sums.length,
    ])
  })

  it('leaves a damaged row out of the sums, and still says that it is damaged', async () => {
    const name = newName()
    await writeFirstLedger(name, [{ requestId: 'x', startedAt: 1, costNanoUsd: -5 }])
    const store = createDexieLedgerStore(name)

    expect(await store.days('0000-01-01', '9999-12-31')).toHaveLength(FIRST_LEDGER.sums.length)
    await expect(store.usage(10)).rejects.toMatchObject({ code: 'vault.corrupt' })
  })

  it('stays as it was when there is no room for the sums (C86)', async () => {
    const name = newName()
    await writeFirstLedger(name)
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(createDexieLedgerStore(name).usage(1)).rejects.toMatchObject({
      code: 'vault.quota',
    })
    put.mockRestore()

    const [version, tables] = await tablesOf(name)
    expect(version).toBe(1)
    expect(tables).not.toContain('days')
    expect(await createDexieLedgerStore(name).usage(10)).toHaveLength(FIRST_LEDGER.rows.length)
  })
})
