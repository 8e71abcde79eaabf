import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  USUAL_LOCK,
  WalletError,
  toBase64url,
  type LockSettings,
  type PasskeyTouch,
  type StoredValue,
} from '@valetkey/wallet/protocol'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '@valetkey/wallet/testing'
import {
  createUnlockAttempts,
  createVault,
  dropPasskeyLabels,
  readPasskeyLabels,
  unlockVault,
  type KitMark,
  type RecoveryKit,
  type VaultHeader,
  type VaultPorts,
} from '@valetkey/wallet/vault'
import type { Unlocked } from '../adapters/session-cache.ts'
import { Protection, lockPeriods, locksVault } from './protection.ts'
import { VaultSession } from './vault-session.ts'

const PASSPHRASE = 'a quiet harbour at dawn'
const NEW_PASSPHRASE = 'another harbour at dusk'
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const clock = createFakeClock()
const random = createSeededRandom('protection')
let store: ReturnType<typeof createMemoryVaultStore>
let vault: VaultPorts
let cached: Unlocked | null
let counted: unknown
let keptKit: StoredValue<KitMark | null>
let phrase: StoredValue<string>
let lock: StoredValue<LockSettings>
let session: VaultSession
let protection: Protection
let kit: RecoveryKit

beforeEach(async () => {
  store = createMemoryVaultStore()
  vault = { store, kdf: fastTestKdf, clock: clock.now, random }
  cached = null
  counted = undefined
  keptKit = inMemory<KitMark | null>(null)
  phrase = inMemory('')
  lock = inMemory<LockSettings>(USUAL_LOCK)
  wake()
  kit = await session.create(PASSPHRASE)
})

function inMemory<T>(initial: T): StoredValue<T> {
  let value = initial
  return {
    read: () => Promise.resolve(value),
    write: (next) => Promise.resolve(void (value = next)),
  }
}

/** A worker's life: nothing but stores and what the browser keeps survives it. */
function wake(): void {
  const attempts = createUnlockAttempts({
    store: {
      read: () => Promise.resolve(counted),
      write: (state) => Promise.resolve(void (counted = state)),
    },
    clock: clock.now,
  })
  session = new VaultSession({
    ...{ vault, attempts, clock: clock.now, onLock: () => undefined },
    cache: {
      read: () => Promise.resolve(cached),
      write: (next) => Promise.resolve(void (cached = next)),
      clear: () => Promise.resolve(void (cached = null)),
    },
    periods: async () => lockPeriods(await lock.read()),
  })
  protection = new Protection({ vault, attempts, session, keptKit, phrase, lock })
}

/** What an authenticator answers for a passkey. */
function touchOf(name: string): PasskeyTouch {
  const output = (first: boolean) =>
    toBase64url(
      Uint8Array.from({ length: 32 }, (_, index) => index + name.length + (first ? 0 : 9)),
    )
  return {
    credentialId: toBase64url(new TextEncoder().encode(name)),
    prf: { first: output(true), second: output(false) },
  }
}

async function addPasskey(name = 'phone'): Promise<PasskeyTouch> {
  const touch = touchOf(name)
  await session.reauthenticate(PASSPHRASE)
  await protection.addPasskey(touch, protection.preparePasskey().prfSalt, name)
  return touch
}

