/** `fetch`: how a call ends other than by a reply, and what it leaves behind. */
import {
  ENDLESS_PLAN,
  JSON_PLAN,
  TEXT_PLAN,
  bytesOf,
  headOf,
  outcomeOf,
  pause,
  readAll,
  seenOf,
  type ConformanceCase,
  type Side,
} from './case.ts'
import { ECHO, form, streamed, textStream, type Send } from './fetch-cases.ts'

const NETWORK = { error: 'TypeError' }

/** How the call itself ends. */
function ends(
  title: string,
  send: Send,
  section = 'Fetch 5.6',
  choice?: ConformanceCase['choice'],
): ConformanceCase {
  const run = (side: Side): Promise<unknown> =>
    outcomeOf(async () => headOf(await send(side, side.url(TEXT_PLAN))))
  return { section, title, run, ...(choice ? { choice } : {}) }
}

function status(
  title: string,
  send: Send,
  section: string,
  choice: ConformanceCase['choice'],
): ConformanceCase {
  const run = (side: Side): Promise<unknown> =>
    outcomeOf(async () => (await send(side, side.url(TEXT_PLAN))).status)
  return { section, title, run, ...(choice ? { choice } : {}) }
}

const ERRORS: readonly ConformanceCase[] = [
  ends('an address that is none', ({ headers }) => fetch('http://', { headers })),
  ends('an address with a user', ({ headers }) =>
    fetch('https://a:b@page.example.test/', { headers }),
  ),
  ends('GET with a body', ({ headers }, url) => fetch(url, { headers, body: 'x' }), 'Fetch 5.4'),
  ends(
    'a forbidden method',
    ({ headers }, url) => fetch(url, { headers, method: 'TRACE' }),
    'Fetch 5.4',
  ),
  ends(
    'a method with a space',
    ({ headers }, url) => fetch(url, { headers, method: 'A B' }),
    'Fetch 5.4',
  ),
  ends(
    'a bad header name',
    ({ headers }, url) => fetch(url, { headers: { ...headers, 'a b': '1' } }),
    'Fetch 5.1',
  ),
  ends(
    'a bad header value',
    ({ headers }, url) => fetch(url, { headers: { ...headers, a: 'x\ny' } }),
    'Fetch 5.1',
  ),
  ends(
    'mode navigate',
    ({ headers }, url) => fetch(url, { headers, mode: 'navigate' }),
    'Fetch 5.4',
  ),
  ends(
    'a mode nobody knows',
    ({ headers }, url) => fetch(url, { headers, mode: 'x' as 'cors' }),
    'Fetch 5.4',
  ),
  ends(
    'only-if-cached without same-origin',
    ({ headers }, url) => fetch(url, { headers, cache: 'only-if-cached' }),
    'Fetch 5.4',
  ),
  ends(
    'a window of its own',
    ({ headers }, url) => fetch(url, { headers, window: {} as unknown as null }),
    'Fetch 5.4',
  ),
  ends(
    'a signal that is none',
    ({ headers }, url) => fetch(url, { headers, signal: {} as AbortSignal }),
    'Fetch 5.4',
  ),
  ends(
    'a stream without duplex',
    ({ headers }, url) => fetch(url, { method: 'POST', headers, body: textStream('x') }),
    'Fetch 5.4',
  ),
  ends(
    'a stream that is locked',
    ({ headers }, url) => {
      const body = textStream('x')
      body.getReader()
      return fetch(url, { ...streamed(body), headers })
    },
    'Fetch 5.2',
  ),
  ends('a Request that is used', async ({ headers }, url) => {
    const request = new Request(url, { method: 'POST', headers, body: 'x' })
    await request.text()
    return fetch(request)
  }),
  ends('a server that hangs up', ({ headers, url }) => fetch(url({ cut: 'head' }), { headers })),
  {
    section: 'Fetch 5.6',
    title: 'what a network error says',
    async run({ headers, url }) {
      try {
        return await fetch(url({ cut: 'head' }), { headers })
      } catch (error) {
        return error instanceof TypeError ? [error.message, Object.keys(error)] : 'other'
      }
    },
  },
  ends(
    'a redirect',
    ({ headers, url }) => fetch(url({ status: 302, redirectTo: url(TEXT_PLAN) }), { headers }),
    'Fetch 4.4',
    {
      reason: 'The wallet follows no redirect: where it leads is no provider’s to say (C28).',
      ours: NETWORK,
    },
  ),
  ends(
    'redirect: error',
    ({ headers, url }) =>
      fetch(url({ status: 307, redirectTo: url(TEXT_PLAN) }), { headers, redirect: 'error' }),
    'Fetch 4.4',
  ),
  status(
    'a wrong integrity',
    ({ headers }, url) => fetch(url, { headers, integrity: `sha256-${btoa('0'.repeat(32))}` }),
    'Fetch 4.1',
    {
      reason: 'Nobody knows the digest of an answer that is written for them.',
      ours: { value: 200 },
    },
  ),
  status(
    'keepalive with more than 64 KiB',
    ({ headers }, url) =>
      fetch(url, { method: 'POST', headers, keepalive: true, body: 'k'.repeat(70_000) }),
    'Fetch 4.6',
    {
      reason: 'The quota is for pages that go away; the wallet ends the call with its page anyway.',
      ours: { value: 200 },
    },
  ),
]

