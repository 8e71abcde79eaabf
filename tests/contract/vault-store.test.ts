import 'fake-indexeddb/auto'
import Dexie from 'dexie'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ERROR_TABLE, isWalletError, type ErrorCode } from '@valetkey/wallet/protocol'
import {
  VAULT_STORE_CASES,
  createFakeClock,
  createSeededRandom,
  fastTestKdf,
} from '@valetkey/wallet/testing'
import { createVault, readVaultState, unlockVault, type VaultStore } from '@valetkey/wallet/vault'
import { createDexieVaultStore } from '@valetkey/extension/adapters/dexie-vault-store.ts'
import { VAULT_STORE_SUBJECTS, newName } from './vault-store-subjects.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(VAULT_STORE_SUBJECTS)('the %s vault store', (_, createSubject) => {
  it.each(VAULT_STORE_CASES)('$title', async (storeCase) => {
    await storeCase.run(createSubject())
  })
})

describe('the Dexie vault store', () => {
  const header = { schema: 1 }
  const rows = [{ recordId: 'kept' }]

  /** A database of the given version and tables, as another version or a broken disk left it. */
  async function makeDatabase(version: number, tables: Record<string, string>): Promise<string> {
    const name = newName()
    const database = new Dexie(name)
    database.version(version).stores(tables)
    await database.open()
    if ('header' in tables) await database.table('header').put(header, 'header')
    if ('rows' in tables) await database.table('rows').bulkPut(rows)
    database.close()
    return name
  }

  async function shapeOf(name: string): Promise<unknown> {
    const database = await new Dexie(name).open()
    const tables = await Promise.all(
      database.tables.map(async (table) => [table.name, await table.toArray()]),
    )
    const shape = { version: database.verno, tables }
    database.close()
    return shape
  }

  async function assertUntouchedAndRefused(name: string, code: ErrorCode): Promise<void> {
    const before = await shapeOf(name)
    const store = createDexieVaultStore(name)
    const uses: ((store: VaultStore) => Promise<unknown>)[] = [
      (each) => each.readHeader(),
      (each) => each.readRow('kept'),
      (each) => each.readRows(),
      (each) => each.readAll(),
      (each) => each.readWraps(),
      (each) => each.commit({ rows: [], expected: new Map(), epoch: null }),
    ]
    for (const use of uses) {
      await expect(use(store)).rejects.toMatchObject({ code, message: ERROR_TABLE[code].message })
    }
    expect(await shapeOf(name)).toEqual(before)
  }

  it.each<[string, Record<string, string>]>([
    ['the header table', { rows: 'recordId' }],
    ['the rows table', { header: '' }],
    ['both tables', { other: '' }],
    ['the key of the rows', { header: '', rows: '++id' }],
  ])('refuses a database without %s, and adds nothing to it (C85)', async (_, tables) => {
    const name = await makeDatabase(1, tables)

    await assertUntouchedAndRefused(name, 'vault.corrupt')
    expect(await readVaultState(createDexieVaultStore(name))).toBe('damaged')
  })

  it('refuses a database of a later version, and leaves it as it is (C85)', async () => {
    const name = await makeDatabase(3, { header: '', rows: 'recordId, method' })

    await assertUntouchedAndRefused(name, 'vault.newer')
    expect(await readVaultState(createDexieVaultStore(name))).toBe('newer')
  })

  it('opens a database of the first version, and leaves it as it is', async () => {
    const name = await makeDatabase(1, { header: '', rows: 'recordId' })
    const before = await shapeOf(name)
    const store = createDexieVaultStore(name)
    const wrap = { recordId: 'wrap', method: 'passphrase' }
    const database = await new Dexie(name).open()
    await database.table('rows').put(wrap)

    expect(await store.readAll()).toEqual({ header, rows: [...rows, wrap] })
    expect(await store.readWraps()).toEqual({ header, rows: [wrap] })
    await database.table('rows').delete('wrap')
    database.close()
    expect(await shapeOf(name)).toEqual(before)
  })

  it('reads no record where wraps are asked for', async () => {
    const store = createDexieVaultStore(newName())
    await store.readHeader()
    const { prototype } = IDBObjectStore
    const getAll = vi.spyOn(prototype, 'getAll')
    const openCursor = vi.spyOn(prototype, 'openCursor')

    await store.readWraps()

    expect([...getAll.mock.calls, ...openCursor.mock.calls]).toEqual([])
  })

  it('says that the store cannot be read when the browser cannot open it', async () => {
    vi.spyOn(indexedDB, 'databases').mockRejectedValueOnce(new DOMException('x', 'UnknownError'))
    const store = createDexieVaultStore(newName())

    await expect(store.readHeader()).rejects.toSatisfy((error) =>
      isWalletError(error, 'vault.corrupt'),
    )
    expect(await store.readHeader()).toBeUndefined()
  })

  it('goes on after its database was deleted under it', async () => {
    // Dexie says so on the console.
    vi.spyOn(console, 'warn').mockReturnValue(undefined)
    const name = newName()
    const store = createDexieVaultStore(name)
    expect(await store.readHeader()).toBeUndefined()
    await Dexie.delete(name)

    expect(await readVaultState(store)).toBe('none')
  })

  it('asks for strict durability at every commit (C87)', async () => {
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction')
    await createDexieVaultStore(newName()).commit({
      rows: [],
      expected: new Map(),
      epoch: null,
    })

    const writes = transaction.mock.calls.filter(([, mode]) => mode === 'readwrite')
    expect(writes.map(([, , options]) => options)).toEqual([{ durability: 'strict' }])
  })

  it('holds a vault that a new process unlocks', async () => {
    const name = newName()
    const ports = {
      kdf: fastTestKdf,
      clock: createFakeClock().now,
      random: createSeededRandom('dexie'),
    }
    const passphrase = 'a quiet harbour at dawn'
    const { vault } = await createVault(
      { ...ports, store: createDexieVaultStore(name) },
      passphrase,
    )
    const again = await unlockVault({ ...ports, store: createDexieVaultStore(name) }, passphrase)

    expect(again.exportRootKeys()).toEqual(vault.exportRootKeys())
    expect((await again.listRecords('identity')).records).toHaveLength(1)
  })
})
