/** The recovery kit on a device of an account: nothing that only this device has is lost, and the server knows. */
import { openTestServer, type TestServer } from '@valetkey/server/testing'
import { WalletError } from '@valetkey/wallet/protocol'
import {
  createSyncVault,
  joinWithKit,
  recoverHere,
  replaceVault,
  signUp,
  type RecoveryNote,
  type RecoveryNotes,
  type ServerFetch,
} from '@valetkey/wallet/sync'
import { KNOWN_PASSPHRASE, fastTestKdf, knownKey, readableIn } from '@valetkey/wallet/testing'
import { openWithKit, unlockVault, type StoredRow } from '@valetkey/wallet/vault'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  clientAt,
  clock,
  codeOf,
  createWallet,
  deviceOf,
  random,
  writeJoined,
  type WalletDevice,
} from './wallet-device.ts'

let test: TestServer
beforeAll(async () => {
  test = await openTestServer(':memory:')
})
afterAll(() => test[Symbol.asyncDispose]())

const NEW_PASSPHRASE = 'another quiet harbour'
const portsOf = ({ store }: Pick<WalletDevice, 'store'>) => ({
  ...{ store, clock, random, kdf: fastTestKdf },
})

/** Two devices of one account, in step. */
async function twoDevices() {
  const here = await createWallet(test)
  const { vault, store, kit } = here
  const { recoveryKeyText, accountId, secretKeyText } = kit
  const ports = { client: clientAt(test.fetch), kdf: fastTestKdf }
  const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText }
  here.memory = (await signUp({ ...ports, vault, store }, how)).memory
  await here.sync()
  const join = { accountIdText: accountId, secretKeyText, passphrase: KNOWN_PASSPHRASE }
  const there = await writeJoined(test, await joinWithKit(ports, join))
  await there.sync()
  return { here, there, join }
}

/** What outlives the worker. */
function newNotes(): RecoveryNotes {
  let note: RecoveryNote = null
  return {
    read: () => Promise.resolve(note),
    write: (next) => Promise.resolve(void (note = next)),
  }
}

/** As the extension does, of which nothing is left but the disk and the kit. */
async function recover(
  device: WalletDevice,
  recoveryKeyText: string,
  { fetch = test.fetch, notes = newNotes(), isCut = false } = {},
) {
  const vault = await openWithKit(portsOf(device), recoveryKeyText)
  const sync = { ...(await device.syncPorts()), vault: createSyncVault(vault) }
  const how = { ports: portsOf(device), vault, client: clientAt(fetch), sync, notes }
  const recovered = await recoverHere(how, { recoveryKeyText, newPassphrase: NEW_PASSPHRASE })
  if (isCut) throw new Error('the worker ended')
  await replaceVault(how, recovered)
  await notes.write(null)
  const { store, memory } = device
  const opened = await openWithKit(portsOf(device), recovered.kit.recoveryKeyText)
  return { ...recovered, device: await deviceOf(test, { vault: opened, store, memory }) }
}

