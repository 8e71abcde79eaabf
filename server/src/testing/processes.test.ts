import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../database/open.ts'
import { inTransaction } from '../stores/queries.ts'
import { insertRelayed } from '../stores/relay-log.ts'
import { DATABASES, openPostgresCluster, type TestDatabase } from './databases.ts'
import { TestDevice, rowOf, type Send } from './device.ts'
import { connectLive, sayHello } from './live-client.ts'
import { openNats } from './nats.ts'
import { freePort, startServerProcess, type ServerProcess } from './server-process.ts'
import { UsageSender } from './usage-sender.ts'

/** Kills of each database; `VALETKEY_SERVER_KILLS=100` for the long run. */
const KILLS = Number(process.env['VALETKEY_SERVER_KILLS'] ?? 3)
/** Of each device: more than it sends receipts for between two kills. */
const CALLS_PER_KILL = 120
const CLIENT_ID = `vk_cid_${'0'.repeat(22)}`
const ORIGIN = 'https://sync.example'

describe.each(DATABASES)('a server that is killed under load, on %s', (_name, openDatabase) => {
  let database: TestDatabase
  let server: ServerProcess | undefined
  beforeAll(async () => {
    database = await openDatabase()
  }, 30_000)
  afterAll(async () => {
    // Of a test that failed; it would keep this process from its end.
    await server?.kill('SIGKILL')
    await database[Symbol.asyncDispose]()
  })

  it(
    'has lost no push and no usage row it acknowledged, and doubled none',
    async ({ annotate }) => {
      const settings = { VALETKEY_DATABASE: database.address, VALETKEY_ORIGIN: ORIGIN }
      const port = await freePort()
      const start = async () => (server = await startServerProcess(settings, port))
      let running = await start()
      const send: Send = (request) => running.send(request)
      const people = Array.from({ length: 4 }, () => {
        const device = new TestDevice({ send, origin: ORIGIN })
        return { device, usage: new UsageSender(device, CLIENT_ID, KILLS * CALLS_PER_KILL) }
      })
      await writeRelayed(database.address, people)
      for (const { device } of people) await device.register()

      const retried = { push: 0, accepted: 0, replayed: 0 }
      for (let kill = 0; kill < KILLS; kill++) {
        const stop = new AbortController()
        const working = people.map(({ device, usage }) =>
          Promise.all([pushUntil(device, stop.signal), usage.sendUntil(stop.signal)]),
        )
        await new Promise((resolve) => setTimeout(resolve, randomInt(100, 600)))
        await running.kill('SIGKILL')
        stop.abort()
        const unanswered = await Promise.all(working)
        running = await start()
        for (const [index, { device, usage }] of people.entries()) {
          await device.login()
          const [push, receipts] = unanswered[index] ?? []
          // The same bytes again: whether they were taken before the kill or not, they are taken once.
          if (push) {
            await pushAgain(device, push)
            retried.push++
          }
          for (const outcome of receipts ? await usage.sendAgain(receipts) : []) {
            expect(outcome).toMatch(/^(?:accepted|replayed)$/)
            retried[outcome as 'accepted' | 'replayed']++
          }
        }
      }

      let pushes = 0
      let receipts = 0
      for (const { device, usage } of people) {
        await expectNothingLost(device, usage)
        pushes += (device.head?.seq ?? 1) - 1
        receipts += usage.acknowledged
      }
      await annotate(JSON.stringify({ kills: KILLS, pushes, receipts, retried }))
      server = undefined
      expect(await running.kill('SIGTERM')).toBe(0)
    },
    30_000 + KILLS * 15_000,
  )
})

async function expectNothingLost(device: TestDevice, usage: UsageSender): Promise<void> {
  const acknowledged = new Map([...device.rows].map(([id, { rev }]) => [id, rev]))
  const seq = device.head?.seq
  device.cursor = undefined
  const pulled = await device.pull()
  expect(pulled).toMatchObject({ status: 200, rootHolds: true })
  expect(new Map([...device.rows].map(([id, { rev }]) => [id, rev]))).toEqual(acknowledged)
  expect(device.head?.seq).toBe(seq)
  expect(seq).toBeGreaterThan(1)

  expect(await usage.shown()).toEqual(usage.expected())
  expect(usage.acknowledged).toBeGreaterThan(0)
}

