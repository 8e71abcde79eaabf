/** As many keys as a vault may have, at the real server: they all go there, and all come back. */
import { openTestServer } from '@valetkey/server/testing'
import { RECORDS_PER_ACCOUNT } from '@valetkey/wallet/protocol'
import { joinWithKit, signUp } from '@valetkey/wallet/sync'
import { KNOWN_PASSPHRASE, fastTestKdf, knownKey } from '@valetkey/wallet/testing'
import { expect, it } from 'vitest'
import { clientAt, createWallet, writeJoined } from './wallet-device.ts'

const CHUNK = 1000

it('of ten thousand keys none is too many, beside all that the wallet keeps of its own', async () => {
  await using test = await openTestServer(':memory:')
  const wallet = await createWallet(test)
  const { vault, store, kit } = wallet
  const before = (await vault.listKeys()).records.length
  for (let made = before; made < RECORDS_PER_ACCOUNT; made += CHUNK) {
    const count = Math.min(CHUNK, RECORDS_PER_ACCOUNT - made)
    const keys = Array.from({ length: count }, (_, at) => knownKey(`Key ${String(made + at)}`))
    await vault.createRecords('key', keys)
  }
  const client = clientAt(test.fetch)
  const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText: kit.recoveryKeyText }
  wallet.memory = (await signUp({ client, vault, store, kdf: fastTestKdf }, how)).memory
  // More pushes than there are rounds for devices that come in each other's way.
  expect((await wallet.sync()).seq).toBeGreaterThan(20)

  const { accountId: accountIdText, secretKeyText } = kit
  const join = { accountIdText, secretKeyText, passphrase: KNOWN_PASSPHRASE }
  const other = await writeJoined(test, await joinWithKit({ client, kdf: fastTestKdf }, join))
  expect((await other.vault.listKeys()).records).toHaveLength(RECORDS_PER_ACCOUNT)
}, 120_000)
