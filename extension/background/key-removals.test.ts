import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createId, type KeyId, type RecordFields } from '@valetkey/wallet/protocol'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '@valetkey/wallet/testing'
import { createVault, type OpenVault } from '@valetkey/wallet/vault'
import type { Removal, RemovalStore } from '../adapters/removal-store.ts'
import { KeyRemovals, UNDO_MS } from './key-removals.ts'

const clock = createFakeClock()
const random = createSeededRandom('removals')
const vaultStore = createMemoryVaultStore()
let stored: readonly Removal[] = []
let vault: OpenVault
let isOpen = true
const store: RemovalStore = {
  read: () => Promise.resolve(stored),
  write: (next) => Promise.resolve(void (stored = next)),
}

/** A worker's life: nothing but the stores survives it. */
const wake = () =>
  new KeyRemovals({
    store,
    clock: clock.now,
    openVault: () => Promise.resolve(isOpen ? vault : null),
  })

let removals: KeyRemovals
let keyId: KeyId

beforeEach(async () => {
  vi.useFakeTimers()
  stored = []
  isOpen = true
  vaultStore.failAtWrite(0)
  vaultStore.contents.header = undefined
  vaultStore.contents.rows.clear()
  const ports = { store: vaultStore, kdf: fastTestKdf, clock: clock.now, random }
  vault = (await createVault(ports, 'a quiet harbour at dawn')).vault
  keyId = await vault.createRecord('key', key)
  removals = wake()
})

afterEach(() => {
  vi.useRealTimers()
})

const key: RecordFields<'key'> = {
  ...{ provider: 'openai', baseUrl: null, secret: 'test', label: 'Work', notes: 'n' },
  ...{ createdAt: 1, expiresAt: 9, lastTest: null, order: 3, archived: true },
}
const inVault = async () => (await vault.readRecord('key', keyId)) !== null
const pass = async (ms: number) => {
  clock.advance(ms)
  await vi.advanceTimersByTimeAsync(ms)
}

describe('a removed key', () => {
  it('is hidden at once and comes back exactly as it was', async () => {
    const undoUntil = await removals.begin(keyId)
    expect(undoUntil).toBe(clock.now() + UNDO_MS)
    expect(await removals.has(keyId)).toBe(true)
    expect([...(await removals.ids())]).toEqual([keyId])

    await pass(UNDO_MS - 1)
    await removals.undo(keyId)
    await pass(UNDO_MS)

    expect(await removals.has(keyId)).toBe(false)
    expect(await vault.readRecord('key', keyId)).toEqual(key)
  })

  it('is gone for good when the time is over, and cannot be taken back', async () => {
    await removals.begin(keyId)
    await pass(UNDO_MS)

    expect(await inVault()).toBe(false)
    expect(stored).toEqual([])
    await expect(removals.undo(keyId)).rejects.toMatchObject({ code: 'request.not_found' })
  })

  it('cannot be taken back in the very moment its time is over', async () => {
    await removals.begin(keyId)
    clock.advance(UNDO_MS)

    await expect(removals.undo(keyId)).rejects.toMatchObject({ code: 'request.not_found' })
  })

  it('gets no more time by being removed twice', async () => {
    const first = await removals.begin(keyId)
    clock.advance(5_000)

    expect(await removals.begin(keyId)).toBe(first)
    expect(stored).toHaveLength(1)
  })

  it('is buried by the next worker, if the one that hid it died', async () => {
    await removals.begin(keyId)
    vi.clearAllTimers()
    const woken = wake()
    await woken.finishDue()
    expect(await inVault()).toBe(true)
    expect(await woken.has(keyId)).toBe(true)

    clock.advance(UNDO_MS)
    await woken.finishDue()

    expect(await inVault()).toBe(false)
    expect(await woken.has(keyId)).toBe(false)
  })

  it('waits, unseen, for the next unlock of a vault that locked meanwhile', async () => {
    await removals.begin(keyId)
    isOpen = false
    await pass(UNDO_MS)
    expect(await removals.has(keyId)).toBe(true)

    isOpen = true
    await removals.finishDue()

    expect(await inVault()).toBe(false)
  })

  it('stays hidden where the tombstone finds no room, and is buried later', async () => {
    await removals.begin(keyId)
    vaultStore.failAtWrite(1)
    await pass(UNDO_MS)
    expect(await removals.has(keyId)).toBe(true)

    vaultStore.failAtWrite(0)
    await removals.finishDue()

    expect(await inVault()).toBe(false)
  })

  it('is buried early when the person locks, and only then', async () => {
    const other = await vault.createRecord('key', key)
    await removals.begin(keyId)
    await removals.finishDue()
    expect(await inVault()).toBe(true)

    await removals.finishAll()

    expect(await inVault()).toBe(false)
    expect(await vault.readRecord('key', other)).toEqual(key)
  })

  it('that is gone by other means is forgotten', async () => {
    await removals.begin(createId<KeyId>(random))
    await removals.finishAll()

    expect(stored).toEqual([])
  })
})
