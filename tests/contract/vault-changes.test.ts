import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  KNOWN_PASSPHRASE,
  VAULT_CHANGE_CASES,
  createFakeClock,
  createKnownVault,
  createSeededRandom,
  fastTestKdf,
  knownKey,
} from '@valetkey/wallet/testing'
import { changePassphrase, rotateRootKey, unlockVault } from '@valetkey/wallet/vault'
import { createDexieVaultStore } from '@valetkey/extension/adapters/dexie-vault-store.ts'
import { VAULT_STORE_SUBJECTS, newName } from './vault-store-subjects.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(VAULT_STORE_SUBJECTS)('over the %s vault store', (_, createSubject) => {
  describe.each(VAULT_CHANGE_CASES)('after $title', ({ onFullDisk, onDeath }) => {
    it('a vault is as it was, whichever write finds no room (C86)', () =>
      onFullDisk(createSubject()))

    it('a vault is the old or the new one, wherever the process dies (C87)', () =>
      onDeath(createSubject()))
  })
})

describe('two windows over one database', () => {
  const random = createSeededRandom('two windows')
  const ports = (name: string) => ({
    store: createDexieVaultStore(name),
    kdf: fastTestKdf,
    clock: createFakeClock().now,
    random,
  })

  it('write nothing under a root key that the other replaced (C88)', async () => {
    const name = newName()
    const { vault: late, keyId } = await createKnownVault(ports(name))
    const { vault } = await rotateRootKey(ports(name), { passphrase: KNOWN_PASSPHRASE })

    await expect(late.createRecord('key', knownKey('Late'))).rejects.toMatchObject({
      code: 'vault.locked',
    })
    await expect(late.removeRecord(keyId)).rejects.toMatchObject({ code: 'vault.locked' })
    const { records, damaged } = await vault.listRecords('key')
    expect([records.map(({ id }) => id), damaged]).toEqual([[keyId], []])
  })

  it('leave no record behind that one added while the other sealed them again (C88)', async () => {
    const name = newName()
    const { vault: writer } = await createKnownVault(ports(name))
    const rotating = ports(name)
    const commit = rotating.store.commit.bind(rotating.store)
    let added = false
    rotating.store.commit = async (change) => {
      if (!added) await writer.createRecord('key', knownKey('Added'))
      added = true
      await commit(change)
    }
    const { vault } = await rotateRootKey(rotating, { passphrase: KNOWN_PASSPHRASE })
    const { records, damaged } = await vault.listRecords('key')

    expect(records.map(({ fields }) => fields.label).sort()).toEqual(['Added', 'Work'])
    expect(damaged).toEqual([])
  })

  it('that change the passphrase at once: one wins, the other is told (C88)', async () => {
    const name = newName()
    await createKnownVault(ports(name))
    const wanted = ['another harbour at dusk', 'a third harbour at noon']
    const results = await Promise.allSettled(
      wanted.map((newPassphrase) =>
        changePassphrase(ports(name), { passphrase: KNOWN_PASSPHRASE, newPassphrase }),
      ),
    )
    const opened = await Promise.allSettled(wanted.map((each) => unlockVault(ports(name), each)))

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'sync.conflict' },
    })
    expect(opened.map(({ status }) => status)).toEqual(results.map(({ status }) => status))
  })
})
