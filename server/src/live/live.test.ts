import {
  decodeLiveFrame,
  encodeLiveFrame,
  fromBase64url,
  toBase64url,
  LIVE_SUBPROTOCOL,
  type LiveFrame,
} from '@valetkey/wallet/protocol'
import { sign } from '@valetkey/wallet/crypto/signing'
import { liveMessage } from '@valetkey/wallet/sync/formats'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openSqliteFile, type TestDatabase } from '../testing/databases.ts'
import { documentOf, createDeviceKeys, rowOf, type TestDevice } from '../testing/device.ts'
import { TEST_ORIGIN, openTestServer, type TestServer } from '../testing/open-test-server.ts'

/** A socket that keeps every frame, and hands them out in order. */
function connect(port: number, path = '/v1/live') {
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}${path}`, LIVE_SUBPROTOCOL)
  const frames: LiveFrame[] = []
  const waiting: ((frame: LiveFrame | null) => void)[] = []
  socket.on('message', (data: Buffer) => {
    const frame = decodeLiveFrame(data)
    if (!frame) return
    const next = waiting.shift()
    if (next) next(frame)
    else frames.push(frame)
  })
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      for (const next of waiting.splice(0)) next(null)
      resolve(code)
    })
    socket.on('error', () => undefined)
  })
  const next = () =>
    new Promise<LiveFrame | null>((resolve) => {
      const frame = frames.shift()
      if (frame) resolve(frame)
      else waiting.push(resolve)
    })
  return {
    next,
    closed,
    socket,
    send: (frame: LiveFrame) => {
      socket.send(encodeLiveFrame(frame))
    },
  }
}

async function hello(
  live: ReturnType<typeof connect>,
  device: TestDevice,
  seed = device.device.seed,
) {
  const asked = await live.next()
  if (asked?.type !== 'challenge') throw new Error('no challenge')
  const t = Date.now()
  const message = liveMessage(
    { accountId: device.keys.accountId, serverOrigin: TEST_ORIGIN },
    {
      deviceId: device.device.id,
      connId: fromBase64url(asked.connId),
      challenge: fromBase64url(asked.challenge),
      t,
    },
  )
  const sig = toBase64url(sign(seed, message))
  live.send({ type: 'hello', acct: device.keys.accountId, dev: device.device.id, t, sig, caps: [] })
}

describe('the live channel', () => {
  let database: TestDatabase
  let test: TestServer
  let port: number
  beforeAll(async () => {
    database = await openSqliteFile()
    test = await openTestServer(database.address)
    await test.app.fastify.listen({ port: 0, host: '127.0.0.1' })
    port = (test.app.fastify.server.address() as AddressInfo).port
  })
  afterAll(async () => {
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })
  const open = async () => {
    const device = test.newDevice()
    await device.register()
    const live = connect(port)
    await hello(live, device)
    return { device, live, welcome: await live.next() }
  }

  it('welcomes a device that proves itself, and hints at what is new', async () => {
    const { device, live, welcome } = await open()
    await device.push([rowOf({ writer: device.device.id })])

    expect(welcome).toEqual({ type: 'welcome', seq: 1, recoveredAt: null })
    expect(await live.next()).toEqual({ type: 'hint', seq: 2 })
    live.send({ type: 'ping' })
    expect(await live.next()).toEqual({ type: 'pong' })
    live.socket.close()
  })

  it('hears nothing of other accounts', async () => {
    const { live } = await open()
    const other = test.newDevice()
    await other.register()
    await other.push([rowOf({ writer: other.device.id })])
    live.send({ type: 'ping' })

    expect(await live.next()).toEqual({ type: 'pong' })
    live.socket.close()
  })

  it('is closed to another key, to a stranger, and to who says something else first', async () => {
    const device = test.newDevice()
    await device.register()
    const wrong = connect(port)
    await hello(wrong, device, createDeviceKeys().seed)
    const stranger = connect(port)
    await hello(stranger, test.newDevice())
    const rude = connect(port)
    await rude.next()
    rude.send({ type: 'ping' })

    expect([await wrong.closed, await stranger.closed, await rude.closed]).toEqual([
      1008, 1008, 1008,
    ])
  })

  it('closes when its device is taken off the list, or its account is deleted', async () => {
    const { device, live } = await open()
    const added = createDeviceKeys()
    const change = () => ({
      ...device.pushBody([]),
      accountId: device.keys.accountId,
      devices: device.document,
    })
    device.document = documentOf(device.keys, [device.device, added])
    const body = change()
    await device.ask('POST', '/v1/devices', body)
    device.accept([], body.head)
    const other = test.newDevice({ keys: device.keys, device: added })
    const theirs = connect(port)
    await hello(theirs, other)
    expect((await theirs.next())?.type).toBe('welcome')
    device.document = documentOf(device.keys, [device.device])
    await device.ask('DELETE', `/v1/devices/${added.id}`, change())

    expect(await theirs.closed).toBe(1008)
    await device.guest('DELETE', '/v1/account', await device.signedByAccount('delete', {}))
    expect(await live.closed).toBe(1008)
  })

  it('is nowhere else', async () => {
    const lost = connect(port, '/v1/live2')

    expect(await lost.closed).toBe(1006)
  })
})
