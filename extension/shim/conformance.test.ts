/** The patched fetch beside the native one, against the same server: a page must not tell them apart. */
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallBody } from '@valetkey/wallet/protocol'
import { MemoryBackground, anyValetKey, type Start } from './__fixtures__/background.ts'
import { Channel } from './channel.ts'
import { patchFetch } from './patch-fetch.ts'

const server = createServer((request, response) => {
  void answer()
  async function answer(): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const status = Number(/^\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200)
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-seen': String(request.method),
    })
    const type = request.headers['content-type']?.replace(/boundary=.*/, 'boundary')
    const text = Buffer.concat(parts)
      .toString()
      .replaceAll(/-{4,}[-\w]+/g, 'boundary')
    response.end(JSON.stringify({ type, text }))
  }
})
const background = new MemoryBackground().arrive()
const page = { fetch: globalThis.fetch }
const valet = { authorization: `Bearer ${anyValetKey()}` }
const other = { authorization: 'Bearer of-somebody' }
let base = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`
  background.onStart = (start) => void forward(start)
  patchFetch(page, new Channel(background.target))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe('the patched fetch beside the native one', () => {
  it.each<[string, (headers: HeadersInit) => Promise<Response>]>([
    ['GET', (headers) => page.fetch(`${base}/a?b=c#d`, { headers })],
    ['a URL', (headers) => page.fetch(new URL(`${base}/a`), { headers })],
    [
      'a Request',
      (headers) => page.fetch(new Request(`${base}/a`, { method: 'POST', body: 'q', headers })),
    ],
    ['HEAD', (headers) => page.fetch(base, { method: 'HEAD', headers })],
    ['a lower-case method', (headers) => page.fetch(base, { method: 'delete', headers })],
    ['JSON', (headers) => page.fetch(base, { method: 'POST', body: '{"ü":1}', headers })],
    [
      'URLSearchParams',
      (headers) =>
        page.fetch(base, { method: 'POST', body: new URLSearchParams('a=b c'), headers }),
    ],
    ['FormData', (headers) => page.fetch(base, { method: 'POST', body: formOf(), headers })],
    [
      'bytes',
      (headers) => page.fetch(base, { method: 'PUT', body: new Uint8Array([65, 66]), headers }),
    ],
    [
      'a Blob',
      (headers) =>
        page.fetch(base, { method: 'PUT', body: new Blob(['b'], { type: 'a/b' }), headers }),
    ],
    ...[201, 204, 205, 304, 400, 401, 429, 500].map(
      (status): [string, (headers: HeadersInit) => Promise<Response>] => [
        `status ${status}`,
        (headers) => page.fetch(`${base}/status/${status}`, { headers }),
      ],
    ),
    ['an address that is none', (headers) => page.fetch('http://', { headers })],
    ['GET with a body', (headers) => page.fetch(base, { headers, body: 'x' })],
    ['a port where nobody listens', (headers) => page.fetch('http://127.0.0.1:1/', { headers })],
    [
      'a stream without duplex',
      (headers) => page.fetch(base, { method: 'POST', headers, body: new Blob(['x']).stream() }),
    ],
    [
      'an abort without a reason',
      (headers) => page.fetch(base, { headers, signal: AbortSignal.abort() }),
    ],
    [
      'an abort with one',
      (headers) => page.fetch(base, { headers, signal: AbortSignal.abort('mine') }),
    ],
  ])('%s', async (_case, send) => {
    expect(await seen(() => send(valet))).toEqual(await seen(() => send(other)))
  })

  it('went through the wallet for it', () => {
    expect(background.of('call.start').length).toBeGreaterThan(15)
  })
})

/** All a page can see of a reply, or the error. */
async function seen(send: () => Promise<Response>): Promise<unknown> {
  let reply: Response
  try {
    reply = await send()
  } catch (error) {
    return error instanceof Error ? { name: error.name, type: error.constructor.name } : { error }
  }
  const { status, statusText, ok, url, redirected, bodyUsed } = reply
  const shape = { status, statusText, ok, url, redirected, bodyUsed, hasBody: reply.body !== null }
  const clone = reply.clone()
  const text = await reply.text()
  const again = await reply.text().catch((error: unknown) => (error as Error).name)
  return {
    ...shape,
    text,
    again,
    sameClone: clone.url === url && (await clone.text()) === text,
    used: reply.bodyUsed,
  }
}

/** What the background does with a call, without its rules. */
async function forward({ callId, method, url, headers, body }: Start): Promise<void> {
  try {
    const reply = await globalThis.fetch(url, { method, headers, body: bodyOf(body) })
    const { status, statusText } = reply
    const head = { callId, status, statusText, headers: [...reply.headers], url }
    background.send({ type: 'call.head', ...head })
    if (reply.body) {
      background.send({
        type: 'call.chunk',
        callId,
        bytes: new Uint8Array(await reply.arrayBuffer()),
      })
    }
    background.send({ type: 'call.end', callId })
  } catch {
    background.fail(callId, 'provider.network')
  }
}

function bodyOf(body: CallBody): BodyInit | null {
  if (body.kind === 'text') return body.text
  if (body.kind === 'bytes') return new Uint8Array(body.bytes)
  if (body.kind !== 'form') return body.kind === 'blob' ? body.blob : null
  const form = new FormData()
  for (const field of body.fields) {
    if ('text' in field) form.append(field.name, field.text)
    else form.append(field.name, field.blob, field.filename)
  }
  return form
}

function formOf(): FormData {
  const form = new FormData()
  form.append('model', 'whisper')
  form.append('file', new Blob(['RIFF'], { type: 'audio/wav' }), 'a.wav')
  return form
}
