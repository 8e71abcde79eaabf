import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OutgoingSocket, SocketListener } from '@valetkey/wallet/proxy'
import type { SocketOrder, SocketReport } from '../offscreen/socket-messages.ts'
import type { Runtime } from './browser.ts'
import type { OffscreenDocument } from './offscreen-document.ts'
import { createSocketDialler } from './socket-dialler.ts'

type Rule = chrome.declarativeNetRequest.Rule

let rules: Rule[] = []
let orders: SocketOrder[] = []
let listeners = new Set<(message: unknown) => void>()
let held = 0

const port = {
  postMessage: (order: SocketOrder) => orders.push(order),
  onMessage: {
    addListener: (listener: (message: unknown) => void) => listeners.add(listener),
    removeListener: (listener: (message: unknown) => void) => listeners.delete(listener),
  },
  onDisconnect: { addListener: () => undefined, removeListener: () => undefined },
} as unknown as Runtime.Port // what a dialler uses of a port

const offscreen: Pick<OffscreenDocument, 'hold'> = {
  hold: () => {
    held += 1
    return Promise.resolve({ port, release: () => void (held -= 1) })
  },
}

beforeEach(() => {
  vi.useFakeTimers()
  rules = []
  orders = []
  listeners = new Set()
  held = 0
  vi.stubGlobal('chrome', {
    runtime: { getURL: () => 'chrome-extension://ourselves/' },
    declarativeNetRequest: {
      updateSessionRules: ({
        addRules = [],
        removeRuleIds = [],
      }: {
        addRules?: Rule[]
        removeRuleIds?: number[]
      }) => {
        rules = [...rules.filter(({ id }) => !removeRuleIds.includes(id)), ...addRules]
        return Promise.resolve()
      },
    },
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const socketTo = (host: string, value: string): OutgoingSocket => ({
  url: new URL(`wss://${host}/v1/realtime?model=m`),
  protocols: ['realtime'],
  credential: { header: 'authorization', value },
})

function listener() {
  const seen: string[] = []
  const ears: SocketListener = {
    onOpen: ({ protocol }) => seen.push(`open ${protocol}`),
    onFrame: (data) => seen.push(`frame ${String(data)}`),
    onSent: (bytes) => seen.push(`sent ${bytes}`),
    onClose: ({ code }) => seen.push(`close ${code}`),
  }
  return { seen, ears }
}

const tell = async (report: SocketReport): Promise<void> => {
  for (const hear of [...listeners]) hear(report)
  await vi.advanceTimersByTimeAsync(0)
}
const opened = (socketId: number): SocketReport => ({
  ...{ type: 'socket.opened', socketId, protocol: 'realtime', extensions: '' },
})
const closed = (socketId: number): SocketReport => ({
  ...{ type: 'socket.closed', socketId, code: 1000, reason: '', wasClean: true },
})
const values = () => rules.map(({ action }) => action.requestHeaders?.[0]?.value)

describe('a socket that is dialled', () => {
  it('has its rule for the handshake alone (C115): our own, that host, that path, sockets only', async () => {
    const dial = createSocketDialler(offscreen)
    const { seen, ears } = listener()
    dial(socketTo('api.openai.com', 'Bearer one'), ears)
    await vi.advanceTimersByTimeAsync(0)

    expect(rules).toMatchObject([
      {
        action: {
          requestHeaders: [
            { header: 'authorization', operation: 'set', value: 'Bearer one' },
            { header: 'origin', operation: 'remove' },
          ],
        },
        condition: {
          initiatorDomains: ['ourselves'],
          requestDomains: ['api.openai.com'],
          urlFilter: '|wss://api.openai.com/v1/realtime^',
          resourceTypes: ['websocket'],
        },
      },
    ])
    expect(orders).toMatchObject([{ type: 'socket.open', protocols: ['realtime'] }])
    await tell(opened(1))
    expect(rules).toEqual([])
    await tell(closed(1))
    expect(seen).toEqual(['open realtime', 'close 1000'])
    expect([held, listeners.size]).toEqual([0, 0])
  })

  it('waits for the one before it at the same host: two keys never stand side by side (C115)', async () => {
    const dial = createSocketDialler(offscreen)
    dial(socketTo('api.openai.com', 'one'), listener().ears)
    dial(socketTo('api.openai.com', 'two'), listener().ears)
    dial(socketTo('api.x.ai', 'three'), listener().ears)
    await vi.advanceTimersByTimeAsync(0)

    expect(values()).toEqual(['one', 'three'])
    await tell(opened(1))
    expect(values().sort()).toEqual(['three', 'two'])
    await tell(closed(2))
    expect(values()).toEqual(['three'])
  })

  it('is given up after ten seconds, its rule gone, and the next one starts', async () => {
    const dial = createSocketDialler(offscreen)
    const { seen, ears } = listener()
    dial(socketTo('api.openai.com', 'one'), ears)
    dial(socketTo('api.openai.com', 'two'), listener().ears)
    await vi.advanceTimersByTimeAsync(9_999)
    expect(values()).toEqual(['one'])
    await vi.advanceTimersByTimeAsync(1)

    expect(seen).toEqual(['close 1006'])
    expect(orders.map(({ type }) => type)).toEqual(['socket.open', 'socket.close', 'socket.open'])
    expect(values()).toEqual(['two'])
  })

  it('is not dialled at all once the page gave it up', async () => {
    const dial = createSocketDialler(offscreen)
    dial(socketTo('api.openai.com', 'one'), listener().ears)
    const { seen, ears } = listener()
    dial(socketTo('api.openai.com', 'two'), ears).close(undefined, '')
    await vi.advanceTimersByTimeAsync(0)
    await tell(opened(1))

    expect(seen).toEqual(['close 1006'])
    expect(orders.filter(({ type }) => type === 'socket.open')).toHaveLength(1)
    expect(rules).toEqual([])
  })
})
