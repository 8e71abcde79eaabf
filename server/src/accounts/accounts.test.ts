import { fromBase64url, toBase64url } from '@valetkey/wallet/protocol'
import { linkIdentity } from '@valetkey/wallet/sync/formats'
import { signingPublicKey } from '@valetkey/wallet/crypto/signing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tables } from '../database/tables.ts'
import { DATABASES, type TestDatabase } from '../testing/databases.ts'
import {
  TestDevice,
  createDeviceKeys,
  createKeys,
  documentOf,
  rowOf,
  type Keys,
} from '../testing/device.ts'
import { TEST_ORIGIN, openTestServer, type TestServer } from '../testing/open-test-server.ts'

const OF_AN_ACCOUNT = [
  ...['rows', 'heads', 'devices', 'sessions', 'apps', 'connections', 'usage_rows'],
  ...['link_sessions', 'app_tokens'],
] as (keyof Tables & 'rows')[]

describe.each(DATABASES)('accounts on %s', (_name, openDatabase) => {
  let database: TestDatabase
  let test: TestServer
  let lateMs = 0
  beforeAll(async () => {
    database = await openDatabase()
    test = await openTestServer(database.address, {}, () => Date.now() + lateMs)
  }, 30_000)
  afterAll(async () => {
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  const registered = async (count = 1) => {
    const device = test.newDevice()
    const writer = device.device.id
    const wraps = [rowOf({ writer, method: 'passphrase' }), rowOf({ writer, method: 'recovery' })]
    const rows = Array.from({ length: count }, () => rowOf({ writer }))
    expect((await device.register(rows, wraps)).status).toBe(201)
    return device
  }
  const codeOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [
    status,
    body.error?.code,
  ]

  describe('signing up', () => {
    it('is the same with the same body, and refused with another', async () => {
      const device = test.newDevice()
      const body = device.registerBody()
      const other = device.registerBody([rowOf({ writer: device.device.id })])

      expect((await device.guest('POST', '/v1/auth/register', body)).status).toBe(201)
      expect((await device.guest('POST', '/v1/auth/register', body)).status).toBe(201)
      expect(codeOf(await device.guest('POST', '/v1/auth/register', other))).toEqual([
        422,
        'request.unprocessable',
      ])
    })

    it.each(['account', 'device'])('needs the signature of the %s', async (name) => {
      const device = test.newDevice()
      const body = device.registerBody()
      const signatures = { ...(body['signatures'] as object), [name]: 'A'.repeat(86) }
      const reply = await device.guest('POST', '/v1/auth/register', { ...body, signatures })

      expect(codeOf(reply)).toEqual([422, 'request.unprocessable'])
    })
  })

  describe('signing in', () => {
    it('takes a challenge the device signs, once', async () => {
      const device = await registered()
      const reply = await device.login()

      expect(reply.status).toBe(200)
      expect(reply.body.data.head).toEqual(device.headText)
      expect((await device.pull()).rootHolds).toBe(true)
    })

    it('C107: answers for an account that does not exist as for one that does', async () => {
      const device = await registered()
      const stranger = test.newDevice()
      const ask = (accountId: string) =>
        device.guest<Record<string, unknown>>('POST', '/v1/auth/prelogin', { accountId })
      const known = (await ask(device.keys.accountId)).body.data
      const [first, second] = [
        await ask(stranger.keys.accountId),
        await ask(stranger.keys.accountId),
      ]

      expect(first.status).toBe(200)
      expect(Object.keys(first.body.data)).toEqual(Object.keys(known))
      expect(JSON.stringify(first.body.data)).toHaveLength(JSON.stringify(known).length)
      expect(first.body.data['salt']).toBe(second.body.data['salt'])
      expect(first.body.data['kdf']).toEqual(known['kdf'])
      const refusals = [await stranger.login(), await wrongLogin(device)]
      expect(refusals.map(codeOf)).toEqual([
        [401, 'auth.failed'],
        [401, 'auth.failed'],
      ])
      const [text, other] = refusals.map(({ body }) =>
        JSON.stringify({ ...body, error: { ...body.error, requestId: '' } }),
      )
      expect(text).toBe(other)
    })

    const wrongLogin = (device: TestDevice) =>
      new TestDevice({ send: test.send, origin: TEST_ORIGIN, keys: device.keys }).login()

    it('takes a challenge neither twice nor late', async () => {
      const device = await registered()
      const bodies: Record<string, unknown>[] = []
      const recording = new TestDevice({
        send: (request) => {
          if (request.url.endsWith('/login')) {
            bodies.push(JSON.parse(request.body ?? '') as Record<string, unknown>)
          }
          return test.send(request)
        },
        ...{ origin: TEST_ORIGIN, keys: device.keys, device: device.device },
      })
      expect((await recording.login()).status).toBe(200)
      expect(codeOf(await device.guest('POST', '/v1/auth/login', bodies[0]))[0]).toBe(401)
      const slow = new TestDevice({
        send: (request) => {
          if (request.url.endsWith('/login')) lateMs = 2 * 60_000 + 1
          return test.send(request)
        },
        ...{ origin: TEST_ORIGIN, keys: device.keys, device: device.device },
      })
      expect((await slow.login()).status).toBe(401)
      lateMs = 0
    })
  })

  describe('a session', () => {
    it('C91: is worth nothing without the device that holds it', async () => {
      const device = await registered()
      const thief = test.newDevice({ keys: device.keys })
      thief.token = device.token
      const bare = await test.send({
        ...{ method: 'GET', url: '/v1/sync/pull' },
        headers: { authorization: `Bearer ${device.token}` },
      })

      expect(codeOf(bare)).toEqual([401, 'auth.failed'])
      expect((await thief.pull()).status).toBe(401)
    })

    it('C91: proves one request, once', async () => {
      const device = await registered()
      const url = '/v1/devices'
      const headers = device.prove('GET', url, undefined)

      expect((await test.send({ method: 'GET', url, headers })).status).toBe(200)
      expect((await test.send({ method: 'GET', url, headers })).status).toBe(401)
      const fresh = device.prove('GET', url, undefined)
      expect((await test.send({ method: 'GET', url: '/v1/apps', headers: fresh })).status).toBe(401)
      const body = JSON.stringify(device.pushBody([]))
      const proof = device.prove('POST', '/v1/sync/push', body)
      const changed = body.replace(
        /"base":"(.)/,
        (_, first) => `"base":"${first === 'A' ? 'B' : 'A'}`,
      )
      expect(changed).not.toBe(body)
      const sent = { ...proof, 'content-type': 'application/json' }
      const reply = await test.send({
        ...{ method: 'POST', url: '/v1/sync/push', headers: sent, body: changed },
      })
      expect(reply.status).toBe(401)
    })

    it('ends after a quarter of an hour, and a proof after five minutes', async () => {
      const device = await registered()
      lateMs = 5 * 60_000 + 2000
      expect(codeOf(await device.ask('GET', '/v1/devices'))).toEqual([401, 'auth.failed'])
      lateMs = 15 * 60_000 + 1000
      expect(codeOf(await device.ask('GET', '/v1/devices'))).toEqual([401, 'auth.expired'])
      lateMs = 0
    })
  })

  describe('a device', () => {
    const withDevice = (device: TestDevice, added = createDeviceKeys()) => {
      const other = test.newDevice({ keys: device.keys, device: added })
      device.document = documentOf(device.keys, [device.device, added])
      return other
    }

    it('is added by another, and then signs in', async () => {
      const device = await registered()
      const other = withDevice(device)
      const body = {
        ...device.pushBody([]),
        accountId: device.keys.accountId,
        devices: device.document,
      }

      expect((await other.login()).status).toBe(401)
      expect((await device.ask('POST', '/v1/devices', body)).status).toBe(200)
      expect((await other.login()).status).toBe(200)
      expect(await other.pull()).toMatchObject({ status: 200, rootHolds: true })
    })

    it('adds itself with the passphrase’s key, and reads the vault first', async () => {
      const device = await registered(3)
      const other = withDevice(device)
      const fetched = await other.guest<{ rows: unknown[]; head: never }>(
        'POST',
        '/v1/devices/vault',
        await other.signedByAccount('device', {}),
      )
      expect(fetched.body.data.rows).toHaveLength(5)
      other.rows = new Map(device.rows)
      other.take(fetched.body.data.head)
      other.document = device.document
      const body = await other.signedByAccount('device', {
        ...(other.pushBody([]) as object),
        devices: other.document,
      } as never)
      const forged = { ...body, signatures: { account: 'A'.repeat(86) } }

      expect(codeOf(await other.guest('POST', '/v1/devices/enrol', forged))[0]).toBe(401)
      expect((await other.guest('POST', '/v1/devices/enrol', body)).status).toBe(401)
      const again = await other.signedByAccount('device', {
        ...(other.pushBody([]) as object),
        devices: other.document,
      } as never)
      expect((await other.guest('POST', '/v1/devices/enrol', again)).status).toBe(200)
      expect((await other.login()).status).toBe(200)
    })

    it('C82: is not added without the identity’s certificate', async () => {
      const device = await registered()
      const ghostKeys = { ...device.keys, identitySeed: createKeys().identitySeed }
      const ghost = createDeviceKeys()
      device.document = documentOf(ghostKeys, [device.device, ghost])
      const mixed = { ...device.document, identity: documentOf(device.keys, [ghost]).identity }
      for (const devices of [device.document, mixed]) {
        device.document = devices
        const body = { ...device.pushBody([]), accountId: device.keys.accountId, devices }
        expect(codeOf(await device.ask('POST', '/v1/devices', body))[0]).toBe(422)
      }
    })

    it('is removed with its sessions', async () => {
      const device = await registered()
      const other = withDevice(device)
      const list = () => ({
        ...device.pushBody([]),
        accountId: device.keys.accountId,
        devices: device.document,
      })
      const added = list()
      await device.ask('POST', '/v1/devices', added)
      device.accept([], added.head)
      await other.login()
      expect((await other.pull()).status).toBe(200)
      device.document = documentOf(device.keys, [device.device])
      const removed = await device.ask('DELETE', `/v1/devices/${other.device.id}`, list())

      expect(removed.status).toBe(200)
      expect((await other.pull()).status).toBe(401)
      expect((await other.login()).status).toBe(401)
    })
  })

  const credentialsBody = (device: TestDevice, keys: Keys, epoch: number) => {
    const writer = device.device.id
    const wraps = [...device.rows.values()].slice(-2).map((row, index) =>
      rowOf({
        ...{ writer, epoch, recordId: row.recordId, rev: row.rev + 1 },
        method: index === 0 ? 'passphrase' : 'recovery',
      }),
    )
    const head = device.nextHead(wraps, { epoch })
    return {
      ...device.credentials(keys),
      ...{ base: device.base, wraps, changes: [], devices: device.document, head },
    }
  }

  describe('credentials', () => {
    it('change with the old key’s signature, and end every other session', async () => {
      const device = await registered()
      const old = device.token
      const renewed = { ...device.keys, accountSeed: createKeys().accountSeed }
      const body = credentialsBody(device, renewed, 1)
      const reply = await device.guest<{ token: string }>(
        'POST',
        '/v1/account/credentials',
        await device.signedByAccount('credentials', body as never),
      )

      expect(reply.status).toBe(200)
      expect((await device.pull()).status).toBe(401)
      expect(reply.body.data.token).not.toBe(old)
      device.token = reply.body.data.token
      expect(await device.pull()).toMatchObject({ status: 200, rootHolds: true })
      const late = await device.signedByAccount('delete', {})
      expect(codeOf(await device.guest('DELETE', '/v1/account', late))[0]).toBe(401)
    })

    it('open an epoch, after which nothing of the old one is taken', async () => {
      const device = await registered()
      const body = credentialsBody(device, device.keys, 2)
      const reply = await device.guest<{ token: string }>(
        'POST',
        '/v1/account/credentials',
        await device.signedByAccount('credentials', body as never),
      )
      device.token = reply.body.data.token
      device.accept(body.wraps, body.head)
      const writer = device.device.id

      expect(device.head?.epoch).toBe(2)
      expect((await device.push([rowOf({ writer, epoch: 1 })])).status).toBe(422)
      expect((await device.push([rowOf({ writer, epoch: 2 })])).status).toBe(200)
    })

    it('open no epoch that leaves an old wrap', async () => {
      const device = await registered()
      const body = credentialsBody(device, device.keys, 2)
      const wraps = body.wraps.slice(1)
      const head = device.nextHead(wraps, { epoch: 2 })
      const reply = await device.guest(
        'POST',
        '/v1/account/credentials',
        await device.signedByAccount('credentials', { ...body, wraps, head } as never),
      )

      expect(codeOf(reply)).toEqual([422, 'request.unprocessable'])
      expect((await device.pull()).rootHolds).toBe(true)
    })
  })

  describe('recovery', () => {
    it('gives the vault to the recovery key, and tells every device', async () => {
      const device = await registered(2)
      const body = await device.signedByAccount('recovery', {}, 'recovery')
      const reply = await device.guest<{ rows: { method?: string }[] }>(
        'POST',
        '/v1/recovery',
        body,
      )
      const told = await device.ask<{ recoveredAt: number | null }>('GET', '/v1/devices')

      expect(reply.body.data.rows).toHaveLength(4)
      expect(told.body.data.recoveredAt).toBeGreaterThan(0)
      const wrong = await device.signedByAccount('recovery', {})
      expect(codeOf(await device.guest('POST', '/v1/recovery', wrong))[0]).toBe(401)
    })

    it('C82: is completed only by replacing everything', async () => {
      const device = await registered()
      const complete = createKeys()
      const keys: Keys = {
        ...complete,
        accountId: device.keys.accountId,
        vaultId: device.keys.vaultId,
      }
      const restored = test.newDevice({ keys: { ...keys, recoverySeed: device.keys.recoverySeed } })
      restored.rows = new Map(device.rows)
      if (device.headText) restored.take(device.headText)
      const newIdentity = signingPublicKey(keys.identitySeed)
      const link = linkIdentity(device.keys.identitySeed, newIdentity, keys.vaultId as never)
      restored.document = { ...documentOf(keys, [restored.device]), links: [link] }
      const send = async (from: TestDevice, body: unknown) =>
        from.guest<{ token: string }>(
          'POST',
          '/v1/account/credentials',
          await from.signedByAccount('credentials', body as never, 'recovery'),
        )

      const kept = credentialsBody(restored, { ...keys, accountSeed: device.keys.accountSeed }, 2)
      expect(codeOf(await send(restored, kept))[0]).toBe(422)
      const sameIdentity = credentialsBody(device, keys, 2)
      expect(codeOf(await send(device, sameIdentity))[0]).toBe(422)
      const reply = await send(restored, credentialsBody(restored, keys, 2))
      expect(reply.status).toBe(200)
      expect((await device.pull()).status).toBe(401)
      restored.token = reply.body.data.token
      expect((await restored.pull()).rootHolds).toBe(true)
    })
  })

  it('leaves nothing of a deleted account', async () => {
    const device = await registered(3)
    await device.ask('POST', '/v1/apps', { name: 'A', origin: 'https://a.example', publicKeys: [] })
    const { queries } = test.server.database
    const left = () =>
      Promise.all(
        OF_AN_ACCOUNT.map(async (table) => {
          const found = await queries
            .selectFrom(table)
            .select('account_id')
            .where('account_id', '=', device.keys.accountId)
            .execute()
          return found.length
        }),
      )
    expect((await left()).slice(0, 5).every((count) => count > 0)).toBe(true)
    const body = await device.signedByAccount('delete', {})

    expect((await device.guest('DELETE', '/v1/account', body)).status).toBe(200)
    expect(await left()).toEqual(OF_AN_ACCOUNT.map(() => 0))
    expect((await device.pull()).status).toBe(401)
    expect((await device.login()).status).toBe(401)
  })

  it('pairs two devices step by step', async () => {
    const device = await registered()
    const other = test.newDevice()
    const begun = await other.guest<{ pairingId: string; code: string }>('POST', '/v1/pairings', {
      commit: toBase64url(fromBase64url('AAAA')),
    })
    const { pairingId, code } = begun.body.data
    const at = (step: string) => `/v1/pairings/${pairingId}/${step}`
    const value = { value: 'AAAA' }

    expect(codeOf(await device.ask('PUT', at('offer'), value))[0]).toBe(404)
    expect(codeOf(await other.guest('PUT', at('reveal'), value))[0]).toBe(422)
    const claimed = await device.ask<{ pairingId: string }>('POST', '/v1/pairings/claim', { code })
    expect(claimed.body.data.pairingId).toBe(pairingId)
    expect(codeOf(await device.ask('POST', '/v1/pairings/claim', { code }))[0]).toBe(404)
    const replies = [
      await device.ask('PUT', at('offer'), value),
      await device.ask('PUT', at('offer'), value),
      await device.ask('PUT', at('grant'), value),
      await other.guest('PUT', at('reveal'), value),
      await device.ask('PUT', at('grant'), value),
      await other.guest('GET', at('grant')),
    ]
    expect(replies.map(({ status }) => status)).toEqual([200, 409, 422, 200, 200, 200])
    const stranger = await registered()
    expect((await stranger.ask('PUT', at('grant'), value)).status).toBe(404)
    const tries = []
    for (let time = 0; time < 4; time++) {
      tries.push(await device.ask('POST', '/v1/pairings/claim', { code: '00000000' }))
    }
    expect(tries.map(({ status }) => status)).toEqual([404, 404, 404, 429])
  })
})
