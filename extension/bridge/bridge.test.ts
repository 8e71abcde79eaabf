import { beforeEach, describe, expect, it } from 'vitest'
import {
  ERROR_TABLE,
  PAGE_PROTOCOL_VERSION,
  backgroundMessageSchema,
  type BackgroundMessage,
  type DirectMessage,
  type PageMessage,
} from '@valetkey/wallet/protocol'
import { Bridge, type Hello } from './bridge.ts'
import type { DirectChannel } from './direct-channel.ts'

const hello: Hello = { type: 'hello', version: PAGE_PROTOCOL_VERSION }

/** A runtime port in memory. */
class MemoryPort {
  readonly posted: PageMessage[] = []
  /** What the next posts throw; null: they arrive. */
  refusal: string | null = null
  closedByPage = false
  deliver: (message: BackgroundMessage | DirectMessage) => void = () => undefined
  drop: () => void = () => undefined
  readonly onMessage = {
    addListener: (listener: (message: BackgroundMessage | DirectMessage) => void) => {
      this.deliver = listener
    },
  }
  readonly onDisconnect = {
    addListener: (listener: () => void) => {
      this.drop = listener
    },
  }
  postMessage(message: PageMessage): void {
    if (this.refusal !== null) throw new Error(this.refusal)
    this.posted.push(message)
  }
  disconnect(): void {
    this.closedByPage = true
  }
}

/** A channel past the port, in memory. */
class MemoryChannel implements DirectChannel {
  readonly posted: unknown[] = []
  isClosed = false
  isDismissed = false
  readonly ticket: string
  readonly port: DirectChannel['port'] = {
    onmessage: null,
    postMessage: (message: unknown) => void this.posted.push(message),
    close: () => {
      this.isClosed = true
    },
  }
  constructor(ticket: string) {
    this.ticket = ticket
  }
  dismiss(): void {
    this.isDismissed = true
  }
  deliver(data: BackgroundMessage | DirectMessage): void {
    // Its receiver reads nothing else of the event.
    this.port.onmessage?.call(this.port as MessagePort, new MessageEvent('message', { data }))
  }
}

let ports: MemoryPort[]
let channels: MemoryChannel[]
let now: number
let page: BackgroundMessage[]
let installed: boolean
let bridge: Bridge

beforeEach(() => {
  ports = []
  channels = []
  now = 0
  page = []
  installed = true
  bridge = new Bridge({
    hello,
    connect() {
      if (!installed) throw new Error('Extension context invalidated.')
      const port = new MemoryPort()
      ports.push(port)
      return port
    },
    openDirect(ticket) {
      const channel = new MemoryChannel(ticket)
      channels.push(channel)
      return channel
    },
    clock: () => now,
    postToPage: (message) => page.push(message),
  })
})

