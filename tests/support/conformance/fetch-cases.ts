/** `fetch`: what it takes, and what of it reaches a server. */
import { TEXT_PLAN, headOf, outcomeOf, seenOf, type ConformanceCase, type Side } from './case.ts'

export type Send = (side: Side, url: string) => Promise<Response>

export const ECHO = { echo: true, headers: { 'content-type': 'application/json' } } as const
/** What of a request reaches the server. */
function asked(
  title: string,
  send: Send,
  section = 'Fetch 5.6',
  choice?: ConformanceCase['choice'],
): ConformanceCase {
  const run = async (side: Side): Promise<unknown> =>
    outcomeOf(async () => {
      const response = await send(side, side.url(ECHO))
      return { head: headOf(response), seen: seenOf((await response.json()) as never) }
    })
  return { section, title, run, ...(choice ? { choice } : {}) }
}

function post(body: () => BodyInit, type?: string): Send {
  return ({ headers }, url) =>
    fetch(url, {
      method: 'POST',
      headers: type === undefined ? headers : { ...headers, 'content-type': type },
      body: body(),
    })
}

export function form(): FormData {
  const fields = new FormData()
  fields.append('model', 'whisper')
  fields.append('model', 'zweites ü')
  fields.append('file', new Blob(['RIFF'], { type: 'audio/wav' }), 'a "b".wav')
  return fields
}

export function textStream(...texts: string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
}

export const streamed = (body: ReadableStream): RequestInit =>
  ({ method: 'POST', body, duplex: 'half' }) as RequestInit

const INPUTS: readonly ConformanceCase[] = [
  asked('a string', ({ headers }, url) => fetch(url, { headers })),
  asked('a URL', ({ headers }, url) => fetch(new URL(url), { headers })),
  asked('an object with a toString', ({ headers }, url) =>
    fetch({ toString: () => url } as unknown as string, { headers }),
  ),
  asked('a Request', ({ headers }, url) => fetch(new Request(url, { headers }))),
  asked('a Request and an init', ({ headers }, url) =>
    fetch(new Request(url), { method: 'PUT', headers, body: 'b' }),
  ),
  asked('a Request whose headers the init replaces', ({ headers }, url) =>
    fetch(new Request(url, { headers: { 'x-first': '1' } }), {
      headers: { ...headers, 'x-second': '2' },
    }),
  ),
  asked('a cloned Request', ({ headers }, url) =>
    fetch(new Request(url, { method: 'POST', headers, body: 'c' }).clone()),
  ),
  asked('a Request made of a Request', ({ headers }, url) =>
    fetch(new Request(new Request(url, { method: 'POST', headers, body: 'r' }))),
  ),
  asked('a Request with a body of bytes', ({ headers }, url) =>
    fetch(new Request(url, { method: 'POST', headers, body: new Uint8Array([1, 2]) })),
  ),
  asked('a Request with a form', ({ headers }, url) =>
    fetch(new Request(url, { method: 'POST', headers, body: form() })),
  ),
  asked('a relative address', ({ headers }, url) =>
    fetch(url.slice(location.origin.length), { headers }),
  ),
  asked('an address with a fragment', ({ headers }, url) => fetch(`${url}#part`, { headers })),
  asked('a key in the query', ({ key }, url) => fetch(`${url}&key=${key}`)),
  asked('headers as pairs', ({ headers }, url) =>
    fetch(url, { headers: [...Object.entries(headers), ['x-a', '1'], ['x-a', '2']] }),
  ),
  asked('headers as Headers', ({ headers }, url) =>
    fetch(url, { headers: new Headers({ ...headers, 'X-Upper': 'v' }) }),
  ),
  asked('headers as a Map', ({ headers }, url) =>
    fetch(url, { headers: new Map(Object.entries(headers)) as unknown as [] }),
  ),
  asked('white space around a value', ({ headers }, url) =>
    fetch(url, { headers: { ...headers, 'x-space': '  v\t' } }),
  ),
  asked('a forbidden header', ({ headers }, url) =>
    fetch(url, { headers: { ...headers, 'x-ok': '1', host: 'evil', cookie: 'a=b' } }),
  ),
  asked('x-api-key', ({ key }, url) => fetch(url, { headers: { 'x-api-key': key } })),
  asked('x-goog-api-key', ({ key }, url) => fetch(url, { headers: { 'x-goog-api-key': key } })),
  asked('Authorization: Token', ({ key }, url) =>
    fetch(url, { headers: { authorization: `Token ${key}` } }),
  ),
  asked('Authorization: Key', ({ key }, url) =>
    fetch(url, { headers: { authorization: `Key ${key}` } }),
  ),
  asked('an accept of its own', ({ headers }, url) =>
    fetch(url, { headers: { ...headers, accept: 'text/event-stream' } }),
  ),
  ...['get', 'post', 'delete', 'put', 'patch', 'PATCH', 'CHICKEN'].map((method) =>
    asked(`method ${method}`, ({ headers }, url) => fetch(url, { method, headers }), 'Fetch 5.4'),
  ),
  {
    section: 'Fetch 5.4',
    title: 'method HEAD',
    run: async ({ headers, url }) => {
      const reply = await fetch(url(TEXT_PLAN), { method: 'HEAD', headers })
      return [reply.status, reply.headers.get('content-type'), await reply.clone().text()]
    },
  },
]