const aborts = (title: string, run: (side: Side) => Promise<unknown>): ConformanceCase => ({
  section: 'Fetch 5.6',
  title: `abort: ${title}`,
  run,
})

const ABORTS: readonly ConformanceCase[] = [
  aborts('before, without a reason', ({ headers, url }) =>
    outcomeOf(() => fetch(url(TEXT_PLAN), { headers, signal: AbortSignal.abort() })),
  ),
  aborts('before, with a reason', ({ headers, url }) =>
    outcomeOf(() => fetch(url(TEXT_PLAN), { headers, signal: AbortSignal.abort('mine') })),
  ),
  aborts('before, in a Request', ({ headers, url }) =>
    outcomeOf(() => fetch(new Request(url(TEXT_PLAN), { headers, signal: AbortSignal.abort() }))),
  ),
  aborts('before, with a body', async ({ headers, url }) => {
    const request = new Request(url(TEXT_PLAN), { method: 'POST', headers, body: 'x' })
    return [
      await outcomeOf(() => fetch(request, { signal: AbortSignal.abort() })),
      request.bodyUsed,
    ]
  }),
  aborts('at once', ({ headers, url }) => {
    const abort = new AbortController()
    const reply = outcomeOf(() => fetch(url(TEXT_PLAN), { headers, signal: abort.signal }))
    abort.abort()
    return reply
  }),
  aborts('while the head is awaited', async ({ headers, url }) => {
    const abort = new AbortController()
    const reply = outcomeOf(() => fetch(url({ delayMs: 3_000 }), { headers, signal: abort.signal }))
    await pause(100)
    abort.abort(new RangeError('mine'))
    return reply
  }),
  aborts('by AbortSignal.timeout', ({ headers, url }) =>
    outcomeOf(() => fetch(url({ delayMs: 3_000 }), { headers, signal: AbortSignal.timeout(100) })),
  ),
  aborts('by AbortSignal.any', ({ headers, url }) =>
    outcomeOf(() =>
      fetch(url({ delayMs: 3_000 }), {
        headers,
        signal: AbortSignal.any([AbortSignal.timeout(100)]),
      }),
    ),
  ),
  aborts('while the body is read', async ({ headers, url }) => {
    const abort = new AbortController()
    const reply = await fetch(url(ENDLESS_PLAN), { headers, signal: abort.signal })
    const text = outcomeOf(() => reply.text())
    await pause(100)
    abort.abort()
    return [await text, reply.bodyUsed]
  }),
  aborts('while a reader reads, with a reason', async ({ headers, url }) => {
    const abort = new AbortController()
    const reply = await fetch(url(ENDLESS_PLAN), { headers, signal: abort.signal })
    const reader = reply.body?.getReader()
    await reader?.read()
    abort.abort('enough')
    const closed = outcomeOf(() => reader?.closed)
    return [
      await outcomeOf(async () => {
        while (!(await reader?.read())?.done);
      }),
      await closed,
    ]
  }),
  aborts('after the end changes nothing', async ({ headers, url }) => {
    const abort = new AbortController()
    const reply = await fetch(url(TEXT_PLAN), { headers, signal: abort.signal })
    const text = await reply.text()
    abort.abort()
    return text
  }),
  aborts('by a Request’s own signal', async ({ headers, url }) => {
    const abort = new AbortController()
    const request = new Request(url({ delayMs: 3_000 }), { headers, signal: abort.signal })
    const reply = outcomeOf(() => fetch(request))
    await pause(50)
    abort.abort()
    return [await reply, request.signal.aborted]
  }),
  aborts('by the init’s signal over the Request’s', async ({ headers, url }) => {
    const [first, second] = [new AbortController(), new AbortController()]
    const request = new Request(url(TEXT_PLAN), { headers, signal: first.signal })
    const reply = outcomeOf(async () => (await fetch(request, { signal: second.signal })).status)
    first.abort()
    return reply
  }),
]

