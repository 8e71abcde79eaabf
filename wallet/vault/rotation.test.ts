import { beforeEach, describe, expect, it } from 'vitest'
import { deriveEpochKey, envelopeEpoch, openWrap, sealEnvelope, sha256 } from '../crypto/index.ts'
import { createId, fromBase64url, type KeyId, type RecordId } from '../protocol/index.ts'
import {
  KNOWN_PASSPHRASE,
  createFakeClock,
  createKnownVault,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  knownKey,
  readableIn,
  type KnownVault,
  type MemoryVaultStore,
} from '../testing/index.ts'
import { assertRefused, rowsIn, wrapIn } from './__fixtures__/stored.ts'
import {
  recoverVault,
  reopenVault,
  rotateRootKey,
  unlockVault,
  type OpenVault,
  type RootKeyRotation,
  type StoredRow,
  type VaultHeader,
  type VaultPorts,
} from './index.ts'

const NEW_PASSPHRASE = 'another harbour at dusk'

let store: MemoryVaultStore
let ports: VaultPorts
let known: KnownVault
let kdfCalls: number

beforeEach(async () => {
  store = createMemoryVaultStore()
  const random = createSeededRandom('rotation')
  const kdf: typeof fastTestKdf = (...given) => ((kdfCalls += 1), fastTestKdf(...given))
  ports = { store, kdf, clock: createFakeClock().now, random }
  known = await createKnownVault(ports)
  kdfCalls = 0
})

const header = () => store.contents.header as VaultHeader
const rows = () => rowsIn(store)
const rowOf = (id: string) => store.contents.rows.get(id) as StoredRow
const wrapOf = (method: string) => wrapIn(store, method)
const rotate = (rotation: Partial<RootKeyRotation> = {}) =>
  rotateRootKey(ports, { passphrase: KNOWN_PASSPHRASE, ...rotation })
const rootKeyOf = (vault: OpenVault) => fromBase64url(vault.exportRootKeys()[0]?.rootKey ?? '')

/** Something happens just before the next commit. */
function before(happening: () => Promise<unknown>): void {
  const commit = store.commit.bind(store)
  store.commit = async (change) => {
    store.commit = commit
    await happening()
    return commit(change)
  }
}

