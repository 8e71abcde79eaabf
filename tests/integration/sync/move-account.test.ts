/** An account deleted, moved, and set up anew at a server that lost what it had. */
import { TEST_ORIGIN, openTestServer, type TestServer } from '@valetkey/server/testing'
import {
  deleteAccount,
  joinWithKit,
  moveAccount,
  signUp,
  type SyncMemory,
} from '@valetkey/wallet/sync'
import { KNOWN_PASSPHRASE, fastTestKdf, knownKey, readableIn } from '@valetkey/wallet/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientAt, codeOf, createWallet, writeJoined, type WalletDevice } from './wallet-device.ts'

let test: TestServer
beforeAll(async () => {
  test = await openTestServer(':memory:')
})
afterAll(() => test[Symbol.asyncDispose]())

const client = () => clientAt(test.fetch)
const portsOf = ({ vault, store }: WalletDevice) => ({
  ...{ client: client(), vault, store, kdf: fastTestKdf },
})

async function twoDevices() {
  const wallet = await createWallet(test)
  const { accountId, secretKeyText, recoveryKeyText } = wallet.kit
  const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText }
  wallet.memory = (await signUp(portsOf(wallet), how)).memory
  const kit = { accountIdText: accountId as string, secretKeyText, passphrase: KNOWN_PASSPHRASE }
  const joined = await joinWithKit({ client: client(), kdf: fastTestKdf }, kit)
  const other = await writeJoined(test, joined)
  await wallet.sync()
  return { wallet, other, how }
}

const moveOf = async (wallet: WalletDevice) => ({
  ...portsOf(wallet),
  ...{ session: wallet.session, sync: await wallet.syncPorts() },
  onSession: () => Promise.resolve(),
})

/** As a backup of the server does: what came since is gone. */
async function loseAccount(accountId: string): Promise<void> {
  const { queries } = test.server.database
  for (const table of ['rows', 'heads', 'devices', 'sessions'] as const) {
    await queries.deleteFrom(table).where('account_id', '=', accountId).execute()
  }
  await queries.deleteFrom('accounts').where('id', '=', accountId).execute()
}

describe('deleting the account', { timeout: 30_000 }, () => {
  it('takes the passphrase, and leaves the vault here', async () => {
    const { wallet, other } = await twoDevices()
    const { accountId } = wallet.vault
    const wrong = { accountId, passphrase: 'another passphrase' }
    expect(await codeOf(deleteAccount(portsOf(wallet), wrong))).toBe('vault.unlock_failed')
    expect((await wallet.session.devices()).document.devices).toHaveLength(2)

    await deleteAccount(portsOf(wallet), { accountId, passphrase: KNOWN_PASSPHRASE })
    expect(await codeOf(other.sync())).toBe('auth.failed')
    expect((await wallet.vault.listKeys()).records).toHaveLength(1)
  })
})

describe('setting a server up from this device', { timeout: 30_000 }, () => {
  it('goes on with every device at a server that lost the account', async () => {
    const { wallet, other, how } = await twoDevices()
    await loseAccount(wallet.vault.accountId)
    expect(await codeOf(wallet.sync())).toBe('auth.failed')
    await wallet.vault.createRecord('key', knownKey('written meanwhile'))

    await moveAccount(await moveOf(wallet), { ...how, replaces: false })
    await other.sync()
    const id = await other.vault.createRecord('key', knownKey('and from the other'))
    await other.sync()
    expect((await wallet.sync()).changed).toEqual([id])
    expect(await readableIn(other.vault)).toEqual(await readableIn(wallet.vault))
  })

  it('puts its own state in the place of an older one', async () => {
    const { wallet, other, how } = await twoDevices()
    const { accountId } = wallet.vault
    const { queries } = test.server.database
    const old = await queries
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', accountId)
      .execute()
    const [before] = old
    await wallet.vault.createRecord('key', knownKey('after the backup'))
    await wallet.sync()
    await other.sync()
    // The server comes back from its backup.
    if (!before) throw new Error('the account is there')
    await queries.updateTable('accounts').set(before).where('id', '=', accountId).execute()
    await queries
      .deleteFrom('rows')
      .where('account_id', '=', accountId)
      .where('seq', '>', before.seq)
      .execute()
    await queries
      .deleteFrom('heads')
      .where('account_id', '=', accountId)
      .where('seq', '>', before.seq)
      .execute()
    expect(await codeOf(wallet.sync())).toBe('sync.rollback')

    await moveAccount(await moveOf(wallet), { ...how, replaces: true })
    expect((await wallet.sync()).seq).toBeGreaterThan(before.seq)
    expect((await other.sync()).changed).toEqual([])
    expect(await readableIn(other.vault)).toEqual(await readableIn(wallet.vault))
  })

  it(
    'lists the other devices only once everything is there, or they would take it for deleted',
    { timeout: 30_000 },
    async () => {
      const { wallet, other, how } = await twoDevices()
      const labels = Array.from({ length: 510 }, (_, at) => `Key ${at}`)
      await wallet.vault.createRecords('key', labels.map(knownKey))
      await wallet.sync()
      await other.sync()
      await loseAccount(wallet.vault.accountId)
      const early: string[] = []
      const ports = await moveOf(wallet)
      const memory: SyncMemory = await ports.sync.store.read()
      expect(memory.synced.length).toBeGreaterThan(500)
      // The other device tries whenever this one has sent something.
      const onSession = async () => {
        early.push(await codeOf(other.sync()))
      }

      await moveAccount({ ...ports, onSession }, { ...how, replaces: false })
      expect(early).toEqual(['auth.failed'])
      await other.sync()
      await wallet.sync()
      expect((await wallet.vault.listKeys()).records).toHaveLength(511)
      expect((await other.vault.listKeys()).records).toHaveLength(511)
    },
  )

  it('is signed for one server: what was sent to one is worth nothing at another', async () => {
    const { wallet, how } = await twoDevices()
    const elsewhere = 'https://elsewhere.example'
    expect(elsewhere).not.toBe(TEST_ORIGIN)
    await loseAccount(wallet.vault.accountId)
    const ports = { ...portsOf(wallet), client: clientAt(test.fetch, elsewhere) }

    expect(await codeOf(signUp(ports, how))).toBe('request.unprocessable')
  })
})
