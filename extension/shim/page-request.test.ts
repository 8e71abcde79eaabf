import { beforeEach, describe, expect, it, vi } from 'vitest'
import { MemoryBackground, anyValetKey, type Start } from './__fixtures__/background.ts'
import { Channel } from './channel.ts'
import type { Fetch } from './page-request.ts'
import { patchFetch } from './patch-fetch.ts'

const URL_TEXT = 'https://api.example.test/v1/chat'
const key = anyValetKey()
const other = anyValetKey()

let background: MemoryBackground
let page: { fetch: Fetch }

beforeEach(() => {
  background = new MemoryBackground().arrive()
  page = { fetch: vi.fn<Fetch>(() => Promise.resolve(new Response('native'))) }
  patchFetch(page, new Channel(background.target))
})

/** Calls `fetch` and waits for what the background hears of it. */
async function said(input: unknown, init?: unknown, after = () => undefined): Promise<Start> {
  void page.fetch(input as string, init as RequestInit).catch(() => undefined)
  after()
  await background.heard('call.start')
  const [start] = background.of('call.start')
  if (!start) throw new TypeError('no call')
  return start
}

async function textOf({ body }: Start): Promise<string> {
  if (body.kind === 'bytes') return new TextDecoder().decode(body.bytes)
  if (body.kind === 'text') return body.text
  return body.kind === 'blob' ? body.blob.text() : ''
}

/** An object that says something else each time it is asked; counts how often that was. */
function fickle(values: Readonly<Record<string, readonly unknown[]>>) {
  const asked: Record<string, number> = {}
  const init = new Proxy(
    {},
    {
      get(_target, name) {
        const count = (asked[String(name)] = (asked[String(name)] ?? 0) + 1)
        return values[String(name)]?.[count - 1]
      },
    },
  )
  return { init, asked }
}

describe('what a page gives to fetch (C46)', () => {
  it('is asked for once, part by part, and sent as it was then', async () => {
    const { init, asked } = fickle({
      method: ['POST', 'PUT'],
      headers: [{ authorization: `Bearer ${key}` }, { authorization: `Bearer ${other}` }],
      body: ['first', new Blob(['second'])],
    })
    const start = await said(URL_TEXT, init)

    expect(Object.entries(asked).filter(([, count]) => count > 1)).toEqual([])
    expect([start.method, start.valetKey, await textOf(start)]).toEqual(['POST', key, 'first'])
    expect(new Map(start.headers).get('authorization')).toBe(`Bearer ${key}`)
  })

  it('is read once where a header is a getter', async () => {
    let count = 0
    const headers = {
      get authorization() {
        return `Bearer ${count++ === 0 ? key : other}`
      },
    }
    const start = await said(URL_TEXT, { headers })

    expect([count, start.valetKey]).toEqual([1, key])
    expect(new Map(start.headers).get('authorization')).toBe(`Bearer ${key}`)
  })

  it('is what the browser keeps, whatever stands over it on a URL or a Request', async () => {
    const url = new URL(`${URL_TEXT}?key=${key}`)
    const hide = { get: () => 'https://elsewhere.example.test/' }
    Object.defineProperties(url, { href: hide, toString: { value: hide.get } })
    expect((await said(url)).url).toBe(`${URL_TEXT}?key=${key}`)

    background.messages.length = 0
    const request = new Request(URL_TEXT, { headers: { 'x-api-key': key } })
    const headers = new Headers({ 'x-api-key': other })
    Object.defineProperties(request, { url: hide, headers: { value: headers } })
    const start = await said(request)
    expect([start.url, start.valetKey]).toEqual([URL_TEXT, key])
    expect(new Map(start.headers).get('x-api-key')).toBe(key)
  })

  it('is left to the browser where a header list can be read once only', async () => {
    const entries = [['x-api-key', key]][Symbol.iterator]()
    await page.fetch(URL_TEXT, { headers: entries as unknown as HeadersInit })

    expect(vi.mocked(page.fetch).mock.calls[0]?.[1]?.headers).toBe(entries)
    expect([...entries]).toHaveLength(1)
  })

  it('is sent whatever the page put in the place of the iterator of headers', async () => {
    const iterator = vi.spyOn(Headers.prototype, Symbol.iterator).mockImplementation(() => {
      throw new TypeError('broken')
    })
    const start = await said(URL_TEXT, { headers: { 'x-api-key': key } })
    iterator.mockRestore()

    expect(new Map(start.headers).get('x-api-key')).toBe(key)
  })

  it('cannot be changed once fetch was called', async () => {
    const headers = new Headers({ 'x-api-key': key })
    const body = new URLSearchParams('model=first')
    const start = await said(URL_TEXT, { method: 'POST', headers, body }, () => {
      headers.set('x-api-key', other)
      body.set('model', 'second')
      body.toString = () => 'model=third'
    })

    expect([start.valetKey, new Map(start.headers).get('x-api-key')]).toEqual([key, key])
    expect(await textOf(start)).toBe('model=first')
  })

  it.each([
    ['null', null],
    ['a frozen object', Object.freeze({ method: 'GET' })],
    [
      'an instance of a class',
      new (class Init {
        readonly #method = 'GET'
        get method() {
          return this.#method
        }
      })(),
    ],
    ['a function', Object.assign(() => undefined, { method: 'GET' })],
  ])('may come in any form the browser takes: %s', async (_form, init) => {
    expect((await said(`${URL_TEXT}?key=${key}`, init)).method).toBe('GET')
  })

  it('is the browser’s to refuse where it is no object', async () => {
    await page.fetch(`${URL_TEXT}?key=${key}`, 5 as RequestInit)

    expect(page.fetch).toHaveProperty('mock.calls', [[`${URL_TEXT}?key=${key}`, 5]])
  })

  it.each([
    ['a pair at the end of a part', `${'a'.repeat(256 * 1024 - 1)}😀${'b'.repeat(9)}`],
    ['letters of more bytes than one', '€'.repeat(300_000)],
    ['half a pair where a part ends', `${'a'.repeat(256 * 1024 - 1)}\ud83d`],
  ])('keeps a long text to the letter: %s', async (_name, body) => {
    const start = await said(`${URL_TEXT}?key=${key}`, { method: 'POST', body })

    expect(start.body.kind).toBe('blob')
    expect((await textOf(start)) === body.toWellFormed()).toBe(true)
  })

  it('may be a Request in the place of an init, with a body', async () => {
    const init = { method: 'POST', headers: { 'x-api-key': key }, body: 'of a request' }
    const start = await said(URL_TEXT, new Request('https://other.example.test/', init))

    expect([start.url, start.method, start.valetKey]).toEqual([URL_TEXT, 'POST', key])
    expect(await textOf(start)).toBe('of a request')
  })
})
