import { beforeEach, describe, expect, it } from 'vitest'
import { CREDIT_BYTES, PORTS_PER_ORIGIN, WalletError } from '@valetkey/wallet/protocol'
import {
  refuse,
  type CallReply,
  type Caller,
  type PageCall,
  type SeenValetKey,
} from '@valetkey/wallet/proxy'
import type { AppSurroundings } from './app-requests.ts'
import type { SocketSurroundings } from './page-sockets.ts'
import { FakePort } from './__fixtures__/fake-port.ts'
import { PagePorts, type DirectChannel } from './page-ports.ts'

const APP: Caller = { origin: 'https://app.example.test', incognito: false }
const OTHER: Caller = { origin: 'https://other.example.test', incognito: false }

/** The page's end of a channel past the port. */
class FakeChannel implements DirectChannel {
  readonly sent: { type: string; [name: string]: unknown }[] = []
  readonly transferred: Transferable[] = []
  isOpen = true
  onmessage: DirectChannel['onmessage'] = null

  postMessage(message: { type: string }, transfer: Transferable[]): void {
    this.sent.push(message)
    this.transferred.push(...transfer)
  }
  close(): void {
    this.isOpen = false
  }
  say(data: unknown): void {
    this.onmessage?.(new MessageEvent('message', { data }))
  }
  async until(type: string): Promise<void> {
    await expect.poll(() => this.sent.map((message) => message.type)).toContain(type)
  }
}

const start = (callId: string, changes: object = {}): object => ({
  type: 'call.start',
  callId,
  method: 'POST',
  url: 'https://api.openai.com/v1/chat/completions',
  headers: [],
  body: { kind: 'text', text: '{}' },
  valetKey: 'v',
  ...changes,
})

const reply = (body: ReadableStream<Uint8Array<ArrayBuffer>> | null): CallReply => ({
  kind: 'response',
  status: 200,
  statusText: 'OK',
  headers: [['content-type', 'text/plain']],
  body,
})

const streamOf = (parts: Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })

const chunksOf = ({ sent }: FakePort): (Uint8Array<ArrayBuffer> | Blob)[] =>
  sent.flatMap(({ bytes }) =>
    bytes === undefined ? [] : [bytes as Uint8Array<ArrayBuffer> | Blob],
  )

const wholeOf = async (chunks: (Uint8Array<ArrayBuffer> | Blob)[]): Promise<Buffer> =>
  Buffer.from(await new Blob(chunks).arrayBuffer())

let seen: SeenValetKey[]
let held = 0
let tickets = 0
let answer: (call: PageCall, caller: Caller, signal: AbortSignal) => Promise<CallReply>
let answerSocket: SocketSurroundings['runSocket']
let ports: PagePorts
let port: FakePort
let openCalls: Map<string, number>
let connectApp: AppSurroundings['connectApp']

beforeEach(() => {
  held = 0
  tickets = 0
  seen = []
  answer = () => Promise.resolve(reply(streamOf([new TextEncoder().encode('hi')])))
  connectApp = () => Promise.reject(new WalletError('grant.denied'))
  answerSocket = () => Promise.resolve({ kind: 'pass' })
  openCalls = new Map()
  ports = new PagePorts({
    runCall: (...given) => answer(...given),
    runSocket: (...given) => answerSocket(...given),
    keepalive: { hold: () => ((held += 1), () => void (held -= 1)) },
    openCalls,
    createTicket: () => `ticket ${String((tickets += 1))}`,
    siteStatus: () => Promise.resolve('on'),
    appStatus: () => Promise.resolve('locked'),
    connectApp: (...asked) => connectApp(...asked),
    appUsage: () => Promise.reject(new WalletError('grant.missing')),
    disconnectApp: () => Promise.resolve(),
    linkApp: () => Promise.reject(new WalletError('grant.denied')),
    noteSeen: (message) => Promise.resolve(void seen.push(message)),
  })
  port = new FakePort()
  ports.accept(port, APP)
})

