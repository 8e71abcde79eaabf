/** Budgets of two devices of one vault at the real server: each spends its part, and they even it out (C67). */
import { openTestServer, type TestServer } from '@valetkey/server/testing'
import { SharedLimits, createLedger, type Ledger } from '@valetkey/wallet/metering'
import {
  createId,
  createTurns,
  type GrantId,
  type KeyId,
  type RequestId,
} from '@valetkey/wallet/protocol'
import { joinWithKit, openEpoch, signUp, synchronise } from '@valetkey/wallet/sync'
import { KNOWN_PASSPHRASE, createMemoryLedgerStore, fastTestKdf } from '@valetkey/wallet/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  clientAt,
  clock,
  createWallet,
  random,
  writeJoined,
  type WalletDevice,
} from './wallet-device.ts'

const DOLLAR = 1_000_000_000
const BUDGETS = [{ usd: '5.00', window: 'month' as const }]

let test: TestServer
beforeAll(async () => {
  test = await openTestServer(':memory:')
})
afterAll(() => test[Symbol.asyncDispose]())

/** A device with the ledger its calls go through. */
interface Caller {
  readonly device: WalletDevice
  readonly ledger: Ledger
  readonly limits: SharedLimits
  isOffline: boolean
  readonly sync: () => Promise<void>
}

let one: Caller
let other: Caller
let grantId: GrantId

beforeEach(async () => {
  const wallet = await createWallet(test)
  const { vault, store, kit } = wallet
  const ports = { client: clientAt(test.fetch), vault, store, kdf: fastTestKdf }
  const how = { passphrase: KNOWN_PASSPHRASE, recoveryKeyText: kit.recoveryKeyText }
  wallet.memory = (await signUp(ports, how)).memory
  const grant = (await vault.listRecords('grant')).records[0]
  if (!grant) throw new Error('the known vault has a grant')
  grantId = grant.id
  one = callerOn(wallet)
  await one.sync()
  const { accountId, secretKeyText } = kit
  const joined = await joinWithKit(
    { client: clientAt(test.fetch), kdf: fastTestKdf },
    { accountIdText: accountId, secretKeyText, passphrase: KNOWN_PASSPHRASE },
  )
  other = callerOn(await writeJoined(test, joined))
})

function callerOn(device: WalletDevice): Caller {
  const inTurn = createTurns()
  const caller: Caller = {
    device,
    isOffline: false,
    limits: new SharedLimits({
      hasServer: () => Promise.resolve(true),
      readParts: () => Promise.resolve(device.memory?.state.parts ?? {}),
      isMaker: async (id) => (await device.vault.readMaker(id)) === device.vault.deviceId,
      sync: () => caller.sync(),
      ledger: () => caller.ledger,
      clock,
    }),
    ledger: createLedger({
      store: createMemoryLedgerStore(),
      clock,
      limits: {
        partOf: (id) => caller.limits.partOf(id),
        askForMore: (...ask) => caller.limits.askForMore(...ask),
      },
    }),
    sync: () =>
      inTurn(async () => {
        if (caller.isOffline) throw new Error('offline')
        await synchronise({ ...(await device.syncPorts()), limits: caller.limits })
      }),
  }
  return caller
}

/** @returns whether there was room for it */
async function call({ ledger }: Caller, usd: number): Promise<boolean> {
  const reserving = ledger.reserve({
    ...{ requestId: createId<RequestId>(random), grantId, keyId: createId<KeyId>(random) },
    ...{ provider: 'openai', model: 'gpt-4.1', capability: 'chat', budgets: BUDGETS },
    boundNanoUsd: usd * DOLLAR,
  })
  return reserving.then(
    () => true,
    () => false,
  )
}

const spent = async ({ ledger }: Caller) => ((await ledger.used(grantId, BUDGETS))[0] ?? 0) / DOLLAR

/** Everything, one dollar after the other. */
async function spendAll(caller: Caller): Promise<void> {
  while (await call(caller, 0.5));
}

const evenOut = async () => {
  for (const caller of [one, other, one, other]) await caller.sync()
}

describe('a budget of two devices', () => {
  it('is spent once between them, also while neither hears of the other (C67)', async () => {
    await evenOut()
    for (const caller of [one, other]) {
      caller.isOffline = true
      await spendAll(caller)
    }
    expect([await spent(one), await spent(other)]).toEqual([2.5, 2.5])
  })

  it('is the first device’s until the newcomer was given some: nothing is spent twice (C67)', async () => {
    one.isOffline = true
    await other.sync()
    other.isOffline = true
    expect(await call(other, 0.5)).toBe(false)
    other.isOffline = false
    await spendAll(one)
    expect(await spent(one)).toBe(5)
    one.isOffline = false
    await evenOut()
    // What is spent already is nothing to give.
    other.isOffline = true
    expect(await call(other, 0.5)).toBe(false)
  })

  it('moves to where it is needed at the next syncs, down to what is spent', async () => {
    await evenOut()
    await call(one, 0.5)
    other.isOffline = true
    await spendAll(other)
    expect(await spent(other)).toBe(2.5)
    other.isOffline = false
    // Asked for by the call that was refused.
    await evenOut()
    await one.sync()
    await other.sync()
    expect(await call(other, 0.5)).toBe(true)
    other.isOffline = true
    one.isOffline = true
    await spendAll(other)
    await spendAll(one)
    expect((await spent(one)) + (await spent(other))).toBe(5)
  })

  it('is got while the call waits, where the other device is on', async () => {
    await evenOut()
    expect(await call(other, 2.5)).toBe(true)
    // As the server's hints would have them look.
    const hinted = (async () => {
      for (const caller of [one, other, one, other]) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        await caller.sync()
      }
    })()
    expect(await call(other, 1)).toBe(true)
    await hinted
    one.isOffline = true
    await spendAll(one)
    expect((await spent(one)) + (await spent(other))).toBeLessThanOrEqual(5)
  })

  it('keeps its parts over a new epoch, and a removed device’s is the other’s again', async () => {
    await evenOut()
    const { vault, store, syncPorts } = one.device
    const opening = {
      ports: { store, kdf: fastTestKdf, clock, random },
      ...{ vault, client: clientAt(test.fetch), sync: await syncPorts() },
      onSession: () => Promise.resolve(),
    }
    const passphrase = KNOWN_PASSPHRASE
    await openEpoch(opening, { passphrase, passkeys: [], removes: [] })
    await evenOut()
    for (const caller of [one, other]) caller.isOffline = true
    await call(one, 2.5)
    expect(await call(one, 0.5)).toBe(false)
    expect(await call(other, 2.5)).toBe(true)

    one.isOffline = false
    const again = { ...opening, sync: await syncPorts() }
    await openEpoch(again, { passphrase, passkeys: [], removes: [other.device.vault.deviceId] })
    await one.sync()
    await one.sync()
    expect(await call(one, 2.5)).toBe(true)
  })
})
