import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryBackground, anyValetKey, settled } from './__fixtures__/background.ts'
import { Channel } from './channel.ts'
import { watchSockets } from './watch-sockets.ts'

const URL_OPENAI = 'wss://api.openai.com/v1/realtime?model=m'

/** Stands for the browser's own class: keeps what it was given. */
class Browsers {
  static readonly CONNECTING = 0
  readonly given: unknown[]

  constructor(...given: unknown[]) {
    if (given.length === 0) throw new TypeError('1 argument required')
    this.given = given
  }
}

let scope: { WebSocket: typeof WebSocket }
let background: MemoryBackground
let valetKey: string

beforeEach(() => {
  background = new MemoryBackground().arrive()
  scope = { WebSocket: Browsers as unknown as typeof WebSocket }
  watchSockets(scope, new Channel(background.target))
  valetKey = anyValetKey()
})

function open(...given: unknown[]): unknown {
  return Reflect.construct(scope.WebSocket, given)
}

describe('a socket of a site that may not talk live', () => {
  it('is opened by the browser, and told of, with the key among its protocols', async () => {
    const protocols = ['realtime', `openai-insecure-api-key.${valetKey}`]

    expect(open(URL_OPENAI, protocols)).toMatchObject({ given: [URL_OPENAI, protocols] })
    await settled()
    expect(background.of('seen')).toEqual([{ type: 'seen', url: URL_OPENAI, valetKey }])
  })

  it('is told of, with the key in its address', async () => {
    const url = new URL(`wss://relay.example.test/?key=${valetKey}`)
    open(url)
    await settled()

    expect(background.of('seen')).toEqual([{ type: 'seen', url: url.href, valetKey }])
  })

  it('is the browser’s own business without a key, or with arguments that have no text', async () => {
    const unreadable: unknown[] = []
    unreadable.push(unreadable)
    open(URL_OPENAI, 'realtime')
    expect(open(URL_OPENAI, unreadable)).toMatchObject({ given: [URL_OPENAI, unreadable] })
    expect(() => open()).toThrow(TypeError)
    await settled()

    expect(background.messages).toEqual([])
  })

  it('is an instance of the class the page sees, which looks as ever', () => {
    const socket = open(URL_OPENAI) as WebSocket

    expect(socket).toBeInstanceOf(scope.WebSocket)
    expect(socket.constructor).toBe(scope.WebSocket)
    expect(scope.WebSocket.CONNECTING).toBe(0)
    expect(scope.WebSocket.name).toBe('Browsers')
  })
})
