/** What a device can tell of a server that holds back what others write: that it hears of nobody (protocols §1). */
import { openTestServer, type TestServer } from '@valetkey/server/testing'
import { joinWithKit, signUp, synchronise } from '@valetkey/wallet/sync'
import { KNOWN_PASSPHRASE, fastTestKdf, readableIn } from '@valetkey/wallet/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { clientAt, createWallet, writeJoined, type WalletDevice } from './wallet-device.ts'

let test: TestServer
let one: WalletDevice
let other: WalletDevice

beforeEach(async () => {
  test = await openTestServer(':memory:')
  const client = clientAt(test.fetch)
  const wallet = await createWallet(test)
  const { vault, store, kit } = wallet
  const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText: kit.recoveryKeyText }
  wallet.memory = (await signUp({ client, vault, store, kdf: fastTestKdf }, how)).memory
  const { accountId: accountIdText, secretKeyText } = kit
  const join = { accountIdText, secretKeyText, passphrase: KNOWN_PASSPHRASE }
  one = wallet
  other = await writeJoined(test, await joinWithKit({ client, kdf: fastTestKdf }, join))
  for (const device of [one, other, one, other]) await device.sync()
})
afterEach(() => test[Symbol.asyncDispose]())

const look = async (device: WalletDevice, signsAnyway: boolean) =>
  synchronise({ ...(await device.syncPorts()), signsAnyway })

const seqOf = async ({ vault }: WalletDevice) => {
  const { queries } = test.server.database
  const account = queries.selectFrom('accounts').select('seq').where('id', '=', vault.accountId)
  return (await account.executeTakeFirstOrThrow()).seq
}

it('brings a head with nothing under it to all other devices', async () => {
  const before = [await seqOf(one), await readableIn(one.vault)]
  expect(await look(one, true)).toMatchObject({ signed: true, changed: [] })
  expect(await seqOf(one)).toBe(Number(before[0]) + 1)

  expect(await look(other, false)).toMatchObject({ heard: true, changed: [] })
  expect(await readableIn(other.vault)).toEqual(before[1])
})

it('C80: of a device that is held back nothing is heard, however often one signs', async () => {
  for (let week = 0; week < 3; week++) {
    const { signed, heard } = await look(one, true)
    expect([signed, heard]).toEqual([true, undefined])
  }
  await look(other, true)
  expect((await look(one, true)).heard).toBe(true)
})
