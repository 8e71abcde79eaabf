import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  LIVE_CLOSE_LOCKED,
  LIVE_PING_MS,
  LIVE_SILENCE_MS,
  LIVE_SUBPROTOCOL,
  WalletError,
  decodeLiveFrame,
  encodeLiveFrame,
  encodeRelayFrame,
  toBase64url,
  type LiveFrame,
} from '../protocol/index.ts'
import { LiveChannel, type LiveSocket, type RelayEnd } from './live-channel.ts'

class FakeSocket implements LiveSocket {
  binaryType: BinaryType = 'blob'
  onmessage: WebSocket['onmessage'] = null
  onclose: WebSocket['onclose'] = null
  readonly sent: (LiveFrame | null)[] = []
  isClosed = false
  closedWith: number | undefined

  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    this.sent.push(decodeLiveFrame(data as Uint8Array))
  }

  close(code?: number): void {
    this.isClosed = true
    this.closedWith = code
  }

  says(frame: LiveFrame): void {
    this.hears(encodeLiveFrame(frame).buffer)
  }

  hears(data: unknown): void {
    this.onmessage?.call(this as never, new MessageEvent('message', { data }))
  }

  ends(): void {
    this.onclose?.call(this as never, new Event('close') as CloseEvent)
  }
}

/** The relay's end on one socket; 0 as the first byte of a payload is what nobody says. */
class FakeRelay implements RelayEnd {
  readonly send: (frame: Uint8Array<ArrayBuffer>) => void
  readonly heard: Uint8Array[] = []
  closedFor: string | null = null

  constructor(send: (frame: Uint8Array<ArrayBuffer>) => void) {
    this.send = send
  }

  receive(frame: Uint8Array): boolean {
    this.heard.push(frame)
    return frame.length > 8
  }

  close({ code }: WalletError): void {
    this.closedFor = code
  }
}

/** A frame of the relay: data on the first stream. */
const relayFrame = (payload: string) =>
  encodeRelayFrame({ type: 'data', stream: 2, bytes: new TextEncoder().encode(payload) })

const id = toBase64url(new Uint8Array(16))
const CHALLENGE: LiveFrame = {
  type: 'challenge',
  challenge: toBase64url(new Uint8Array(32)),
  connId: id,
}
const HELLO = {
  ...{ type: 'hello' as const, acct: id, dev: id, t: 1 },
  ...{ sig: toBase64url(new Uint8Array(64)), caps: [] },
}

let sockets: FakeSocket[]
let asked: string[][]
let heads: number[]
let recovered: number[]
let welcomed: number[]
let relays: FakeRelay[]
let states: boolean[]
let hello: typeof HELLO | null
let channel: LiveChannel

beforeEach(() => {
  vi.useFakeTimers()
  sockets = []
  asked = []
  heads = []
  recovered = []
  welcomed = []
  relays = []
  states = []
  hello = HELLO
  channel = new LiveChannel({
    open(...args) {
      asked.push(args)
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket
    },
    prove: () => Promise.resolve(hello),
    onHead: (seq) => heads.push(seq),
    onRecovered: (at) => recovered.push(at),
    onWelcome: (seq) => welcomed.push(seq),
    openRelay: (send) => {
      const end = new FakeRelay(send)
      relays.push(end)
      return end
    },
    onState: (isLive) => states.push(isLive),
    clock: () => Date.now(),
    random: (sizeBytes) => new Uint8Array(sizeBytes).fill(128),
  })
})
afterEach(() => {
  channel.stop()
  vi.useRealTimers()
})

const last = (): FakeSocket => {
  const socket = sockets.at(-1)
  if (!socket) throw new Error('no socket')
  return socket
}

const goLive = async (seq = 7): Promise<void> => {
  last().says(CHALLENGE)
  await vi.advanceTimersByTimeAsync(0)
  last().says({ type: 'welcome', seq, recoveredAt: null })
}

describe('who waits for the live channel', () => {
  const ended: string[] = []
  const wait = (name: string) => void channel.untilLive(3_000).then(() => ended.push(name))
  beforeEach(() => {
    ended.length = 0
  })

  it('goes on where no socket is held, and where there is one already', async () => {
    wait('none')
    await vi.advanceTimersByTimeAsync(0)
    channel.start('https://sync.example')
    await goLive()
    wait('live')
    await vi.advanceTimersByTimeAsync(0)
    expect(ended).toEqual(['none', 'live'])
  })

  it('goes on once the server took this device, and not before', async () => {
    channel.start('https://sync.example')
    wait('first')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(ended).toEqual([])
    await goLive()
    await vi.advanceTimersByTimeAsync(0)
    expect(ended).toEqual(['first'])
    channel.greetAgain()
    wait('greeted again')
    await vi.advanceTimersByTimeAsync(0)
    expect(ended).toEqual(['first'])
    await goLive()
    await vi.advanceTimersByTimeAsync(0)
    expect(ended).toEqual(['first', 'greeted again'])
  })

  it('does not wait for a server that says nothing', async () => {
    channel.start('https://sync.example')
    wait('silent')
    await vi.advanceTimersByTimeAsync(3_000)
    expect(ended).toEqual(['silent'])
  })
})