describe('a new epoch', () => {
  it('keeps every record and seals each of them again, tombstones and device keys too', async () => {
    const [readable, old] = [await readableIn(known.vault), structuredClone(store.contents.rows)]
    const { vault } = await rotate()

    expect(await readableIn(vault)).toEqual(readable)
    expect(await readableIn(await unlockVault(ports, KNOWN_PASSPHRASE))).toEqual(readable)
    expect(header()).toMatchObject({ epoch: 2, deviceId: known.vault.deviceId })
    for (const row of rows()) {
      const replaced = old.get(row.recordId) as StoredRow | undefined
      expect(envelopeEpoch(row.envelope)).toBe(2)
      expect(row.rev).toBe((replaced?.rev ?? 0) + 1)
      expect(row.prev).toEqual(replaced ? sha256(replaced.envelope) : new Uint8Array())
      expect(row.del).toBe(replaced?.del ?? 0)
    }
  })

  it('has another root key, under which the one before is sealed', async () => {
    const oldRootKey = rootKeyOf(known.vault)
    const { vault } = await rotate()
    const row = wrapOf('epoch')
    const key = deriveEpochKey('wrap', rootKeyOf(vault), vault.vaultId, 2)
    const { vaultId } = vault
    const entry = openWrap({
      type: 'epoch',
      keyOf: () => key,
      vaultId,
      row,
      envelope: row.envelope,
    })

    expect(rootKeyOf(vault)).not.toEqual(oldRootKey)
    expect(entry).toEqual({ epoch: 1, rootKey: oldRootKey })
    expect(row.params).toBe('{}')
  })

  it('keeps Secret Key and identity, and brings another kit', async () => {
    const { secretKey } = header()
    const { kit } = await rotate()

    expect(header().secretKey).toBe(secretKey)
    expect(kit.secretKeyText).toBe(known.kit.secretKeyText)
    const newPassphrase = NEW_PASSPHRASE
    const use = ({ recoveryKeyText }: { readonly recoveryKeyText: string }) =>
      recoverVault(ports, { recoveryKeyText, newPassphrase })
    await assertRefused(store, () => use(known.kit), 'vault.unlock_failed')
    await expect(use(kit)).resolves.toBeDefined()
  })

  it('takes a new passphrase along', async () => {
    await rotate({ newPassphrase: NEW_PASSPHRASE })

    expect(kdfCalls).toBe(2)
    await assertRefused(store, () => unlockVault(ports, KNOWN_PASSPHRASE), 'vault.unlock_failed')
    await expect(unlockVault(ports, NEW_PASSPHRASE)).resolves.toBeDefined()
  })

  it('follows another, and another', async () => {
    const readable = await readableIn(known.vault)
    for (let epoch = 2; epoch <= 4; epoch++) await rotate()
    const vault = await unlockVault(ports, KNOWN_PASSPHRASE)

    expect(header().epoch).toBe(4)
    expect(rows().filter(({ method }) => method === 'epoch')).toHaveLength(3)
    expect(await readableIn(vault)).toEqual(readable)
  })

  it('is refused with a wrong passphrase after one hash (C84)', async () => {
    const wrong = () => rotate({ passphrase: 'not the passphrase', newPassphrase: NEW_PASSPHRASE })

    await assertRefused(store, wrong, 'vault.unlock_failed')
    expect(kdfCalls).toBe(1)
  })

  it('is refused with a short new passphrase before anything is hashed', async () => {
    await assertRefused(
      store,
      () => rotate({ newPassphrase: 'eleven char' }),
      'request.unprocessable',
    )
    expect(kdfCalls).toBe(0)
  })

  it('is one commit that names every row it replaces (C87)', async () => {
    const commit = store.commit.bind(store)
    const changes: Parameters<typeof commit>[0][] = []
    const count = store.contents.rows.size
    store.commit = (change) => (changes.push(change), commit(change))
    await rotate()

    expect(changes).toHaveLength(1)
    expect(changes[0]).toMatchObject({ epoch: 1, rowCount: count })
    // The wrap of the old root key is new; all others were there.
    expect([...(changes[0]?.expected.values() ?? [])].filter((rev) => rev === 0)).toHaveLength(1)
    expect(changes[0]?.expected.size).toBe(count + 1)
  })
})

describe('a new epoch with a generator that repeats itself', () => {
  it('is refused before the root key is one that others know (C89)', async () => {
    const { random } = ports
    const stuck = random(32)
    let draws = 0
    // Good for salts, nonces and the recovery key; then it gives the same 32 bytes each time.
    const failing = (size: number) => {
      if (size === 32) draws += 1
      return size === 32 && draws > 2 ? stuck.slice() : random(size)
    }
    ports = { ...ports, random: failing }

    await assertRefused(store, () => rotate(), 'internal')
  })
})

describe('what was sealed before a new epoch', () => {
  it('opens nothing after it: a row put back is damaged (C78)', async () => {
    const old = structuredClone(rowOf(known.keyId))
    const { vault } = await rotate()
    const { rev, prev } = rowOf(known.keyId)

    for (const replayed of [old, { ...old, rev, prev }]) {
      store.contents.rows.set(known.keyId, replayed)
      await assertRefused(store, () => vault.readRecord('key', known.keyId), 'vault.corrupt')
      expect((await vault.listRecords('key')).damaged).toEqual([known.keyId])
    }
  })

  it('cannot be forged by who knows the old root key (C78)', async () => {
    const oldRootKey = rootKeyOf(known.vault)
    const { vault } = await rotate()
    const { vaultId } = vault
    const key = deriveEpochKey('record', oldRootKey, vaultId, 1)
    const row = { ...rowOf(known.keyId), rev: 9 }
    const content = { kind: 'key', fields: {} }
    for (const epoch of [1, 2]) {
      const sealing = { type: 'record', epoch, key, vaultId, row, content } as const
      const envelope = sealEnvelope(sealing, ports.random)
      store.contents.rows.set(known.keyId, { ...row, envelope })

      await assertRefused(store, () => vault.readRecord('key', known.keyId), 'vault.corrupt')
    }
  })

  it('does not unlock by an old wrap put back (C78)', async () => {
    const wraps = rows().filter(({ method }) => method !== undefined)
    await rotate({ newPassphrase: NEW_PASSPHRASE })
    for (const old of wraps) {
      const { rev, prev } = rowOf(old.recordId)
      store.contents.rows.set(old.recordId, { ...old, rev, prev })
    }

    await assertRefused(store, () => unlockVault(ports, KNOWN_PASSPHRASE), 'vault.corrupt')
    for (const old of wraps) store.contents.rows.set(old.recordId, old)
    await assertRefused(store, () => unlockVault(ports, KNOWN_PASSPHRASE), 'vault.corrupt')
  })
})

