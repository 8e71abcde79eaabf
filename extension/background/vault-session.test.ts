import { beforeEach, describe, expect, it } from 'vitest'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '@valetkey/wallet/testing'
import {
  ABSOLUTE_LOCK_MS,
  IDLE_LOCK_MS,
  createUnlockAttempts,
  rotateRootKey,
  type VaultStore,
} from '@valetkey/wallet/vault'
import type { SessionCache, Unlocked } from '../adapters/session-cache.ts'
import { REAUTHENTICATED_MS, VaultSession } from './vault-session.ts'

const PASSPHRASE = 'correct horse battery staple'

let kdfRuns = 0
let locks = 0
let clearingMs = 0
let cached: Unlocked | null = null
let periods = { idleMs: IDLE_LOCK_MS, absoluteMs: ABSOLUTE_LOCK_MS }
let counted: unknown
const clock = createFakeClock()
const store = createMemoryVaultStore()
const random = createSeededRandom('session')

const cache: SessionCache = {
  read: () => Promise.resolve(cached),
  write: (next) => ((cached = next), Promise.resolve()),
  async clear() {
    await new Promise((resolve) => setTimeout(resolve, clearingMs))
    cached = null
  },
}

/** A worker's life: nothing but stores and what the browser keeps survives it. */
function wake(changes: Partial<{ store: VaultStore; cache: SessionCache }> = {}): VaultSession {
  return new VaultSession({
    vault: {
      store: changes.store ?? store,
      clock: clock.now,
      random,
      kdf: (...given) => ((kdfRuns += 1), fastTestKdf(...given)),
    },
    attempts: createUnlockAttempts({
      store: {
        read: () => Promise.resolve(counted),
        write: (state) => ((counted = state), Promise.resolve()),
      },
      clock: clock.now,
    }),
    cache: changes.cache ?? cache,
    clock: clock.now,
    periods: () => Promise.resolve(periods),
    onLock: () => (locks += 1),
  })
}

