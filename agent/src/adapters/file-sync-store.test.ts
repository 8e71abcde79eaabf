import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import { createId, toBase64url, type RecordId } from '@valetkey/wallet/protocol'
import type { SyncChange, SyncState, SyncedRow } from '@valetkey/wallet/sync'
import {
  createKnownVault,
  createFakeClock,
  createSeededRandom,
  fastTestKdf,
} from '@valetkey/wallet/testing'
import { readVaultState } from '@valetkey/wallet/vault'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTemporaryFolder } from '../testing/temporary-folder.ts'
import { createFileSyncStore } from './file-sync-store.ts'
import { createFileVaultStore } from './file-vault-store.ts'
import { createFileClaims } from './file-values.ts'
import { openWalletFile, type WalletFile } from './wallet-file.ts'

const random = createSeededRandom('file sync store')
const text = (sizeBytes: number): string => toBase64url(random(sizeBytes))
const newId = (): RecordId => createId<RecordId>(random)

let folder: ReturnType<typeof createTemporaryFolder>
let files: WalletFile[]
let epoch: number
beforeEach(async () => {
  folder = createTemporaryFolder()
  files = []
  const ports = { kdf: fastTestKdf, clock: createFakeClock().now, random }
  const store = createFileVaultStore(open())
  await createKnownVault({ ...ports, store })
  epoch = 1
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const file of files) file.close()
  return folder.remove()
})

function open(): WalletFile {
  const file = openWalletFile(join(folder.path, 'wallet.db'))
  files.push(file)
  return file
}

const row = (recordId = newId()): SyncedRow => ({
  ...{ recordId, rev: 3, prev: random(32), del: 0, seq: 7, envelopeHash: random(32) },
  writerDeviceId: createId(random),
})
const state = (rows: readonly SyncedRow[] | null): SyncState => {
  const head = { head: text(158), sig: text(64) }
  const device = { id: text(16), ed25519: text(32), x25519: text(32), addedAt: 1, sig: text(64) }
  return {
    ...{ head, identity: text(32), cursor: 'a cursor', floor: 2 },
    devices: { identity: text(32), links: [], devices: [device] },
    outbox: rows && { push: { base: text(32), changes: [], head }, rows },
  }
}
const change = (of: Partial<SyncChange> & Pick<SyncChange, 'state'>): SyncChange => ({
  ...{ rows: [], expected: new Map(), epoch, synced: { put: [], remove: [] } },
  ...of,
})

describe('what was synced, in the wallet’s file', () => {
  it('is read back as it was written, with the push that may have arrived', async () => {
    const [kept, gone, sent] = [row(), row(), row()]
    const store = createFileSyncStore(open())
    await expect(store.read()).rejects.toMatchObject({ code: 'request.not_found' })
    await store.commit(change({ state: state([sent]), synced: { put: [kept, gone], remove: [] } }))
    const next = state([sent, kept])
    const changed = { ...kept, rev: 4 }
    await store.commit(change({ state: next, synced: { put: [changed], remove: [gone.recordId] } }))

    const reread = createFileSyncStore(open())
    expect(await reread.read()).toEqual({ state: next, synced: [changed] })
    expect(await reread.readState()).toEqual(next)
    await reread.commit(change({ state: { ...next, outbox: null } }))
    expect(await reread.read()).toEqual({ state: { ...next, outbox: null }, synced: [changed] })
  })

  it('is written with the rows it is of, or not at all', async () => {
    const store = createFileSyncStore(open())
    await store.commit(change({ state: state(null) }))
    const before = await store.read()
    const overtaken = change({ state: state(null), expected: new Map([[newId(), 5]]) })
    await expect(store.commit(overtaken)).rejects.toMatchObject({ code: 'sync.conflict' })
    await expect(store.commit({ ...overtaken, epoch: 9 })).rejects.toMatchObject({
      code: 'sync.conflict',
    })
    expect(await store.read()).toEqual(before)

    const { run } = StatementSync.prototype
    const whole = change({ state: state([row()]), synced: { put: [row()], remove: [newId()] } })
    for (let failing = 1; ; failing++) {
      let left = failing
      vi.spyOn(StatementSync.prototype, 'run').mockImplementation(function (
        this: StatementSync,
        ...values
      ) {
        left -= 1
        if (left === 0) throw Object.assign(new Error('full'), { errcode: 13 })
        return Reflect.apply(run, this, values)
      })
      const failed = await store.commit(whole).then(
        () => null,
        (error: unknown) => error,
      )
      vi.restoreAllMocks()
      if (failed === null) {
        expect(failing).toBeGreaterThan(4)
        break
      }
      expect(failed).toMatchObject({ code: 'vault.quota' })
      expect(await store.read()).toEqual(before)
    }
  })

  it.each([
    ['state', "UPDATE state SET json = '{' WHERE name = 'sync'"],
    ['a row', "UPDATE synced SET hash = x'00', rev = -1"],
  ])('is refused where %s was damaged', async (_name, damage) => {
    const file = open()
    const store = createFileSyncStore(file)
    await store.commit(change({ state: state(null), synced: { put: [row()], remove: [] } }))
    await file.write((sql) => sql(damage).run())

    await expect(store.read()).rejects.toMatchObject({ code: 'vault.corrupt' })
  })

  it('finds room in a file of before, which keeps all it had', async () => {
    const path = join(folder.path, 'earlier.db')
    const earlier = new DatabaseSync(path)
    for (const { sql } of new DatabaseSync(join(folder.path, 'wallet.db'))
      .prepare("SELECT sql FROM sqlite_schema WHERE name NOT IN ('synced', 'claims') AND sql <> ''")
      .all()) {
      earlier.exec(String(sql))
    }
    earlier.exec("PRAGMA user_version = 1; INSERT INTO state (name, json) VALUES ('locks', '4')")
    earlier.close()
    chmodSync(path, 0o600)
    const file = openWalletFile(path)
    files.push(file)

    expect(await readVaultState(createFileVaultStore(file))).toBe('none')
    await createFileSyncStore(file).commit(change({ state: state(null), epoch: null }))
    expect(
      await file.read((sql) => sql('SELECT json FROM state ORDER BY name').all()),
    ).toHaveLength(2)
  })
})

describe('the calls that were begun (C105)', () => {
  it('outlive the process, until they are removed', async () => {
    const claims = createFileClaims(open())
    await claims.put({ name: 'one', until: 5, hash: 'a' })
    await claims.put({ name: 'two', until: 6, hash: 'b' })
    await claims.put({ name: 'one', until: 7, hash: 'c' })
    const later = createFileClaims(open())
    expect(new Set(await later.read())).toEqual(
      new Set([
        { name: 'one', until: 7, hash: 'c' },
        { name: 'two', until: 6, hash: 'b' },
      ]),
    )
    await later.remove(['one'])
    expect(await claims.read()).toHaveLength(1)
  })
})
