import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { UiReply } from '@valetkey/wallet/protocol'

/** What the background does with one message. */
type Answer = () => Promise<UiReply | undefined>

const PAUSED = { method: 'wallet.pause', params: { paused: true } } as const
const status = { vault: 'locked', paused: false, updateWaits: false, kitKept: true } as const
const answered: Answer = () => Promise.resolve({ ok: true, result: status })
const cutOff: Answer = () => Promise.reject(new Error('the message channel closed'))
const notListening: Answer = () => Promise.resolve(undefined)

let sent: unknown[]
let answers: Answer[]

/** The browser's messaging, the same for every test: the polyfill takes it once. */
const runtime = {
  id: 'valetkey',
  sendMessage: (message: unknown) => {
    sent.push(message)
    const answer = answers.shift()
    if (!answer) throw new TypeError('asked too often')
    return answer()
  },
  onMessage: { addListener: () => undefined, removeListener: () => undefined },
}

/** A window, and a background that gives these answers one after the other. */
async function openWindow(...given: Answer[]) {
  answers = given
  vi.resetModules()
  return import('./background-client.ts')
}

beforeEach(() => {
  sent = []
  vi.stubGlobal('chrome', { runtime })
  vi.stubGlobal('browser', { runtime })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a window of ours, while the worker dies', () => {
  it.each([
    ['cut off', cutOff],
    ['taken by a worker that does not listen yet', notListening],
  ])('puts a question again that was %s', async (_what, lost) => {
    const { request } = await openWindow(lost, lost, answered)

    expect(await request('status.get', {})).toEqual(status)
    expect(sent).toHaveLength(3)
  })

  it('gives a question up that nobody ever answers', async () => {
    const { request } = await openWindow(cutOff, notListening, cutOff, answered)

    await expect(request('status.get', {})).rejects.toMatchObject({ code: 'internal' })
    expect(sent).toHaveLength(3)
  })

  it('never repeats an order: it says so, and looks at what became of it', async () => {
    const { request, onStateChanged } = await openWindow(cutOff, answered)
    const looked = vi.fn()
    onStateChanged(looked)

    await expect(request(PAUSED.method, PAUSED.params)).rejects.toMatchObject({ code: 'internal' })
    expect(sent).toEqual([PAUSED])
    expect(looked).toHaveBeenCalledOnce()
  })

  it('does not repeat a question that was refused', async () => {
    const wire = { code: 'vault.locked', message: '', retryable: false, requestId: 'r' }
    const { request } = await openWindow(() => Promise.resolve({ ok: false, error: wire }))

    await expect(request('key.list', {})).rejects.toMatchObject({ code: 'vault.locked' })
    expect(sent).toHaveLength(1)
  })
})
