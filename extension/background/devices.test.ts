import { beforeEach, describe, expect, it } from 'vitest'
import {
  WalletError,
  createId,
  toBase64url,
  type DeviceId,
  type DevicesReply,
} from '@valetkey/wallet/protocol'
import type { ChosenServer, LinkedDevice, SyncMemory, SyncRecord } from '@valetkey/wallet/sync'
import {
  createFakeClock,
  createKnownVault,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  knownKey,
} from '@valetkey/wallet/testing'
import type { OpenVault } from '@valetkey/wallet/vault'
import { Devices } from './devices.ts'

const random = createSeededRandom('devices')
const PHONE = createId<DeviceId>(random)
const HEAD = { head: toBase64url(random(158)), sig: toBase64url(random(64)) }
const entry = (id: string, addedAt: number) => ({
  ...{ id, addedAt, ed25519: toBase64url(random(32)), x25519: toBase64url(random(32)) },
  sig: toBase64url(random(64)),
})

let vault: OpenVault
let chosen: ChosenServer | null
let record: SyncRecord
let memory: SyncMemory
let seen: () => Promise<DevicesReply>
let devices: Devices

beforeEach(async () => {
  const store = createMemoryVaultStore()
  const clock = createFakeClock().now
  const made = await createKnownVault({ store, clock, random, kdf: fastTestKdf })
  vault = made.vault
  chosen = { origin: 'https://sync.example', isFreshnessKnown: false, recoveredAt: 9 }
  record = { syncedAt: 7, seq: 3, problem: null }
  const identity = toBase64url(random(32))
  const listed = [entry(PHONE, 20), entry(vault.deviceId, 10)]
  memory = {
    state: {
      ...{ head: HEAD, devices: { identity, links: [], devices: listed }, identity },
      ...{ cursor: null, floor: 0, outbox: null },
    },
    synced: [],
  }
  seen = () =>
    Promise.resolve({
      ...{ document: memory.state.devices, recoveredAt: null },
      seen: [{ id: PHONE, seenAt: 30, ackedSeq: 1 }],
    })
  devices = new Devices({
    session: { required: () => Promise.resolve(vault) },
    link: {
      chosen: () => Promise.resolve(chosen),
      device: () => Promise.resolve({ session: { devices: () => seen() } } as LinkedDevice),
      note: (change) => Promise.resolve(void (chosen = chosen && { ...chosen, ...change })),
    },
    ...{ sync: { isRunning: false }, live: { isLive: true } },
    store: { read: () => Promise.resolve(memory), commit: () => Promise.reject(new Error()) },
    record: {
      read: () => Promise.resolve(record),
      write: (next) => Promise.resolve(void (record = next)),
    },
  })
})

describe('how a device stands to its server', () => {
  it('is alone without one', async () => {
    chosen = null
    expect(await devices.state()).toMatchObject({ server: null, waitingCount: 0, headCode: null })
    await expect(devices.list()).rejects.toMatchObject({ code: 'request.not_found' })
    await expect(devices.rename(PHONE, 'x')).rejects.toMatchObject({ code: 'request.not_found' })
  })

  it('says what waits, what went wrong and what two devices can compare', async () => {
    record = { ...record, problem: { code: 'provider.network', at: 8 } }
    const before = (await devices.state()).waitingCount
    await vault.createRecord('key', knownKey('new'))
    expect(await devices.state()).toEqual({
      ...{ server: 'https://sync.example', accountId: vault.accountId },
      ...{ isRunning: false, isLive: true, syncedAt: 7, problem: record.problem },
      waitingCount: before + 1,
      headCode: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/) as string,
      ...{ isFreshnessKnown: false, isSilent: false, recoveredAt: 9 },
    })
  })

  // Protocols §1: a server that holds everything back is caught by nothing but this.
  it('is silent once no other device was heard of for two weeks and a day', async () => {
    const day = 24 * 60 * 60_000
    record = { ...record, syncedAt: 15 * day + 7, heardAt: 7 }
    expect((await devices.state()).isSilent).toBe(false)
    record = { ...record, syncedAt: 15 * day + 8 }
    expect((await devices.state()).isSilent).toBe(true)
    // Its person compared the codes.
    await devices.confirmFresh()
    expect((await devices.state()).isSilent).toBe(false)
  })

  it('is never silent while there is no other device', async () => {
    record = { ...record, syncedAt: Number.MAX_SAFE_INTEGER, heardAt: 7 }
    const { state } = memory
    const own = state.devices.devices.filter(({ id }) => id === vault.deviceId)
    memory = { ...memory, state: { ...state, devices: { ...state.devices, devices: own } } }
    expect((await devices.state()).isSilent).toBe(false)
  })

  it('is fresh once the person compared', async () => {
    await devices.confirmFresh()
    expect((await devices.state()).isFreshnessKnown).toBe(true)
  })
})

describe('the list of devices', () => {
  it('has each with its name and when it was seen, oldest first', async () => {
    await devices.rename(PHONE, '  My phone ')
    expect(await devices.list()).toEqual([
      { id: vault.deviceId, name: null, isThis: true, addedAt: 10, seenAt: null },
      { id: PHONE, name: 'My phone', isThis: false, addedAt: 20, seenAt: 30 },
    ])
  })

  it('is there also while the server is not', async () => {
    seen = () => Promise.reject(new WalletError('provider.network'))
    expect((await devices.list()).map(({ seenAt }) => seenAt)).toEqual([null, null])
  })

  it('takes no name for a device that is not on it', async () => {
    await expect(devices.rename(createId(random), 'x')).rejects.toMatchObject({
      code: 'request.not_found',
    })
  })
})
