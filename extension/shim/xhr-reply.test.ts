import './__fixtures__/memory-xhr.ts'
import { describe, expect, it } from 'vitest'
import { XhrReply } from './xhr-reply.ts'

type Type = XMLHttpRequestResponseType

function replyOf(
  parts: (string | number[])[],
  type: Type = '',
  given: { contentType?: string; mime?: string } = {},
) {
  const headers: [string, string][] =
    given.contentType === undefined ? [] : [['content-type', given.contentType]]
  const reply = new XhrReply({ status: 200, statusText: '', headers }, type, given.mime ?? null)
  for (const part of parts) {
    reply.push(typeof part === 'string' ? new TextEncoder().encode(part) : new Uint8Array(part))
  }
  reply.end()
  return reply
}

describe('the reply to an XHR', () => {
  it('gives text as it comes, a letter cut in two only once it is whole', () => {
    const reply = new XhrReply({ status: 200, statusText: '', headers: [] }, '', null)

    reply.push(new Uint8Array([0x61, 0xc3]))
    expect(reply.text).toBe('a')
    reply.push(new Uint8Array([0xbc]))
    expect(reply.text).toBe('aü')
    expect(reply.received).toBe(3)
  })

  it('gives other forms once the reply is whole, and the same object each time', () => {
    const reply = new XhrReply({ status: 200, statusText: '', headers: [] }, 'arraybuffer', null)
    reply.push(new Uint8Array([1, 2]))
    expect(reply.response).toBeNull()
    reply.push(new Uint8Array([3]))
    reply.end()

    expect([...new Uint8Array(reply.response as ArrayBuffer)]).toEqual([1, 2, 3])
    expect(reply.response).toBe(reply.response)
  })

  it.each<[string, unknown]>([
    ['{"a":[1]}', { a: [1] }],
    ['\ufeff1', 1],
    ['null', null],
    ['', null],
    ['{', null],
  ])('reads %j as JSON', (text, expected) => {
    expect(replyOf([text], 'json').response).toEqual(expected)
  })

  it.each<[string, { contentType?: string; mime?: string }, string]>([
    ['the type without parameters', { contentType: 'Audio/WAV; x=1' }, 'audio/wav'],
    ['no type', {}, 'text/xml'],
    ['a type that is none', { contentType: 'nonsense' }, 'text/xml'],
    ['the type a page insists on', { contentType: 'a/b', mime: 'image/gif' }, 'image/gif'],
    ['a nonsense a page insists on', { contentType: 'a/b', mime: 'x' }, 'application/octet-stream'],
  ])('makes a blob of %s', (_case, given, type) => {
    expect((replyOf(['x'], 'blob', given).response as Blob).type).toBe(type)
  })

  it.each<[string, { contentType?: string; mime?: string }, string]>([
    ['UTF-8 where nothing is said', {}, '\ufffd'],
    ['what the reply says', { contentType: 'text/plain; charset="iso-8859-1"' }, 'ü'],
    ['what the page says', { contentType: 'a/b; charset=utf-8', mime: 'a/b; charset=latin1' }, 'ü'],
    ['UTF-8 for what nobody knows', { contentType: 'a/b; charset=klingon' }, '\ufffd'],
  ])('decodes by %s', (_case, given, text) => {
    expect(replyOf([[0xfc]], '', given).text).toBe(text)
  })

  it('finds a header in any case, and none under a name no header has', () => {
    const reply = replyOf([], '', { contentType: 'a/b' })

    expect(reply.header('Content-TYPE')).toBe('a/b')
    expect([reply.header('x-absent'), reply.header('a b')]).toEqual([null, null])
    expect(reply.allHeaders()).toBe('content-type: a/b\r\n')
  })

  it('knows its length where the reply says it, and it is that of the bytes that come', () => {
    const lengths = (headers: [string, string][]) =>
      new XhrReply({ status: 200, statusText: '', headers }, '', null).expected

    expect(lengths([['content-length', '12']])).toBe(12)
    expect(
      lengths([
        ['content-length', '12'],
        ['content-encoding', 'gzip'],
      ]),
    ).toBe(0)
    expect(lengths([])).toBe(0)
  })

  it('refuses a header no reply can have', () => {
    const make = () =>
      new XhrReply({ status: 200, statusText: '', headers: [['a b', '']] }, '', null)

    expect(make).toThrow(TypeError)
  })
})
