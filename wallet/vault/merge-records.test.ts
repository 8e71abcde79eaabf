import { beforeEach, describe, expect, it } from 'vitest'
import { type KeyId, type RecordId } from '../protocol/index.ts'
import { createMemoryVaultStore } from '../testing/index.ts'
import {
  createSubject,
  grant,
  key,
  labels,
  NEW_PASSPHRASE,
  PASSPHRASE,
  type Subject,
} from './__fixtures__/backup-subject.ts'
import { assertRefused, contentsOf } from './__fixtures__/stored.ts'
import {
  backupKeys,
  changePassphrase,
  createVault,
  openBackup,
  rotateRootKey,
  unlockVault,
  type StoredRow,
} from './index.ts'

let clock: Subject['clock']
let store: Subject['store']
let vault: Subject['vault']
let credentials: Subject['credentials']
let portsOf: Subject['portsOf']

beforeEach(async () => {
  ;({ clock, store, vault, credentials, portsOf } = await createSubject())
})

describe('merging a backup into the vault it is of', () => {
  let ids: readonly KeyId[]
  let file: Uint8Array
  const opened = (given = file) => openBackup(portsOf(store), given, credentials)
  const none = { added: 0, changed: 0, unchanged: 0, repaired: 0, deleted: 0, blocked: 0 }

  beforeEach(async () => {
    ids = await vault.createRecords('key', [key('A'), key('B'), key('C')])
    await vault.createRecord('grant', grant)
    file = (await vault.createBackup()).file
    clock.advance(60_000)
  })

  it('changes nothing where nothing is missing', async () => {
    const before = contentsOf(store)

    expect(await vault.mergeBackup(await opened())).toEqual({ ...none, unchanged: 5 })
    expect(contentsOf(store)).toEqual(before)
  })

  it('keeps every later edit, and deletions', async () => {
    const [a, b] = ids as [KeyId, KeyId]
    await vault.updateRecord('key', a, { label: 'A, later' })
    await vault.removeRecord(b)

    expect(await vault.mergeBackup(await opened())).toEqual({ ...none, unchanged: 4, deleted: 1 })
    expect(await labels(vault)).toEqual(['A, later', 'C'])
  })

  it('brings back what is lost or damaged, as it was', async () => {
    const [a, b, c] = ids as [KeyId, KeyId, KeyId]
    store.contents.rows.delete(a)
    const row = store.contents.rows.get(b) as StoredRow
    store.contents.rows.set(b, { ...row, envelope: row.envelope.map((byte) => byte ^ 1) })
    await vault.updateRecord('key', c, { label: 'C, later' })

    const outcome = { ...none, added: 1, repaired: 1, unchanged: 3 }
    expect(await vault.mergeBackup(await opened())).toEqual(outcome)
    expect(await labels(vault)).toEqual(['A', 'B', 'C, later'])
    expect((await vault.listRecords('key')).damaged).toEqual([])
  })

  it('takes later values of a backup that is ahead, field by field', async () => {
    const [a] = ids as [KeyId]
    const before = contentsOf(store)
    await vault.updateRecord('key', a, { notes: 'later' })
    const ahead = (await vault.createBackup()).file
    store.contents.rows.clear()
    for (const [id, row] of before.rows) store.contents.rows.set(id, row)
    clock.advance(60_000)
    await vault.updateRecord('key', a, { label: 'even later' })

    expect(await vault.mergeBackup(await opened(ahead))).toEqual({
      ...none,
      changed: 1,
      unchanged: 4,
    })
    expect(await vault.readRecord('key', a)).toMatchObject({ label: 'even later', notes: 'later' })
  })

  it('never gives a revoked grant back', async () => {
    const [{ id } = { id: '' }] = (await vault.listRecords('grant')).records
    const before = contentsOf(store)
    await vault.updateRecord('grant', id as never, { status: 'revoked' })
    const revoked = (await vault.createBackup()).file
    expect(await vault.mergeBackup(await opened())).toMatchObject({ changed: 0 })
    store.contents.rows.clear()
    for (const [rowId, row] of before.rows) store.contents.rows.set(rowId, row)
    clock.advance(60_000)
    await vault.updateRecord('grant', id as never, { status: 'active' })
    await vault.mergeBackup(await opened(revoked))

    expect((await vault.listRecords('grant')).records[0]?.fields.status).toBe('revoked')
  })

  it('leaves what it cannot tell: rows of a later version, and what is no row', async () => {
    const [a, b] = ids as [KeyId, KeyId]
    const row = store.contents.rows.get(a) as StoredRow
    const envelope = row.envelope.slice()
    envelope[4] = 2
    store.contents.rows.set(a, { ...row, envelope })
    store.contents.rows.set(b, { recordId: b, nonsense: true })

    expect(await vault.mergeBackup(await opened())).toEqual({ ...none, unchanged: 3, blocked: 2 })
    expect(store.contents.rows.get(a)).toEqual({ ...row, envelope })
  })

  it('goes on under a new epoch and a new passphrase', async () => {
    const [a] = ids as [KeyId]
    const backup = await opened()
    await changePassphrase(portsOf(store), {
      passphrase: PASSPHRASE,
      newPassphrase: NEW_PASSPHRASE,
    })
    await rotateRootKey(portsOf(store), { passphrase: NEW_PASSPHRASE, open: vault })
    store.contents.rows.delete(a)

    expect(await vault.mergeBackup(backup)).toMatchObject({ added: 1 })
    const again = await unlockVault(portsOf(store), NEW_PASSPHRASE)
    expect(await labels(again)).toEqual(['A', 'B', 'C'])
  })

  it('writes all of it or nothing (C86, C90)', async () => {
    const backup = await opened()
    for (const id of ids) store.contents.rows.delete(id)
    for (let write = 1; write <= ids.length; write++) {
      store.failAtWrite(write)
      await assertRefused(store, () => vault.mergeBackup(backup), 'vault.quota')
    }
    store.failAtWrite(0)

    expect(await vault.mergeBackup(backup)).toMatchObject({ added: 3 })
  })

  it('is refused for a backup of another vault, whose keys can still be taken out', async () => {
    const other = createMemoryVaultStore()
    const made = await createVault(portsOf(other), PASSPHRASE)
    await made.vault.createRecords('key', [key('Theirs')])
    await made.vault.createRecord('grant', grant)
    const theirs = (await made.vault.createBackup()).file
    const { secretKeyText } = made.kit
    const backup = await openBackup(portsOf(store), theirs, {
      passphrase: PASSPHRASE,
      secretKeyText,
    })

    await assertRefused(store, () => vault.mergeBackup(backup), 'request.unprocessable')
    expect(backupKeys(backup)).toEqual([key('Theirs')])
  })

  it('passes over keys that this version does not understand', () => {
    const record = {
      recordId: 'AAAAAAAAAAAAAAAAAAAAAQ' as RecordId,
      content: { kind: 'key', fields: {} },
    }

    expect(backupKeys({ vaultId: vault.vaultId, createdAt: 0, records: [record] })).toEqual([])
  })
})
