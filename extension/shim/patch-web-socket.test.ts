import { beforeEach, describe, expect, it } from 'vitest'
import type { PageMessage } from '@valetkey/wallet/protocol'
import { MemoryBackground, anyValetKey, settled } from './__fixtures__/background.ts'
import { Channel } from './channel.ts'
import { patchWebSocket } from './patch-web-socket.ts'

const Native = globalThis.WebSocket
const URL_OPENAI = 'wss://api.openai.com/v1/realtime?model=m'
/** Nothing listens there. */
const NOBODY = 'ws://127.0.0.1:9/'

/** What the browser opened, and whether it refuses to. */
let opened: WebSocket[]
let refuses: boolean

/** The browser's own class. */
class Browsers extends Native {
  constructor(...given: ConstructorParameters<typeof WebSocket>) {
    if (refuses) throw new DOMException('insecure', 'SecurityError')
    super(...given)
    opened.push(this)
  }
}

/** Stands for the window. */
let scope: { WebSocket: typeof WebSocket }
let background: MemoryBackground
let valetKey: string
let protocols: string[]

beforeEach(() => {
  Object.assign(globalThis, { location: { href: 'https://app.example.test/page' } })
  background = new MemoryBackground().arrive()
  opened = []
  refuses = false
  scope = { WebSocket: Browsers }
  patchWebSocket(scope, new Channel(background.target))
  valetKey = anyValetKey()
  protocols = ['realtime', `openai-insecure-api-key.${valetKey}`]
})

type OfType<T extends PageMessage['type']> = Extract<PageMessage, { type: T }>
const said = <T extends PageMessage['type']>(type: T): OfType<T>[] => background.of(type)

/** A socket of the wallet's, and all it tells the page. */
async function connect(): Promise<{ socket: WebSocket; seen: string[]; callId: string }> {
  const socket = new scope.WebSocket(URL_OPENAI, protocols)
  const seen = watch(socket)
  await background.heard('socket.open')
  return { socket, seen, callId: said('socket.open')[0]?.callId ?? '' }
}

async function connected() {
  const made = await connect()
  background.send({
    ...{ type: 'socket.opened', callId: made.callId, protocol: 'realtime', extensions: '' },
  })
  await settled()
  return made
}

function watch(socket: WebSocket): string[] {
  const seen: string[] = []
  for (const type of ['open', 'message', 'error', 'close']) {
    socket.addEventListener(type, (event) => {
      const end =
        event instanceof CloseEvent ? ` ${event.code} ${event.reason} ${event.wasClean}` : ''
      seen.push(`${type}${end}`)
    })
  }
  return seen
}

const thrown = (act: () => unknown): string => {
  try {
    act()
    return 'nothing'
  } catch (error) {
    return error instanceof DOMException ? error.name : String(error)
  }
}

describe('a socket without a valet key', () => {
  it('is the browser’s own', () => {
    const socket = new scope.WebSocket(NOBODY, ['realtime', 'openai-insecure-api-key.no-key'])
    socket.addEventListener('error', () => undefined)

    expect(Object.getOwnPropertyNames(socket)).not.toContain('send')
    expect(socket).toBeInstanceOf(Native)
    expect(scope.WebSocket.OPEN).toBe(Native.OPEN)
    expect(said('socket.open')).toEqual([])
  })

  it.each<[string, () => unknown]>([
    ['a name twice', () => [NOBODY, ['a', 'A', 'a']]],
    ['a name with a space', () => [NOBODY, ['a b']]],
    ['an address of another kind', () => ['mailto:a@b.c', []]],
    ['an address with a fragment', () => ['wss://a.example/#b', []]],
  ])('is refused with the browser’s own error: %s', (_name, given) => {
    const [url, names] = given() as [string, string[]]
    const key = `x.${valetKey}`

    expect(thrown(() => new scope.WebSocket(url, [...names, key]))).toBe(
      thrown(() => new Native(url, [...names, key])),
    )
  })
})

