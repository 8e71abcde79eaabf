import { beforeEach, describe, expect, it } from 'vitest'
import { type RecordId } from '../protocol/index.ts'
import {
  KNOWN_PASSPHRASE,
  createFakeClock,
  createKnownVault,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  readableIn,
  type KnownVault,
  type MemoryVaultStore,
} from '../testing/index.ts'
import { assertRefused, rowsIn, wrapIn } from './__fixtures__/stored.ts'
import {
  createVault,
  readUnlockMethods,
  recoverVault,
  renewRecoveryKey,
  unlockVault,
  type StoredRow,
  type VaultHeader,
  type VaultPorts,
} from './index.ts'

const NEW_PASSPHRASE = 'another harbour at dusk'

let store: MemoryVaultStore
let ports: VaultPorts
let kdfCalls: number
let known: KnownVault
let kit: string

beforeEach(async () => {
  store = createMemoryVaultStore()
  const random = createSeededRandom('recovery')
  const kdf: typeof fastTestKdf = (...given) => ((kdfCalls += 1), fastTestKdf(...given))
  ports = { store, kdf, clock: createFakeClock().now, random }
  known = await createKnownVault(ports)
  kit = known.kit.recoveryKeyText
  kdfCalls = 0
})

const header = () => store.contents.header as VaultHeader
const rows = () => rowsIn(store)
const wrapOf = (method: string) => wrapIn(store, method)
const recover = (recoveryKeyText = kit, newPassphrase = NEW_PASSPHRASE) =>
  recoverVault(ports, { recoveryKeyText, newPassphrase })

