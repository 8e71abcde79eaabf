/** The sync server on loopback, beside the bare database and the bare socket it is made of. */
import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import {
  TestDevice,
  connectLive,
  freePort,
  openSqliteFile,
  rowOf as changeOf,
  sayHello,
  startServerProcess,
} from '@valetkey/server/testing'
import { rowOf, type BenchRow } from './row.ts'

const ORIGIN = 'https://sync.example'
const DEVICES = 8
const PUSHES = 100
const SOCKETS = 10_000
/** Sockets that shake hands at once. */
const AT_ONCE = 100
/** Until memory that is only waiting to be collected is given back. */
const SETTLE_MS = 5000

interface SyncFigure {
  readonly name: 'sync/push-rate' | 'sync/push-p99' | 'sync/idle-socket'
}
export const SYNC_FIGURES: readonly SyncFigure[] = [
  { name: 'sync/push-rate' },
  { name: 'sync/push-p99' },
  { name: 'sync/idle-socket' },
]

export async function measureSync({ name }: SyncFigure): Promise<BenchRow> {
  switch (name) {
    case 'sync/push-rate': {
      const { perSecond } = await pushTimes()
      const text = { name, referenceName: 'the same rows in the bare database', unit: 'ms a push' }
      const figures = { ours: 1000 / perSecond, reference: await bareMs() }
      return rowOf(text, figures, { kind: 'times', limit: 2 })
    }
    case 'sync/push-p99': {
      const sorted = (await pushTimes()).times.sort((a, b) => a - b)
      const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0
      const text = { name, referenceName: 'p50', unit: 'ms' }
      return rowOf(text, { ours: at(0.99), reference: at(0.5) }, { kind: 'times', limit: 10 })
    }
    case 'sync/idle-socket': {
      const text = { name, referenceName: 'goal', unit: 'kB' }
      return rowOf(text, { ours: await socketKb(), reference: 15 }, { kind: 'below', limit: 15 })
    }
  }
}

/** Pushes of one record, signed before the clock runs: the devices share the machine with the server. */
async function pushTimes(): Promise<{ perSecond: number; times: number[] }> {
  await using database = await openSqliteFile()
  const settings = { VALETKEY_DATABASE: database.address, VALETKEY_ORIGIN: ORIGIN }
  const server = await startServerProcess(settings, await freePort())
  try {
    const prepared = []
    for (let index = 0; index < DEVICES; index++) {
      const device = new TestDevice({ send: server.send, origin: ORIGIN })
      await device.register()
      prepared.push(Array.from({ length: PUSHES }, () => preparePush(device)))
    }
    const times: number[] = []
    const agent = new Agent({ keepAlive: true, maxSockets: DEVICES })
    const startedAt = performance.now()
    await Promise.all(
      prepared.map(async (pushes) => {
        for (const push of pushes) {
          const sentAt = performance.now()
          const status = await post(agent, server.port, push)
          times.push(performance.now() - sentAt)
          if (status !== 200) throw new Error(`a push was answered with ${String(status)}`)
        }
      }),
    )
    const seconds = (performance.now() - startedAt) / 1000
    agent.destroy()
    return { perSecond: times.length / seconds, times }
  } finally {
    await server.kill('SIGTERM')
  }
}

/** As lean as Node can: the sender shares two cores with what is measured. */
function post(agent: Agent, port: number, push: ReturnType<typeof preparePush>): Promise<number> {
  const { method, url: path, headers, body } = push
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { ...headers, 'content-length': body.length },
      },
      (reply) => {
        reply.resume().on('end', () => {
          resolve(reply.statusCode ?? 0)
        })
      },
    )
    sent.on('error', reject).end(body)
  })
}

function preparePush(device: TestDevice) {
  const changes = [changeOf({ writer: device.device.id, sizeBytes: 1108 })]
  const body = device.pushBody(changes)
  device.accept(changes, body.head)
  const text = JSON.stringify(body)
  const url = '/v1/sync/push'
  const proof = device.prove('POST', url, text)
  const headers = { ...proof, 'content-type': 'application/json' }
  return { method: 'POST' as const, url, headers, body: text }
}

/** A row, a head and a compare-and-swap in one transaction of the same durability. */
async function bareMs(): Promise<number> {
  await using file = await openSqliteFile()
  const database = new DatabaseSync(file.address)
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, hash TEXT);
    CREATE TABLE rows (id TEXT PRIMARY KEY, envelope BLOB);
    CREATE TABLE heads (hash TEXT PRIMARY KEY, head BLOB);
    INSERT INTO accounts VALUES (1, '0')`)
  const insertRow = database.prepare('INSERT INTO rows VALUES (?, ?)')
  const insertHead = database.prepare('INSERT INTO heads VALUES (?, ?)')
  const swap = database.prepare('UPDATE accounts SET hash = ? WHERE id = 1 AND hash = ?')
  const startedAt = performance.now()
  for (let seq = 0; seq < DEVICES * PUSHES; seq++) {
    database.exec('BEGIN')
    insertRow.run(randomBytes(16).toString('hex'), randomBytes(1108))
    insertHead.run(String(seq), randomBytes(222))
    swap.run(String(seq + 1), String(seq))
    database.exec('COMMIT')
  }
  const ms = (performance.now() - startedAt) / (DEVICES * PUSHES)
  database.close()
  return ms
}

/** What one more welcomed and silent live channel costs the server. */
async function socketKb(): Promise<number> {
  await using database = await openSqliteFile()
  const settings = { VALETKEY_DATABASE: database.address, VALETKEY_ORIGIN: ORIGIN }
  const server = await startServerProcess(settings, await freePort())
  const sockets: ReturnType<typeof connectLive>[] = []
  try {
    const device = new TestDevice({ send: server.send, origin: ORIGIN })
    await device.register()
    // The first ones bring the code and its caches; what is measured is one more.
    await openSockets(AT_ONCE)
    const before = await settledMemory()
    await openSockets(SOCKETS)
    return ((await settledMemory()) - before) / SOCKETS / 1024

    async function openSockets(count: number): Promise<void> {
      for (let opened = 0; opened < count; opened += AT_ONCE) {
        await Promise.all(
          Array.from({ length: AT_ONCE }, async () => {
            const live = connectLive(server.port)
            await sayHello(live, device)
            if ((await live.next())?.type !== 'welcome') throw new Error('a socket was refused')
            sockets.push(live)
          }),
        )
      }
    }
  } finally {
    for (const { socket } of sockets) socket.terminate()
    await server.kill('SIGKILL')
  }

  async function settledMemory(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
    return server.memoryBytes()
  }
}
