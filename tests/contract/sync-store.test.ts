import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi, afterEach } from 'vitest'
import {
  createId,
  toBase64url,
  type DeviceId,
  type RecordId,
  type VaultId,
} from '@valetkey/wallet/protocol'
import type { SyncChange, SyncState, SyncedRow } from '@valetkey/wallet/sync'
import { createSeededRandom } from '@valetkey/wallet/testing'
import {
  createDexieVaultStore,
  type DexieVaultStore,
} from '@valetkey/extension/adapters/dexie-vault-store.ts'
import { newName } from './vault-store-subjects.ts'

const random = createSeededRandom('sync store')
const writerDeviceId = createId<DeviceId>(random)
const header = {
  ...{ schema: 1 as const, vaultId: createId<VaultId>(random), accountId: createId(random) },
  ...{ deviceId: writerDeviceId, epoch: 1, minSuite: 1, secretKey: '' },
}
const text = (sizeBytes: number) => toBase64url(random(sizeBytes))
const row = (recordId: RecordId, rev = 1) => ({
  ...{ recordId, rev, prev: new Uint8Array(), del: 0 as const, writerDeviceId },
  envelope: random(40),
})
const syncedRow = (recordId: RecordId, seq = 1): SyncedRow => ({
  ...{ recordId, rev: 1, prev: new Uint8Array(), del: 0, writerDeviceId },
  ...{ envelopeHash: random(32), seq },
})
const IDENTITY = text(32)
const STATE: SyncState = {
  head: null,
  devices: {
    identity: IDENTITY,
    links: [],
    devices: [
      {
        ...{ id: writerDeviceId, ed25519: text(32), x25519: text(32), addedAt: 1 },
        sig: text(64),
      },
    ],
  },
  ...{ identity: IDENTITY, cursor: null, floor: 0, outbox: null },
}
const change = (changes: Partial<SyncChange>): SyncChange => ({
  ...{ state: STATE, rows: [], expected: new Map(), epoch: 1 },
  synced: { put: [], remove: [] },
  ...changes,
})

let name: string
let store: DexieVaultStore

beforeEach(async () => {
  name = newName()
  store = createDexieVaultStore(name)
  await store.commit({ header: header as never, rows: [], expected: new Map(), epoch: null })
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('what was synced, in the database of the vault', () => {
  it('is not there before the first sync, and is read back whole after it', async () => {
    await expect(store.sync.read()).rejects.toMatchObject({ code: 'request.not_found' })
    const [one, other] = [createId<RecordId>(random), createId<RecordId>(random)]
    const put = [syncedRow(one), syncedRow(other)]
    await store.sync.commit(change({ rows: [row(one), row(other)], synced: { put, remove: [] } }))

    const { state, synced } = await createDexieVaultStore(name).sync.read()
    expect(state).toEqual(STATE)
    expect(synced).toHaveLength(2)
    expect(synced).toEqual(expect.arrayContaining(put))
    expect(await store.readRows()).toHaveLength(2)
    // None of it is a row or the header of the vault.
    expect(await store.readHeader()).toEqual(header)
  })

  it('gives the state alone as well, as it was written', async () => {
    const parts = { grant: { 'usd/day': 5 } }
    await store.sync.commit(change({ state: { ...STATE, parts } }))
    expect(await store.sync.readState()).toEqual({ ...STATE, parts })
  })

  it('forgets the rows that are gone', async () => {
    const ids = [createId<RecordId>(random), createId<RecordId>(random)] as const
    await store.sync.commit(change({ synced: { put: ids.map((id) => syncedRow(id)), remove: [] } }))
    await store.sync.commit(change({ synced: { put: [], remove: [ids[0]] } }))
    const { synced } = await store.sync.read()
    expect(synced.map(({ recordId }) => recordId)).toEqual([ids[1]])
  })

  it('is written with the rows or not at all: another writer was faster', async () => {
    const id = createId<RecordId>(random)
    await store.commit({ rows: [row(id, 3)], expected: new Map([[id, 0]]), epoch: 1 })
    await expect(
      store.sync.commit(
        change({
          ...{ rows: [row(id, 2)], expected: new Map([[id, 1]]) },
          synced: { put: [syncedRow(id)], remove: [] },
        }),
      ),
    ).rejects.toMatchObject({ code: 'sync.conflict' })
    await expect(store.sync.read()).rejects.toMatchObject({ code: 'request.not_found' })
    expect(await store.readRow(id)).toMatchObject({ rev: 3 })
  })

  it('is not written under a root key that was replaced meanwhile (C88)', async () => {
    await expect(store.sync.commit(change({ epoch: 2 }))).rejects.toMatchObject({
      code: 'sync.conflict',
    })
    await expect(store.sync.read()).rejects.toMatchObject({ code: 'request.not_found' })
  })

  it.each([1, 2, 3])('is as it was where write %i finds no room (C86)', async (failing) => {
    const id = createId<RecordId>(random)
    let left = failing
    const { put } = IDBObjectStore.prototype
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...given
    ) {
      left -= 1
      if (left === 0) throw new DOMException('full', 'QuotaExceededError')
      return put.apply(this, given)
    })
    await expect(
      store.sync.commit(
        change({
          ...{ rows: [row(id)], expected: new Map([[id, 0]]) },
          synced: { put: [syncedRow(id)], remove: [] },
        }),
      ),
    ).rejects.toMatchObject({ code: 'vault.quota' })
    vi.restoreAllMocks()
    await expect(store.sync.read()).rejects.toMatchObject({ code: 'request.not_found' })
    expect(await store.readRows()).toEqual([])
  })

  it('shows a row that came by it to whoever read the one before', async () => {
    const id = createId<RecordId>(random)
    await store.commit({ rows: [row(id)], expected: new Map([[id, 0]]), epoch: 1 })
    expect(await store.readRow(id)).toMatchObject({ rev: 1 })
    await store.sync.commit(change({ rows: [row(id, 2)], expected: new Map([[id, 1]]) }))
    expect(await store.readRow(id)).toMatchObject({ rev: 2 })
  })

  it('is refused where it was damaged, and not half-believed', async () => {
    await store.sync.commit(change({ state: { ...STATE, floor: -1 } }))
    await expect(store.sync.read()).rejects.toMatchObject({ code: 'vault.corrupt' })
  })
})
