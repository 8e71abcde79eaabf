import 'fake-indexeddb/auto'
import Dexie from 'dexie'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLedger } from '@valetkey/wallet/metering'
import {
  ERROR_TABLE,
  createId,
  type ErrorCode,
  type GrantId,
  type KeyId,
  type RequestId,
} from '@valetkey/wallet/protocol'
import {
  LEDGER_STORE_CASES,
  USAGE_STORE_CASES,
  createFakeClock,
  createMemoryLedgerStore,
  createSeededRandom,
  type LedgerStoreSubject,
} from '@valetkey/wallet/testing'
import { createDexieLedgerStore } from '@valetkey/extension/adapters/dexie-ledger-store.ts'

let names = 0
const newName = () => `ledger ${names++}`
const random = createSeededRandom('ledger store')

function memorySubject(): LedgerStoreSubject {
  const store = createMemoryLedgerStore()
  return { store, failWrites: store.failWrites, reopen: () => store }
}

function dexieSubject(): LedgerStoreSubject {
  const name = newName()
  return {
    store: createDexieLedgerStore(name),
    failWrites,
    reopen: () => createDexieLedgerStore(name),
  }
}

/** The last write of each transaction is the one that finds the disk full. */
function failWrites(failing: boolean): void {
  vi.restoreAllMocks()
  if (!failing) return
  for (const method of ['put', 'add'] as const) {
    const write = Reflect.get(IDBObjectStore.prototype, method) as IDBObjectStore['put']
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (
      this: IDBObjectStore,
      ...parameters
    ) {
      const { name } = this
      if (name !== 'reservations') throw new DOMException('full', 'QuotaExceededError')
      return write.apply(this, parameters)
    })
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each([
  ['memory', memorySubject],
  ['Dexie', dexieSubject],
])('the %s ledger store', (_, createSubject) => {
  it.each([...LEDGER_STORE_CASES, ...USAGE_STORE_CASES])('$title', async (storeCase) => {
    await storeCase.run(createSubject())
  })
})

describe('the Dexie ledger store', () => {
  const call = {
    grantId: createId<GrantId>(random),
    keyId: createId<KeyId>(random),
    provider: 'openai',
    model: 'gpt-5-mini',
    capability: 'chat',
    budgets: [{ usd: '1.00', window: 'day' }],
    boundNanoUsd: 300_000_000,
    boundTokens: 1000,
  } as const
  const newCall = () => ({ ...call, budgets: [...call.budgets], requestId: newRequestId() })
  const newRequestId = () => createId<RequestId>(random)

  it('asks for strict durability at every write (C65)', async () => {
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const ledger = createLedger({
      store: createDexieLedgerStore(newName()),
      clock: createFakeClock().now,
    })
    await ledger.reserve(newCall())

    const writes = transaction.mock.calls.filter(([, mode]) => mode === 'readwrite')
    expect(writes.length).toBeGreaterThan(0)
    expect(writes.every(([, , options]) => options?.durability === 'strict')).toBe(true)
  })

  it('lets 200 calls of a ledger spend what three may, also over a worker’s death (C66)', async () => {
    const name = newName()
    const clock = createFakeClock().now
    const ledger = createLedger({ store: createDexieLedgerStore(name), clock })
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, () => ledger.reserve(newCall())),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)

    const next = createLedger({ store: createDexieLedgerStore(name), clock })
    const settled = await next.reconcile()
    expect(settled.map(({ ending, costNanoUsd }) => [ending, costNanoUsd])).toEqual([
      ['lost', 300_000_000],
      ['lost', 300_000_000],
      ['lost', 300_000_000],
    ])
    expect(await next.reconcile()).toEqual([])
    expect(await next.used(call.grantId, [...call.budgets])).toEqual([900_000_000])
    await expect(next.reserve(newCall())).rejects.toMatchObject({
      code: 'budget.exceeded',
      details: { window: 'day', limitUsd: '1.00', usedUsd: '0.90', neededUsd: '0.30' },
    })
  })

  it.each<[string, string, unknown]>([
    ['a reservation', 'reservations', { requestId: 'x', boundNanoUsd: -1 }],
    ['a usage row', 'usage', { requestId: 'x', startedAt: 1, costNanoUsd: -5 }],
    [
      'a sum',
      'spend',
      { grantId: call.grantId, period: 'total', use: { nanoUsd: -1, calls: 0, tokens: 0 } },
    ],
    ['the sum of a key', 'keySpend', { keyId: call.keyId, period: 'total', nanoUsd: 'much' }],
  ])('refuses %s that is no such thing', async (_, table, damaged) => {
    const name = newName()
    const store = createDexieLedgerStore(name)
    await store.reservations()
    const database = await new Dexie(name).open()
    await database.table(table).put(damaged)
    database.close()

    const reads: Record<string, () => Promise<unknown>> = {
      reservations: () => store.reservations(),
      usage: () => store.usage(5),
      spend: () => store.used(call.grantId, 'total'),
      keySpend: () => store.usesOfKeys([call.keyId], 'total'),
    }
    await expect(reads[table]?.()).rejects.toMatchObject({
      code: 'vault.corrupt',
      message: ERROR_TABLE['vault.corrupt'].message,
    })
  })

  it('reads the sums of a key as the first version wrote them', async () => {
    const name = newName()
    const store = createDexieLedgerStore(name)
    await store.reservations()
    const database = await new Dexie(name).open()
    await database.table('keySpend').put({ keyId: call.keyId, period: 'total', nanoUsd: 9 })
    database.close()

    expect(await store.usesOfKeys([call.keyId], 'total')).toEqual([
      { nanoUsd: 9, lastUsedAt: null },
    ])
  })

  it('refuses a window clock that is none', async () => {
    const name = newName()
    const store = createDexieLedgerStore(name)
    await store.readWindowClock()
    const database = await new Dexie(name).open()
    await database.table<unknown, string>('clock').put({ lastPeriodTime: 'now' }, 'clock')
    database.close()

    await expect(store.readWindowClock()).rejects.toMatchObject({ code: 'vault.corrupt' })
  })

  it.each<[string, number, Record<string, string>, ErrorCode]>([
    ['a later version', 3, { spend: '' }, 'vault.newer'],
    ['a table missing', 2, { reservations: 'requestId' }, 'vault.corrupt'],
    ['a table missing of the version before', 1, { reservations: 'requestId' }, 'vault.corrupt'],
  ])(
    'refuses a database with %s, and leaves it as it is (C85)',
    async (_, version, tables, code) => {
      const name = newName()
      const database = new Dexie(name)
      database.version(version).stores(tables)
      await database.open()
      database.close()

      await expect(createDexieLedgerStore(name).usage(1)).rejects.toMatchObject({ code })
      const after = await new Dexie(name).open()
      expect([after.verno, after.tables.map((table) => table.name)]).toEqual([
        version,
        Object.keys(tables),
      ])
      after.close()
    },
  )
})
