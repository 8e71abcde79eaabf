import { beforeEach, describe, expect, it } from 'vitest'
import { createId, type KeyId, type RecordFields } from '../protocol/index.ts'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  type MemoryVaultStore,
} from '../testing/index.ts'
import {
  createVault,
  orderAtEnd,
  ordersAtEnd,
  placeKey,
  sortKeys,
  type OpenVault,
} from './index.ts'

const random = createSeededRandom('key order')
let store: MemoryVaultStore
let vault: OpenVault

beforeEach(async () => {
  store = createMemoryVaultStore()
  const ports = { store, kdf: fastTestKdf, clock: createFakeClock().now, random }
  vault = (await createVault(ports, 'a quiet harbour at dawn')).vault
})

const key = (label: string, order: number, createdAt = 1): RecordFields<'key'> => ({
  ...{ provider: 'openai', baseUrl: null, secret: 'test', label, notes: '' },
  ...{ createdAt, expiresAt: null, lastTest: null, order, archived: false },
})

async function add<L extends string>(
  orders: Readonly<Record<L, number>>,
): Promise<Record<L, KeyId>> {
  const ids: Partial<Record<L, KeyId>> = {}
  for (const label of Object.keys(orders) as L[]) {
    ids[label] = await vault.createRecord('key', key(label, orders[label]))
  }
  return ids as Record<L, KeyId>
}

const keys = async () => sortKeys((await vault.listRecords('key')).records)
const labels = async () => (await keys()).map(({ fields }) => fields.label).join('')
const revs = () => [...store.contents.rows.values()].map((row) => (row as { rev: number }).rev)

describe('the order of keys', () => {
  it('puts a key before another and last, and writes that key alone', async () => {
    const ids = await add({ a: 1024, b: 2048, c: 3072, d: 4096 })
    await placeKey(vault, ids.d, ids.b)
    expect(await labels()).toBe('adbc')
    await placeKey(vault, ids.c, ids.a)
    expect(await labels()).toBe('cadb')
    await placeKey(vault, ids.c, null)

    expect(await labels()).toBe('adbc')
    expect(revs().filter((rev) => rev > 1)).toHaveLength(2)
  })

  it('numbers all anew in one commit where neighbours leave no room', async () => {
    const ids = await add({ a: 0, b: 1, c: 2 })
    await placeKey(vault, ids.c, ids.b)

    expect(await labels()).toBe('acb')
    expect((await keys()).map(({ fields }) => fields.order)).toEqual([1024, 2048, 3072])
  })

  it('stays as it was when that commit finds no room on the disk', async () => {
    const ids = await add({ a: 0, b: 1, c: 2 })
    store.failAtWrite(2)
    const move = placeKey(vault, ids.c, ids.b)

    await expect(move).rejects.toMatchObject({ code: 'vault.quota' })
    expect(await labels()).toBe('abc')
  })

  it('breaks a tie by age', async () => {
    await vault.createRecord('key', key('young', 1, 2))
    await vault.createRecord('key', key('old', 1, 1))

    expect((await keys()).map(({ fields }) => fields.label)).toEqual(['old', 'young'])
  })

  it('refuses a key that is not there, as what moves and as where to', async () => {
    const ids = await add({ a: 1, b: 2 })
    const absent = createId<KeyId>(random)

    for (const [moved, before] of [
      [absent, ids.a],
      [ids.a, absent],
      [ids.a, ids.a],
    ] as const) {
      await expect(placeKey(vault, moved, before)).rejects.toMatchObject({
        code: 'request.not_found',
      })
    }
    expect(await labels()).toBe('ab')
  })

  it('has a place after all keys, also after the only one', async () => {
    expect(orderAtEnd([])).toBeGreaterThan(0)
    await add({ a: 5000, b: 7 })

    expect(orderAtEnd(await keys())).toBeGreaterThan(5000)
  })

  it('has places for several after all keys, with room between them', async () => {
    const ids = await add({ a: 5000, b: 7 })
    const orders = ordersAtEnd(await keys(), 3)
    expect(orders[0]).toBe(orderAtEnd(await keys()))
    await vault.createRecords(
      'key',
      orders.map((order, index) => key('xyz'.charAt(index), order)),
    )
    await placeKey(vault, ids.a, (await keys())[3]?.id ?? null)

    expect(await labels()).toBe('bxayz')
    expect(revs().filter((rev) => rev > 1)).toHaveLength(1)
  })
})