/** Every text that stands in stored rows as it is. */
const textOf = (rows: readonly unknown[]) =>
  JSON.stringify(rows, (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  )
const guessUntilWait = async (guess: () => Promise<unknown>) => {
  for (let count = 0; count < 5; count++) await guess().catch(() => undefined)
}
const wrongKit = () => {
  const other = kit.recoveryKeyText
  return `${other.slice(0, 4)}${other.slice(4).split('-').reverse().join('-')}`
}
const WRONG = { code: 'vault.unlock_failed' }
const WAITING = { ...WRONG, details: { retryAfterMs: 5_000 } }

describe('a recovery kit', () => {
  it('is not kept before its quiz was passed, with this very kit (C116)', async () => {
    expect(await protection.isKitKept()).toBe(false)
    await expect(protection.confirmKit(kit.secretKeyText)).rejects.toMatchObject({
      code: 'request.invalid',
    })
    expect(await protection.isKitKept()).toBe(false)

    await protection.confirmKit(kit.recoveryKeyText)
    wake()

    expect(await protection.isKitKept()).toBe(true)
  })

  it('is not kept any more once another took its place, and the old one confirms nothing (C116)', async () => {
    await protection.confirmKit(kit.recoveryKeyText)
    const renewed = await protection.renewKit(PASSPHRASE)

    expect(await protection.isKitKept()).toBe(false)
    await expect(protection.confirmKit(kit.recoveryKeyText)).rejects.toMatchObject(WRONG)
    await protection.confirmKit(renewed.recoveryKey)
    expect(await protection.isKitKept()).toBe(true)
    expect(renewed.secretKey).toBe(kit.secretKeyText)
  })

  it('comes anew for the passphrase alone, and from an open vault (C116)', async () => {
    await expect(protection.renewKit(`${PASSPHRASE}!`)).rejects.toMatchObject(WRONG)
    await session.lock()

    await expect(protection.renewKit(PASSPHRASE)).rejects.toMatchObject({ code: 'vault.locked' })
  })

  it('is no way around the wait: guesses at a kit have to wait (C84)', async () => {
    await guessUntilWait(() => protection.renewKit(`${PASSPHRASE}!`))

    await expect(protection.renewKit(PASSPHRASE)).rejects.toMatchObject(WAITING)
  })
})

describe('another passphrase', () => {
  it('leaves the vault open, the kit in force and the Secret Key as it is', async () => {
    await protection.confirmKit(kit.recoveryKeyText)
    await protection.changePassphrase({ passphrase: PASSPHRASE, newPassphrase: NEW_PASSPHRASE })

    expect(await session.state()).toBe('unlocked')
    expect(await protection.isKitKept()).toBe(true)
    await expect(unlockVault(vault, PASSPHRASE)).rejects.toMatchObject(WRONG)
    expect(await unlockVault(vault, NEW_PASSPHRASE)).toBeDefined()
  })

  it('waits after wrong guesses at the old one (C84)', async () => {
    const change = (passphrase: string) =>
      protection.changePassphrase({ passphrase, newPassphrase: NEW_PASSPHRASE })
    await guessUntilWait(() => change(`${PASSPHRASE}!`))

    await expect(change(PASSPHRASE)).rejects.toMatchObject(WAITING)
  })
})

describe('a new root key', () => {
  it('leaves the vault open for whoever holds it, in the next life too, with another kit', async () => {
    const open = await session.required()
    const id = await open.createRecord('identity', { seed: 's' })
    await protection.confirmKit(kit.recoveryKeyText)
    const before = cached?.rootKeys

    const { kit: renewed } = await protection.rotate({ passphrase: PASSPHRASE, passkeys: [] })

    expect(await open.readRecord('identity', id)).toEqual({ seed: 's' })
    expect(cached?.rootKeys).not.toEqual(before)
    expect(await protection.isKitKept()).toBe(false)
    await protection.confirmKit(renewed.recoveryKey)
    wake()
    expect(await session.state()).toBe('unlocked')
    expect(await (await session.required()).readRecord('identity', id)).toEqual({ seed: 's' })
  })

  it('takes a new passphrase where the old one leaked', async () => {
    await protection.rotate({
      ...{ passphrase: PASSPHRASE, newPassphrase: NEW_PASSPHRASE, passkeys: [] },
    })

    await expect(unlockVault(vault, PASSPHRASE)).rejects.toMatchObject(WRONG)
    expect(await unlockVault(vault, NEW_PASSPHRASE)).toBeDefined()
  })

  it('keeps the passkeys that were touched and tells of the others', async () => {
    const phone = await addPasskey('phone')
    const lost = await addPasskey('lost key')

    const { lostPasskeys } = await protection.rotate({ passphrase: PASSPHRASE, passkeys: [phone] })

    expect(lostPasskeys).toBe(1)
    await session.lock()
    await expect(protection.unlockWithPasskey(lost)).rejects.toMatchObject(WRONG)
    await protection.unlockWithPasskey(phone)
    expect(await session.state()).toBe('unlocked')
  })
})

describe('recovery', () => {
  it('opens a locked vault and leaves nothing of the old ways in (C116)', async () => {
    const phone = await addPasskey()
    const { secretKey } = store.contents.header as VaultHeader
    await protection.confirmKit(kit.recoveryKeyText)
    await session.lock()

    const renewed = await protection.recover(kit.recoveryKeyText, NEW_PASSPHRASE)

    expect(await session.state()).toBe('unlocked')
    expect((store.contents.header as VaultHeader).secretKey).not.toBe(secretKey)
    expect(renewed.secretKey).not.toBe(kit.secretKeyText)
    expect(renewed.recoveryKey).not.toBe(kit.recoveryKeyText)
    expect(await protection.isKitKept()).toBe(false)
    await session.lock()
    await expect(protection.unlockWithPasskey(phone)).rejects.toMatchObject(WRONG)
    await expect(session.unlock(PASSPHRASE)).rejects.toMatchObject(WRONG)
    await expect(protection.recover(kit.recoveryKeyText, PASSPHRASE)).rejects.toMatchObject(WRONG)
  })

  it('takes no whole but wrong kit for long: guesses have to wait (C84)', async () => {
    const other = await otherKit()
    await session.lock()
    await guessUntilWait(() => protection.recover(other, NEW_PASSPHRASE))

    await expect(protection.recover(kit.recoveryKeyText, NEW_PASSPHRASE)).rejects.toMatchObject(
      WAITING,
    )
    clock.advance(5_000)
    await protection.recover(kit.recoveryKeyText, NEW_PASSPHRASE)
    expect(await session.state()).toBe('unlocked')
  })

  it('does not count what is no whole kit', async () => {
    await session.lock()
    await guessUntilWait(() => protection.recover(wrongKit(), NEW_PASSPHRASE))

    await protection.recover(kit.recoveryKeyText, NEW_PASSPHRASE)
    expect(await session.state()).toBe('unlocked')
  })

  /** A kit that is whole, of another vault. */
  async function otherKit(): Promise<string> {
    const other = await createVault({ ...vault, store: createMemoryVaultStore() }, PASSPHRASE)
    return other.kit.recoveryKeyText
  }
})

describe('a passkey', () => {
  it('is added by who entered the passphrase within the last minute alone (C116)', async () => {
    const touch = touchOf('phone')
    const { prfSalt } = protection.preparePasskey()

    expect(await protection.addPasskey(touch, prfSalt, '')).toEqual({
      outcome: 'passphrase-needed',
    })
    expect(await protection.passkeys()).toEqual([])
    await session.reauthenticate(PASSPHRASE)
    expect(await protection.addPasskey(touch, prfSalt, '')).toEqual({ outcome: 'done' })

    expect(await protection.passkeys()).toMatchObject([{ credentialId: touch.credentialId }])
  })

  it('opens the vault for as long as it is not removed (C116)', async () => {
    const touch = await addPasskey()
    await session.lock()
    await protection.unlockWithPasskey(touch)
    expect(await session.state()).toBe('unlocked')

    expect(await protection.passkeys()).toHaveLength(1)
    await protection.removePasskey(touch.credentialId)
    await session.lock()

    await expect(protection.unlockWithPasskey(touch)).rejects.toMatchObject(WRONG)
    expect(await session.state()).toBe('locked')
    expect(await protection.passkeys()).toEqual([])
  })

  it('has a name and dates for who may open the vault, and for nobody else', async () => {
    const addedAt = clock.now()
    const { credentialId, ...touch } = await addPasskey('Work laptop')
    const listed = async () => (await protection.passkeys())[0]
    expect(await listed()).toMatchObject({
      name: 'Work laptop',
      createdAt: addedAt,
      lastUsedAt: null,
    })

    await session.lock()
    expect(await listed()).toMatchObject({ name: null, createdAt: null, lastUsedAt: null })
    expect(textOf([...store.contents.rows.values()])).not.toContain('Work laptop')

    clock.advance(5_000)
    await protection.unlockWithPasskey({ credentialId, ...touch })
    await vi.waitUntil(async () => (await listed())?.lastUsedAt === addedAt + 5_000)
    await protection.renamePasskey(credentialId, '  My phone ')
    expect(await listed()).toMatchObject({ name: 'My phone', createdAt: addedAt })
  })

  it('is known by what the list shows of it where it was added before there were names', async () => {
    const { credentialId } = await addPasskey()
    const vaultNow = await session.required()
    await dropPasskeyLabels(vaultNow, new Set())

    const [before] = await protection.passkeys()
    expect(before).toMatchObject({ credentialId, name: null, createdAt: null })
    await protection.renamePasskey(credentialId, 'Old key')

    const [after] = await protection.passkeys()
    expect(after).toMatchObject({ name: 'Old key', createdAt: null, lastUsedAt: null })
  })

  it('takes its name along when it is removed, and none can be given to what opens nothing', async () => {
    const { credentialId } = await addPasskey('Work laptop')
    await addPasskey('My phone')
    await protection.removePasskey(credentialId)

    const labels = await readPasskeyLabels(await session.required())
    expect([...labels.values()]).toMatchObject([{ name: 'My phone' }])
    await expect(protection.renamePasskey(credentialId, 'again')).rejects.toMatchObject({
      code: 'request.not_found',
    })
  })

  it('is added and opens the vault also where nothing can be written down about it (C86)', async () => {
    let commits = 0
    const commit: typeof store.commit = (change) => {
      commits += 1
      return commits === 1 ? store.commit(change) : Promise.reject(new WalletError('vault.quota'))
    }
    vault = { ...vault, store: { ...store, commit } }
    wake()
    await session.reauthenticate(PASSPHRASE)
    const touch = touchOf('phone')
    const { prfSalt } = protection.preparePasskey()

    expect(await protection.addPasskey(touch, prfSalt, 'Phone')).toEqual({ outcome: 'done' })
    await session.lock()
    await protection.unlockWithPasskey(touch)

    expect(await session.state()).toBe('unlocked')
    expect(await protection.passkeys()).toMatchObject([{ name: null }])
  })

  it('that answers otherwise opens nothing', async () => {
    const touch = await addPasskey()
    await session.lock()
    const prf = { first: touch.prf.second, second: touch.prf.first }

    await expect(protection.unlockWithPasskey({ ...touch, prf })).rejects.toMatchObject(WRONG)
    expect(await session.state()).toBe('locked')
  })
})

describe('when the vault locks', () => {
  const shorter: LockSettings = { idleMinutes: 5, absoluteHours: 1, withScreen: true }
  const longer: LockSettings = { idleMinutes: 60, absoluteHours: 24, withScreen: true }

  it('is brought forward at once, also for a vault that is open', async () => {
    expect(await protection.setLock(shorter)).toEqual({ outcome: 'done' })
    clock.advance(5 * MINUTE_MS - 1)
    expect(await session.open()).not.toBeNull()
    clock.advance(5 * MINUTE_MS)

    expect(await session.open()).toBeNull()
  })

  it('is after the hours chosen, however busy it was (C116)', async () => {
    await protection.setLock(shorter)
    for (let passed = 0; passed < HOUR_MS; passed += 4 * MINUTE_MS) {
      clock.advance(4 * MINUTE_MS)
      await session.open()
    }

    expect(await session.state()).toBe('locked')
  })

  it.each([
    { ...shorter, idleMinutes: 15 },
    { ...shorter, absoluteHours: 8 },
    { ...shorter, withScreen: false },
  ] as const)(
    'is put off as $idleMinutes $absoluteHours $withScreen for the passphrase alone (C116)',
    async (next) => {
      await protection.setLock(shorter)

      expect(await protection.setLock(next)).toEqual({ outcome: 'passphrase-needed' })
      expect(await lock.read()).toEqual(shorter)
      await session.reauthenticate(PASSPHRASE)
      expect(await protection.setLock(next)).toEqual({ outcome: 'done' })
      expect(await lock.read()).toEqual(next)
    },
  )

  it('is later than usual for a vault with a passkey alone, and as usual again without (C116)', async () => {
    await session.reauthenticate(PASSPHRASE)
    expect(await protection.setLock(longer)).toEqual({ outcome: 'passkey-needed' })
    const { credentialId } = await addPasskey()
    expect(await protection.setLock(longer)).toEqual({ outcome: 'done' })
    clock.advance(30 * MINUTE_MS)
    expect(await session.state()).toBe('unlocked')

    await protection.removePasskey(credentialId)

    expect(await lock.read()).toEqual(USUAL_LOCK)
    clock.advance(15 * MINUTE_MS)
    expect(await session.state()).toBe('locked')
  })

  it('is when the person is away, and with the screen unless that was switched off (C116)', () => {
    const withoutScreen = { ...USUAL_LOCK, withScreen: false }

    expect(['active', 'idle', 'locked'].map((state) => locksVault(state, USUAL_LOCK))).toEqual([
      ...[false, true, true],
    ])
    expect(['active', 'idle', 'locked'].map((state) => locksVault(state, withoutScreen))).toEqual([
      ...[false, true, false],
    ])
  })

  it('is for nobody to change while it is locked', async () => {
    await session.lock()

    await expect(protection.setLock(shorter)).rejects.toMatchObject({ code: 'vault.locked' })
    await expect(protection.setPhrase('mine')).rejects.toMatchObject({ code: 'vault.locked' })
  })
})

describe('the phrase', () => {
  it('is chosen with the passphrase, and read without (C116)', async () => {
    expect(await protection.setPhrase('seven lamps')).toEqual({ outcome: 'passphrase-needed' })
    await session.reauthenticate(PASSPHRASE)
    expect(await protection.setPhrase('  seven lamps ')).toEqual({ outcome: 'done' })
    await session.lock()

    expect((await protection.describe()).phrase).toBe('seven lamps')
  })
})
