/**
 * The real server, whose owner changes what it has behind its back: each attack of protocols §1, on vaults in
 * IndexedDB with records drawn anew.
 */
import 'fake-indexeddb/auto'
import {
  certifyDevice,
  decodeHead,
  devicesHash,
  headCode,
  joinWithKit,
  openEpoch,
  signHead,
  type Head,
  type ServerFetch,
} from '@valetkey/wallet/sync'
import { createKeySeed, formatSecretKey, signingPublicKey } from '@valetkey/wallet/crypto'
import {
  fromBase64url,
  toBase64url,
  type DeviceId,
  type DevicesDocument,
  type KeyId,
} from '@valetkey/wallet/protocol'
import { KNOWN_PASSPHRASE, fastTestKdf, knownKey, readableIn } from '@valetkey/wallet/testing'
import { fc, tryInputs } from '@valetkey/wallet/testing/fuzz'
import { readSecretKeyText } from '@valetkey/wallet/vault'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { ScheduleServer, type SavedAccount } from './schedules/account.ts'
import { ScheduledDevice } from './schedules/scheduled-device.ts'
import { clientAt, random } from './wallet-device.ts'

/** How often each attack is tried, with other records: in every run, and in a long one. */
const TRIES = 4
const LONG_TRIES = 200
const TIMEOUT = { timeout: 30 * 60_000 }

let server: ScheduleServer
let account: SavedAccount
/** Writes; the other one is lied to. */
let writer: ScheduledDevice
let reader: ScheduledDevice
/** What the reader reaches the server with. */
let fetch: ServerFetch
/** Both have them. */
let ids: readonly KeyId[]

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  server = await ScheduleServer.open()
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())
afterEach(close)

const opened: ScheduledDevice[] = []
async function close(): Promise<void> {
  for (const device of opened.splice(0)) await device.close()
}

async function begin(count: number): Promise<void> {
  account = await server.begin(2)
  ;({ fetch } = server.test)
  const around = {
    ...{ clock: server.clock.now, dies: () => false, pageSize: null },
    fetch: (): ServerFetch => (url, init) => fetch(url, init),
    ...{ onOutbox: () => undefined, count: () => undefined, meanwhileCents: () => 0 },
    grantId: account.grantId,
  }
  const [first, second] = account.devices
  if (!first || !second) throw new TypeError('two devices')
  writer = await ScheduledDevice.open(first, around)
  reader = await ScheduledDevice.open(second, around)
  opened.push(writer, reader)
  const keys = Array.from({ length: count }, (_, at) => knownKey(`key ${at}`))
  ids = await writer.vault.createRecords('key', keys)
  for (const device of [writer, reader, writer, reader]) await device.sync()
}

const queries = () => server.test.server.database.queries

/** A row of the account as the server has it. */
const rowOf = (id: string, accountId: string = account.accountId) =>
  queries()
    .selectFrom('rows')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('record_id', '=', id)
    .executeTakeFirstOrThrow()

type Row = Awaited<ReturnType<typeof rowOf>>

const setRow = (id: string, changes: Partial<Row>) =>
  queries()
    .updateTable('rows')
    .set(changes)
    .where('account_id', '=', account.accountId)
    .where('record_id', '=', id)
    .execute()

const stateOf = () =>
  queries()
    .selectFrom('accounts')
    .selectAll()
    .where('id', '=', account.accountId)
    .executeTakeFirstOrThrow()

const setState = (changes: Partial<Awaited<ReturnType<typeof stateOf>>>) =>
  queries().updateTable('accounts').set(changes).where('id', '=', account.accountId).execute()

async function edited(id: KeyId, label: string): Promise<void> {
  server.clock.advance(1)
  await writer.vault.updateRecord('key', id, { label })
  await writer.sync()
}

/** The lie is refused, and nothing of it is written: once, and once more. */
async function expectRefused(reason: string): Promise<void> {
  const seen = async () => [await readableIn(reader.vault), await reader.store.sync.read()]
  const before = await seen()
  for (let time = 0; time < 2; time++) {
    await expect(reader.sync()).rejects.toMatchObject({
      ...{ code: 'sync.rollback', details: { reason } },
    })
    expect(await seen()).toEqual(before)
  }
}