describe('the recovery kit', () => {
  it('opens a vault whose passphrase is forgotten, with every record in it', async () => {
    const before = await readableIn(known.vault, ['key', 'grant'])
    const { vault } = await recover()

    expect(await readableIn(vault, ['key', 'grant'])).toEqual(before)
    expect(kdfCalls).toBe(1)
    const again = await unlockVault(ports, NEW_PASSPHRASE)
    expect(await readableIn(again)).toEqual(await readableIn(vault))
  })

  it('leaves no key as it was: passphrase, kit, Secret Key, epoch, root key, device, identity', async () => {
    const before = header()
    const identity = await readableIn(known.vault, ['identity'])
    const { vault, kit: next } = await recover()

    expect(header()).toMatchObject({ vaultId: before.vaultId, accountId: before.accountId })
    expect(header().epoch).toBe(before.epoch + 1)
    expect(header().secretKey).not.toBe(before.secretKey)
    expect(header().deviceId).not.toBe(before.deviceId)
    expect(vault.deviceId).toBe(header().deviceId)
    expect(next.secretKeyText).not.toBe(known.kit.secretKeyText)
    expect(next.recoveryKeyText).not.toBe(kit)
    expect(await readableIn(vault, ['identity'])).not.toEqual(identity)
    expect((await vault.listRecords('identity')).records).toHaveLength(1)
    await assertRefused(store, () => unlockVault(ports, KNOWN_PASSPHRASE), 'vault.unlock_failed')
  })

  it('that was used opens nothing any more; the new one does', async () => {
    const { kit: next } = await recover()

    await assertRefused(store, () => recover(), 'vault.unlock_failed')
    await expect(recover(next.recoveryKeyText)).resolves.toBeDefined()
  })

  it('leaves a tombstone of the device before, which opens nothing', async () => {
    const { deviceId } = header()
    const { vault } = await recover()

    expect(store.contents.rows.get(deviceId)).toMatchObject({ del: 1, rev: 2 })
    expect(store.contents.rows.get(vault.deviceId)).toMatchObject({ del: 0, rev: 1 })
    expect(rows().every((row) => row.writerDeviceId === vault.deviceId)).toBe(true)
  })

  it('is taken as people type it', async () => {
    const typed = ` ${kit.toLowerCase().replaceAll('-', ' – ').replaceAll('0', 'o')} `

    await expect(recover(typed)).resolves.toBeDefined()
  })

  it('mistyped is refused with the reason, before anything is read', async () => {
    const last = kit.endsWith('0') ? '2' : '0'

    await expect(recover(kit.slice(0, -1) + last)).rejects.toMatchObject({
      code: 'request.invalid',
      details: { reason: 'check' },
    })
    await assertRefused(store, () => recover(known.kit.secretKeyText), 'request.invalid')
    await assertRefused(store, () => recover(''), 'request.invalid')
  })

  it('of another vault is refused', async () => {
    const elsewhere = { ...ports, store: createMemoryVaultStore() }
    const other = await createVault(elsewhere, KNOWN_PASSPHRASE)

    await assertRefused(store, () => recover(other.kit.recoveryKeyText), 'vault.unlock_failed')
    expect(kdfCalls).toBe(1)
  })

  it('does not open with a new passphrase that is too short', async () => {
    await assertRefused(store, () => recover(kit, 'eleven char'), 'request.unprocessable')
    expect(kdfCalls).toBe(0)
  })

  it('opens a vault whose passphrase wrap is gone, damaged or doubled', async () => {
    const wrap = wrapOf('passphrase')
    const damages: (() => unknown)[] = [
      () => store.contents.rows.delete(wrap.recordId),
      () => store.contents.rows.set(wrap.recordId, { recordId: wrap.recordId }),
      () => store.contents.rows.set(wrap.recordId, { ...wrap, envelope: new Uint8Array(9) }),
      () => {
        const recordId = known.removedKeyId as string as RecordId
        store.contents.rows.set(recordId, { ...wrap, recordId })
      },
    ]
    const whole = structuredClone(store.contents)
    for (const damage of damages) {
      store.contents.header = structuredClone(whole.header)
      store.contents.rows.clear()
      for (const [id, row] of structuredClone(whole.rows)) store.contents.rows.set(id, row)
      damage()
      await recover()

      const vault = await unlockVault(ports, NEW_PASSPHRASE)
      expect(await vault.readRecord('key', known.keyId)).toMatchObject({ label: 'Work' })
    }
  })

  it.each<[string, (wrap: StoredRow) => Partial<StoredRow>]>([
    ['moved to another rev', () => ({ rev: 2 })],
    ['bound to another row', ({ recordId }) => ({ prev: new TextEncoder().encode(recordId) })],
    [
      'of another writer',
      () => ({ writerDeviceId: known.keyId as string as StoredRow['writerDeviceId'] }),
    ],
    ['with params', () => ({ params: '{"a":1}' })],
  ])('does not open a wrap %s (C78)', async (_, change) => {
    const wrap = wrapOf('recovery')
    store.contents.rows.set(wrap.recordId, { ...wrap, ...change(wrap) })

    await assertRefused(store, () => recover(), 'vault.corrupt')
  })

  it('does not open the wrap of another method or epoch (C78)', async () => {
    const { recordId } = wrapOf('recovery')
    store.contents.rows.set(recordId, { ...wrapOf('passphrase'), recordId, method: 'recovery' })
    await assertRefused(store, () => recover(), 'vault.corrupt')
    store.contents.header = { ...header(), epoch: 2 }
    await assertRefused(store, () => recover(), 'vault.corrupt')
  })

  it('is missing where the wrap is, and where no vault is', async () => {
    store.contents.rows.delete(wrapOf('recovery').recordId)
    await assertRefused(store, () => recover(), 'request.not_found')
    store.contents.rows.clear()
    store.contents.header = undefined
    await assertRefused(store, () => recover(), 'request.not_found')
  })

  it('brings an identity back where the old one is damaged', async () => {
    const id = (await known.vault.listRecords('identity')).records[0]?.id ?? ''
    store.contents.rows.set(id, { ...(store.contents.rows.get(id) as StoredRow), rev: 7 })
    const { vault } = await recover()
    const { records, damaged } = await vault.listRecords('identity')

    expect(records).toHaveLength(1)
    expect(damaged).toEqual([id])
  })

  it('goes on in the vault that was open', async () => {
    const { vault } = await recoverVault(ports, {
      recoveryKeyText: kit,
      newPassphrase: NEW_PASSPHRASE,
      open: known.vault,
    })

    expect(vault).toBe(known.vault)
    expect(await known.vault.readRecord('key', known.keyId)).toMatchObject({ label: 'Work' })
    expect(known.vault.deviceId).toBe(header().deviceId)
  })
})

describe('another recovery key', () => {
  it('takes the place of the old one, with the passphrase', async () => {
    const next = await renewRecoveryKey(ports, KNOWN_PASSPHRASE)

    expect(next.secretKeyText).toBe(known.kit.secretKeyText)
    expect(wrapOf('recovery').rev).toBe(2)
    await assertRefused(store, () => recover(), 'vault.unlock_failed')
    await expect(recover(next.recoveryKeyText)).resolves.toBeDefined()
  })

  it('is refused with a wrong passphrase, after one hash', async () => {
    await assertRefused(store, () => renewRecoveryKey(ports, NEW_PASSPHRASE), 'vault.unlock_failed')
    expect(kdfCalls).toBe(1)
  })

  it('of two windows at once is given to one', async () => {
    const results = await Promise.allSettled([
      renewRecoveryKey(ports, KNOWN_PASSPHRASE),
      renewRecoveryKey(ports, KNOWN_PASSPHRASE),
    ])
    const refusals = results.filter((result) => result.status === 'rejected')

    expect(refusals).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'sync.conflict' }) as unknown },
    ])
    expect(await readUnlockMethods(store)).toMatchObject({ recoveryKey: true })
  })
})