describe('Bridge', () => {
  it('opens no port before the page says anything', () => {
    expect(ports).toEqual([])
  })

  it('says its own hello once for the first hello of the page, whatever that claimed', () => {
    bridge.receive({ type: 'hello', version: 99, appOrigin: 'https://claimed.example.test' })

    expect(ports[0]?.posted).toEqual([hello])
  })

  it('asks again when the page does', () => {
    bridge.receive(hello)
    bridge.receive(hello)

    expect(ports).toHaveLength(1)
    expect(ports[0]?.posted).toEqual([hello, hello])
  })

  it('forwards both ways without changing a message', () => {
    const start = call('a')
    const head: BackgroundMessage = {
      type: 'call.head',
      callId: 'a',
      status: 200,
      statusText: '',
      headers: [],
      url: '',
    }

    bridge.receive(start)
    ports[0]?.deliver(head)

    expect(ports[0]?.posted[1]).toBe(start)
    expect(page[0]).toBe(head)
  })

  it('opens a new port for the next message after the worker fell asleep', () => {
    bridge.receive(hello)
    ports[0]?.drop()

    bridge.receive(call('a'))

    expect(ports[1]?.posted).toEqual([hello, call('a')])
    expect(page).toEqual([])
  })

  it('sends a message again that a closed port refused to take', () => {
    bridge.receive(call('a'))
    refuse(0, 'Attempting to use a disconnected port object')

    bridge.receive(call('b'))

    expect(ports[1]?.posted).toEqual([hello, call('b')])
    expect(page).toEqual([lost('a')])
  })

  it('tells every open call at once that the wallet is lost, and only those', () => {
    for (const callId of ['a', 'b', 'c', 'd', 'e']) bridge.receive(call(callId))
    ports[0]?.deliver({ type: 'call.end', callId: 'a' })
    ports[0]?.deliver({ type: 'call.pass', callId: 'b' })
    ports[0]?.deliver({ ...lost('c'), code: 'provider.network' })
    page.length = 0

    ports[0]?.drop()

    expect(page).toEqual([lost('d'), lost('e')])
    ports[0]?.drop()
    expect(page).toHaveLength(2)
  })

  it('never repeats a call whose port was lost', () => {
    bridge.receive(call('a'))
    ports[0]?.drop()

    bridge.receive(hello)

    expect(ports[1]?.posted).toEqual([hello])
  })

  it('says wallet.lost as the error table does', () => {
    bridge.receive(call('a'))
    ports[0]?.drop()

    expect(backgroundMessageSchema.parse(page[0])).toEqual(page[0])
    expect(page[0]).toMatchObject({
      message: ERROR_TABLE['wallet.lost'].message,
      retryable: ERROR_TABLE['wallet.lost'].retryable,
    })
  })

  it('wakes no worker for credit and aborts of calls that are over', () => {
    bridge.receive(call('a'))
    ports[0]?.drop()

    bridge.receive({ type: 'call.credit', callId: 'a', bytes: 5 })
    bridge.receive({ type: 'call.abort', callId: 'a' })

    expect(ports).toHaveLength(1)
  })

  it('forwards credit and aborts of an open call', () => {
    bridge.receive(call('a'))
    bridge.receive({ type: 'call.credit', callId: 'a', bytes: 5 })
    bridge.receive({ type: 'call.abort', callId: 'a' })

    expect(ports[0]?.posted.map(({ type }) => type)).toEqual([
      'hello',
      'call.start',
      'call.credit',
      'call.abort',
    ])
  })

  it('fails only the call that a port does not take', () => {
    bridge.receive(call('a'))
    refuse(0, 'Message exceeded maximum allowed size of 64MiB.')
    bridge.receive(call('b'))

    expect(page).toEqual([lost('b')])
    expect(ports).toHaveLength(1)
  })

  it('tells an app that asks, too, that the wallet is lost, and not one that was answered', () => {
    const request = { capabilities: ['chat' as const] }
    const asked = { type: 'connect', request, quiet: false } as const
    bridge.receive({ ...asked, callId: 'a' })
    bridge.receive({ type: 'usage', callId: 'b', grantRef: 'g' })
    ports[0]?.deliver({ ...lost('a'), code: 'grant.denied' })
    page.length = 0

    ports[0]?.drop()

    expect(ports[0]?.posted).toContainEqual({ ...asked, callId: 'a' })
    expect(page).toEqual([lost('b')])
  })

  it('passes on where a valet key was seen, without answering for it', () => {
    const seen = { type: 'seen', url: 'https://api.app.example.test/chat', valetKey: 'vk' } as const
    bridge.receive(seen)

    expect(ports[0]?.posted).toContainEqual(seen)
    expect(page).toEqual([])
  })

  it('answers by itself once the extension is gone', () => {
    installed = false

    bridge.receive(hello)
    bridge.receive(call('a'))
    bridge.receive({ type: 'status' })

    expect(page).toEqual([
      { type: 'ready', version: PAGE_PROTOCOL_VERSION, site: 'none' },
      lost('a'),
    ])
  })

  it('closes its port when the page goes away, and opens another when it comes back', () => {
    bridge.receive(call('a'))

    bridge.close()

    expect(ports[0]?.closedByPage).toBe(true)
    expect(page).toEqual([lost('a')])
    bridge.receive(call('b'))
    expect(ports[1]?.posted).toEqual([hello, call('b')])
  })

  it('hears nothing more from a port it gave up', () => {
    bridge.receive(call('a'))
    bridge.close()
    page.length = 0
    bridge.receive(call('b'))

    ports[0]?.deliver({ type: 'call.end', callId: 'b' })
    ports[0]?.drop()

    expect(page).toEqual([])
  })

  it('ignores what is no message of a page', () => {
    bridge.receive({ type: 'ready', version: 1, site: 'on' } as unknown as PageMessage)
    bridge.receive(null)
    bridge.receive(undefined)

    expect(ports).toEqual([])
  })
})

