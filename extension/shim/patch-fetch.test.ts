import { beforeEach, describe, expect, it, vi } from 'vitest'
import { settled, type MemoryBackground } from './__fixtures__/background.ts'
import { PatchedPage, URL_TEXT, key, headers } from './__fixtures__/patched-page.ts'
import { Channel } from './channel.ts'
import type { Fetch } from './page-request.ts'
import { patchFetch } from './patch-fetch.ts'

let page: PatchedPage
let background: MemoryBackground
let native: ReturnType<typeof vi.fn<Fetch>>

beforeEach(() => {
  native = vi.fn<Fetch>(() => Promise.resolve(new Response('native')))
  page = new PatchedPage(native)
  background = page.background
})

describe('a request without a valet key', () => {
  it('reaches the native fetch in the same turn, arguments and receiver untouched', () => {
    const answer = Promise.resolve(new Response())
    native.mockReturnValue(answer)
    const init = { headers: { authorization: 'Bearer sk-of-somebody' } }
    const receiver = { fetch: page.fetch }

    const result = receiver.fetch(URL_TEXT, init)

    expect(result).toBe(answer)
    expect(native.mock.contexts[0]).toBe(receiver)
    expect(native.mock.calls[0]?.[1]).toBe(init)
  })

  it.each([
    ['no argument', []],
    ['an object with an address', [{ toString: () => `${URL_TEXT}?key=${key}` }]],
    ['headers that throw', [URL_TEXT, { headers: { 'bad name': key } }]],
    ['an init that throws', [URL_TEXT, throwing()]],
    ['an init of null', [URL_TEXT, null]],
  ])('reaches it with %s', (_case, args) => {
    void Reflect.apply(page.fetch, undefined, args)

    expect(native.mock.calls[0]).toEqual(args)
    expect(native.mock.calls[0]?.length).toBe(args.length)
  })

  it('is made by the page as it is, and told of once for each host, when its body holds one', async () => {
    for (const address of [URL_TEXT, URL_TEXT, 'https://other.example.test/']) {
      await page.fetch(address, { method: 'POST', body: `{"key":"${key}"}` })
    }
    await background.heard('seen', 2)
    await settled()

    expect(native.mock.calls[0]?.[1]).toEqual({ method: 'POST', body: `{"key":"${key}"}` })
    expect(native).toHaveBeenCalledTimes(3)
    expect(background.messages).toEqual([
      { type: 'seen', url: URL_TEXT, valetKey: key },
      { type: 'seen', url: 'https://other.example.test/', valetKey: key },
    ])
  })

  it('asks nobody', async () => {
    await page.fetch(URL_TEXT)
    await settled()

    expect(background.messages).toEqual([])
  })
})

describe('the patched fetch', () => {
  it('looks native', () => {
    const scope = { fetch: globalThis.fetch }
    const before = Object.getOwnPropertyDescriptor(scope, 'fetch')

    patchFetch(scope, new Channel(new EventTarget()))

    const value: unknown = scope.fetch
    expect(Object.getOwnPropertyDescriptor(scope, 'fetch')).toEqual({ ...before, value })
    expect(scope.fetch.name).toBe(globalThis.fetch.name)
    expect(scope.fetch.length).toBe(globalThis.fetch.length)
    expect(String(scope.fetch)).toContain('[native code]')
    expect(scope.fetch).not.toBe(globalThis.fetch)
  })

  it('leaves alone what it may not replace', () => {
    const scope = Object.freeze({ fetch: native })

    patchFetch(scope, new Channel(background.target))

    expect(scope.fetch).toBe(native)
  })
})