describe('damage met on the way to a new epoch', () => {
  it('stays where it is, and hides no other record (C85)', async () => {
    const bad = await known.vault.createRecord('key', knownKey('Bad'))
    const damaged = { ...rowOf(bad), envelope: new Uint8Array(340) }
    const garbage = { recordId: createId<RecordId>(ports.random) }
    store.contents.rows.set(bad, damaged)
    store.contents.rows.set(garbage.recordId, garbage)
    const { vault } = await rotate()
    const list = await vault.listRecords('key')

    expect(rowOf(bad)).toEqual(damaged)
    expect(store.contents.rows.get(garbage.recordId)).toEqual(garbage)
    expect(list.records.map(({ id }) => id)).toEqual([known.keyId])
    expect([...list.damaged].sort()).toEqual([bad, garbage.recordId].sort())
  })

  it('keeps a content that no kind allows, as it is', async () => {
    const row = { ...rowOf(known.keyId), rev: 3 }
    const { vaultId } = known.vault
    const key = deriveEpochKey('record', rootKeyOf(known.vault), vaultId, 1)
    const content = { kind: 'something later', fields: {}, more: [1, 2] }
    const sealing = { type: 'record', epoch: 1, key, vaultId, row, content } as const
    store.contents.rows.set(row.recordId, {
      ...row,
      envelope: sealEnvelope(sealing, ports.random),
    })
    await rotate()

    expect(envelopeEpoch(rowOf(known.keyId).envelope)).toBe(2)
  })

  it('stops it where a record is a later version’s, and nothing is lost (C85)', async () => {
    const envelope = rowOf(known.keyId).envelope.slice()
    envelope[7] = 2
    store.contents.rows.set(known.keyId, { ...rowOf(known.keyId), envelope })

    await assertRefused(store, () => rotate(), 'vault.newer')
  })

  it('drops a passphrase wrap too many', async () => {
    const wrap = wrapOf('passphrase')
    const recordId = createId<RecordId>(ports.random)
    const { recoveryKeyText } = known.kit
    store.contents.rows.set(recordId, { ...wrap, recordId })
    await recoverVault(ports, { recoveryKeyText, newPassphrase: NEW_PASSPHRASE })

    await expect(unlockVault(ports, NEW_PASSPHRASE)).resolves.toBeDefined()
  })
})

