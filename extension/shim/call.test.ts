import { describe, expect, it, vi } from 'vitest'
import { MemoryBackground, settled } from './__fixtures__/background.ts'
import { Call, type CallListener } from './call.ts'
import { Channel } from './channel.ts'

const request = {
  method: 'GET',
  url: 'https://api.example.test/',
  headers: [],
  body: { kind: 'none' },
  valetKey: 'x',
} as const

async function started() {
  const background = new MemoryBackground().arrive()
  const heard = vi.fn<(event: string) => void>()
  const listener: CallListener = {
    onPass: () => {
      heard('pass')
    },
    onHead: () => {
      heard('head')
    },
    onChunk: () => {
      heard('chunk')
    },
    onEnd: () => {
      heard('end')
    },
    onError: () => {
      heard('error')
    },
  }
  const call = new Call(new Channel(background.target), { ...request, headers: [] }, listener)
  await background.heard('call.start')
  return { background, call, heard, callId: background.of('call.start')[0]?.callId ?? '' }
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