/** Puts a document of the server's own in the place of the vault's, under a head signed by `seed`. */
async function setDevices(
  change: (devices: DevicesDocument, head: Head) => DevicesDocument,
  by: { readonly seed: Uint8Array; readonly id?: DeviceId },
): Promise<void> {
  const state = await stateOf()
  const head = decodeHead(fromBase64url(state.head))
  if (typeof head === 'string') throw new TypeError('no head')
  const devices = change(JSON.parse(state.devices) as DevicesDocument, head)
  const named = { devicesHash: devicesHash(devices), ...(by.id && { writerDeviceId: by.id }) }
  const signed = signHead({ ...head, ...named }, by.seed)
  await setState({
    ...{ devices: JSON.stringify(devices) },
    ...{ head: toBase64url(signed.head), sig: toBase64url(signed.sig) },
  })
}

/** One of the records, and another one. */
const picks = fc
  .record({ count: fc.integer({ min: 2, max: 6 }), one: fc.nat(), other: fc.nat() })
  .map(({ count, one, other }) => {
    const first = one % count
    return { count, first, second: (first + 1 + (other % (count - 1))) % count }
  })

/** Tries an attack with records drawn anew each time. */
async function everyTime(
  attack: (first: KeyId, second: KeyId) => Promise<void>,
  reason: string,
): Promise<void> {
  const property = fc.asyncProperty(picks, async ({ count, first, second }) => {
    await close()
    await begin(count)
    const [one, other] = [ids[first], ids[second]]
    if (!one || !other) throw new TypeError('two records')
    await attack(one, other)
    await expectRefused(reason)
  })
  await tryInputs(TRIES, property, LONG_TRIES)
}

describe('a server whose owner changes what it has is caught, every time', TIMEOUT, () => {
  it('C80: where an envelope stands in another record’s place', () =>
    everyTime(async (one, other) => {
      for (const id of [one, other]) await edited(id, 'new')
      const [first, second] = [await rowOf(one), await rowOf(other)]
      await setRow(one, { envelope: second.envelope })
      await setRow(other, { envelope: first.envelope })
    }, 'root'))

  it('C80: where an envelope is another account’s', () =>
    everyTime(async (one) => {
      await edited(one, 'new')
      const stranger = await server.begin(3)
      const { envelope } = await queries()
        .selectFrom('rows')
        .select('envelope')
        .where('account_id', '=', stranger.accountId)
        .where('method', 'is', null)
        .executeTakeFirstOrThrow()
      await setRow(one, { envelope })
    }, 'root'))

  it('C80: where a record is shown as it was', () =>
    everyTime(async (one) => {
      const old = await rowOf(one)
      await edited(one, 'new')
      await setRow(one, { ...old, seq: (await rowOf(one)).seq })
    }, 'root'))

  it('C80: where a record is left out', () =>
    everyTime(async (one, other) => {
      for (const id of [one, other]) await edited(id, 'new')
      await queries().deleteFrom('rows').where('record_id', '=', one).execute()
    }, 'root'))

  it('C80: where a removed record comes back', () =>
    everyTime(async (one) => {
      const old = await rowOf(one)
      await writer.vault.removeRecord(one)
      await writer.sync()
      await setRow(one, { ...old, seq: (await rowOf(one)).seq })
    }, 'root'))

  it('C80: where pushes change places', () =>
    everyTime(async (one, other) => {
      for (const id of [one, other, one]) await edited(id, `new ${id}`)
      const { seq } = await stateOf()
      const heads = await queries()
        .selectFrom('heads')
        .selectAll()
        .where('account_id', '=', account.accountId)
        .where('seq', 'in', [seq - 2, seq - 1])
        .execute()
      await queries()
        .deleteFrom('heads')
        .where('account_id', '=', account.accountId)
        .where('seq', 'in', [seq - 2, seq - 1])
        .execute()
      const swapped = heads.map((head) => ({ ...head, seq: 2 * seq - 3 - head.seq }))
      await queries().insertInto('heads').values(swapped).execute()
    }, 'chain'))

  it('C80: where the whole vault is that of yesterday', () =>
    everyTime(async (one) => {
      const goBack = await server.save(account.accountId)
      await edited(one, 'new')
      await reader.sync()
      await goBack()
    }, 'rollback'))

  it('C80: where two devices were shown two histories', () =>
    everyTime(async (one, other) => {
      const fork = await server.save(account.accountId)
      await edited(one, 'seen by one')
      const main = await server.save(account.accountId)
      await fork()
      await reader.vault.updateRecord('key', other, { label: 'seen by the other' })
      await reader.sync()
      await main()
    }, 'fork'))

  it('C82: where a ghost stands on the device list', () =>
    everyTime(async (one) => {
      await edited(one, 'new')
      const seed = createKeySeed(random)
      const id = toBase64url(new Uint8Array(16).fill(255)) as DeviceId
      const key = toBase64url(signingPublicKey(seed))
      await setDevices(
        (document, { vaultId }) => {
          const ghost = { id, ed25519: key, x25519: key, addedAt: 1 }
          const entry = certifyDevice(ghost, vaultId, seed)
          return { ...document, devices: [...document.devices, entry] }
        },
        { seed, id },
      )
    }, 'certificate'))

  it('C82: where the device list has another identity', () =>
    everyTime(async (one) => {
      await edited(one, 'new')
      const seed = createKeySeed(random)
      const identity = createKeySeed(random)
      await setDevices(
        ({ devices }, { vaultId }) => ({
          ...{ identity: toBase64url(signingPublicKey(identity)), links: [] },
          devices: devices.map((entry) =>
            certifyDevice(
              { ...entry, ed25519: toBase64url(signingPublicKey(seed)) },
              vaultId,
              identity,
            ),
          ),
        }),
        { seed },
      )
    }, 'identity'))

  it('C82: where an epoch has other keys', () =>
    everyTime(async () => {
      await openEpoch(writer.credentials(), { passphrase: KNOWN_PASSPHRASE })
      const keys = (await stateOf()).epoch_keys ?? ''
      const forged = keys.replace(/"enc":"[^"]+"/g, () => `"enc":"${toBase64url(random(32))}"`)
      expect(forged).not.toBe(keys)
      await setState({ epoch_keys: forged })
    }, 'keys'))
})

