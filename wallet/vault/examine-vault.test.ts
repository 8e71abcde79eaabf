import { beforeEach, describe, expect, it } from 'vitest'
import { WalletError } from '../protocol/index.ts'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  type MemoryVaultStore,
} from '../testing/index.ts'
import { createVault } from './create-vault.ts'
import { examineVault } from './examine-vault.ts'

let store: MemoryVaultStore

beforeEach(async () => {
  store = createMemoryVaultStore()
  const ports = { store, kdf: fastTestKdf, clock: createFakeClock().now }
  await createVault({ ...ports, random: createSeededRandom('examine') }, 'a quiet harbour at dawn')
})

const isWrap = (row: unknown, method: string) => (row as { method?: string }).method === method

describe('a vault looked at from outside (C85)', () => {
  it('that is whole can be tried with passphrase and recovery key', async () => {
    expect(await examineVault(store)).toMatchObject({
      state: 'present',
      hasPassphrase: true,
      hasRecoveryKey: true,
    })
  })

  it('tells that there is none', async () => {
    expect(await examineVault(createMemoryVaultStore())).toEqual({
      state: 'none',
      rowCount: 0,
      hasPassphrase: false,
      hasRecoveryKey: false,
    })
  })

  it('that lost its header still has its rows', async () => {
    const rowCount = store.contents.rows.size
    store.contents.header = undefined

    expect(await examineVault(store)).toMatchObject({ state: 'damaged', rowCount })
  })

  it('of a later version says so', async () => {
    store.contents.header = { ...(store.contents.header as object), schema: 2 }

    expect(await examineVault(store)).toMatchObject({ state: 'newer' })
  })

  it('whose table is cut has lost the ways in that stood in it', async () => {
    for (const [id, row] of store.contents.rows) {
      if (isWrap(row, 'passphrase')) store.contents.rows.delete(id)
      if (isWrap(row, 'recovery')) store.contents.rows.set(id, 'no row')
    }

    expect(await examineVault(store)).toMatchObject({
      state: 'present',
      hasPassphrase: false,
      hasRecoveryKey: false,
    })
  })

  it('whose table is missing has no rows that could be counted', async () => {
    const missing = () => Promise.reject(new WalletError('vault.corrupt'))

    expect(await examineVault({ ...store, readRows: missing })).toMatchObject({ rowCount: null })
  })

  it('is not written to', async () => {
    const before = structuredClone([store.contents.header, [...store.contents.rows]])
    store.failAtWrite(1)

    await examineVault(store)

    expect([store.contents.header, [...store.contents.rows]]).toEqual(before)
  })
})