describe('other writers during a rotation', () => {
  it('are waited for: what they wrote is sealed again with the rest', async () => {
    let added: KeyId | undefined
    before(async () => {
      await known.vault.updateRecord('key', known.keyId, { label: 'Home' })
      added = await known.vault.createRecord('key', knownKey('New'))
    })
    const { vault } = await rotate()
    const { records, damaged } = await vault.listRecords('key')

    expect(kdfCalls).toBe(2)
    expect(damaged).toEqual([])
    expect(records.map(({ fields }) => fields.label).sort()).toEqual(['Home', 'New'])
    expect(records.some(({ id }) => id === added)).toBe(true)
  })

  it('that never stop make it give up, with the old vault whole', async () => {
    const commit = store.commit.bind(store)
    store.commit = async (change) => {
      if (change.header) await commit(await nextOrder())
      return commit(change)
    }
    const nextOrder = async () => {
      let change: Parameters<typeof commit>[0] | undefined
      const capture = {
        ...store,
        commit: (each: typeof change) => ((change = each), Promise.resolve()),
      }
      const vault = await reopenVault({ ...ports, store: capture }, known.vault.exportRootKeys())
      await vault.updateRecord('key', known.keyId, { order: 1 })
      if (!change) throw new Error('no change')
      return change
    }

    await expect(rotate()).rejects.toMatchObject({ code: 'sync.conflict' })
    expect(header().epoch).toBe(1)
    expect(await readableIn(await unlockVault(ports, KNOWN_PASSPHRASE))).toBeDefined()
  })

  it('cannot write under the old root key once it is over (C88)', async () => {
    const late = await unlockVault(ports, KNOWN_PASSPHRASE)
    await rotate()

    await assertRefused(store, () => late.createRecord('key', knownKey('Late')), 'vault.locked')
    await assertRefused(
      store,
      () => late.updateRecord('key', known.keyId, { order: 1 }),
      'vault.locked',
    )
    await assertRefused(store, () => late.removeRecord(known.keyId), 'vault.locked')
    await assertRefused(store, () => late.readRecord('key', known.keyId), 'vault.locked')
    await assertRefused(store, () => late.listRecords('key'), 'vault.locked')
  })

  it('of two rotations one wins, the other is told (C88)', async () => {
    const results = await Promise.allSettled([rotate(), rotate()])
    const codes = results.map((result) =>
      result.status === 'rejected' ? (result.reason as { code: unknown }).code : 'won',
    )

    expect(codes.sort()).toEqual(['sync.conflict', 'won'])
    expect(header().epoch).toBe(2)
    await expect(unlockVault(ports, KNOWN_PASSPHRASE)).resolves.toBeDefined()
  })
})

describe('an open vault', () => {
  it('goes on through a new epoch, also for who held it before', async () => {
    const { vault } = await rotate({ open: known.vault })
    await known.vault.updateRecord('key', known.keyId, { label: 'Home' })

    expect(vault).toBe(known.vault)
    expect(await known.vault.readRecord('key', known.keyId)).toMatchObject({ label: 'Home' })
    const reopened = await reopenVault(ports, known.vault.exportRootKeys())
    expect(await reopened.readRecord('key', known.keyId)).toMatchObject({ label: 'Home' })
  })

  it('finishes what it was doing as the epoch changed', async () => {
    before(() => rotate({ open: known.vault }))
    await known.vault.updateRecord('key', known.keyId, { label: 'Home' })

    expect(envelopeEpoch(rowOf(known.keyId).envelope)).toBe(2)
    expect(await known.vault.readRecord('key', known.keyId)).toMatchObject({ label: 'Home' })
  })

  it('remembers no row of the epoch before (C78)', async () => {
    const old = structuredClone(rowOf(known.keyId))
    const { records } = await known.vault.listKeys()
    expect(records.map(({ id }) => id)).toContain(known.keyId)
    await rotate({ open: known.vault })
    store.contents.rows.set(known.keyId, old)

    const after = await known.vault.listKeys()
    expect(after.records.map(({ id }) => id)).not.toContain(known.keyId)
    expect(after.damaged).toContain(known.keyId)
  })

  it('that was locked meanwhile stays locked', async () => {
    before(() => {
      known.vault.wipe()
      return Promise.resolve()
    })
    const { vault, kit } = await rotate({ open: known.vault })

    expect(vault).toBe(known.vault)
    expect(kit.recoveryKeyText).toMatch(/^VR1-/)
    await assertRefused(store, () => vault.readRecord('key', known.keyId), 'vault.locked')
    await expect(unlockVault(ports, KNOWN_PASSPHRASE)).resolves.toBeDefined()
  })

  it('is not reopened with the root key of an earlier epoch', async () => {
    const exported = known.vault.exportRootKeys()
    await rotate()

    await assertRefused(store, () => reopenVault(ports, exported), 'vault.locked')
  })
})
