import { describe, expect, it, vi } from 'vitest'
import { MemoryBackground, settled } from './__fixtures__/background.ts'
import { Call, type CallListener } from './call.ts'
import { Channel, type CallMessage } from './channel.ts'

const request = {
  method: 'GET',
  url: 'https://api.example.test/',
  headers: [],
  body: { kind: 'none' },
  valetKey: 'x',
} as const

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

function listening() {
  const heard = vi.fn<(event: string) => void>()
  const texts: string[] = []
  const listener: CallListener = {
    onPass: () => {
      heard('pass')
    },
    onHead: () => {
      heard('head')
    },
    onChunk: (bytes) => {
      heard('chunk')
      texts.push(new TextDecoder().decode(bytes))
    },
    onEnd: () => {
      heard('end')
    },
    onError: ({ code }) => {
      heard(code)
    },
  }
  return { heard, texts, listener }
}

async function started() {
  const background = new MemoryBackground().arrive()
  const { listener, ...seen } = listening()
  const call = new Call(new Channel(background.target), { ...request, headers: [] }, listener)
  await background.heard('call.start')
  return { background, call, ...seen, callId: background.of('call.start')[0]?.callId ?? '' }
}

/** A call on a channel that hands over at once, and whatever it is given. */
function startedAt() {
  let receive: (message: CallMessage) => void = () => undefined
  const channel = {
    open: (_callId: string, receiver: typeof receive) => void (receive = receiver),
    close: () => undefined,
    post: () => undefined,
  }
  const { listener, ...seen } = listening()
  const call = new Call(channel as unknown as Channel, { ...request, headers: [] }, listener)
  const hand = (message: CallMessage): void => {
    receive(message)
  }
  return { call, ...seen, receive: hand }
}

describe('Call', () => {
  it('gives every call an id of its own, in the form the background takes', async () => {
    const [first, second] = [await started(), await started()]

    expect(first.callId).not.toBe(second.callId)
    expect(first.callId).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
  })

  it('tells the events of a reply in their order', async () => {
    const { background, heard, callId } = await started()

    background.reply(callId, 200, ['a', 'b'])
    await settled()

    expect(heard.mock.calls.flat()).toEqual(['head', 'chunk', 'chunk', 'end'])
  })

  it('reads what comes by handle in its turn', async () => {
    const { background, heard, texts, callId } = await started()

    for (const bytes of [new Blob(['first ']), new Blob(['second ']), encode('third ')]) {
      background.send({ type: 'call.chunk', callId, bytes })
    }
    background.send({ type: 'call.end', callId })
    await expect.poll(() => heard.mock.calls.flat()).toContain('end')

    expect(texts).toEqual(['first ', 'second ', 'third '])
    expect(heard.mock.calls.flat()).toEqual(['chunk', 'chunk', 'chunk', 'end'])
  })

  it('breaks a reply of which a part cannot be read any more', async () => {
    const { receive, heard } = startedAt()

    // The browser's own failure cannot be had here: a handle that nothing stands behind is as good.
    receive({ type: 'call.chunk', callId: '', bytes: Object.create(Blob.prototype) as Blob })
    receive({ type: 'call.end', callId: '' })
    await settled()

    expect(heard.mock.calls.flat()).toEqual(['wallet.lost'])
  })

  it('hears nothing of what was still being read at an abort', async () => {
    const { receive, call, heard } = startedAt()

    receive({ type: 'call.chunk', callId: '', bytes: new Blob(['late']) })
    call.abort()
    await settled()

    expect(heard).not.toHaveBeenCalled()
  })

  it('hears nothing after an abort, and aborts once', async () => {
    const { background, call, heard, callId } = await started()

    call.abort()
    call.abort()
    background.reply(callId, 200, ['late'])
    await settled()

    expect(heard).not.toHaveBeenCalled()
    expect(background.of('call.abort')).toEqual([{ type: 'call.abort', callId }])
  })

  it('gives no credit and aborts nothing once it is over', async () => {
    const { background, call, callId } = await started()
    background.reply(callId, 200, [])
    await settled()

    call.consumed(10_000_000)
    call.abort()
    await settled()

    expect(background.messages.map(({ type }) => type)).toEqual(['call.start'])
  })
})
