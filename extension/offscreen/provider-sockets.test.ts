import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ProviderSockets } from './provider-sockets.ts'
import type { SocketReport } from './socket-messages.ts'

/** The browser's class, as far as it is used: what is sent waits until the test lets the network take it. */
class BrowserSocket extends EventTarget {
  static readonly OPEN = 1
  readyState = 0
  bufferedAmount = 0
  protocol = 'realtime'
  extensions = ''
  binaryType = 'blob'
  readonly closes: unknown[][] = []

  constructor(url: string) {
    super()
    if (url === REFUSED) throw new DOMException('refused', 'SecurityError')
    made.push(this)
  }
  send(data: string | Uint8Array): void {
    if (this.readyState === 0) throw new DOMException('connecting', 'InvalidStateError')
    this.bufferedAmount += data.length
  }
  close(...given: unknown[]): void {
    this.closes.push(given)
  }
  open(): void {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }
}

const REFUSED = 'ws://refused.example.test/'
let made: BrowserSocket[]
let reports: SocketReport[]
let sockets: ProviderSockets

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', BrowserSocket)
  made = []
  reports = []
  sockets = new ProviderSockets((report) => reports.push(report))
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function connect(socketId = 1): BrowserSocket {
  const url = 'wss://api.example.test/v1/realtime'
  sockets.obey({ type: 'socket.open', socketId, url, protocols: [] })
  const socket = made.at(-1)
  if (!socket) throw new TypeError('no socket was made')
  return socket
}
const say = (data: string, socketId = 1): void => {
  sockets.obey({ type: 'socket.send', socketId, data })
}
const end = (socket: BrowserSocket): void => {
  socket.readyState = 3
  socket.dispatchEvent(new CloseEvent('close', { code: 1000, reason: 'bye', wasClean: true }))
}

describe('a socket to a provider', () => {
  it('tells how it opened, what came as text and bytes, and how it ended', () => {
    const socket = connect(7)
    socket.open()
    socket.dispatchEvent(new MessageEvent('message', { data: 'hi' }))
    socket.dispatchEvent(new MessageEvent('message', { data: new Uint8Array([1, 2]).buffer }))
    end(socket)

    expect(socket.binaryType).toBe('arraybuffer')
    expect(reports).toEqual([
      { type: 'socket.opened', socketId: 7, protocol: 'realtime', extensions: '' },
      { type: 'socket.frame', socketId: 7, data: 'hi' },
      { type: 'socket.frame', socketId: 7, data: new Uint8Array([1, 2]) },
      { type: 'socket.closed', socketId: 7, code: 1000, reason: 'bye', wasClean: true },
    ])
  })

  it('tells what the network took, once it took it', () => {
    const socket = connect()
    socket.open()
    reports.length = 0
    say('12345')
    expect(reports).toEqual([])

    socket.bufferedAmount = 2
    vi.advanceTimersByTime(20)
    expect(reports).toEqual([{ type: 'socket.sent', socketId: 1, bytes: 3 }])
    socket.bufferedAmount = 0
    vi.advanceTimersByTime(20)
    expect(reports.at(-1)).toMatchObject({ bytes: 2 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not hear a page that speaks before it is open, or after its end', () => {
    const socket = connect()
    expect(() => {
      say('early')
    }).not.toThrow()
    socket.open()
    socket.readyState = 2
    say('late')

    expect(socket.bufferedAmount).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    [1000, [1000, 'why']],
    [3000, [3000, 'why']],
    [1001, []],
    [1006, []],
    [undefined, []],
  ])('closes with a code only where one may be named: %s', (code, given) => {
    const socket = connect()
    sockets.obey({ type: 'socket.close', socketId: 1, code, reason: 'why' })

    expect(socket.closes).toEqual([given])
  })

  it('ends at once where the browser refuses it', () => {
    sockets.obey({ type: 'socket.open', socketId: 3, url: REFUSED, protocols: [] })

    expect(reports).toEqual([
      { type: 'socket.closed', socketId: 3, code: 1006, reason: '', wasClean: false },
    ])
  })

  it('ends with the background, which meters it (C115)', () => {
    const both = [connect(1), connect(2)]
    both[0]?.open()
    sockets.closeAll()

    expect(both.map(({ closes }) => closes.length)).toEqual([1, 1])
  })
})
