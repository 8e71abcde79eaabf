/** Passphrase changes, new epochs and devices taken off the list, with whole wallets at the real server. */
import { openTestServer, type TestServer } from '@valetkey/server/testing'
import type { KeyId } from '@valetkey/wallet/protocol'
import {
  changeSyncedPassphrase,
  joinWithKit,
  openEpoch,
  signUp,
  synchronise,
  type CredentialsPorts,
  type ServerFetch,
} from '@valetkey/wallet/sync'
import { KNOWN_PASSPHRASE, fastTestKdf, knownKey, readableIn } from '@valetkey/wallet/testing'
import { readSecretKeyText, unlockVault, type RecoveryKit } from '@valetkey/wallet/vault'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  clientAt,
  clock,
  codeOf,
  createWallet,
  random,
  writeJoined,
  type WalletDevice,
} from './wallet-device.ts'

const NEW_PASSPHRASE = 'another harbour at dusk'

let test: TestServer
beforeAll(async () => {
  test = await openTestServer(':memory:')
})
afterAll(() => test[Symbol.asyncDispose]())

let one: WalletDevice
let other: WalletDevice
let third: WalletDevice
let kit: RecoveryKit

beforeEach(async () => {
  const wallet = await createWallet(test)
  kit = wallet.kit
  const { vault, store } = wallet
  const ports = { client: clientAt(test.fetch), vault, store, kdf: fastTestKdf }
  const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText: kit.recoveryKeyText }
  wallet.memory = (await signUp(ports, how)).memory
  one = wallet
  other = await join()
  third = await join()
  await one.sync()
  await other.sync()
})

async function join(passphrase = KNOWN_PASSPHRASE): Promise<WalletDevice> {
  const { accountId, secretKeyText } = kit
  const ports = { client: clientAt(test.fetch), kdf: fastTestKdf }
  return writeJoined(
    test,
    await joinWithKit(ports, { accountIdText: accountId, secretKeyText, passphrase }),
  )
}

async function portsOf(
  { vault, store, syncPorts }: WalletDevice,
  fetch: ServerFetch = test.fetch,
): Promise<CredentialsPorts> {
  return {
    ports: { store, kdf: fastTestKdf, clock, random },
    ...{ vault, client: clientAt(fetch), sync: await syncPorts() },
    onSession: () => Promise.resolve(),
  }
}

const unlocks = ({ store }: WalletDevice, passphrase: string) =>
  codeOf(unlockVault({ store, kdf: fastTestKdf, clock, random }, passphrase))

/** The server takes the change, and the answer is lost on its way. */
const losing: ServerFetch = async (url, init) => {
  const reply = await test.fetch(url, init)
  if (url.endsWith('/v1/account/credentials')) throw new TypeError('network')
  return reply
}

/** The change never arrives. */
const deaf: ServerFetch = (url, init) =>
  url.endsWith('/v1/account/credentials')
    ? Promise.reject(new TypeError('network'))
    : test.fetch(url, init)

describe.each<[string, ServerFetch | undefined]>([
  ['heard', undefined],
  ['lost', losing],
])('with the answer %s, another passphrase', (_, fetch) => {
  it('opens every device from now on, and the kit stays', async () => {
    const change = { passphrase: KNOWN_PASSPHRASE, newPassphrase: NEW_PASSPHRASE }
    await changeSyncedPassphrase(await portsOf(one, fetch), change)
    await other.sync()

    for (const device of [one, other]) {
      expect(await unlocks(device, NEW_PASSPHRASE)).toBe('done')
      expect(await unlocks(device, KNOWN_PASSPHRASE)).toBe('vault.unlock_failed')
    }
    expect(await readableIn((await join(NEW_PASSPHRASE)).vault)).toEqual(
      await readableIn(one.vault),
    )
  })

  it('and epoch, entered by all, keep every edit', async () => {
    const id = await one.vault.createRecord('key', knownKey('shared'))
    for (const device of [one, other]) await device.sync()
    await other.vault.updateRecord('key', id, { notes: 'made offline' })
    const added = await other.vault.createRecord('key', knownKey('added offline'))
    await one.vault.updateRecord('key', id, { label: 'renamed' })

    const opened = await openEpoch(await portsOf(one, fetch), {
      passphrase: KNOWN_PASSPHRASE,
      newPassphrase: NEW_PASSPHRASE,
    })
    expect(opened.outcome.epoch).toBe(2)
    expect((await other.sync()).epoch).toBe(2)
    await one.sync()

    for (const { vault } of [one, other]) {
      expect(await vault.readRecord('key', id)).toMatchObject({
        ...{ label: 'renamed', notes: 'made offline' },
      })
      expect(await vault.readRecord('key', added)).toMatchObject({ label: 'added offline' })
      expect((await vault.listKeys()).damaged).toEqual([])
    }
    expect(await readableIn(other.vault)).toEqual(await readableIn(one.vault))
    for (const device of [one, other]) expect(await unlocks(device, NEW_PASSPHRASE)).toBe('done')
    kit = opened.kit
    expect(await readableIn((await join(NEW_PASSPHRASE)).vault)).toEqual(
      await readableIn(one.vault),
    )
  })
})

