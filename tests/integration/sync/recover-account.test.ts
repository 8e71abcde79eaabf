/** The account and its vault back with the recovery kit alone, and nobody else in any more. */
import { openTestServer, type TestServer } from '@valetkey/server/testing'
import {
  joinWithKit,
  recoverAccount,
  signUp,
  type RecoveryNote,
  type ServerFetch,
} from '@valetkey/wallet/sync'
import { KNOWN_PASSPHRASE, fastTestKdf, knownKey, readableIn } from '@valetkey/wallet/testing'
import { unlockVault } from '@valetkey/wallet/vault'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientAt, clock, codeOf, createWallet, random, writeJoined } from './wallet-device.ts'

let test: TestServer
beforeAll(async () => {
  test = await openTestServer(':memory:')
})
afterAll(() => test[Symbol.asyncDispose]())

const NEW_PASSPHRASE = 'another quiet harbour'
const portsThrough = (fetch: ServerFetch = test.fetch) => ({
  ...{ client: clientAt(fetch), kdf: fastTestKdf },
})

async function signedUp(keys = 0) {
  const wallet = await createWallet(test)
  const { vault, store, kit } = wallet
  const labels = Array.from({ length: keys }, (_, at) => `Key ${at}`)
  if (keys > 0) await vault.createRecords('key', labels.map(knownKey))
  const { recoveryKeyText, accountId } = kit
  const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText }
  wallet.memory = (await signUp({ ...portsThrough(), vault, store }, how)).memory
  await wallet.sync()
  const accountIdText: string = accountId
  return { wallet, recovery: { accountIdText, recoveryKeyText, newPassphrase: NEW_PASSPHRASE } }
}

describe('recovering the account', { timeout: 30_000 }, () => {
  it('brings everything, under a new passphrase and kit, and lets nobody else in', async () => {
    const { wallet, recovery } = await signedUp()
    const before = await readableIn(wallet.vault, ['key', 'grant'])
    const recovered = await recoverAccount(portsThrough(), recovery)
    const other = await writeJoined(test, recovered)
    expect(await readableIn(other.vault, ['key', 'grant'])).toEqual(before)
    const unlocking = { store: other.store, clock, random, kdf: fastTestKdf }
    expect((await unlockVault(unlocking, NEW_PASSPHRASE)).epoch).toBe(2)
    await other.sync()

    expect(await codeOf(wallet.sync())).toBe('auth.failed')
    expect(await codeOf(recoverAccount(portsThrough(), recovery))).toBe('auth.failed')
    const { accountIdText } = recovery
    const join = (secretKeyText: string, passphrase: string) =>
      codeOf(joinWithKit(portsThrough(), { accountIdText, secretKeyText, passphrase }))
    expect(await join(wallet.kit.secretKeyText, KNOWN_PASSPHRASE)).toBe('auth.failed')
    expect(await join(recovered.kit.secretKeyText, NEW_PASSPHRASE)).toBe('done')
    const next = { ...recovery, recoveryKeyText: recovered.kit.recoveryKeyText }
    expect(await codeOf(recoverAccount(portsThrough(), next))).toBe('done')
  })

  it('sends with the first sync what did not fit', async () => {
    const { recovery } = await signedUp(510)
    const other = await writeJoined(test, await recoverAccount(portsThrough(), recovery))
    await other.sync()

    expect((await other.vault.listKeys()).records).toHaveLength(511)
    const old = await test.server.database.queries
      .selectFrom('rows')
      .select('epoch')
      .where('account_id', '=', recovery.accountIdText)
      .where('epoch', '=', 1)
      .execute()
    expect(old).toEqual([])
  })

  it('is done where the reply was lost', async () => {
    const { recovery } = await signedUp()
    let lost = 0
    const flaky: ServerFetch = async (url, init) => {
      const reply = await test.fetch(url, init)
      if (!url.endsWith('/credentials')) return reply
      lost += 1
      throw new TypeError('failed to fetch')
    }
    const other = await writeJoined(test, await recoverAccount(portsThrough(flaky), recovery))

    expect(lost).toBe(1)
    await other.sync()
    expect((await other.session.devices()).document.devices).toHaveLength(1)
  })

  it('C87: goes on with the same kit where the worker died between the yes of the server and its own write', async () => {
    const { wallet, recovery } = await signedUp()
    const before = await readableIn(wallet.vault, ['key', 'grant'])
    let note: RecoveryNote = null
    const notes = {
      read: () => Promise.resolve(note),
      write: (next: RecoveryNote) => Promise.resolve(void (note = next)),
    }
    /** Nothing that follows the `credentials` happens any more. @param arrives whether that still reached the server */
    const dying = (arrives: boolean): ServerFetch => {
      let isDead = false
      return async (url, init) => {
        if (isDead) throw new TypeError('dead')
        isDead = url.endsWith('/credentials')
        if (!isDead) return test.fetch(url, init)
        if (arrives) await test.fetch(url, init)
        throw new TypeError('dead')
      }
    }
    const recover = (fetch?: ServerFetch) =>
      recoverAccount({ ...portsThrough(fetch), notes }, recovery)
    for (const arrives of [false, true, false, true]) {
      expect(await codeOf(recover(dying(arrives)))).toBe('provider.network')
    }
    // What lies here opens nothing without the kit.
    for (const group of recovery.recoveryKeyText.split('-').slice(1)) {
      expect(JSON.stringify(note)).not.toContain(group)
    }
    expect(await codeOf(recoverAccount(portsThrough(), recovery))).toBe('auth.failed')
    const stranger = (await signedUp()).recovery
    const wrong = { ...recovery, recoveryKeyText: stranger.recoveryKeyText }
    expect(await codeOf(recoverAccount({ ...portsThrough(), notes }, wrong))).toBe('auth.failed')

    const recovered = await recover()
    const other = await writeJoined(test, recovered)
    expect(await readableIn(other.vault, ['key', 'grant'])).toEqual(before)
    const { recoveryKeyText } = recovered.kit
    expect(await codeOf(recoverAccount(portsThrough(), { ...recovery, recoveryKeyText }))).toBe(
      'done',
    )
  })

  it('tells the other devices that somebody used the kit', async () => {
    const { wallet, recovery } = await signedUp()
    const stopping: ServerFetch = (url, init) =>
      url.endsWith('/credentials')
        ? Promise.reject(new TypeError('offline'))
        : test.fetch(url, init)
    expect(await codeOf(recoverAccount(portsThrough(stopping), recovery))).not.toBe('done')

    expect((await wallet.session.devices()).recoveredAt).not.toBe(null)
  })

  it('refuses another kit, and a passphrase that is too short', async () => {
    const { recovery } = await signedUp()
    const other = await signedUp()
    const { recoveryKeyText } = other.recovery
    const ask = (change: Partial<typeof recovery>) =>
      codeOf(recoverAccount(portsThrough(), { ...recovery, ...change }))

    expect(await ask({ recoveryKeyText })).toBe('auth.failed')
    expect(await ask({ recoveryKeyText: 'VR1-AAAA' })).toBe('request.invalid')
    expect(await ask({ newPassphrase: 'short' })).toBe('request.unprocessable')
  })
})
