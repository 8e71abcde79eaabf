import { beforeEach, describe, expect, it } from 'vitest'
import { createMemoryVaultStore, type MemoryVaultStore } from '../testing/index.ts'
import {
  createSubject,
  grant,
  key,
  labels,
  NEW_PASSPHRASE,
  oddRecord,
  PASSPHRASE,
  type Subject,
} from './__fixtures__/backup-subject.ts'
import { assertRefused } from './__fixtures__/stored.ts'
import { openBackup, restoreVault, restoreVaultWithKit, unlockVault } from './index.ts'

let clock: Subject['clock']
let store: Subject['store']
let vault: Subject['vault']
let kit: Subject['kit']
let credentials: Subject['credentials']
let portsOf: Subject['portsOf']
let forge: Subject['forge']

beforeEach(async () => {
  ;({ clock, store, vault, kit, credentials, portsOf, forge } = await createSubject())
})

describe('restoring a backup on another machine', () => {
  let file: Uint8Array
  let empty: MemoryVaultStore

  beforeEach(async () => {
    await vault.createRecords('key', [key('Work'), key('Home')])
    await vault.createRecord('grant', grant)
    file = (await vault.createBackup()).file
    empty = createMemoryVaultStore()
  })

  it('gives the same vault, on a device of its own, that the passphrase opens', async () => {
    const restored = await restoreVault(portsOf(empty), file, credentials)
    const again = await unlockVault(portsOf(empty), PASSPHRASE)

    expect(restored.recordCount).toBe(4)
    expect(again.vaultId).toBe(vault.vaultId)
    expect(again.deviceId).not.toBe(vault.deviceId)
    for (const kind of ['key', 'grant', 'identity'] as const) {
      for (const open of [restored.vault, again]) {
        const came = await open.listRecords(kind)
        const was = await vault.listRecords(kind)

        expect(came.damaged).toEqual([])
        expect(new Set(came.records)).toEqual(new Set(was.records))
      }
    }
  })

  it('keeps who wrote what and when', async () => {
    clock.advance(60_000)
    const restored = await restoreVault(portsOf(empty), file, credentials)
    const second = await restored.vault.createBackup()
    const before = await openBackup(portsOf(empty), file, credentials)
    const after = await openBackup(portsOf(empty), second.file, credentials)

    expect(new Set(after.records)).toEqual(new Set(before.records))
  })

  it('works with the recovery key alone, and renews every key', async () => {
    const { recoveryKeyText } = kit
    const restore = { recoveryKeyText, newPassphrase: NEW_PASSPHRASE }
    const restored = await restoreVaultWithKit(portsOf(empty), file, restore)
    const again = await unlockVault(portsOf(empty), NEW_PASSPHRASE)

    for (const open of [restored.vault, again]) expect(await labels(open)).toEqual(['Home', 'Work'])
    expect((await again.listRecords('identity')).records).toHaveLength(1)
    expect((await again.listRecords('key')).damaged).toEqual([])
    expect(restored.kit.secretKeyText).not.toBe(kit.secretKeyText)
    await restored.vault.createRecord('key', key('Later'))
    expect(await labels(await unlockVault(portsOf(empty), NEW_PASSPHRASE))).toContain('Later')

    const next = (await again.createBackup()).file
    for (const each of [{ recoveryKeyText }, credentials]) {
      await expect(openBackup(portsOf(empty), next, each)).rejects.toMatchObject({
        code: 'vault.unlock_failed',
      })
    }
  })

  it('gives a vault without an identity another one', async () => {
    const { records } = await openBackup(portsOf(store), file, credentials)
    const rest = records.filter(({ content }) => content.kind !== 'identity')
    const forged = forge(file, rest)
    const restored = await restoreVault(portsOf(empty), forged, credentials)

    expect(restored.recordCount).toBe(3)
    expect((await restored.vault.listRecords('identity')).records).toHaveLength(1)
  })

  it('keeps records of kinds this version does not know', async () => {
    const unknown = oddRecord({})
    const forged = forge(file, [unknown])
    const { vault: restored } = await restoreVault(portsOf(empty), forged, credentials)
    const next = await restored.createBackup()
    const opened = await openBackup(portsOf(empty), next.file, credentials)

    expect(opened.records).toContainEqual(unknown)
  })

  it('writes nothing where a vault is, or what is left of one (C85)', async () => {
    const { recoveryKeyText } = kit
    const restores = [
      (at: MemoryVaultStore) => restoreVault(portsOf(at), file, credentials),
      (at: MemoryVaultStore) =>
        restoreVaultWithKit(portsOf(at), file, { recoveryKeyText, newPassphrase: NEW_PASSPHRASE }),
    ]
    const rowsOnly = createMemoryVaultStore()
    rowsOnly.contents.rows.set('a', { some: 'row' })
    const newer = createMemoryVaultStore()
    newer.contents.header = { schema: 2 }
    for (const restore of restores) {
      await assertRefused(store, () => restore(store), 'sync.conflict')
      await assertRefused(rowsOnly, () => restore(rowsOnly), 'vault.corrupt')
      await assertRefused(newer, () => restore(newer), 'vault.newer')
    }
  })

  it('writes all of it or nothing, however full the disk is (C86, C90)', async () => {
    const { recoveryKeyText } = kit
    for (let write = 1; write <= 8; write++) {
      empty.failAtWrite(write)
      await assertRefused(
        empty,
        () => restoreVault(portsOf(empty), file, credentials),
        'vault.quota',
      )
      await assertRefused(
        empty,
        () =>
          restoreVaultWithKit(portsOf(empty), file, {
            recoveryKeyText,
            newPassphrase: NEW_PASSPHRASE,
          }),
        'vault.quota',
      )
    }
    empty.failAtWrite(0)

    expect((await restoreVault(portsOf(empty), file, credentials)).recordCount).toBe(4)
  })

  it('lets one of two windows restore (C88)', async () => {
    const results = await Promise.allSettled(
      [1, 2].map(() => restoreVault(portsOf(empty), file, credentials)),
    )

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'sync.conflict' },
    })
  })

  it('refuses a new passphrase that is too short, before anything else', async () => {
    const { recoveryKeyText } = kit
    await assertRefused(
      empty,
      () => restoreVaultWithKit(portsOf(empty), file, { recoveryKeyText, newPassphrase: 'short' }),
      'request.unprocessable',
    )
  })
})