describe('a device that was taken off the list', () => {
  const remove = async (fetch?: ServerFetch) =>
    openEpoch(await portsOf(one, fetch), {
      ...{ passphrase: KNOWN_PASSPHRASE, removes: [third.vault.deviceId] },
    })

  it('reads nothing new, and is told; the others go on with the same passphrase', async () => {
    await third.sync()
    const { kit: renewed, outcome } = await remove()
    expect(outcome.epoch).toBe(2)
    const id = await one.vault.createRecord('key', knownKey('not for the third'))
    await one.sync()
    await other.sync()

    expect(await codeOf(third.sync())).toBe('auth.failed')
    expect(await third.vault.readRecord('key', id)).toBeNull()
    expect(await other.vault.readRecord('key', id)).toMatchObject({ label: 'not for the third' })
    // Its Secret Key was in the hands of whoever has that device.
    expect(renewed.secretKeyText).not.toBe(kit.secretKeyText)
    expect(await codeOf(join())).toBe('auth.failed')
    for (const device of [one, other]) expect(await unlocks(device, KNOWN_PASSPHRASE)).toBe('done')
    kit = renewed
    expect(await readableIn((await join()).vault)).toEqual(await readableIn(one.vault))
  })

  it('leaves one that sleeps through this epoch and the next with what opens the vault', async () => {
    await remove()
    const change = { passphrase: KNOWN_PASSPHRASE, newPassphrase: NEW_PASSPHRASE }
    await openEpoch(await portsOf(one), change)
    expect((await other.sync()).epoch).toBe(3)

    for (const device of [one, other]) expect(await unlocks(device, NEW_PASSPHRASE)).toBe('done')
    expect(await readSecretKeyText(other.store)).toBe(await readSecretKeyText(one.store))
  })

  it('is told by the vault itself where a server goes on answering it', async () => {
    const { sync } = await portsOf(third)
    await third.sync()
    await remove()
    const { session } = one

    await expect(synchronise({ ...sync, server: session })).rejects.toMatchObject({
      ...{ code: 'auth.forbidden', details: { reason: 'removed' } },
    })
  })

  it('opens no row of the new epoch with what it has', async () => {
    await third.sync()
    const before = third.vault.exportRootKeys()
    await remove()
    await one.sync()
    const rows = await test.server.database.queries
      .selectFrom('rows')
      .select(['epoch', 'method', 'del'])
      .where('account_id', '=', one.vault.accountId)
      .execute()

    expect(rows.filter(({ epoch, method }) => epoch < 2 && method !== 'epoch')).toEqual([])
    const after = one.vault.exportRootKeys()
    expect(after.map(({ epoch }) => epoch)).toEqual([2, 1])
    expect(before).toEqual(after.slice(1))
  })
})

it('a change that never arrives leaves all as it was', async () => {
  const how = await portsOf(one, deaf)
  const change = { passphrase: KNOWN_PASSPHRASE, newPassphrase: NEW_PASSPHRASE }
  expect(await codeOf(openEpoch(how, change))).toBe('provider.network')
  expect(await codeOf(changeSyncedPassphrase(how, change))).toBe('provider.network')
  expect(await codeOf(changeSyncedPassphrase(how, { ...change, passphrase: 'x' }))).toBe(
    'vault.unlock_failed',
  )
  await one.sync()
  await other.sync()

  for (const device of [one, other]) {
    expect(device.vault.epoch).toBe(1)
    expect(await unlocks(device, KNOWN_PASSPHRASE)).toBe('done')
  }
})

/** Opens an epoch and stops as soon as it is open: all records still lie under the root key before. */
async function openAndStop(): Promise<void> {
  const how = await portsOf(one)
  const { store } = how.sync
  const dying: typeof store = {
    ...store,
    commit: (change) =>
      change.header ? Promise.reject(new Error('killed')) : store.commit(change),
  }
  const rotation = { passphrase: KNOWN_PASSPHRASE }
  await expect(
    openEpoch({ ...how, sync: { ...how.sync, store: dying } }, rotation),
  ).rejects.toThrow('killed')
}

it('a device joins while all of the vault still lies under the root key before', async () => {
  const gone = await one.vault.createRecord('key', knownKey('gone'))
  await one.sync()
  await one.vault.removeRecord(gone)
  await one.sync()
  await openAndStop()

  const joined = await join()
  expect(joined.vault.epoch).toBe(2)
  expect((await joined.vault.listKeys()).damaged).toEqual([])
  for (const device of [joined, other, joined]) await device.sync()
  expect(await readableIn(joined.vault)).toEqual(await readableIn(other.vault))
})

it('what the opener left under the old root key, another device seals again', async () => {
  const ids = await one.vault.createRecords(
    'key',
    Array.from({ length: 3 }, () => knownKey('x')),
  )
  for (const device of [one, other]) await device.sync()
  await openAndStop()
  for (let round = 0; round < 2; round++) await other.sync()

  const rows = await test.server.database.queries
    .selectFrom('rows')
    .select(['record_id', 'epoch'])
    .where('account_id', '=', one.vault.accountId)
    .execute()
  const epochs = rows.filter(({ record_id }) => ids.includes(record_id as KeyId))
  expect(epochs.map(({ epoch }) => epoch)).toEqual([2, 2, 2])
  expect((await one.sync()).epoch).toBe(2)
  expect(await readableIn(one.vault)).toEqual(await readableIn(other.vault))
})