describe('the live channel', () => {
  it('asks by subprotocol, proves who it is, and tells of the head it is welcomed with', async () => {
    channel.start('https://sync.example')
    await goLive(7)
    expect(asked).toEqual([['wss://sync.example/v1/live', LIVE_SUBPROTOCOL]])
    expect(last().sent).toEqual([HELLO])
    expect(heads).toEqual([7])
    expect(channel.isLive).toBe(true)
    last().says({ type: 'hint', seq: 8 })
    expect(heads).toEqual([7, 8])
  })

  it('tells of a recovery, also of one while nobody listened', async () => {
    channel.start('https://sync.example')
    last().says(CHALLENGE)
    await vi.advanceTimersByTimeAsync(0)
    last().says({ type: 'welcome', seq: 1, recoveredAt: 5 })
    last().says({ type: 'hint', seq: 2, recovered: true })
    expect(recovered).toEqual([5, Date.now()])
  })

  it('comes back after a loss, later each time, and gives nothing to a locked vault', async () => {
    channel.start('http://127.0.0.1:7700')
    hello = null
    for (const waitMs of [250, 500, 1000, 2000]) {
      const before = sockets.length
      last().says(CHALLENGE)
      await vi.advanceTimersByTimeAsync(waitMs - 1)
      expect(sockets).toHaveLength(before)
      await vi.advanceTimersByTimeAsync(1)
      expect(sockets).toHaveLength(before + 1)
    }
    expect(asked[0]?.[0]).toBe('ws://127.0.0.1:7700/v1/live')
    expect(sockets.every(({ sent }) => sent.length === 0)).toBe(true)
    hello = HELLO
    await goLive()
    last().ends()
    expect(channel.isLive).toBe(false)
    // It was welcomed: it begins with the shortest wait again.
    await vi.advanceTimersByTimeAsync(250)
    expect(sockets).toHaveLength(6)
  })

  it('pings, and drops a server that falls silent', async () => {
    channel.start('https://sync.example')
    await goLive()
    await vi.advanceTimersByTimeAsync(LIVE_PING_MS)
    expect(last().sent.at(-1)).toEqual({ type: 'ping' })
    last().says({ type: 'pong' })
    const [first] = sockets
    await vi.advanceTimersByTimeAsync(LIVE_SILENCE_MS + LIVE_PING_MS)
    expect(first?.isClosed).toBe(true)
    expect(states).toContain(false)
  })

  it('comes back when the server said to, and at once nowhere', async () => {
    channel.start('https://sync.example')
    await goLive()
    last().says({ type: 'goaway', reconnectIn: 4_000, tryFor: 60_000 })
    await vi.advanceTimersByTimeAsync(3_999)
    expect(sockets).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(sockets).toHaveLength(2)
  })

  it.each(['text', new ArrayBuffer(3), encodeLiveFrame(CHALLENGE).buffer.slice(0, 9)])(
    'ends with what is no frame',
    async (data) => {
      channel.start('https://sync.example')
      await goLive()
      last().hears(data)
      expect(channel.isLive).toBe(false)
    },
  )

  it('is silent once it is stopped, whatever an old socket says', async () => {
    channel.start('https://sync.example')
    await goLive()
    const old = last()
    channel.stop()
    expect(old.isClosed).toBe(true)
    old.says({ type: 'hint', seq: 99 })
    old.ends()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sockets).toHaveLength(1)
    expect(heads).toEqual([7])
  })

  it('goes to another server when told to, and keeps the one it has', async () => {
    channel.start('https://sync.example')
    channel.start('https://sync.example')
    await goLive()
    expect(sockets).toHaveLength(1)
    channel.start('https://other.example')
    expect(sockets[0]?.isClosed).toBe(true)
    expect(asked[1]?.[0]).toBe('wss://other.example/v1/live')
  })
})

describe('the calls of app servers on the live channel', () => {
  it('come once the server took this device, after what it was welcomed with', async () => {
    channel.start('https://sync.example')
    last().says(CHALLENGE)
    await vi.advanceTimersByTimeAsync(0)
    expect(relays).toEqual([])

    last().says({ type: 'welcome', seq: 9, recoveredAt: null })
    expect(welcomed).toEqual([9])
    last().hears(relayFrame('hello').buffer)
    expect(relays[0]?.heard).toHaveLength(1)
    relays[0]?.send(encodeLiveFrame({ type: 'pong' }))
    expect(last().sent.at(-1)).toEqual({ type: 'pong' })
  })

  it('end the socket of a server that asks before it greeted, or says what nobody says', async () => {
    channel.start('https://sync.example')
    const early = last()
    early.hears(relayFrame('hello').buffer)
    expect(early.isClosed).toBe(true)

    await vi.advanceTimersByTimeAsync(60_000)
    await goLive()
    const second = last()
    second.hears(relayFrame('').buffer)
    expect(second.isClosed).toBe(true)
  })

  it('end with the socket, and with a lock, which the server is told of', async () => {
    channel.start('https://sync.example')
    await goLive()
    last().ends()
    expect(relays[0]?.closedFor).toBe('request.aborted')

    await vi.advanceTimersByTimeAsync(60_000)
    await goLive()
    const socket = last()
    channel.stop(new WalletError('relay.wallet_locked'))
    expect(relays[1]?.closedFor).toBe('relay.wallet_locked')
    expect(socket.closedWith).toBe(LIVE_CLOSE_LOCKED)
  })

  it('are offered anew by a greeting of its own, at the same server', async () => {
    channel.start('https://sync.example')
    await goLive()
    channel.greetAgain()
    await goLive()
    expect(asked).toHaveLength(2)
    expect(asked[1]).toEqual(asked[0])
    expect(relays).toHaveLength(2)
    channel.stop()
    channel.greetAgain()
    expect(asked).toHaveLength(2)
  })
})
