import { beforeEach, describe, expect, it } from 'vitest'
import {
  ERROR_TABLE,
  PAGE_PROTOCOL_VERSION,
  backgroundMessageSchema,
  type BackgroundMessage,
  type PageMessage,
} from '@valetkey/wallet/protocol'
import { Bridge, type Hello } from './bridge.ts'

const hello: Hello = { type: 'hello', version: PAGE_PROTOCOL_VERSION }

/** A runtime port in memory. */
class MemoryPort {
  readonly posted: PageMessage[] = []
  /** What the next posts throw; null: they arrive. */
  refusal: string | null = null
  closedByPage = false
  deliver: (message: BackgroundMessage) => void = () => undefined
  drop: () => void = () => undefined
  readonly onMessage = {
    addListener: (listener: (message: BackgroundMessage) => void) => {
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

let ports: MemoryPort[]
let page: BackgroundMessage[]
let installed: boolean
let bridge: Bridge

beforeEach(() => {
  ports = []
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