describe('a device that joins', TIMEOUT, () => {
  /** By the kit and the passphrase, with a KDF that notes that it ran. */
  async function join(asked: ServerFetch = fetch): Promise<{ ran: number; result: unknown }> {
    const secretKey = fromBase64url(await readSecretKeyText(writer.store))
    const kit = { accountIdText: account.accountId, secretKeyText: formatSecretKey(secretKey) }
    let ran = 0
    const kdf: typeof fastTestKdf = (...given) => {
      ran += 1
      return fastTestKdf(...given)
    }
    const result: unknown = await joinWithKit(
      { client: clientAt(asked), kdf },
      { ...kit, passphrase: KNOWN_PASSPHRASE },
    ).catch((error: unknown) => error)
    return { ran, result }
  }

  it.each([
    ['cheap', { m: 8, t: 1 }],
    ['fewer rounds', { t: 1 }],
    ['a tebibyte', { m: 1024 ** 3 }],
    ['endless', { t: 2 ** 31 }],
  ])('C81: refuses to hash with parameters that are %s', async (_, changes) => {
    await begin(2)
    const { kdf } = await stateOf()
    await setState({ kdf: JSON.stringify({ ...(JSON.parse(kdf) as object), ...changes }) })

    const { ran, result } = await join()
    expect(result).toMatchObject({
      code: expect.stringMatching(/^(vault\.corrupt|protocol\.invalid_message)$/) as string,
    })
    expect(ran).toBe(0)
  })

  it('C81: refuses a salt that is not the vault’s', async () => {
    await begin(2)
    let page = ''
    const recording: ServerFetch = async (url, init) => {
      const reply = await fetch(url, init)
      if (!url.endsWith('/v1/devices/vault')) return reply
      page = await reply.text()
      return new Response(page)
    }
    await join(recording)
    // Whatever signs it, this server hands the vault out.
    const evil: ServerFetch = async (url, init) => {
      if (url.endsWith('/v1/devices/vault')) return new Response(page)
      const reply = await fetch(url, init)
      if (!url.endsWith('/v1/auth/prelogin')) return reply
      const salt = toBase64url(random(16))
      return new Response((await reply.text()).replace(/"salt":"[^"]+"/, `"salt":"${salt}"`))
    }

    const { result } = await join(evil)
    expect(result).toMatchObject({ code: 'sync.rollback', details: { reason: 'salt' } })
  })

  it('C80: to a vault of yesterday cannot know it: the codes of two devices tell', async () => {
    await begin(2)
    const yesterday = await server.save(account.accountId)
    await edited(ids[0] ?? expect.fail(), 'new')
    const today = (await stateOf()).head
    await yesterday()

    const { result } = await join()
    const { state } = (result as Awaited<ReturnType<typeof joinWithKit>>).memory
    const { head } = (await writer.store.sync.read()).state
    expect(head?.head).toBe(today)
    expect(headCode(state.head ?? expect.fail())).not.toBe(headCode(head ?? expect.fail()))
    // A device that was there finds out.
    await expect(writer.sync()).rejects.toMatchObject({ code: 'sync.rollback' })
  })
})

it('C80: a server that keeps a device from all news is not caught in band: it raises no alarm', async () => {
  await begin(2)
  const frozen = await server.save(account.accountId)
  await edited(ids[0] ?? expect.fail(), 'withheld')
  await frozen()

  await expect(reader.sync()).resolves.toBeUndefined()
  await expect(writer.sync()).rejects.toMatchObject({ code: 'sync.rollback' })
})

describe('C83: a reply that is none leaves the vault as it was', TIMEOUT, () => {
  /** The pages of a pull, as this server changes them. */
  function forging(forge: (rows: Record<string, unknown>[], text: string) => string): ServerFetch {
    return async (url, init) => {
      const reply = await server.test.fetch(url, init)
      if (!url.includes('/v1/sync/pull') || !reply.ok) return reply
      const text = await reply.text()
      const { data } = JSON.parse(text) as { data: { rows: Record<string, unknown>[] } }
      return new Response(forge(data.rows, text))
    }
  }
  const withRows = (text: string, rows: unknown): string => {
    const whole = JSON.parse(text) as { data: object }
    return JSON.stringify({ ...whole, data: { ...whole.data, rows } })
  }
  const forgeries: Record<string, (rows: Record<string, unknown>[], text: string) => string> = {
    'a row nobody wrote': (rows, text) =>
      withRows(text, [...rows, { ...rows[0], recordId: toBase64url(random(16)) }]),
    'a row twice, once otherwise': (rows, text) =>
      withRows(text, [...rows, { ...rows[0], envelope: toBase64url(random(340)) }]),
    'a larger envelope than there may be': (rows, text) =>
      withRows(text, [{ ...rows[0], envelope: 'A'.repeat(200_000) }, ...rows.slice(1)]),
    'a member that no row has': (rows, text) =>
      withRows(text, [{ ...rows[0], content: {} }, ...rows.slice(1)]),
    'a prototype in a row': (_, text) =>
      text.replace('"recordId"', '"__proto__":{"del":1},"recordId"'),
    'a negative seq': (rows, text) => withRows(text, [{ ...rows[0], seq: -1 }, ...rows.slice(1)]),
    'no array': (_, text) => withRows(text, {}),
    'more than a page may weigh': (_, text) => text.padEnd(17 * 1024 * 1024, ' '),
    'half of itself': (_, text) => text.slice(0, text.length / 2),
    'text that is none': () => '\u0000',
  }

  it.each(Object.entries(forgeries))('%s', async (_, forge) => {
    await begin(3)
    await edited(ids[0] ?? expect.fail(), 'new')
    const seen = async () => [await readableIn(reader.vault), await reader.store.sync.read()]
    const before = await seen()
    fetch = forging(forge)

    await expect(reader.sync()).rejects.toMatchObject({
      code: expect.stringMatching(
        /^(sync\.rollback|protocol\.invalid_message|provider\.network|request\.invalid)$/,
      ) as string,
    })
    expect(await seen()).toEqual(before)
    expect(Object.hasOwn(Object.prototype, 'del')).toBe(false)

    ;({ fetch } = server.test)
    await reader.sync()
    expect(await readableIn(reader.vault)).toEqual(await readableIn(writer.vault))
  })
})
