import './__fixtures__/memory-xhr.ts'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { MemoryBackground, anyValetKey, settled } from './__fixtures__/background.ts'
import { Channel } from './channel.ts'
import { XhrCall } from './xhr-call.ts'
import { takeXhr } from './xhr-request.ts'

const url = 'https://api.example.test/v1/chat'
const valetKey = anyValetKey()
const EVENTS = [
  'readystatechange',
  'loadstart',
  'progress',
  'abort',
  'error',
  'load',
  'timeout',
  'loadend',
]

let background: MemoryBackground
let xhr: XMLHttpRequest
let log: string[]
let pass: () => void

beforeEach(() => {
  background = new MemoryBackground().arrive()
  xhr = new XMLHttpRequest()
  log = []
  pass = vi.fn()
})

/** A call of this object, its events kept as they come. */
function sent(body: string | null = null): XhrCall {
  const taken = takeXhr({ method: 'POST', url, headers: new Headers() }, body)
  if (!taken) throw new TypeError('not taken')
  const call = new XhrCall(xhr, { taken, valetKey, mime: () => null, pass })
  for (const type of EVENTS) {
    xhr.addEventListener(type, () =>
      log.push(type === 'readystatechange' ? `state ${call.readyState}` : type),
    )
    xhr.upload.addEventListener(type, () => log.push(`upload ${type}`))
  }
  call.start(new Channel(background.target))
  return call
}

async function started(body?: string): Promise<{ call: XhrCall; callId: string }> {
  const call = sent(body)
  await background.heard('call.start')
  const callId = background.of('call.start')[0]?.callId ?? ''
  log.length = 0
  return { call, callId }
}

const head = (callId: string) => ({
  ...{ type: 'call.head' as const, callId, status: 200, statusText: '', headers: [], url: '' },
})

describe('a sent XHR', () => {
  it('tells of its start at once, and of its upload', () => {
    sent('body').drop()

    expect(log).toEqual(['loadstart', 'upload loadstart'])
  })

  it('says an upload is done once there is a head', async () => {
    const { callId } = await started('body')
    background.reply(callId, 204, [])
    await settled()

    expect(log).toEqual([
      ...['upload progress', 'upload load', 'upload loadend'],
      ...['state 2', 'state 4', 'load', 'loadend'],
    ])
  })

  it('ends with an error where nobody was reached, and where the line broke', async () => {
    const first = await started()
    background.fail(first.callId, 'provider.network')
    await settled()
    expect(log).toEqual(['state 4', 'error', 'loadend'])

    background = new MemoryBackground().arrive()
    xhr = new XMLHttpRequest()
    const second = await started()
    background.send(head(second.callId))
    background.fail(second.callId, 'wallet.lost')
    await settled()
    expect(log).toEqual(['state 2', 'state 4', 'error', 'loadend'])
    expect(second.call.reply).toBeNull()
  })

  it('ends with an abort where a person stopped the call', async () => {
    const { callId } = await started()
    background.fail(callId, 'request.aborted')
    await settled()

    expect(log).toEqual(['state 4', 'abort', 'loadend'])
  })

  it('gives a failure of the wallet as a response that no client repeats', async () => {
    const { call, callId } = await started()
    background.fail(callId, 'budget.exceeded')
    await settled()

    expect(call.reply?.status).toBe(502)
    expect(call.reply?.header('x-should-retry')).toBe('false')
    expect(call.reply?.text).toContain('"code":"budget.exceeded"')
    expect(log.at(-1)).toBe('loadend')
  })

  it('stops the provider when it is aborted, and says so once', async () => {
    const { call, callId } = await started('body')
    call.abort()
    call.abort()
    background.reply(callId, 200, ['late'])
    await background.heard('call.abort')
    await settled()

    expect(log).toEqual(['state 4', 'upload abort', 'upload loadend', 'abort', 'loadend'])
    expect(call.readyState).toBe(0)
    expect(background.of('call.abort')).toHaveLength(1)
  })

  it('aborts before the wallet was asked without asking it', async () => {
    const call = sent()
    call.abort()
    await settled()

    expect(background.of('call.start')).toEqual([])
    expect(log).toEqual(['loadstart', 'state 4', 'abort', 'loadend'])
  })

  it('times out, stops the provider, and counts from the start', async () => {
    const { call } = await started()
    xhr.timeout = 30
    call.setTimeout()
    await background.heard('call.abort')

    expect(log).toEqual(['state 4', 'timeout', 'loadend'])
  })

  it('does not time out once the page took the time-out back', async () => {
    xhr.timeout = 1
    const call = sent()
    xhr.timeout = 0
    call.setTimeout()
    await background.heard('call.start')

    expect(log).toEqual(['loadstart'])
    call.drop()
  })

  it('tells no more of a reply that a listener gave up', async () => {
    const { call, callId } = await started()
    xhr.addEventListener('progress', () => {
      call.abort()
    })
    background.reply(callId, 200, ['a', 'b'])
    await settled()

    expect(log).toEqual(['state 2', 'state 3', 'progress', 'state 4', 'abort', 'loadend'])
  })

  it('hands the request back where the wallet passes it', async () => {
    const { callId } = await started()
    background.send({ type: 'call.pass', callId })
    await settled()

    expect(pass).toHaveBeenCalledOnce()
    expect(log).toEqual([])
  })

  it('reports what was read, so that the provider may go on', async () => {
    const { callId } = await started()
    background.send(head(callId))
    background.send({ type: 'call.chunk', callId, bytes: new Uint8Array(300_000) })
    await background.heard('call.credit')

    expect(background.of('call.credit')[0]).toMatchObject({ bytes: 300_000 })
  })
})