describe('Bridge, past its port', () => {
  const want = { type: 'direct.want' } as const

  /** A page that called twice, whose worker took the channel. */
  function openChannel(): MemoryChannel {
    for (const callId of ['one', 'two']) {
      bridge.receive(call(callId))
      ports.at(-1)?.deliver({ type: 'call.end', callId })
    }
    ports.at(-1)?.deliver({ type: 'direct.ticket', ticket: 'T' })
    const channel = channels.at(-1)
    if (!channel) throw new Error('No channel was opened.')
    channel.deliver({ type: 'direct.ready' })
    page.length = 0
    return channel
  }

  it('asks for a channel with the second call of a worker’s life, once', () => {
    bridge.receive(call('a'))
    expect(ports[0]?.posted).not.toContainEqual(want)

    bridge.receive(call('b'))
    bridge.receive(call('c'))

    expect(ports[0]?.posted.filter(({ type }) => type === 'direct.want')).toEqual([want])
  })

  it('takes no page’s word for its own', () => {
    bridge.receive(want)

    expect(ports).toEqual([])
  })

  it('leads the channel with the worker’s ticket, and uses it only once the worker took it', () => {
    bridge.receive(call('a'))
    bridge.receive(call('b'))
    ports[0]?.deliver({ type: 'direct.ticket', ticket: 'T' })

    bridge.receive(call('c'))
    expect(channels.map(({ ticket, posted }) => [ticket, posted])).toEqual([['T', []]])
    channels[0]?.deliver({ type: 'direct.ready' })
    bridge.receive(call('d'))

    expect(channels[0]?.isDismissed).toBe(true)
    expect(channels[0]?.posted).toEqual([call('d')])
    expect(ports[0]?.posted).not.toContainEqual(call('d'))
    expect(page).toEqual([])
  })

  it('sends all of a call the way it began, and passes its answers on', () => {
    bridge.receive(call('slow'))
    const channel = openChannel()
    bridge.receive(call('fast'))
    const credit = { type: 'call.credit', bytes: 5 } as const

    bridge.receive({ ...credit, callId: 'slow' })
    bridge.receive({ ...credit, callId: 'fast' })
    channel.deliver({ type: 'call.end', callId: 'fast' })

    expect(ports[0]?.posted.at(-1)).toEqual({ ...credit, callId: 'slow' })
    expect(channel.posted).toEqual([call('fast'), { ...credit, callId: 'fast' }])
    expect(page).toEqual([{ type: 'call.end', callId: 'fast' }])
  })

  it('goes by the port, which wakes it, once the worker was silent for 5 s or the clock is odd', () => {
    const channel = openChannel()
    now = 5_000
    bridge.receive(call('a'))
    now = 5_001
    bridge.receive(call('b'))
    now = -1
    bridge.receive(call('c'))

    expect(channel.posted).toEqual([call('a')])
    expect(ports[0]?.posted.slice(-2)).toEqual([call('b'), call('c')])
  })

  it('sends what is large by the port, which refuses what is too large (C62)', () => {
    const channel = openChannel()
    const large = { ...call('a'), body: { kind: 'text', text: 'x'.repeat(1024 * 1024) } } as const
    bridge.receive(large)
    bridge.receive(call('b'))
    bridge.receive({ type: 'call.credit', callId: 'b', bytes: [large] as unknown as number })

    expect(ports[0]?.posted.at(-1)).toBe(large)
    expect(channel.posted).toEqual([call('b')])
  })

  it('loses its calls with the port, and asks anew in the next worker’s life', () => {
    const channel = openChannel()
    bridge.receive(call('a'))

    ports[0]?.drop()

    expect(page).toEqual([lost('a')])
    expect(channel.isClosed).toBe(true)
    channel.deliver({ type: 'call.end', callId: 'a' })
    expect(page).toHaveLength(1)
    expect(openChannel()).not.toBe(channel)
  })

  it('goes on by the port where no channel can be led', () => {
    bridge = new Bridge({
      ...{ hello, clock: () => now, postToPage: (message) => page.push(message) },
      connect() {
        const port = new MemoryPort()
        ports.push(port)
        return port
      },
      openDirect: () => null,
    })
    for (const callId of ['a', 'b']) bridge.receive(call(callId))
    ports[0]?.deliver({ type: 'direct.ticket', ticket: 'T' })

    bridge.receive(call('c'))

    expect(ports[0]?.posted).toContainEqual(call('c'))
  })
})

function refuse(index: number, refusal: string): void {
  const port = ports[index]
  if (port) port.refusal = refusal
}

function call(callId: string) {
  return {
    type: 'call.start',
    callId,
    method: 'GET',
    url: 'https://api.example.test/',
    headers: [],
    body: { kind: 'none' },
    valetKey: 'x',
  } satisfies PageMessage
}

function lost(callId: string) {
  return {
    type: 'call.error',
    callId,
    code: 'wallet.lost',
    message: 'ValetKey stopped during the call.',
    retryable: false,
    requestId: callId,
  } satisfies BackgroundMessage
}