const BODIES: readonly ConformanceCase[] = [
  asked(
    'a string body',
    post(() => 'plain ü'),
    'Fetch 5.2',
  ),
  asked(
    'a string body with a type',
    post(() => '{"a":1}', 'application/json'),
    'Fetch 5.2',
  ),
  asked(
    'an empty string',
    post(() => ''),
    'Fetch 5.2',
  ),
  asked(
    'a lone surrogate',
    post(() => 'a\ud800b'),
    'Fetch 5.2',
  ),
  asked(
    'a large string',
    post(() => 'y'.repeat(300_000)),
    'Fetch 5.2',
  ),
  asked(
    'URLSearchParams',
    post(() => new URLSearchParams('a=b c&ü=1')),
    'Fetch 5.2',
  ),
  asked('FormData', post(form), 'Fetch 5.2'),
  asked(
    'an empty FormData',
    post(() => new FormData()),
    'Fetch 5.2',
  ),
  asked(
    'a Blob with a type',
    post(() => new Blob(['b'], { type: 'audio/wav' })),
    'Fetch 5.2',
  ),
  asked(
    'a Blob without one',
    post(() => new Blob(['b'])),
    'Fetch 5.2',
  ),
  asked(
    'a Blob under another type',
    post(() => new Blob(['b'], { type: 'a/b' }), 'c/d'),
    'Fetch 5.2',
  ),
  asked(
    'a File',
    post(() => new File(['f'], 'f.txt', { type: 'text/plain' })),
    'Fetch 5.2',
  ),
  asked(
    'an ArrayBuffer',
    post(() => new Uint8Array([0, 255, 7]).buffer),
    'Fetch 5.2',
  ),
  asked(
    'a part of a buffer',
    post(() => new Uint8Array([1, 2, 3, 4]).subarray(1, 3)),
    'Fetch 5.2',
  ),
  asked(
    'a DataView',
    post(() => new DataView(new Uint8Array([9, 8, 7]).buffer, 1)),
    'Fetch 5.2',
  ),
  asked(
    'a Float32Array',
    post(() => new Float32Array([1.5])),
    'Fetch 5.2',
  ),
  asked(
    'large bytes',
    post(() => new Uint8Array(300_000).fill(65)),
    'Fetch 5.2',
  ),
  asked(
    'a number',
    post(() => 7 as unknown as string),
    'Fetch 5.2',
  ),
  asked(
    'a stream',
    ({ headers }, url) => fetch(url, { ...streamed(textStream('one ', 'two')), headers }),
    'Fetch 5.4',
  ),
  asked(
    'a Request with a stream',
    ({ headers }, url) => fetch(new Request(url, { ...streamed(textStream('q')), headers })),
    'Fetch 5.4',
  ),
  asked(
    'a piped stream',
    ({ headers }, url) =>
      fetch(url, {
        ...streamed(new Blob(['piped']).stream().pipeThrough(new TransformStream())),
        headers,
      }),
    'Fetch 5.4',
  ),
  asked(
    'keepalive',
    ({ headers }, url) => fetch(url, { method: 'POST', headers, body: 'k', keepalive: true }),
    'Fetch 5.4',
  ),
  asked(
    'every member that says how',
    ({ headers }, url) =>
      fetch(url, {
        headers,
        mode: 'cors',
        credentials: 'include',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        referrer: '',
        priority: 'high',
      }),
    'Fetch 5.4',
  ),
  asked(
    'cache reload',
    ({ headers }, url) => fetch(url, { headers, cache: 'reload' }),
    'Fetch 5.4',
  ),
  asked(
    'an init with members nobody knows',
    ({ headers }, url) => fetch(url, { headers, flavour: 'mint' } as RequestInit),
    'Fetch 5.4',
  ),
]

export const FETCH_CASES: readonly ConformanceCase[] = [...INPUTS, ...BODIES]
