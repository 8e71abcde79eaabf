import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATABASES, type TestDatabase } from '../testing/databases.ts'
import { createDeviceKeys, documentOf, hashOfHead, rowOf } from '../testing/device.ts'
import { openTestServer, type TestServer } from '../testing/open-test-server.ts'

describe.each(DATABASES)('sync on %s', (_name, openDatabase) => {
  let database: TestDatabase
  let test: TestServer
  beforeAll(async () => {
    database = await openDatabase()
    test = await openTestServer(database.address)
  }, 30_000)
  afterAll(async () => {
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  const registered = async (count = 0) => {
    const device = test.newDevice()
    const rows = Array.from({ length: count }, () => rowOf({ writer: device.device.id }))
    const reply = await device.register(rows)
    expect(reply.status).toBe(201)
    return device
  }
  const change = (writer: string, more: Partial<Parameters<typeof rowOf>[0]> = {}) =>
    rowOf({ writer, ...more })

  it('gives back what was pushed, under the head that signs it', async () => {
    const device = await registered(2)
    const writer = device.device.id
    expect((await device.push([change(writer), change(writer)])).status).toBe(200)
    const before = new Map(device.rows)
    const pulled = await device.pull()

    expect(pulled).toMatchObject({ status: 200, rootHolds: true })
    expect([...device.rows.keys()].sort()).toEqual([...before.keys()].sort())
  })

  it('gives changes alone after a cursor', async () => {
    const device = await registered(3)
    await device.pull()
    const added = change(device.device.id)
    await device.push([added])
    const { pages, rootHolds } = await device.pull()

    expect(pages.flatMap(({ rows }) => rows.map(({ recordId }) => recordId))).toEqual([
      added.recordId,
    ])
    expect(pages[0]?.rows[0]).toEqual({ ...added, seq: 2 })
    expect(rootHolds).toBe(true)
  })

  it('never cuts a push in two, whatever the size of a page', async () => {
    const device = await registered(2)
    for (let index = 0; index < 3; index++) {
      await device.push([change(device.device.id), change(device.device.id)])
    }
    const { pages, rootHolds } = await device.pull('limit=1')

    expect(rootHolds).toBe(true)
    expect(pages.map(({ rows }) => rows.map(({ seq }) => seq))).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ])
    expect(pages.map(({ head }) => head !== null)).toEqual([false, false, false, true])
  })

  it('answers a push whose reply was lost as it did before', async () => {
    const device = await registered()
    const body = device.pushBody([change(device.device.id)])
    const replies = []
    for (let time = 0; time < 3; time++) replies.push(await device.ask('POST', '/v1/keys', body))

    expect(replies.map(({ status, body: { data } }) => [status, data])).toEqual([
      [200, { seq: 2 }],
      [200, { seq: 2 }],
      [200, { seq: 2 }],
    ])
    const heads = await device.ask<{ heads: unknown[] }>('GET', '/v1/sync/heads?from=1&to=9')
    expect(heads.body.data.heads).toHaveLength(2)
  })

  it('takes one of two pushes on the same head, and shows the other what to build on', async () => {
    const device = await registered()
    const bodies = Array.from({ length: 16 }, () => device.pushBody([change(device.device.id)]))
    const replies = await Promise.all(
      bodies.map((body) => device.ask('POST', '/v1/sync/push', body)),
    )
    const winner = replies.findIndex(({ status }) => status === 200)
    const losers = replies.filter(({ status }) => status !== 200)

    expect(losers).toHaveLength(15)
    for (const { status, body } of losers) {
      expect([status, body.error.code]).toEqual([409, 'sync.conflict'])
      expect(body.error.details).toEqual(bodies[winner]?.head)
    }
  })

  it('shows the chain of heads', async () => {
    const device = await registered()
    for (let index = 0; index < 3; index++) await device.push([change(device.device.id)])
    const reply = await device.ask<{ heads: { head: string; sig: string }[] }>(
      'GET',
      '/v1/sync/heads?from=2&to=4',
    )
    const { heads } = reply.body.data
    const prevs = heads.map(({ head }) =>
      Buffer.from(head, 'base64url').toString('base64url', 33, 65),
    )

    expect(heads).toHaveLength(3)
    expect(prevs.slice(1)).toEqual(heads.slice(0, 2).map(hashOfHead))
  })

  it('drops tombstones all devices have, and sends who is older than that to the start', async () => {
    const device = await registered(2)
    const [first = ''] = device.rows.keys()
    await device.pull()
    const old = device.cursor
    await device.push([change(device.device.id, { recordId: first, rev: 2, del: 1 })])
    const { pages } = await device.pull()
    expect(pages[0]?.floor).toBe(0)
    await device.pull('ack=2')
    const acked = await device.pull('ack=2')
    expect(acked.pages[0]?.floor).toBe(2)
    const gone = new Map([...device.rows].filter(([id]) => id !== first))
    device.rows = gone
    const body = { base: device.base, changes: [], head: device.nextHead([], { floor: 2 }) }
    expect((await device.ask('POST', '/v1/sync/push', body)).status).toBe(200)

    const late = await device.ask('GET', `/v1/sync/pull?cursor=${String(old)}`)
    expect([late.status, late.body.error.code]).toEqual([410, 'sync.resync_required'])
    device.cursor = undefined
    // A page at a time: a full pull begins below the floor, and must not be sent back for ever.
    const full = await device.pull('limit=1')
    expect(full).toMatchObject({ status: 200, rootHolds: true })
    expect([...device.rows.keys()]).not.toContain(first)
  })

  it('refuses a cursor of another state of the database', async () => {
    const device = await registered()
    const other = `${device.device.id}.1.d`
    const reply = await device.ask('GET', `/v1/sync/pull?cursor=${other}`)

    expect([reply.status, reply.body.error.code]).toEqual([410, 'sync.resync_required'])
  })

  it('refuses a head that does not follow', async () => {
    const device = await registered(1)
    const writer = device.device.id
    const [known = ''] = device.rows.keys()
    const other = createDeviceKeys()
    const refused = {
      'seq too high': device.pushBody([], { seq: 3 }),
      'another prev': device.pushBody([], { prev: new Uint8Array(32) }),
      'another vault': device.pushBody([], { vaultId: writer as never }),
      'another epoch': device.pushBody([], { epoch: 2 }),
      'a lower suite': device.pushBody([], { minSuite: 0 }),
      'a floor above it': device.pushBody([], { floor: 2 }),
      'another device list': device.pushBody([], { devicesHash: new Uint8Array(32) }),
      'a signature of nobody': {
        ...device.pushBody([]),
        head: { ...device.nextHead([]), sig: `${'A'.repeat(85)}A` },
      },
      'an envelope of another epoch': device.pushBody([change(writer, { epoch: 2 })]),
      'a revision that is not newer': device.pushBody([change(writer, { recordId: known })]),
      'a record twice': (() => {
        const one = change(writer)
        return device.pushBody([one, { ...one, rev: 2 }])
      })(),
      'a wrap without its method': device.pushBody([
        { ...change(writer, { method: 'passphrase' }), method: undefined, params: undefined },
      ]),
      'a device more': {
        ...device.pushBody([]),
        devices: documentOf(device.keys, [device.device, other]),
      },
    }
    for (const [name, body] of Object.entries(refused)) {
      const reply = await device.ask('POST', '/v1/sync/push', body)
      expect([name, reply.status, reply.body.error.code]).toEqual([
        name,
        422,
        'request.unprocessable',
      ])
    }
    expect((await device.push([change(writer)])).status).toBe(200)
  })

  it('C83: keeps a deleted record deleted', async () => {
    const device = await registered(1)
    const writer = device.device.id
    const [recordId = ''] = device.rows.keys()
    await device.push([change(writer, { recordId, rev: 2, del: 1 })])
    const reply = await device.push([change(writer, { recordId, rev: 3 })])

    expect(reply.status).toBe(422)
  })

  it('lets a device push under its own name alone', async () => {
    const device = await registered()
    const reply = await device.ask(
      'POST',
      '/v1/sync/push',
      device.pushBody([], { writerDeviceId: createDeviceKeys().id as never }),
    )

    expect([reply.status, reply.body.error.code]).toEqual([403, 'auth.forbidden'])
  })

  it('C83: refuses what is too much at once, and keeps the vault', async () => {
    const device = await registered(1)
    const writer = device.device.id
    const big = Array.from({ length: 70 }, () => change(writer, { sizeBytes: 65_620 }))
    const many = Array.from({ length: 501 }, () => change(writer))
    const oversized = [change(writer, { sizeBytes: 65_621 })]

    expect((await device.push(big)).body.error.code).toBe('request.too_large')
    expect((await device.push(many)).body.error.code).toBe('request.invalid')
    expect((await device.push(oversized)).body.error.code).toBe('request.invalid')
    expect(await device.pull()).toMatchObject({ status: 200, rootHolds: true })
  })
})