/** Every call is silent until it is aborted. @returns whether one was */
function answerNever(): () => boolean {
  let stopped = false
  answer = (_call, _caller, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        stopped = true
        reject(new WalletError('request.aborted'))
      })
    })
  return () => stopped
}

describe('a page port', () => {
  it('passes on where a valet key was seen, and answers nothing', async () => {
    const message = { type: 'seen', url: 'https://api.app.example.test/chat', valetKey: 'vk' }
    port.say(message)

    await expect.poll(() => seen).toEqual([message])
    expect(port.sent).toEqual([])
  })

  it('answers hello with the site’s status', async () => {
    port.say({ type: 'hello', version: 1 })

    expect(await port.until('ready')).toEqual({ type: 'ready', version: 1, site: 'on' })
  })

  it('serves nothing before everything a former worker or a lock left behind is gone (C115)', async () => {
    const [worker, lock] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()]
    ports.waitFor(worker.promise)
    ports.waitFor(lock.promise)
    port.say(start('a'))

    lock.resolve(null)
    await new Promise((resolve) => setTimeout(resolve))
    expect(port.sent).toEqual([])
    worker.resolve(null)
    await port.until('call.end')
  })

  it('holds the worker until an ended call is in the ledger, and its slot no longer', async () => {
    let settle = (): void => undefined
    const settled = new Promise<void>((resolve) => {
      settle = resolve
    })
    answer = () => Promise.resolve({ ...reply(streamOf([])), settled })
    port.say(start('a'))
    await port.until('call.end')

    await expect.poll(() => openCalls.get(APP.origin)).toBe(0)
    expect(held).toBe(1)
    settle()
    await expect.poll(() => held).toBe(0)
  })

  it('sends head, chunks and end of a call, and holds the worker meanwhile', async () => {
    port.say(start('a'))
    await port.until('call.end')

    expect(port.sent.map(({ type }) => type)).toEqual(['call.head', 'call.chunk', 'call.end'])
    await expect.poll(() => held).toBe(0)
    expect(openCalls.get(APP.origin)).toBe(0)
  })

  it('passes much that comes at once on by handle, whole and in order', async () => {
    const reads = Array.from({ length: 40 }, () =>
      crypto.getRandomValues(new Uint8Array(60_000)).subarray(10),
    )
    answer = () => Promise.resolve(reply(streamOf([...reads])))
    port.say(start('a'))
    // The page gives credit for what it read, as a shim does.
    port.say({ type: 'call.credit', callId: 'a', bytes: 4 * CREDIT_BYTES })
    await port.until('call.end')

    const chunks = chunksOf(port)
    expect(chunks.every((bytes) => bytes instanceof Blob)).toBe(true)
    expect(Buffer.compare(await wholeOf(chunks), Buffer.concat(reads))).toBe(0)
  })

  it('sends all that its credit took before it waits for more', async () => {
    const reads = Array.from({ length: 60 }, () => new Uint8Array(20_000))
    answer = () => Promise.resolve(reply(streamOf(reads)))
    port.say(start('a'))

    await expect
      .poll(async () => (await wholeOf(chunksOf(port))).length)
      .toBeGreaterThanOrEqual(CREDIT_BYTES)
  })

  it.each([
    ['an unknown type', { type: 'vault.unlock' }],
    ['an origin of its own (C16)', { type: 'hello', version: 1, appOrigin: 'https://bank.test' }],
    ['__proto__ (C48)', JSON.parse('{"type":"status","__proto__":{"a":1}}') as unknown],
    ['no object', 'hello'],
  ])('is closed for %s, and nothing is made of it', async (_name, message) => {
    let ran = false
    answer = () => ((ran = true), Promise.resolve({ kind: 'pass' }))
    port.say(message)
    await new Promise((resolve) => setTimeout(resolve, 5))

    expect([port.isOpen, ran]).toEqual([false, false])
  })

  it.each([
    ['an origin of its own (C16)', { origin: 'https://bank.test' }],
    ['a tab id (C16)', { tabId: 7 }],
    ['a body of no kind', { body: { kind: 'stream' } }],
    ['a header past every bound', { headers: [['x', 'y'.repeat(20_000)]] }],
    ['no method', { method: undefined }],
  ])(
    'refuses a call with %s, in the provider’s shape, and no other call suffers',
    async (_name, changes) => {
      let ran = false
      answer = () => ((ran = true), Promise.resolve({ kind: 'pass' }))
      port.say(start('a', changes))
      const head = await port.until('call.head')

      expect(head).toMatchObject({ callId: 'a', status: 400 })
      expect(Object.fromEntries(head['headers'] as [string, string][])).toMatchObject({
        'x-valetkey-error': 'request.invalid',
      })
      expect([port.isOpen, ran]).toEqual([true, false])
    },
  )

  it('refuses a call id that was used before (C17)', async () => {
    port.say(start('a'))
    await port.until('call.end')
    port.say(start('a'))

    await expect.poll(() => port.sent.filter(({ type }) => type === 'call.head')).toHaveLength(2)
    expect(port.sent.filter(({ type }) => type === 'call.head')[1]).toMatchObject({ status: 409 })
  })

  it('stops the provider when the page goes away', async () => {
    const isStopped = answerNever()
    port.say(start('a'))
    await expect.poll(() => held).toBe(1)

    port.leave()

    await expect.poll(() => [isStopped(), held]).toEqual([true, 0])
  })

  it('reads no further than the page granted', async () => {
    const part = new Uint8Array(CREDIT_BYTES)
    let pulled = 0
    answer = () =>
      Promise.resolve(
        reply(
          new ReadableStream(
            {
              pull(controller) {
                pulled += 1
                controller.enqueue(part.slice())
              },
            },
            { highWaterMark: 0 },
          ),
        ),
      )
    port.say(start('a'))
    await port.until('call.chunk')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(pulled).toBe(1)

    port.say({ type: 'call.credit', callId: 'a', bytes: CREDIT_BYTES })

    await expect.poll(() => pulled).toBe(2)
  })

  it('tells an abort from an end: a stopped stream never looks complete', async () => {
    answer = () =>
      Promise.resolve(reply(new ReadableStream({ pull: () => new Promise(() => undefined) })))
    port.say(start('a'))
    await port.until('call.head')

    port.say({ type: 'call.abort', callId: 'a' })

    expect(await port.until('call.error')).toMatchObject({ code: 'request.aborted' })
    expect(port.sent.some(({ type }) => type === 'call.end')).toBe(false)
  })

  it('tells the call that found the vault due to be locked so, and aborts the others', async () => {
    const other = new FakePort()
    ports.accept(other, OTHER)
    answer = (call, caller) => {
      if (caller.origin === OTHER.origin) return Promise.resolve(reply(new ReadableStream()))
      ports.abortCalls(undefined, 'vault.locked')
      const refusal = refuse(call.url, new WalletError('vault.locked'))
      return refusal ? Promise.resolve(refusal) : Promise.reject(new TypeError('no refusal'))
    }
    other.say(start('running'))
    await other.until('call.head')

    port.say(start('late'))

    await port.until('call.end')
    const { headers } = await port.until('call.head')
    expect(headers).toContainEqual(['x-valetkey-error', 'vault.locked'])
    expect(await other.until('call.error')).toMatchObject({ code: 'request.aborted' })
  })

  it('tells nothing but the code of an unexpected failure', async () => {
    answer = () => Promise.reject(new Error('secret detail'))
    port.say(start('a'))

    expect(JSON.stringify(await port.until('call.error'))).not.toContain('secret')
    expect(await port.until('call.error')).toMatchObject({ code: 'internal' })
  })
})

