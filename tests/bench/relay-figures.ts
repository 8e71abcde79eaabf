/** Calls of app servers on loopback, beside a bare pair of sockets. Wallets answer from memory. */
import { randomBytes } from 'node:crypto'
import {
  openEchoPair,
  openRelayWorld,
  type Answer,
  type LinkedApp,
  type RelayWorld,
} from './relay-world.ts'
import { rowOf, rowOfPairs, type BenchRow } from './row.ts'

interface RelayFigure {
  readonly name:
    | 'relay/hop'
    | 'relay/throughput'
    | 'relay/sealed'
    | 'relay/idle-wallet'
    | 'relay/frame-cpu'
    | 'relay/stalled-reader'
}
export const RELAY_FIGURES: readonly RelayFigure[] = [
  { name: 'relay/hop' },
  { name: 'relay/throughput' },
  { name: 'relay/sealed' },
  { name: 'relay/idle-wallet' },
  { name: 'relay/frame-cpu' },
  { name: 'relay/stalled-reader' },
]

const BODY = Buffer.from(JSON.stringify({ text: randomBytes(1024).toString('hex') }))
const REPLY = Uint8Array.from(BODY)
const IN_A_ROW = 20
const IN_FLIGHT = 64
const WALLETS = 4
const REQUESTS = 8000
const IDLE_WALLETS = 5000
const AT_ONCE = 100
const STREAMS = 600
const STREAMS_OF_WALLET = 30
const FRAME_MS = 50
const STALLED = 32
/** Until memory that is only waiting to be collected is given back. */
const SETTLE_MS = 5000

const wholeReply: Answer = () => new Response(REPLY).body
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export async function measureRelay({ name }: RelayFigure, pairs: number): Promise<BenchRow> {
  const world = await openRelayWorld()
  try {
    switch (name) {
      case 'relay/hop':
        return await hop(name, world, pairs)
      case 'relay/throughput':
        return await throughput(name, world)
      case 'relay/sealed':
        return await sealed(name, world, pairs)
      case 'relay/idle-wallet': {
        const text = { name, referenceName: 'goal', unit: 'kB' }
        const figures = { ours: await idleKb(world), reference: 15 }
        return rowOf(text, figures, { kind: 'below', limit: 15 })
      }
      case 'relay/frame-cpu': {
        const text = { name, referenceName: 'goal; the server alone', unit: 'µs' }
        const figures = { ours: await frameMicros(world), reference: 30 }
        return rowOf(text, figures, { kind: 'below', limit: 30 })
      }
      case 'relay/stalled-reader': {
        const text = { name, referenceName: `${STALLED} whole replies`, unit: 'MB' }
        const figures = { ours: await stalledMb(world), reference: STALLED * 64 }
        return rowOf(text, figures, { kind: 'below', limit: 128 })
      }
    }
  } finally {
    await world.close()
  }
}

/** 2 KiB there and back, one after the other: through the relay, and between two sockets. */
async function hop(name: string, world: RelayWorld, pairs: number): Promise<BenchRow> {
  const { accessToken: token } = await world.openWallet(wholeReply)
  const pair = await openEchoPair()
  const relayed = () => callWhole(world, token)
  const bare = () => pair.echo(BODY)
  const measured = { ours: [] as number[], reference: [] as number[] }
  for (let index = -5; index < pairs; index++) {
    const [ours, reference] = [await msEach(relayed), await msEach(bare)]
    if (index < 0) continue
    measured.ours.push(ours)
    measured.reference.push(reference)
  }
  pair.close()
  const text = { name, referenceName: 'a bare echo between two sockets', unit: 'ms' }
  return rowOfPairs(text, measured, { kind: 'more', limit: 0.6 })
}

/** 2 KiB there and back by the SDK: sealed for the wallet alone, and as the server between may read it. */
async function sealed(name: string, world: RelayWorld, pairs: number): Promise<BenchRow> {
  const call = async ({ wallet }: LinkedApp): Promise<void> => {
    const reply = await wallet.passthrough('openai', '/v1/chat/completions', {
      ...{ method: 'POST', body: BODY, headers: { 'content-type': 'application/json' } },
    })
    if (!reply.ok) throw new Error(`a call was answered with ${reply.status}`)
    await reply.arrayBuffer()
  }
  const [ofSealed, ofPlain] = [
    await world.openWallet(wholeReply, 'required'),
    await world.openWallet(wholeReply),
  ]
  const measured = { ours: [] as number[], reference: [] as number[] }
  for (let index = -5; index < pairs; index++) {
    const ours = await msEach(() => call(ofSealed))
    const reference = await msEach(() => call(ofPlain))
    if (index < 0) continue
    measured.ours.push(ours)
    measured.reference.push(reference)
  }
  const text = { name, referenceName: 'the same calls, plain', unit: 'ms' }
  return rowOfPairs(text, measured, { kind: 'more', limit: 5 })
}

