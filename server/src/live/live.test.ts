import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqliteFile, type TestDatabase } from '../testing/databases.ts'
import { documentOf, createDeviceKeys, rowOf } from '../testing/device.ts'
import { connectLive, sayHello } from '../testing/live-client.ts'
import { openTestServer, type TestServer } from '../testing/open-test-server.ts'

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
    const live = connectLive(port)
    await sayHello(live, device)
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
    const wrong = connectLive(port)
    await sayHello(wrong, device, createDeviceKeys().seed)
    const stranger = connectLive(port)
    await sayHello(stranger, test.newDevice())
    const rude = connectLive(port)
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
    const theirs = connectLive(port)
    await sayHello(theirs, other)
    expect((await theirs.next())?.type).toBe('welcome')
    device.document = documentOf(device.keys, [device.device])
    await device.ask('DELETE', `/v1/devices/${added.id}`, change())

    expect(await theirs.closed).toBe(1008)
    await device.guest('DELETE', '/v1/account', await device.signedByAccount('delete', {}))
    expect(await live.closed).toBe(1008)
  })

  it('is nowhere else', async () => {
    const lost = connectLive(port, '/v1/live2')

    expect(await lost.closed).toBe(1006)
  })
})
