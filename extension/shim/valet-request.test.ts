import { beforeEach, describe, expect, it } from 'vitest'
import { VALET_KEY_SHAPES } from '@valetkey/wallet/protocol/valet-key'
import { anyValetKey } from './__fixtures__/background.ts'
import { isKeyless, keyOf } from './valet-request.ts'

const URL = 'https://api.example.test/v1/models'
const key = anyValetKey()

describe('the valet key of a request', () => {
  it.each([
    ['Authorization: Bearer', { Authorization: `Bearer ${key}` }],
    ['a lower-case scheme', { authorization: `bearer ${key}` }],
    ['Authorization: Token', { Authorization: `Token ${key}` }],
    ['Authorization: Key', { Authorization: `Key ${key}` }],
    ['x-api-key', { 'x-api-key': key }],
    ['x-goog-api-key', { 'x-goog-api-key': key }],
    ['api-key', { 'api-key': key }],
    ['xi-api-key', { 'xi-api-key': key }],
    ['white space around', { 'x-api-key': `  ${key} ` }],
    [
      'the same header twice',
      [
        ['x-api-key', key],
        ['X-API-Key', key],
      ] as [string, string][],
    ],
    ['Headers', new Headers({ authorization: `Bearer ${key}` })],
    ['a map', new Map([['x-api-key', key]]) as unknown as [string, string][]],
  ])('finds it in %s', (_form, headers) => {
    expect(find(URL, headers)).toBe(key)
  })

  it.each([
    `?key=${key}`,
    `?alt=sse&api_key=${key}`,
    `?key=${key}#top`,
    `?a=%20&key=${encodeURIComponent(key)}`,
  ])('finds it in the query %#', (query) => {
    expect(find(URL + query)).toBe(key)
  })

  it.each(VALET_KEY_SHAPES.map(({ id }) => id))('finds shape %s', (id) => {
    const shaped = anyValetKey(id)

    expect(find(URL, { authorization: `Bearer ${shaped}` })).toBe(shaped)
    expect(find(`${URL}?key=${encodeURIComponent(shaped)}`)).toBe(shaped)
  })

  it.each([
    ['no headers', undefined],
    ['another credential', { authorization: 'Bearer sk-something-else' }],
    ['a key with one character changed', { authorization: `Bearer ${changed(key)}` }],
    ['a key with one character more', { 'x-api-key': `${key}A` }],
    ['a key inside a longer word', { 'x-api-key': `x${key}` }],
    ['a key in quotes', { 'x-api-key': `"${key}"` }],
  ])('finds nothing in %s', (_form, headers) => {
    expect(find(URL, headers)).toBeNull()
  })

  it.each([`/${key}`, `#key=${key}`, `?key=${changed(key)}`, `?${key}`])(
    'finds nothing in an address where no key belongs %#',
    (rest) => {
      expect(find(URL + rest)).toBeNull()
    },
  )

  it('is told of, and not taken, in a body: no provider takes a key from there', () => {
    const body = JSON.stringify({ provider: 'openai', key, text: 'VALET '.repeat(20) })

    expect(find(URL, undefined, body)).toBeNull()
    expect(strays).toEqual([[URL, key]])
  })

  it.each([
    `https://relay.example.test/${key}/v1/chat`,
    `https://relay.example.test/?url=${encodeURIComponent(`https://api.example.test/?key=${key}`)}`,
  ])('is told of, and not taken, inside an address %#', (address) => {
    expect(find(address)).toBeNull()
    expect(strays).toEqual([[address, key]])
  })

  it('is not told of where it is a credential: the background sees it', () => {
    find(URL, { authorization: `Bearer ${key}` }, key)

    expect(strays).toEqual([])
  })

  it('is looked for in the first 64 kB of a body', () => {
    find(URL, undefined, `${'.'.repeat(65_536 - key.length)}${key}`)
    expect(strays).toHaveLength(1)

    strays = []
    find(URL, undefined, `${'.'.repeat(65_537 - key.length)}${key}`)
    expect(strays).toEqual([])
  })
})

describe('isKeyless', () => {
  it.each<[string, HeadersInit | undefined, boolean]>([
    ['nothing', undefined, false],
    ['an empty record', {}, true],
    ['a record without a key', { authorization: 'Bearer of-somebody', 'x-a': '1' }, true],
    ['a record with one', { 'x-api-key': key }, false],
    ['a list', [['x-a', '1']], false],
    ['Headers', new Headers({ 'x-a': '1' }), false],
    ['a map', new Map([['x-a', '1']]) as unknown as [], false],
    ['a value that is no text', { 'x-a': { toString: () => key } as unknown as string }, false],
    ['what is inherited', Object.create({ 'x-a': '1' }) as Record<string, string>, false],
  ])('says of %s: %s', (_what, headers, expected) => {
    expect(isKeyless(headers)).toBe(expected)
  })

  it('C46: asks no getter', () => {
    let asked = 0
    const headers = Object.defineProperty({}, 'x-api-key', {
      get: () => (asked += 1),
      enumerable: true,
    })

    expect(isKeyless(headers)).toBe(false)
    expect(asked).toBe(0)
  })
})

let strays: [string | URL, string][]

beforeEach(() => {
  strays = []
})

function find(url: string, headers?: HeadersInit, text: string | null = null): string | null {
  return keyOf(
    { url, headers: headers && new Headers(headers), text },
    { tellStray: (...told) => strays.push(told) },
  )
}

function changed(text: string): string {
  const middle = Math.floor(text.length / 2)
  const other = text[middle] === 'a' ? 'b' : 'a'
  return text.slice(0, middle) + other + text.slice(middle + 1)
}