const REQUEST_STATE: readonly ConformanceCase[] = [
  {
    section: 'Fetch 5.6',
    title: 'a Request’s body is used by the call',
    async run({ headers, url }) {
      const request = new Request(url(ECHO), { method: 'POST', headers, body: 'once' })
      const reply = fetch(request)
      const used = request.bodyUsed
      await (await reply).text()
      return [
        used,
        request.bodyUsed,
        await outcomeOf(() => fetch(request)),
        await outcomeOf(() => request.text()),
      ]
    },
  },
  {
    section: 'Fetch 5.6',
    title: 'a Request without a body can be sent again',
    async run({ headers, url }) {
      const request = new Request(url(JSON_PLAN), { headers })
      return [(await fetch(request)).status, (await fetch(request)).status, request.bodyUsed]
    },
  },
  {
    section: 'Fetch 5.6',
    title: 'a stream is locked by the call',
    async run({ headers, url }) {
      const body = textStream('x')
      const reply = fetch(url(TEXT_PLAN), { ...streamed(body), headers })
      const { locked } = body
      return [locked, (await reply).status]
    },
  },
  {
    section: 'Fetch 5.6',
    title: 'a stream that fails',
    async run({ headers, url }) {
      const body = new ReadableStream({
        pull: (controller) => {
          controller.error(new RangeError('mine'))
        },
      })
      return outcomeOf(
        async () => (await fetch(url(TEXT_PLAN), { ...streamed(body), headers })).status,
      )
    },
  },
  {
    section: 'Fetch 5.6',
    title: 'a stream of what are no bytes',
    async run({ headers, url }) {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue('text')
          controller.close()
        },
      })
      return outcomeOf(
        async () => (await fetch(url(TEXT_PLAN), { ...streamed(body), headers })).status,
      )
    },
  },
  {
    section: 'Fetch 5.6',
    title: 'bytes changed after the call',
    async run({ headers, url }) {
      const body = new Uint8Array([65, 66])
      const reply = fetch(url(ECHO), { method: 'POST', headers, body })
      body.fill(90)
      return seenOf((await (await reply).json()) as never)
    },
  },
  {
    section: 'Fetch 5.6',
    title: 'a form changed after the call',
    async run({ headers, url }) {
      const body = form()
      const reply = fetch(url(ECHO), { method: 'POST', headers, body })
      body.set('model', 'changed')
      return seenOf((await (await reply).json()) as never)
    },
  },
  {
    section: 'Fetch 5.6',
    title: 'two calls at once get their own answers',
    async run({ headers, url }) {
      const both = await Promise.all(
        [1, 2, 3].map((n) => fetch(url({ chunks: [`n${n}`], delayMs: 90 - n * 30 }), { headers })),
      )
      return Promise.all(both.map((reply) => readAll(reply)))
    },
  },
  {
    section: 'Fetch 5.6',
    title: 'its order among promises',
    async run({ headers, url }) {
      const order: string[] = []
      const reply = fetch(url(TEXT_PLAN), { headers }).then(() => order.push('reply'))
      order.push('sync')
      await Promise.resolve().then(() => order.push('microtask'))
      await reply
      return order
    },
  },
  {
    section: 'WebIDL 3.7',
    title: 'name, length and receiver of fetch',
    run: () => [fetch.name, fetch.length, String(callOn({}))],
  },
  {
    section: 'Fetch 5.2',
    title: 'binary bodies arrive to the byte',
    async run({ headers, url }) {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
      const { body } = (await (
        await fetch(url(ECHO), { method: 'POST', headers, body: bytes })
      ).json()) as { body: number[] }
      return [body.length, bytesOf(new Uint8Array(body)).every((byte, index) => byte === index)]
    },
  },
  {
    section: 'Fetch 5.6',
    title: 'a call the wallet passes is the browser’s own',
    async run({ headers, url }) {
      const reply = await fetch(url(ECHO), {
        method: 'POST',
        headers: { ...headers, 'x-pass': '1' },
        body: form(),
      })
      return [headOf(reply), seenOf((await reply.json()) as never)]
    },
  },
]

function callOn(receiver: object): unknown {
  try {
    void outcomeOf(() => Reflect.apply(fetch, receiver, ['/']))
    return null
  } catch (error) {
    return error
  }
}

export const FETCH_END_CASES: readonly ConformanceCase[] = [...ERRORS, ...ABORTS, ...REQUEST_STATE]
