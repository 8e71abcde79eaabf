/** A local vault becomes an account: what is sent, what is not, and what a lost reply leads to. */
import { openTestServer, type TestServer } from '@valetkey/server/testing'
import { signUp, type ServerFetch } from '@valetkey/wallet/sync'
import { KNOWN_PASSPHRASE, fastTestKdf, knownKey } from '@valetkey/wallet/testing'
import { rotateRootKey } from '@valetkey/wallet/vault'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  clientAt,
  clock,
  codeOf,
  createWallet,
  random,
  type WalletDevice,
} from './wallet-device.ts'

let test: TestServer
beforeAll(async () => {
  test = await openTestServer(':memory:')
})
afterAll(() => test[Symbol.asyncDispose]())

const portsOf = ({ vault, store }: WalletDevice, fetch: ServerFetch = test.fetch) => ({
  ...{ client: clientAt(fetch), vault, store, kdf: fastTestKdf },
})

const rowsAt = (accountId: string) =>
  test.server.database.queries
    .selectFrom('rows')
    .selectAll()
    .where('account_id', '=', accountId)
    .execute()

describe('signing up', { timeout: 30_000 }, () => {
  it('sends every row but the keys of this device', async () => {
    const wallet = await createWallet(test)
    const { recoveryKeyText } = wallet.kit
    const signedUp = await signUp(portsOf(wallet), {
      passphrase: KNOWN_PASSPHRASE,
      recoveryKeyText,
    })
    wallet.memory = signedUp.memory

    const sent = (await rowsAt(wallet.vault.accountId)).map(({ record_id }) => record_id).sort()
    const shared = (await wallet.vault.readShared()).filter(({ del }) => del === 0)
    expect(sent).toEqual(shared.map(({ recordId }) => recordId as string).sort())
    expect(sent).not.toContain(wallet.vault.deviceId)
    expect(await wallet.sync()).toEqual({ seq: 1, changed: [], heard: true })
  })

  it('leaves what does not fit one push to the first sync', async () => {
    const wallet = await createWallet(test)
    const labels = Array.from({ length: 700 }, (_, at) => `Key ${at}`)
    await wallet.vault.createRecords('key', labels.map(knownKey))
    const { recoveryKeyText } = wallet.kit
    const { memory } = await signUp(portsOf(wallet), {
      ...{ passphrase: KNOWN_PASSPHRASE, recoveryKeyText },
    })
    wallet.memory = memory
    expect(await rowsAt(wallet.vault.accountId)).toHaveLength(500)

    expect((await wallet.sync()).seq).toBe(2)
    expect((await rowsAt(wallet.vault.accountId)).length).toBeGreaterThan(700)
  })

  it('signs up a vault whose root key was renewed, twice', async () => {
    const wallet = await createWallet(test)
    const ports = { store: wallet.store, clock, random, kdf: fastTestKdf }
    const rotation = { passphrase: KNOWN_PASSPHRASE, open: wallet.vault }
    await rotateRootKey(ports, rotation)
    const { kit } = await rotateRootKey(ports, rotation)
    wallet.memory = (
      await signUp(portsOf(wallet), {
        ...{ passphrase: KNOWN_PASSPHRASE, recoveryKeyText: kit.recoveryKeyText },
      })
    ).memory

    expect((await wallet.sync()).seq).toBe(1)
  })

  it('is the same registration where the reply was lost', async () => {
    const wallet = await createWallet(test)
    let lost = 0
    const flaky: ServerFetch = async (url, init) => {
      const reply = await test.fetch(url, init)
      if (!url.endsWith('/register') || lost > 0) return reply
      lost += 1
      throw new TypeError('failed to fetch')
    }
    const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText: wallet.kit.recoveryKeyText }
    wallet.memory = (await signUp(portsOf(wallet, flaky), how)).memory
    expect(lost).toBe(1)
    expect((await wallet.sync()).seq).toBe(1)
  })

  it('finds the account its own where the worker died before the reply', async () => {
    const wallet = await createWallet(test)
    const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText: wallet.kit.recoveryKeyText }
    await signUp(portsOf(wallet), how)
    await wallet.vault.createRecord('key', knownKey('meanwhile'))

    wallet.memory = (await signUp(portsOf(wallet), how)).memory
    expect(await wallet.sync()).toEqual({ seq: 2, changed: [], signed: true, heard: true })
  })

  it('sends nothing for a wrong passphrase or another kit', async () => {
    const wallet = await createWallet(test)
    const other = await createWallet(test)
    const { recoveryKeyText } = wallet.kit
    const sent: string[] = []
    const ports = portsOf(wallet, (url, init) => {
      sent.push(url)
      return test.fetch(url, init)
    })
    const wrong = { passphrase: 'another passphrase', recoveryKeyText }
    const otherKit = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText: other.kit.recoveryKeyText }

    expect(await codeOf(signUp(ports, wrong))).toBe('vault.unlock_failed')
    expect(await codeOf(signUp(ports, otherKit))).toBe('vault.unlock_failed')
    expect(sent).toEqual([])
  })

  it('does not take over the account of somebody else', async () => {
    const wallet = await createWallet(test)
    const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText: wallet.kit.recoveryKeyText }
    await signUp(portsOf(wallet), how)
    const { queries } = test.server.database
    const device_id = (await createWallet(test)).vault.deviceId
    const at = wallet.vault.accountId
    await queries.updateTable('devices').set({ device_id }).where('account_id', '=', at).execute()

    expect(await codeOf(signUp(portsOf(wallet), how))).toBe('request.unprocessable')
  })

  it('shows the server no passphrase, Secret Key, recovery key, label or provider', async () => {
    const wallet = await createWallet(test)
    const { recoveryKeyText, secretKeyText } = wallet.kit
    const sent: string[] = []
    const ports = portsOf(wallet, (url, init) => {
      sent.push(`${url} ${JSON.stringify(init.headers)} ${init.body as string}`)
      return test.fetch(url, init)
    })
    await signUp(ports, { passphrase: KNOWN_PASSPHRASE, recoveryKeyText })

    const { header } = await wallet.store.readWraps()
    const { secretKey } = header as { secretKey: string }
    const secrets = [recoveryKeyText, secretKeyText, secretKey, KNOWN_PASSPHRASE, 'openai', 'Work']
    for (const secret of secrets) expect(sent.join('\n')).not.toContain(secret)
  })
})
