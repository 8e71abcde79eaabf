import './__fixtures__/memory-xhr.ts'
import { describe, expect, it } from 'vitest'
import { readBody } from './page-request.ts'
import { takeXhr } from './xhr-request.ts'

const url = 'https://api.example.test/v1/x'

function take(body: unknown, method = 'POST', headers: HeadersInit = {}) {
  const taken = takeXhr({ method, url, headers: new Headers(headers) }, body)
  if (!taken) throw new TypeError('not taken')
  return taken
}

describe('takeXhr', () => {
  it.each<[string, unknown, string, number]>([
    ['text', 'ü', 'ü', 2],
    ['an object as text', { toString: () => 'x' }, 'x', 1],
    ['parameters', new URLSearchParams('a=b c'), 'a=b+c', 5],
    ['a blob', new Blob(['abc']), 'abc', 3],
    ['a buffer', new TextEncoder().encode('abc').buffer, 'abc', 3],
    ['a part of one', new TextEncoder().encode('xabc').subarray(1), 'abc', 3],
  ])('takes %s, for the wallet and for the browser', async (_case, body, text, sizeBytes) => {
    const taken = take(body)
    const read = await readBody(taken.request, taken)

    expect(taken.sizeBytes).toBe(sizeBytes)
    expect(read.kind === 'blob' ? await read.blob.text() : textIn(read)).toBe(text)
    expect(await new Response(taken.nativeBody).text()).toBe(text)
  })

  it('takes a form as it stands', () => {
    const form = new FormData()
    form.append('model', 'whisper')
    form.append('file', new Blob(['RIFF']), 'a.wav')
    const taken = take(form)
    form.set('model', 'changed')

    expect(taken.fields).toMatchObject([{ name: 'model', text: 'whisper' }, { filename: 'a.wav' }])
    expect((taken.nativeBody as FormData).get('model')).toBe('whisper')
    expect((taken.nativeBody as FormData).get('file')).toMatchObject({ name: 'a.wav' })
    expect(taken.request.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
  })

  it.each(['GET', 'head'])('sends no body with %s', async (method) => {
    const taken = take('body', method)

    expect(await readBody(taken.request, taken)).toEqual({ kind: 'none' })
    expect(taken.sizeBytes).toBe(0)
  })

  it('says the charset text goes out in', () => {
    const typed = (type: string) =>
      take('x', 'POST', { 'content-type': type }).request.headers.get('content-type')

    expect(typed('text/plain; charset=iso-8859-1; x=y')).toBe('text/plain; charset=UTF-8; x=y')
    expect(typed('text/plain;charset="latin1"')).toBe('text/plain;charset=UTF-8')
    expect(typed('application/json')).toBe('application/json')
  })

  it('leaves a document and an address with a user name to the browser', () => {
    const document = new Document()

    expect(takeXhr({ method: 'POST', url, headers: new Headers() }, document)).toBeNull()
    const named = url.replace('api.', 'a:b@api.')
    expect(takeXhr({ method: 'POST', url: named, headers: new Headers() }, null)).toBeNull()
  })
})

function textIn(body: Awaited<ReturnType<typeof readBody>>): string {
  if (body.kind === 'text') return body.text
  return body.kind === 'bytes' ? new TextDecoder().decode(body.bytes) : ''
}