describe('the vault session', () => {
  let session: VaultSession
  beforeEach(async () => {
    session = wake()
    if ((await session.state()) === 'none') await session.create(PASSPHRASE)
    else await session.unlock(PASSPHRASE)
    kdfRuns = 0
    locks = 0
    periods = { idleMs: IDLE_LOCK_MS, absoluteMs: ABSOLUTE_LOCK_MS }
  })

  it('gives the only kit of a new vault also where its keys cannot be kept (C86)', async () => {
    const write = () => Promise.reject(new Error('no room'))
    const other = wake({
      store: createMemoryVaultStore(),
      cache: { ...cache, read: () => Promise.resolve(null), write },
    })

    expect(await other.create(PASSPHRASE)).toHaveProperty('recoveryKeyText')
    expect(await other.state()).toBe('locked')
  })

  it('survives the death of the worker without another KDF run', async () => {
    const id = await (await session.required()).createRecord('identity', { seed: 's' })

    const woken = wake()

    expect(await woken.state()).toBe('unlocked')
    expect(await (await woken.required()).readRecord('identity', id)).toEqual({ seed: 's' })
    expect(kdfRuns).toBe(0)
  })

  it('lets a guesser wait, in the next life too, whichever way he asks (C84)', async () => {
    for (let guess = 0; guess < 5; guess++) {
      await expect(session.reauthenticate('a wrong one')).rejects.toMatchObject({
        code: 'vault.unlock_failed',
      })
    }
    kdfRuns = 0
    const woken = wake()

    await expect(woken.unlock(PASSPHRASE)).rejects.toMatchObject({
      code: 'vault.unlock_failed',
      details: { retryAfterMs: 5_000 },
    })
    expect(kdfRuns).toBe(0)
    clock.advance(5_000)
    await woken.unlock(PASSPHRASE)
    expect(await woken.state()).toBe('unlocked')
  })

  it('locks after fifteen minutes without use, not before', async () => {
    clock.advance(IDLE_LOCK_MS - 1)
    expect(await session.open()).not.toBeNull()
    clock.advance(IDLE_LOCK_MS)

    expect(await wake().open()).toBeNull()
    expect(cached).toBeNull()
  })

  it('is not kept open by chores of our own, which end with it', async () => {
    for (let chores = 0; chores < 3; chores++) {
      clock.advance(IDLE_LOCK_MS / 2 - 1)
      await session.openForChore()
    }

    expect(await session.openForChore()).toBeNull()
    expect(await session.state()).toBe('locked')
  })

  it('locks after eight hours however busy it was', async () => {
    for (let passed = 0; passed < ABSOLUTE_LOCK_MS; passed += IDLE_LOCK_MS / 2) {
      clock.advance(IDLE_LOCK_MS / 2)
      await session.open()
    }

    expect(await session.state()).toBe('locked')
  })

  it('is locked where the worker died between a new epoch and its cache', async () => {
    const vault = { store, clock: clock.now, random, kdf: fastTestKdf }
    await rotateRootKey(vault, { passphrase: PASSPHRASE })
    const woken = wake()

    expect(await woken.state()).toBe('locked')
    expect(cached).toBeNull()
    await woken.unlock(PASSPHRASE)
    expect((await (await woken.required()).listRecords('identity')).damaged).toEqual([])
  })

  it('locks when the clock is set back', async () => {
    clock.advance(-3 * 60_000)

    expect(await session.open()).toBeNull()
  })

  it('says so once when it locks, and forgets the keys', async () => {
    const vault = await session.required()
    await session.lock()
    await session.lock()

    expect(locks).toBe(1)
    expect(cached).toBeNull()
    await expect(vault.listRecords('key')).rejects.toMatchObject({ code: 'vault.locked' })
    await expect(session.required()).rejects.toMatchObject({ code: 'vault.locked' })
  })

  it('is not undone by a look at the state that began before the unlock', async () => {
    await session.lock()
    clearingMs = 20
    const look = session.state()
    await session.unlock(PASSPHRASE)
    await look
    clearingMs = 0

    expect(await session.state()).toBe('unlocked')
  })

  it('stays locked after a wrong passphrase', async () => {
    await session.lock()

    await expect(session.unlock(`${PASSPHRASE}!`)).rejects.toMatchObject({
      code: 'vault.unlock_failed',
    })
    expect(await session.state()).toBe('locked')
  })

  describe('asked for the passphrase again', () => {
    it('remembers it for a minute, with one KDF run, and stays open', async () => {
      expect(session.isReauthenticated()).toBe(false)

      await session.reauthenticate(PASSPHRASE)
      clock.advance(REAUTHENTICATED_MS)

      expect(session.isReauthenticated()).toBe(true)
      expect(kdfRuns).toBe(1)
      clock.advance(1)
      expect(session.isReauthenticated()).toBe(false)
      expect(await session.state()).toBe('unlocked')
    })

    it('believes no other passphrase', async () => {
      await expect(session.reauthenticate(`${PASSPHRASE}!`)).rejects.toMatchObject({
        code: 'vault.unlock_failed',
      })
      expect(session.isReauthenticated()).toBe(false)
      expect(await session.state()).toBe('unlocked')
    })

    it('forgets it when the vault locks, the clock is set back, or the worker dies', async () => {
      await session.reauthenticate(PASSPHRASE)
      expect(wake().isReauthenticated()).toBe(false)
      clock.advance(-1)
      expect(session.isReauthenticated()).toBe(false)
      clock.advance(1)
      expect(session.isReauthenticated()).toBe(true)
      await session.lock()
      await session.unlock(PASSPHRASE)

      expect(session.isReauthenticated()).toBe(false)
    })

    it('opens nothing that is locked, and hashes nothing for it', async () => {
      await session.lock()

      await expect(session.reauthenticate(PASSPHRASE)).rejects.toMatchObject({
        code: 'vault.locked',
      })
      expect(kdfRuns).toBe(0)
      expect(await session.state()).toBe('locked')
    })

    it('counts for nothing when the vault locks meanwhile', async () => {
      const asked = session.reauthenticate(PASSPHRASE)
      await session.lock()

      await expect(asked).rejects.toMatchObject({ code: 'vault.locked' })
      expect(session.isReauthenticated()).toBe(false)
    })
  })
})