describe('recovering on a device of the account', { timeout: 30_000 }, () => {
  it('keeps what was not sent yet, makes all keys new, and goes on syncing', async () => {
    const { here, there, join } = await twoDevices()
    await there.vault.createRecord('key', knownKey('Written there'))
    await there.sync()
    await here.vault.createRecord('key', knownKey('Written here'))
    const { deviceId } = here.vault

    const { device, kit } = await recover(here, here.kit.recoveryKeyText)

    const { records, damaged } = await device.vault.listRecords('key')
    expect(damaged).toEqual([])
    expect(records.map(({ fields }) => fields.label)).toEqual(
      expect.arrayContaining(['Written here', 'Written there']),
    )
    expect(await device.store.readRow(deviceId)).toMatchObject({ del: 1 })
    await device.vault.createRecord('key', knownKey('Written afterwards'))
    await device.sync()
    expect((await device.session.devices()).document.devices).toHaveLength(1)
    expect(await codeOf(unlockVault(portsOf(here), KNOWN_PASSPHRASE))).toBe('vault.unlock_failed')
    expect((await unlockVault(portsOf(here), NEW_PASSPHRASE)).deviceId).toBe(device.vault.deviceId)

    expect(await codeOf(there.sync())).toBe('auth.failed')
    const ports = { client: clientAt(test.fetch), kdf: fastTestKdf }
    expect(await codeOf(joinWithKit(ports, join))).toBe('auth.failed')
    const { secretKeyText } = kit
    const again = { ...join, secretKeyText, passphrase: NEW_PASSPHRASE }
    const joined = await writeJoined(test, await joinWithKit(ports, again))
    expect(await readableIn(joined.vault)).toEqual(await readableIn(device.vault))
  })

  it('can be done again with the new kit', async () => {
    const { here } = await twoDevices()
    const { device, kit } = await recover(here, here.kit.recoveryKeyText)
    await device.sync()
    const before = await readableIn(device.vault, ['key', 'grant'])

    const next = await recover(device, kit.recoveryKeyText)

    await next.device.sync()
    expect(await readableIn(next.device.vault, ['key', 'grant'])).toEqual(before)
    expect(await codeOf(recover(next.device, kit.recoveryKeyText))).toBe('vault.unlock_failed')
  })

  it.each(['/v1/sync/pull', '/v1/recovery', '/v1/account/credentials'])(
    'changes nothing here where the server is not reached at %s',
    async (path) => {
      const { here } = await twoDevices()
      const before = await contentsOf(here)
      const cut: ServerFetch = (url, init) =>
        url.includes(path) ? Promise.reject(new TypeError('offline')) : test.fetch(url, init)
      const { server, ...ports } = await here.syncPorts()
      const pull: typeof server.pull = (...asked) =>
        path === '/v1/sync/pull' ? Promise.reject(new TypeError('offline')) : server.pull(...asked)
      const cutHere = {
        ...here,
        syncPorts: () => Promise.resolve({ ...ports, server: { ...server, pull } }),
      }

      await expect(recover(cutHere, here.kit.recoveryKeyText, { fetch: cut })).rejects.toThrow()

      expect(await contentsOf(here)).toEqual(before)
      await unlockVault(portsOf(here), KNOWN_PASSPHRASE)
    },
  )

  it('C80: is refused by who shows the kit an older state than this device knows', async () => {
    const { here } = await twoDevices()
    const { queries } = test.server.database
    const of = here.vault.accountId
    const account = await queries
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', of)
      .executeTakeFirstOrThrow()
    const rows = await queries.selectFrom('rows').selectAll().where('account_id', '=', of).execute()
    await here.vault.createRecord('key', knownKey('Known here'))
    await here.sync()
    const goBack: ServerFetch = async (url, init) => {
      if (url.endsWith('/v1/recovery')) {
        await queries.deleteFrom('rows').where('account_id', '=', of).execute()
        await queries.insertInto('rows').values(rows).execute()
        await queries.updateTable('accounts').set(account).where('id', '=', of).execute()
      }
      return test.fetch(url, init)
    }

    expect(await codeOf(recover(here, here.kit.recoveryKeyText, { fetch: goBack }))).toBe(
      'sync.rollback',
    )
    // One that says it knows this device no more gets no further.
    const { server, ...ports } = await here.syncPorts()
    const refuse = { ...server, pull: () => Promise.reject(new WalletError('auth.failed')) }
    const refused = { ...here, syncPorts: () => Promise.resolve({ ...ports, server: refuse }) }
    const { recoveryKeyText } = here.kit
    expect(await codeOf(recover(refused, recoveryKeyText, { fetch: goBack }))).toBe('auth.failed')
  })

  it('asks no server about a kit that opens nothing here, nor for a passphrase too short', async () => {
    const { here, there } = await twoDevices()
    const other = await createWallet(test)
    expect(await codeOf(recover(here, other.kit.recoveryKeyText))).toBe('vault.unlock_failed')
    const vault = await openWithKit(portsOf(here), here.kit.recoveryKeyText)
    const sync = { ...(await here.syncPorts()), vault: createSyncVault(vault) }
    const notes = newNotes()
    const how = { ports: portsOf(here), vault, client: clientAt(test.fetch), sync, notes }
    const { recoveryKeyText } = here.kit
    const short = recoverHere(how, { recoveryKeyText, newPassphrase: 'short' })
    expect(await codeOf(short)).toBe('request.unprocessable')

    expect((await there.session.devices()).recoveredAt).toBe(null)
  })
})

