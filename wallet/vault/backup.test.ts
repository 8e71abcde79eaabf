import { beforeEach, describe, expect, it } from 'vitest'
import { type ErrorCode } from '../protocol/index.ts'
import { createMemoryVaultStore } from '../testing/index.ts'
import {
  createSubject,
  grant,
  key,
  NEW_PASSPHRASE,
  PASSPHRASE,
  type Subject,
} from './__fixtures__/backup-subject.ts'
import { assertRefused } from './__fixtures__/stored.ts'
import { parseBackupFile } from './backup-file.ts'
import { backupKeys, createVault, openBackup, rotateRootKey, type StoredRow } from './index.ts'

let clock: Subject['clock']
let store: Subject['store']
let vault: Subject['vault']
let kit: Subject['kit']
let credentials: Subject['credentials']
let portsOf: Subject['portsOf']

beforeEach(async () => {
  ;({ clock, store, vault, kit, credentials, portsOf } = await createSubject())
})

describe('a backup', () => {
  it('says nothing in clear but ids, its time and how its wraps were made', async () => {
    await vault.createRecords('key', [key('Canary label')])
    await vault.createRecord('grant', grant)
    const { file, recordCount, damaged } = await vault.createBackup()
    const text = Buffer.from(file).toString('latin1')

    expect([recordCount, damaged]).toEqual([3, []]) // with the identity
    for (const canary of ['Canary label', 'openai', 'app.example', 'budgets', PASSPHRASE]) {
      expect(text).not.toContain(canary)
      expect(text).not.toContain(Buffer.from(canary).toString('base64url'))
    }
    expect(parseBackupFile(file)).toMatchObject({
      vaultId: vault.vaultId,
      createdAt: clock.now(),
      epoch: 1,
    })
  })

  it('holds no passkey and nothing of this device, and leaves out what is deleted', async () => {
    const [gone] = await vault.createRecords('key', [key('Gone')])
    await vault.createRecord('key', key('Kept'))
    if (gone !== undefined) await vault.removeRecord(gone)
    const { file } = await vault.createBackup()
    const { records } = await openBackup(portsOf(store), file, credentials)

    expect(parseBackupFile(file).wraps.map(({ method }) => method)).toEqual([
      'passphrase',
      'recovery',
    ])
    expect(records.map(({ content }) => content.kind).sort()).toEqual(['identity', 'key'])
    expect(records.map(({ recordId }) => recordId as string)).not.toContain(vault.deviceId)
  })

  it('is made of what can be read, and names what cannot', async () => {
    const [bad] = await vault.createRecords('key', [key('Bad'), key('Good')])
    const row = store.contents.rows.get(bad ?? '') as StoredRow
    store.contents.rows.set(row.recordId, { ...row, rev: 9 })
    store.contents.rows.set('nonsense', { nonsense: true })
    const { file, damaged } = await vault.createBackup()
    const opened = await openBackup(portsOf(store), file, credentials)

    expect(damaged).toEqual([bad, ''])
    expect(backupKeys(opened).map(({ label }) => label)).toEqual(['Good'])
  })

  it('is not made where nobody could open it, nor of a locked vault', async () => {
    const rows = [...store.contents.rows.values()] as StoredRow[]
    for (const row of rows) if (row.method) store.contents.rows.delete(row.recordId)
    await assertRefused(store, () => vault.createBackup(), 'vault.corrupt')

    vault.wipe()
    await assertRefused(store, () => vault.createBackup(), 'vault.locked')
  })

  it('opens with passphrase and Secret Key, or the recovery key, of its time', async () => {
    await vault.createRecord('key', key('Work'))
    const { file } = await vault.createBackup()
    const change = { passphrase: PASSPHRASE, newPassphrase: NEW_PASSPHRASE, open: vault }
    await rotateRootKey(portsOf(store), change)

    for (const each of [
      credentials,
      { passphrase: PASSPHRASE }, // the Secret Key of the vault that is here
      { recoveryKeyText: kit.recoveryKeyText },
    ]) {
      const opened = await openBackup(portsOf(store), file, each)

      expect(opened).toMatchObject({ vaultId: vault.vaultId, createdAt: clock.now() })
      expect(backupKeys(opened)).toEqual([key('Work')])
    }
  })

  it.each<[string, () => Parameters<typeof openBackup>[2], ErrorCode]>([
    [
      'another passphrase',
      () => ({ ...credentials, passphrase: NEW_PASSPHRASE }),
      'vault.unlock_failed',
    ],
    [
      'a mistyped Secret Key',
      () => ({ passphrase: PASSPHRASE, secretKeyText: 'VK1-0' }),
      'request.invalid',
    ],
    ['a mistyped recovery key', () => ({ recoveryKeyText: 'VR1-0' }), 'request.invalid'],
  ])('does not open with %s', async (_, given, code) => {
    const { file } = await vault.createBackup()

    await assertRefused(store, () => openBackup(portsOf(store), file, given()), code)
  })

  it('does not open with the keys of another vault, nor without a vault for its Secret Key', async () => {
    const { file } = await vault.createBackup()
    const other = await createVault(portsOf(createMemoryVaultStore()), PASSPHRASE)
    const { secretKeyText, recoveryKeyText } = other.kit
    for (const each of [{ passphrase: PASSPHRASE, secretKeyText }, { recoveryKeyText }]) {
      await assertRefused(
        store,
        () => openBackup(portsOf(store), file, each),
        'vault.unlock_failed',
      )
    }
    const empty = createMemoryVaultStore()
    await assertRefused(
      empty,
      () => openBackup(portsOf(empty), file, { passphrase: PASSPHRASE }),
      'request.not_found',
    )
  })
})