describe('many ports', () => {
  it('of one origin are capped, and others are unaffected (C61)', () => {
    const more = Array.from({ length: PORTS_PER_ORIGIN }, () => new FakePort())
    for (const one of more) ports.accept(one, APP)
    const foreign = new FakePort()
    ports.accept(foreign, OTHER)

    expect(more.filter(({ isOpen }) => !isOpen)).toHaveLength(1)
    expect(foreign.isOpen).toBe(true)
  })

  it('of one origin share a cap on open calls', async () => {
    answer = () => new Promise(() => undefined)
    for (let index = 0; index < 33; index++) port.say(start(`c${String(index)}`))

    expect(await port.until('call.head')).toMatchObject({ callId: 'c32', status: 429 })
  })

  it('are told when their site changes, others are not', async () => {
    const foreign = new FakePort()
    ports.accept(foreign, OTHER)

    await ports.announce(APP.origin)

    expect(port.sent).toEqual([{ type: 'changed', status: 'on' }])
    expect(foreign.sent).toEqual([])
  })
})

describe('a channel past the port', () => {
  async function led(): Promise<FakeChannel> {
    port.say({ type: 'direct.want' })
    const { ticket } = await port.until('direct.ticket')
    const channel = new FakeChannel()
    ports.takeDirect(ticket, channel)
    await channel.until('direct.ready')
    return channel
  }

  it('carries calls of the port’s own page, whose bytes are moved, not copied', async () => {
    const callers: Caller[] = []
    answer = (_, caller) => {
      callers.push(caller)
      return Promise.resolve(reply(streamOf([new TextEncoder().encode('hi')])))
    }
    const channel = await led()

    channel.say(start('a'))
    await channel.until('call.end')

    expect(channel.sent.map(({ type }) => type)).toEqual([
      'direct.ready',
      'call.head',
      'call.chunk',
      'call.end',
    ])
    expect(channel.transferred).toHaveLength(1)
    expect(callers).toEqual([APP])
    expect(port.sent.map(({ type }) => type)).toEqual(['direct.ticket'])
  })

  it('is closed unheard with a ticket nobody was given, one that was used, or none (C16)', async () => {
    await led()
    for (const ticket of ['ticket 1', 'ticket 2', null, undefined, {}]) {
      const stranger = new FakeChannel()
      ports.takeDirect(ticket, stranger)
      stranger.say(start('a'))

      expect([stranger.isOpen, stranger.sent]).toEqual([false, []])
    }
    expect(openCalls.get(APP.origin)).toBeUndefined()
  })

  it('is one for each port: asked for again there is no second ticket', async () => {
    await led()
    port.say({ type: 'direct.want' })
    port.say({ type: 'status' })
    await port.until('ready')

    expect(port.sent.map(({ type }) => type)).toEqual(['direct.ticket', 'ready'])
  })

  it('takes no ticket of a page that has gone', async () => {
    port.say({ type: 'direct.want' })
    const { ticket } = await port.until('direct.ticket')
    port.leave()
    const late = new FakeChannel()

    ports.takeDirect(ticket, late)

    expect(late.isOpen).toBe(false)
  })

  it('knows a call id that was used on the port (C17)', async () => {
    const channel = await led()
    port.say(start('a'))
    await port.until('call.end')

    channel.say(start('a'))
    await channel.until('call.end')

    expect(channel.sent).toContainEqual(expect.objectContaining({ type: 'call.head', status: 409 }))
  })

  it('ends with its page: the provider is stopped', async () => {
    const isStopped = answerNever()
    const channel = await led()
    channel.say(start('a'))
    await expect.poll(() => openCalls.get(APP.origin)).toBe(1)

    port.leave()

    expect([isStopped(), channel.isOpen]).toEqual([true, false])
  })

  it('stops its calls when the site is switched off', async () => {
    const isStopped = answerNever()
    const channel = await led()
    channel.say(start('a'))
    await expect.poll(() => openCalls.get(APP.origin)).toBe(1)

    ports.abortCalls(APP.origin, 'grant.revoked')

    expect(isStopped()).toBe(true)
  })

  it('ends, with the port, at what no shim of ours says', async () => {
    const channel = await led()

    channel.say({ type: 'hello', version: 1, appOrigin: 'https://other.example.test' })

    expect([port.isOpen, channel.isOpen]).toEqual([false, false])
  })
})
