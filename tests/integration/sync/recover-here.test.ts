/** The recovery kit on a device of an account: nothing that only this device has is lost, and the server knows. */
import { openTestServer, type TestServer } from '@valetkey/server/testing'
import {
  createSyncVault,
  joinWithKit,
  recoverHere,
  replaceVault,
  signUp,
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

/** As the extension does, of which nothing is left but the disk and the kit. */
async function recover(device: WalletDevice, recoveryKeyText: string, fetch = test.fetch) {
  const vault = await openWithKit(portsOf(device), recoveryKeyText)
  const sync = { ...(await device.syncPorts()), vault: createSyncVault(vault) }
  const how = { ports: portsOf(device), vault, client: clientAt(fetch), sync }
  const recovered = await recoverHere(how, { recoveryKeyText, newPassphrase: NEW_PASSPHRASE })
  await replaceVault(how, recovered)
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

      await expect(recover(cutHere, here.kit.recoveryKeyText, cut)).rejects.toThrow()

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

    expect(await codeOf(recover(here, here.kit.recoveryKeyText, goBack))).toBe('sync.rollback')
  })

  it('asks no server about a kit that opens nothing here, nor for a passphrase too short', async () => {
    const { here, there } = await twoDevices()
    const other = await createWallet(test)
    expect(await codeOf(recover(here, other.kit.recoveryKeyText))).toBe('vault.unlock_failed')
    const vault = await openWithKit(portsOf(here), here.kit.recoveryKeyText)
    const sync = { ...(await here.syncPorts()), vault: createSyncVault(vault) }
    const how = { ports: portsOf(here), vault, client: clientAt(test.fetch), sync }
    const { recoveryKeyText } = here.kit
    const short = recoverHere(how, { recoveryKeyText, newPassphrase: 'short' })
    expect(await codeOf(short)).toBe('request.unprocessable')

    expect((await there.session.devices()).recoveredAt).toBe(null)
  })
})

async function contentsOf({ store }: WalletDevice): Promise<readonly StoredRow[]> {
  return (await store.readRows()) as readonly StoredRow[]
}