/** The calls the receipts are for. Of a real call the relay may lose the row with its last second; of these it may not. */
async function writeRelayed(
  address: string,
  people: readonly { readonly usage: UsageSender }[],
): Promise<void> {
  const opened = await openDatabase(address)
  for (const { usage } of people) {
    await inTransaction(opened, (queries) => insertRelayed(queries, usage.relayed()))
  }
  await opened.close()
}

type Sent = ReturnType<TestDevice['pushBody']>

/** Pushes one after another. @returns the push that got no answer, if there was one */
async function pushUntil(device: TestDevice, stop: AbortSignal): Promise<Sent | null> {
  while (!stop.aborted) {
    const sent = device.pushBody([rowOf({ writer: device.device.id })])
    const reply = await device.ask('POST', '/v1/sync/push', sent).catch(() => null)
    if (!reply) return sent
    expect(reply.status).toBe(200)
    device.accept(sent.changes, sent.head)
  }
  return null
}

async function pushAgain(device: TestDevice, sent: Sent): Promise<void> {
  const reply = await device.ask('POST', '/v1/sync/push', sent)
  expect(reply.status).toBe(200)
  device.accept(sent.changes, sent.head)
}

describe('two processes on one PostgreSQL, with NATS between them', () => {
  let database: TestDatabase
  let nats: Awaited<ReturnType<typeof openNats>>
  const servers: ServerProcess[] = []
  beforeAll(async () => {
    ;[database, nats] = await Promise.all([openPostgresCluster(), openNats()])
    const settings = {
      ...{ VALETKEY_DATABASE: database.address, VALETKEY_ORIGIN: ORIGIN },
      VALETKEY_NATS: nats.address,
    }
    // At once: both find an empty database.
    const ports = [await freePort(), await freePort()]
    servers.push(...(await Promise.all(ports.map((port) => startServerProcess(settings, port)))))
  }, 60_000)
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.kill('SIGTERM')))
    await nats[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  it('are one server: sessions, hints, nonces, and one winner of a race', async () => {
    const [first, second] = servers as [ServerProcess, ServerProcess]
    const device = new TestDevice({ send: first.send, origin: ORIGIN })
    await device.register()
    const live = connectLive(first.port)
    await sayHello(live, device)
    expect((await live.next())?.type).toBe('welcome')
    const elsewhere = new TestDevice({
      ...{ send: second.send, origin: ORIGIN, keys: device.keys, device: device.device },
    })
    expect((await elsewhere.login()).status).toBe(200)
    await elsewhere.pull()
    const url = '/v1/devices'
    const headers = elsewhere.prove('GET', url, undefined)
    const shown = [first, second].map((server) => server.send({ method: 'GET', url, headers }))
    const statuses = (await Promise.all(shown)).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 401])

    const bodies = [first, second].flatMap((server) =>
      Array.from({ length: 8 }, () => ({
        server,
        body: elsewhere.pushBody([rowOf({ writer: elsewhere.device.id })]),
      })),
    )
    const replies = await Promise.all(
      bodies.map(({ server, body }) => {
        const text = JSON.stringify(body)
        const proof = elsewhere.prove('POST', '/v1/sync/push', text)
        const sent = { ...proof, 'content-type': 'application/json' }
        return server.send({ method: 'POST', url: '/v1/sync/push', headers: sent, body: text })
      }),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(15)
    expect(await live.next()).toEqual({ type: 'hint', seq: 2 })
    await elsewhere.pull()
    await elsewhere.push([rowOf({ writer: elsewhere.device.id })])
    expect(await live.next()).toEqual({ type: 'hint', seq: 3 })
    live.socket.close()
  })
})
