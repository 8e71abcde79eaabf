/** The `Response` a page gets. */
import {
  ENDLESS_PLAN,
  JSON_PLAN,
  STREAM_PLAN,
  TEXT_PLAN,
  bytesOf,
  headOf,
  nameOf,
  outcomeOf,
  readAll,
  type ConformanceCase,
  type Plan,
  type Side,
} from './case.ts'

/** What a page sees of the reply to a plan. */
function reply(
  title: string,
  plan: Plan,
  look: (response: Response, side: Side) => unknown,
  choice?: ConformanceCase['choice'],
): ConformanceCase {
  const run = (side: Side): Promise<unknown> =>
    outcomeOf(async () => look(await fetch(side.url(plan), { headers: side.headers }), side))
  return { section: 'Fetch 5.5', title, run, ...(choice ? { choice } : {}) }
}

const CUT_PLAN: Plan = { ...TEXT_PLAN, cut: 'body' }
const PNG = [137, 80, 78, 71, 0, 255]
const MULTIPART = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'

const NULL_BODY = 'The standard’s null body (Fetch 2.2.3); Chromium gives an empty stream.'

const HEADS: readonly ConformanceCase[] = [
  ...[204, 205, 304].map((status) =>
    reply(
      `status ${status} has no body`,
      { status },
      async (response) => [response.status, response.body, response.type, await response.text()],
      { reason: NULL_BODY, ours: { value: [status, null, 'basic', ''] } },
    ),
  ),
  {
    section: 'Fetch 5.5',
    title: 'a reply to HEAD has no body',
    run: async ({ url, headers }) =>
      (await fetch(url(TEXT_PLAN), { method: 'HEAD', headers })).body,
    choice: { reason: NULL_BODY, ours: null },
  },
  ...[200, 201, 202, 400, 401, 403, 404, 409, 418, 429, 500, 503, 599].map((status) =>
    reply(`status ${status}`, { ...JSON_PLAN, status }, async (response) => [
      headOf(response),
      await response.text(),
    ]),
  ),
  {
    section: 'Fetch 5.5',
    title: 'type, address and headers of another origin',
    run: async ({ headers, otherUrl }) => headOf(await fetch(otherUrl(JSON_PLAN), { headers })),
  },
  {
    section: 'Fetch 5.5',
    title: 'the address without its fragment',
    run: async ({ headers, url }) => (await fetch(`${url(TEXT_PLAN)}#x`, { headers })).url,
  },
  {
    section: 'Fetch 5.5',
    title: 'the address keeps its key',
    run: async ({ key, url }) => (await fetch(`${url(TEXT_PLAN)}&key=${key}`)).url,
  },
  reply('its class', TEXT_PLAN, (response) => [
    response instanceof Response,
    Object.prototype.toString.call(response),
    response.constructor === Response,
  ]),
  reply('the class of its parts', TEXT_PLAN, ({ headers, body }) => [
    headers instanceof Headers,
    body instanceof ReadableStream,
    Object.prototype.toString.call(body),
  ]),
  reply('members that cannot be set', TEXT_PLAN, (response) => {
    'use strict'
    return ['status', 'url', 'type', 'ok', 'body'].map((name) => {
      try {
        Reflect.set(response, name, 'x')
      } catch (error) {
        return nameOf(error)
      }
      return (response as unknown as Record<string, unknown>)[name] === 'x'
    })
  }),
  reply(
    'headers as a list',
    { ...JSON_PLAN, headers: { 'x-b': '2', 'X-A': '1', 'content-type': 'a/b' } },
    ({ headers }) => [
      [...headers.keys()],
      headers.get('X-a'),
      headers.has('x-c'),
      headers.get('x-c'),
    ],
  ),
  reply(
    'headers that cannot be changed',
    TEXT_PLAN,
    ({ headers }) =>
      outcomeOf(() => {
        headers.set('a', 'b')
      }),
    {
      reason:
        'Only the browser makes headers immutable; what a page writes there stays with the page.',
      ours: { value: {} },
    },
  ),
  reply(
    'members it owns itself',
    TEXT_PLAN,
    (response) => Object.getOwnPropertyNames(response).length === 0,
    {
      reason: 'What only the browser can set is put on the object; it is not enumerable.',
      ours: { value: false },
    },
  ),
  reply('members a loop sees', TEXT_PLAN, (response) => Object.keys(response)),
]