describe('a recovery that is cut off on a device of the account', { timeout: 30_000 }, () => {
  const CREDENTIALS = '/v1/account/credentials'
  const offline = () => Promise.reject(new TypeError('offline'))

  it.each([
    {
      at: 'before the server has it',
      fetch: (url: string, init: RequestInit) =>
        url.includes(CREDENTIALS) ? offline() : test.fetch(url, init),
      isCut: false,
    },
    {
      at: 'before its reply is here',
      fetch: async (url: string, init: RequestInit) => {
        if (url.endsWith('/v1/auth/login')) return offline()
        const reply = await test.fetch(url, init)
        return url.includes(CREDENTIALS) ? offline() : reply
      },
      isCut: false,
    },
    { at: 'before it is written here', fetch: undefined, isCut: true },
  ])('C87: goes on with the same kit, $at, and keeps what was changed since', async (cut) => {
    const { here, there, join } = await twoDevices()
    const [edited, deleted] = [
      await here.vault.createRecord('key', knownKey('Before')),
      await here.vault.createRecord('key', knownKey('Deleted since')),
    ]
    await here.sync()
    await there.sync()
    const notes = newNotes()
    const { recoveryKeyText } = here.kit
    const begun = { notes, isCut: cut.isCut, ...(cut.fetch && { fetch: cut.fetch }) }
    await expect(recover(here, recoveryKeyText, begun)).rejects.toThrow()
    // Nobody knows of it: the person goes on as before, and no server is reached.
    const opened = await unlockVault(portsOf(here), KNOWN_PASSPHRASE)
    await opened.updateRecord('key', edited, { label: 'Edited since' })
    await opened.createRecord('key', knownKey('Made since'))
    await opened.removeRecord(deleted)

    const going = recover(here, recoveryKeyText, { notes })
    expect(await codeOf(going)).toBe('done')
    const { device, kit } = await going

    expect(await notes.read()).toBeNull()
    await device.sync()
    const labelsOf = async (vault: typeof device.vault) => {
      const { records, damaged } = await vault.listRecords('key')
      expect(damaged).toEqual([])
      return records.map(({ fields }) => fields.label).sort()
    }
    const labels = await labelsOf(device.vault)
    expect(labels).toEqual(expect.arrayContaining(['Edited since', 'Made since']))
    expect(labels).not.toEqual(expect.arrayContaining(['Deleted since']))
    expect(labels).not.toEqual(expect.arrayContaining(['Before']))
    expect((await device.session.devices()).document.devices).toHaveLength(1)
    const ports = { client: clientAt(test.fetch), kdf: fastTestKdf }
    const { secretKeyText } = kit
    const again = { ...join, secretKeyText, passphrase: NEW_PASSPHRASE }
    const joined = await writeJoined(test, await joinWithKit(ports, again))
    expect(await labelsOf(joined.vault)).toEqual(labels)
  })

  it('C80: is not gone on with by a device that was removed, nor with another kit', async () => {
    const { here, there } = await twoDevices()
    await recover(there, here.kit.recoveryKeyText)
    expect(await codeOf(recover(here, here.kit.recoveryKeyText))).toBe('auth.failed')
    const other = await createWallet(test)
    const notes = newNotes()
    const { accountId } = here.kit
    await notes.write({ accountId, enc: 'A'.repeat(43), sealed: 'AAAA' })
    expect(await codeOf(recover(here, here.kit.recoveryKeyText, { notes }))).toBe('auth.failed')
    expect(await codeOf(recover(here, other.kit.recoveryKeyText))).toBe('vault.unlock_failed')
  })
})

async function contentsOf({ store }: WalletDevice): Promise<readonly StoredRow[]> {
  return (await store.readRows()) as readonly StoredRow[]
}