describe('a request with a valet key', () => {
  it('goes to the wallet as the page put it', async () => {
    const { start } = await page.started(URL_TEXT, {
      method: 'post',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: '{"a":1}',
    })

    expect(start).toEqual({
      type: 'call.start',
      callId: start.callId,
      method: 'POST',
      url: URL_TEXT,
      headers: [
        ['authorization', `Bearer ${key}`],
        ['content-type', 'application/json'],
      ],
      body: { kind: 'text', text: '{"a":1}' },
      valetKey: key,
    })
    expect(native).not.toHaveBeenCalled()
  })

  it.each([
    ['a URL', () => new URL(`${URL_TEXT}?key=${key}`), undefined],
    ['a Request', () => new Request(URL_TEXT, { headers }), undefined],
    ['a Request whose init holds the key', () => new Request(URL_TEXT), { headers }],
  ])('is seen in %s', async (_case, input, init) => {
    const { start } = await page.started(input(), init)

    expect(start.valetKey).toBe(key)
    expect(start.body).toEqual({ kind: 'none' })
  })

  it('is not seen in the headers of a Request whose init replaces them', async () => {
    await page.fetch(new Request(URL_TEXT, { headers }), { headers: {} })

    expect(native).toHaveBeenCalledOnce()
  })

  it.each([
    ['URLSearchParams', new URLSearchParams('a=1&b=2'), 'a=1&b=2', /^application\/x-www-form/],
    ['an ArrayBuffer', new TextEncoder().encode('abc').buffer, 'abc', null],
    ['a view of a part', new TextEncoder().encode('xabc').subarray(1), 'abc', null],
    ['a Blob', new Blob(['abc'], { type: 'audio/wav' }), 'abc', /^audio\/wav$/],
    ['a large string', 'y'.repeat(300_000), 'yyy', /^text\/plain/],
    ['a large buffer', new Uint8Array(300_000).fill(0x7a), 'zzz', null],
    ['nothing but an empty string', '', '', /^text\/plain/],
  ])('carries %s', async (_case, body, expected, contentType) => {
    const { start } = await page.started(URL_TEXT, { method: 'POST', headers, body })

    expect(await textOf(start.body)).toContain(expected)
    const type = new Map(start.headers).get('content-type') ?? ''
    expect(type).toMatch(contentType ?? /^$/)
  })

  it('carries a form in its fields, as they stood: no file is read on the way', async () => {
    const form = new FormData()
    form.append('model', 'whisper')
    const recording = new File(['RIFF'], 'a.wav', { type: 'audio/wav' })
    form.append('file', Object.defineProperty(recording, 'name', { value: 'elsewhere' }))
    const read = vi.spyOn(Request.prototype, 'arrayBuffer')
    background.site = null
    void page.fetch(URL_TEXT, { method: 'POST', headers, body: form }).catch(() => undefined)
    form.set('model', 'changed')
    await background.heard('hello')
    background.send({ type: 'ready', version: 1, site: 'on' })
    await background.heard('call.start')

    const body = background.of('call.start')[0]?.body
    const fields = body?.kind === 'form' ? body.fields : []
    expect(fields).toMatchObject([
      { name: 'model', text: 'whisper' },
      { name: 'file', filename: 'a.wav' },
    ])
    const [, file] = fields
    expect(file && 'blob' in file && (await file.blob.text())).toBe('RIFF')
    expect(read).not.toHaveBeenCalled()
  })

  it('carries the parameters of a search as they stood', async () => {
    const search = new URLSearchParams('a=1')
    const starting = page.started(URL_TEXT, { method: 'POST', headers, body: search })
    search.set('a', 'changed')
    const { start } = await starting

    expect(await textOf(start.body)).toBe('a=1')
  })

  it('carries a stream, and the body of a Request', async () => {
    const stream = new Blob(['streamed']).stream()
    const first = await page.started(URL_TEXT, {
      method: 'POST',
      headers,
      body: stream,
      duplex: 'half',
    } as RequestInit)
    const request = new Request(URL_TEXT, { method: 'PUT', headers, body: 'of a request' })
    void page.fetch(request).catch(() => undefined)
    await background.heard('call.start', 2)

    const bodies = background.of('call.start').map(({ body }) => textOf(body))
    expect(await Promise.all(bodies)).toEqual(['streamed', 'of a request'])
    expect(request.bodyUsed).toBe(true)
    expect(first.start.method).toBe('POST')
  })

  it('rejects as the browser does when its stream fails', async () => {
    const body = new ReadableStream({
      pull: (controller) => {
        controller.error(new Error('disk'))
      },
    })

    const reply = page.fetch(URL_TEXT, {
      method: 'POST',
      headers,
      body,
      duplex: 'half',
    } as RequestInit)

    await expect(reply).rejects.toThrow(new TypeError('Failed to fetch'))
    expect(background.of('call.start')).toEqual([])
  })

  it('is held until the background answered', async () => {
    background.site = null
    const reply = page.fetch(URL_TEXT, { headers })
    await background.heard('hello')
    expect(background.of('call.start')).toEqual([])

    background.send({ type: 'ready', version: 1, site: 'on' })
    await background.heard('call.start')
    background.reply(background.of('call.start')[0]?.callId ?? '', 200, ['hi'])

    expect(await (await reply).text()).toBe('hi')
  })

  it.each([
    ['GET with a body', { body: 'x' }],
    ['no-cors, whose answer nobody could read', { mode: 'no-cors' as const }],
    ['an unknown mode', { mode: 'navigate' as const }],
  ])('goes out natively for its own error: %s', async (_case, init) => {
    const whole = { headers, ...init }
    await page.fetch(URL_TEXT, whole)

    expect(native.mock.calls).toEqual([[URL_TEXT, whole]])
    expect(background.of('call.start')).toEqual([])
  })
})

describe('a call the wallet passes on', () => {
  beforeEach(() => {
    background.onStart = ({ callId }) => {
      background.send({ type: 'call.pass', callId })
    }
  })

  it('is made with the very arguments of the page', async () => {
    const init = { method: 'POST', headers, body: new Blob(['b']) }

    expect(await (await page.fetch(URL_TEXT, init)).text()).toBe('native')
    expect(native.mock.calls[0]?.[0]).toBe(URL_TEXT)
    expect(native.mock.calls[0]?.[1]).toBe(init)
  })

  it('has its body still, where that was read for the wallet', async () => {
    const stream = new Blob(['streamed']).stream()
    const init = { method: 'POST', headers, body: stream, duplex: 'half', cache: 'no-store' }
    await page.fetch(URL_TEXT, init as RequestInit)
    await page.fetch(new Request(URL_TEXT, { method: 'PUT', headers, body: 'of a request' }))

    const made = native.mock.calls.map(([input, own]) => new Request(input, own))
    expect(await Promise.all(made.map((request) => request.text()))).toEqual([
      'streamed',
      'of a request',
    ])
    expect(made.map(({ method }) => method)).toEqual(['POST', 'PUT'])
    expect(made[0]?.cache).toBe('no-store')
  })

  it('is made natively too where the site is off', async () => {
    background.site = 'none'

    await page.fetch(URL_TEXT, { headers })

    expect(native).toHaveBeenCalledOnce()
    expect(background.of('call.start')).toEqual([])
  })
})

function throwing(): RequestInit {
  return {
    get headers(): HeadersInit {
      throw new RangeError('trap')
    },
  }
}

async function textOf(body: { kind: string; text?: string; bytes?: Uint8Array; blob?: Blob }) {
  if (body.blob) return body.blob.text()
  return body.bytes ? new TextDecoder().decode(body.bytes) : (body.text ?? '')
}