const READERS: readonly ConformanceCase[] = [
  reply('text', JSON_PLAN, (response) => response.text()),
  reply('json', JSON_PLAN, (response) => response.json()),
  reply('json of what is none', TEXT_PLAN, (response) => outcomeOf(() => response.json())),
  reply('json of nothing', {}, (response) => outcomeOf(() => response.json())),
  reply('arrayBuffer', { chunks: [PNG] }, async (response) =>
    bytesOf(await response.arrayBuffer()),
  ),
  reply('bytes', { chunks: [PNG] }, async (response) => bytesOf(await response.bytes())),
  reply(
    'blob and its type',
    { ...JSON_PLAN, headers: { 'content-type': 'Audio/WAV; x="Y"' } },
    async (response) => {
      const blob = await response.blob()
      return [blob.type, blob.size, blob instanceof Blob]
    },
  ),
  reply('blob without a type', { chunks: [PNG] }, async (response) => (await response.blob()).type),
  reply(
    'formData of a form',
    { headers: { 'content-type': 'multipart/form-data; boundary=b' }, chunks: [MULTIPART] },
    async (response) => [...(await response.formData()).entries()],
  ),
  reply(
    'formData of a query',
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, chunks: ['a=1&b=2'] },
    async (response) => [...(await response.formData()).entries()],
  ),
  reply('formData of neither', JSON_PLAN, (response) => outcomeOf(() => response.formData())),
  reply('text with a byte order mark', { chunks: ['\ufeffabc'] }, (response) => response.text()),
  reply('text of broken UTF-8', { chunks: [[0x61, 0xff, 0x62]] }, (response) => response.text()),
  reply('text whose letter is cut in two', { chunks: [[0xc3], [0xbc]], gapMs: 60 }, (response) =>
    response.text(),
  ),
  reply(
    'text under another charset',
    { headers: { 'content-type': 'text/plain; charset=iso-8859-1' }, chunks: [[0xc3, 0xbc]] },
    (response) => response.text(),
  ),
  reply('reading twice', JSON_PLAN, async (response) => [
    await response.text(),
    response.bodyUsed,
    await outcomeOf(() => response.text()),
    await outcomeOf(() => response.json()),
  ]),
  reply('reading what a reader holds', JSON_PLAN, (response) => {
    response.body?.getReader()
    return outcomeOf(() => response.text())
  }),
  reply('bodyUsed as it is read', STREAM_PLAN, async (response) => {
    const before = response.bodyUsed
    const reader = response.body?.getReader()
    const locked = [response.bodyUsed, response.body?.locked]
    await reader?.read()
    return [before, locked, response.bodyUsed]
  }),
  reply(
    'reading without a body',
    { status: 204 },
    async (response) => {
      const text = await response.text()
      return [text, response.bodyUsed, await outcomeOf(() => response.text())]
    },
    { reason: NULL_BODY, ours: { value: ['', false, { value: '' }] } },
  ),
  reply('a method of another object', TEXT_PLAN, (response) =>
    outcomeOf(() => Reflect.apply(Response.prototype.text, response, [])),
  ),
  reply('a method taken off it', TEXT_PLAN, (response) =>
    outcomeOf(() => Reflect.apply(response.text, {}, [])),
  ),
]

const CLONES: readonly ConformanceCase[] = [
  reply('clone: both are read', JSON_PLAN, async (response) => {
    const clone = response.clone()
    const read: unknown[] = [await clone.json(), await response.text()]
    return [headOf(clone), read, clone instanceof Response]
  }),
  reply('clone: of a clone', TEXT_PLAN, async (response) => {
    const clone = response.clone().clone()
    return [clone.url === response.url, clone.type, await clone.text()]
  }),
  reply('clone: of what is used', TEXT_PLAN, async (response) => {
    await response.text()
    return outcomeOf(() => response.clone())
  }),
  reply('clone: of what is locked', TEXT_PLAN, (response) => {
    response.body?.getReader()
    return outcomeOf(() => response.clone())
  }),
  reply('clone: one slow, one fast', STREAM_PLAN, async (response) => {
    const clone = response.clone()
    return [(await response.text()).length, (await readAll(clone)).length]
  }),
  reply('clone: without a body', { status: 204 }, async (response) => [
    response.clone().status,
    await response.clone().text(),
  ]),
  reply('made into another', JSON_PLAN, async (response) => {
    const made = new Response(response.body, response)
    const read: unknown = await made.json()
    return [made.status, made.url, made.type, made.headers.get('content-type'), read]
  }),
]

const FAILURES: readonly ConformanceCase[] = [
  reply('cut: text', CUT_PLAN, (response) => outcomeOf(() => response.text())),
  reply('cut: what it says', CUT_PLAN, (response) =>
    response.text().then(String, (error: unknown) => (error as Error).message),
  ),
  reply('cut: arrayBuffer', CUT_PLAN, (response) => outcomeOf(() => response.arrayBuffer())),
  reply('cut: blob', CUT_PLAN, (response) => outcomeOf(() => response.blob())),
  reply('cut: json', CUT_PLAN, (response) => outcomeOf(() => response.json())),
  reply('cut: a reader gets what came', CUT_PLAN, async (response) => {
    const reader = response.body?.getReader()
    const first = new TextDecoder().decode((await reader?.read())?.value)
    return [first, await outcomeOf(() => reader?.read()), await outcomeOf(() => reader?.closed)]
  }),
  reply('cut: a clone fails too', CUT_PLAN, async (response) => {
    const clone = response.clone()
    return [await outcomeOf(() => response.text()), await outcomeOf(() => clone.text())]
  }),
  reply('cut: status and headers stay', CUT_PLAN, async (response) => {
    await response.text().catch(() => null)
    return [response.status, response.headers.get('content-type'), response.bodyUsed]
  }),
  reply('cancelled', ENDLESS_PLAN, async (response) => [
    await outcomeOf(() => response.body?.cancel('mine')),
    response.bodyUsed,
    await outcomeOf(() => response.text()),
  ]),
]

export const RESPONSE_CASES: readonly ConformanceCase[] = [
  ...HEADS,
  ...READERS,
  ...CLONES,
  ...FAILURES,
]