async function throughput(name: string, world: RelayWorld): Promise<BenchRow> {
  const tokens: string[] = []
  for (let index = 0; index < WALLETS; index++) {
    tokens.push((await world.openWallet(wholeReply)).accessToken)
  }
  const each = (place: number) => callWhole(world, tokens[place % WALLETS] ?? '')
  await microsEach(REQUESTS / 8, each)
  const workedBefore = world.server.cpuMs()
  const ours = await microsEach(REQUESTS, each)
  const worked = Math.round(((world.server.cpuMs() - workedBefore) * 1000) / REQUESTS)
  const pair = await openEchoPair()
  const reference = await microsEach(REQUESTS, () => pair.echo(BODY))
  pair.close()
  const text = {
    ...{ name, unit: 'µs a call' },
    referenceName: `a bare echo, ${IN_FLIGHT} under way; the server worked ${worked} µs a call`,
  }
  return rowOf(text, { ours, reference }, { kind: 'below', limit: 100 })
}

async function idleKb(world: RelayWorld): Promise<number> {
  const devices: Awaited<ReturnType<RelayWorld['newDevice']>>[] = []
  for (let index = 0; index < IDLE_WALLETS + AT_ONCE; index++) devices.push(await world.newDevice())
  const open = async (count: number) => {
    for (let opened = 0; opened < count; opened += AT_ONCE) {
      await Promise.all(devices.splice(0, AT_ONCE).map((one) => world.openIdleWallet(one)))
    }
    await pause(SETTLE_MS)
    return world.server.memoryBytes()
  }
  // The first ones bring the code and its caches; what is measured is one more.
  const before = await open(AT_ONCE)
  return ((await open(IDLE_WALLETS)) - before) / IDLE_WALLETS / 1024
}

/** Streams of small pieces, each at the pace of a model's words. */
async function frameMicros(world: RelayWorld): Promise<number> {
  const word = Uint8Array.from(Buffer.from(`data: {"content":"${'x'.repeat(40)}"}\n\n`))
  const paced: Answer = () => {
    let timer: ReturnType<typeof setInterval> | undefined
    return new ReadableStream({
      start: (controller) => {
        timer = setInterval(() => {
          controller.enqueue(word)
        }, FRAME_MS)
      },
      cancel: () => {
        clearInterval(timer)
      },
    })
  }
  for (let streams = 0; streams < STREAMS; streams += STREAMS_OF_WALLET) {
    const { accessToken } = await world.openWallet(paced)
    for (let index = 0; index < STREAMS_OF_WALLET; index++) {
      const reply = await world.call(accessToken, BODY)
      reply.on('error', () => undefined).resume()
    }
  }
  await pause(2000)
  const [framesBefore, cpuBefore] = [world.framesSent(), world.server.cpuMs()]
  await pause(10_000)
  return ((world.server.cpuMs() - cpuBefore) * 1000) / (world.framesSent() - framesBefore)
}

/** What replies of 64 MiB that nobody reads cost the server, the buffers it has not collected yet included. */
async function stalledMb(world: RelayWorld): Promise<number> {
  const piece = new Uint8Array(64 * 1024)
  const endless: Answer = () =>
    new ReadableStream({
      pull: (controller) => {
        controller.enqueue(piece.slice())
      },
    })
  await callWhole(world, (await world.openWallet(wholeReply)).accessToken)
  const { accessToken: token } = await world.openWallet(endless)
  await pause(SETTLE_MS)
  const before = world.server.memoryBytes()
  for (let index = 0; index < STALLED; index++) {
    const reply = await world.call(token, BODY)
    reply.on('error', () => undefined).pause()
  }
  let most = 0
  for (let index = 0; index < 20; index++) {
    await pause(500)
    most = Math.max(most, world.server.memoryBytes())
  }
  return (most - before) / 1024 / 1024
}

async function callWhole(world: RelayWorld, token: string): Promise<void> {
  const reply = await world.call(token, BODY)
  await new Promise((resolve, reject) => {
    reply.resume().on('end', resolve).on('error', reject)
  })
}

async function msEach(make: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  for (let index = 0; index < IN_A_ROW; index++) await make()
  return (performance.now() - startedAt) / IN_A_ROW
}

async function microsEach(count: number, make: (place: number) => Promise<void>): Promise<number> {
  let left = count
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async (_, place) => {
      while (left-- > 0) await make(place)
    }),
  )
  return ((performance.now() - startedAt) * 1000) / count
}