describe('a socket with a valet key', () => {
  it('is an instance of the class, with its constants, and of a class derived from it', async () => {
    class Own extends scope.WebSocket {
      readonly mine = true
    }
    const own = new Own(URL_OPENAI, protocols)

    expect(own).toBeInstanceOf(Own)
    expect(own).toBeInstanceOf(Native)
    expect([own.mine, own.OPEN, own.url]).toEqual([true, 1, URL_OPENAI])
    const { socket } = await connect()
    expect(socket.constructor).toBe(scope.WebSocket)
    expect(Object.keys(socket)).toEqual(Object.keys(new Native(NOBODY)))
    expect(socket).toMatchObject({
      ...{ readyState: 0, bufferedAmount: 0, protocol: '', extensions: '', binaryType: 'blob' },
    })
  })

  it('is asked for with address and names as the page gave them, and sees the one that was chosen', async () => {
    const { socket, seen } = await connected()

    expect(said('socket.open')[0]).toMatchObject({ url: URL_OPENAI, protocols, valetKey })
    expect(seen).toEqual(['open'])
    expect([socket.readyState, socket.protocol]).toEqual([1, 'realtime'])
  })

  it.each([
    ['?key=', () => [`wss://generativelanguage.googleapis.com/ws/x?key=${valetKey}`]],
    ['a name of its own', () => ['wss://api.deepgram.com/v1/listen', ['token', valetKey]]],
    ['one name', () => ['wss://api.openai.com/v1/realtime', protocols[1]]],
    ['an https address', () => [URL_OPENAI.replace('wss', 'https'), protocols]],
  ])('is known by %s', async (_form, args) => {
    const socket = Reflect.construct(scope.WebSocket, args()) as WebSocket
    await background.heard('socket.open')

    expect(said('socket.open')[0]).toMatchObject({ valetKey, url: socket.url })
    expect(socket.url).toMatch(/^wss:/)
  })

  it('gives frames as the page wants them: text, blob, buffer', async () => {
    const { socket, callId } = await connected()
    const frames: unknown[] = []
    const origins: string[] = []
    socket.onmessage = ({ data, origin }: MessageEvent<unknown>) => {
      frames.push(data)
      origins.push(origin)
    }
    const data = new Uint8Array([1, 2, 3])
    background.send({ type: 'socket.frame', callId, data: 'hi' })
    background.send({ type: 'socket.frame', callId, data })
    await settled()
    socket.binaryType = 'arraybuffer'
    Reflect.set(socket, 'binaryType', 'nonsense')
    background.send({ type: 'socket.frame', callId, data })
    await settled()

    expect(frames[0]).toBe('hi')
    expect(frames[1]).toBeInstanceOf(Blob)
    expect(new Uint8Array(frames[2] as ArrayBuffer)).toEqual(data)
    expect(origins[0]).toBe('wss://api.openai.com')
  })

  it('sends text, buffers, views and blobs in order, and counts what has not left', async () => {
    const { socket, callId } = await connected()
    const view = new Uint16Array([1, 2, 3]).subarray(1)
    socket.send('é')
    socket.send(new Blob(['blob']))
    socket.send(new Uint8Array([7]).buffer)
    socket.send(view)
    view[0] = 9
    Reflect.apply(socket.send, socket, [42])
    expect(socket.bufferedAmount).toBe(2 + 4 + 1 + 4 + 2)
    await background.heard('socket.frame', 5)

    expect(
      said('socket.frame').map(({ data }) => (typeof data === 'string' ? data : [...data])),
    ).toEqual(['é', [...Buffer.from('blob')], [7], [2, 0, 3, 0], '42'])
    background.send({ type: 'socket.sent', callId, bytes: 6 })
    await settled()
    expect(socket.bufferedAmount).toBe(7)
  })

  it('closes as the page says, and tells code, reason and whether it was clean', async () => {
    const { socket, seen, callId } = await connected()
    socket.close(3001, 'bye')
    socket.close(3002)
    expect(socket.readyState).toBe(2)
    await background.heard('socket.close')
    background.send({ type: 'socket.frame', callId, data: 'late' })
    background.send({
      ...{ type: 'socket.closed', callId, code: 3001, reason: 'bye' },
      wasClean: true,
    })
    await settled()

    expect(said('socket.close')).toEqual([
      { type: 'socket.close', callId, code: 3001, reason: 'bye' },
    ])
    expect(seen).toEqual(['open', 'close 3001 bye true'])
    expect(socket.readyState).toBe(3)
  })

  it.each<[string, (socket: WebSocket) => void]>([
    [
      'a code of its own',
      (socket) => {
        socket.close(1001)
      },
    ],
    [
      'a code below',
      (socket) => {
        socket.close(2999)
      },
    ],
    [
      'a long reason',
      (socket) => {
        socket.close(1000, 'é'.repeat(62))
      },
    ],
    [
      'a frame before it is open',
      (socket) => {
        socket.send('early')
      },
    ],
  ])('refuses as the native one does: %s', async (_name, act) => {
    const { socket } = await connect()
    const native = new Native(NOBODY)
    native.addEventListener('error', () => undefined)

    expect(
      thrown(() => {
        act(socket)
      }),
    ).toBe(
      thrown(() => {
        act(native)
      }),
    )
    expect(
      thrown(() => {
        act(socket)
      }),
    ).not.toBe('nothing')
  })

  it('fails like a handshake that failed: refused, closed early, or the worker gone', async () => {
    const refused = await connect()
    background.fail(refused.callId, 'grant.denied')
    await settled()
    expect(refused.seen).toEqual(['error', 'close 1006 grant.denied false'])

    const early = new scope.WebSocket(URL_OPENAI, protocols)
    const seen = watch(early)
    early.close()
    expect(early.readyState).toBe(2)
    await settled()
    expect(seen).toEqual(['error', 'close 1006  false'])

    background.messages.length = 0
    const lost = await connected()
    background.fail(lost.callId, 'wallet.lost')
    await settled()
    expect(lost.seen).toEqual(['open', 'error', 'close 1006 wallet.lost false'])
  })

  it('becomes the page’s own where it is not ours to open', async () => {
    const socket = new scope.WebSocket(NOBODY, protocols)
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => {
        resolve(code)
      }
    })
    await background.heard('socket.open')
    background.send({ type: 'call.pass', callId: said('socket.open')[0]?.callId ?? '' })

    expect(await closed).toBe(1006)
    expect(socket.readyState).toBe(3)
  })

  it('hands on how the page wants its bytes, also once it is the page’s own', async () => {
    const socket = new scope.WebSocket(NOBODY, protocols)
    await background.heard('socket.open')
    socket.binaryType = 'arraybuffer'
    background.send({ type: 'call.pass', callId: said('socket.open')[0]?.callId ?? '' })
    await settled()
    expect(opened[0]?.binaryType).toBe('arraybuffer')

    socket.binaryType = 'blob'
    expect(opened[0]?.binaryType).toBe('blob')
  })

  it('fails where it is not ours to open and the browser will not', async () => {
    const { socket, seen, callId } = await connect()
    refuses = true
    background.send({ type: 'call.pass', callId })
    await settled()

    expect(seen).toEqual(['error', 'close 1006  false'])
    expect(socket.readyState).toBe(3)
  })

  it('will not carry a frame beyond the limit', async () => {
    const { socket, seen } = await connected()
    socket.send(new ArrayBuffer(16 * 1024 * 1024 + 1))
    await settled()

    expect(seen.at(-1)).toBe('close 1009 request.too_large false')
    expect(said('socket.frame')).toEqual([])
  })
})
