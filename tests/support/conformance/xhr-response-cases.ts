/** `XMLHttpRequest`: the reply in each form, its headers, its failures. */
import {
  ENDLESS_PLAN,
  JSON_PLAN,
  STREAM_PLAN,
  TEXT_PLAN,
  bytesOf,
  chosen,
  nameOf,
  type ConformanceCase,
  type Plan,
  type Side,
} from './case.ts'
import { ended, heard, openXhr, stateOf } from './xhr.ts'

const BYTES_PLAN: Plan = {
  headers: { 'content-type': 'image/png' },
  chunks: [
    [137, 80, 0],
    [255, 7],
  ],
  gapMs: 60,
}

const XML_PLAN: Plan = { headers: { 'content-type': 'text/xml' }, chunks: ['<a/>'] }

/** The whole state of a reply in a form. */
function reply(
  title: string,
  plan: Plan,
  type: XMLHttpRequestResponseType = '',
  look: (xhr: XMLHttpRequest, side: Side) => unknown = stateOf,
): ConformanceCase {
  const run = async (side: Side): Promise<unknown> => {
    const xhr = openXhr(side, side.url(plan))
    xhr.responseType = type
    const done = ended(xhr)
    xhr.send()
    await done
    return look(xhr, side)
  }
  return { section: 'XHR 4.7', title: `reply: ${title}`, run }
}

/** With a MIME type the page insists on. */
function overridden(
  title: string,
  mime: string,
  plan: Plan,
  type: XMLHttpRequestResponseType = '',
): ConformanceCase {
  return {
    section: 'XHR 4.7.8',
    title: `overrideMimeType: ${title}`,
    async run(side) {
      const xhr = openXhr(side, side.url(plan))
      xhr.responseType = type
      xhr.overrideMimeType(mime)
      const done = ended(xhr)
      xhr.send()
      await done
      return stateOf(xhr)
    },
  }
}

const charset = (type: string, ...bytes: number[]): Plan => ({
  headers: { 'content-type': type },
  chunks: [bytes],
})

const FORMS: readonly ConformanceCase[] = [
  ...(['', 'text', 'json', 'blob', 'arraybuffer'] as const).flatMap((type) => [
    reply(`JSON as ${type || 'nothing said'}`, JSON_PLAN, type),
    reply(`nothing as ${type || 'nothing said'}`, {}, type),
    reply(`status 500 as ${type || 'nothing said'}`, { ...JSON_PLAN, status: 500 }, type),
    reply(`a cut body as ${type || 'nothing said'}`, { ...JSON_PLAN, cut: 'body' }, type),
  ]),
  reply('bytes as arraybuffer', BYTES_PLAN, 'arraybuffer', (xhr) =>
    bytesOf(xhr.response as ArrayBuffer),
  ),
  reply('bytes as blob', BYTES_PLAN, 'blob', async (xhr) => [
    bytesOf(await (xhr.response as Blob).arrayBuffer()),
    (xhr.response as Blob).type,
  ]),
  reply('JSON as a document', JSON_PLAN, 'document'),
  chosen(
    reply('XML as a document', XML_PLAN, 'document', (xhr) => xhr.response === null),
    'No provider answers with a document, and a strict page forbids to parse one.',
    true,
  ),
  reply(
    'the same object each time',
    BYTES_PLAN,
    'arraybuffer',
    (xhr) => xhr.response === xhr.response,
  ),
  chosen(
    reply('the same JSON each time', JSON_PLAN, 'json', (xhr) => xhr.response === xhr.response),
    'As the standard has it (XHR 4.7.4); Chromium parses anew.',
    true,
  ),
  reply('JSON that is none', TEXT_PLAN, 'json'),
  reply('JSON with a byte order mark', { chunks: ['\ufeff{"a":1}'] }, 'json'),
  reply('JSON null', { chunks: ['null'] }, 'json'),
  reply('text with a byte order mark', { chunks: ['\ufeffabc'] }),
  reply('a letter cut in two', {
    chunks: [
      [0x61, 0xc3],
      [0xbc, 0x62],
    ],
    gapMs: 80,
  }),
  reply('broken UTF-8', { chunks: [[0x61, 0xff, 0x62, 0xc3]] }),
  reply('Latin-1', charset('text/plain; charset=iso-8859-1', 0xfc, 0xe9)),
  reply('a charset in quotes', charset('text/plain; charset="iso-8859-1"', 0xfc)),
  reply('UTF-16', charset('text/plain; charset=utf-16le', 0x61, 0, 0xfc, 0)),
  reply('a charset nobody knows', charset('text/plain; charset=klingon', 0xc3, 0xbc)),
  reply(
    'JSON is UTF-8 whatever it says',
    charset('application/json; charset=iso-8859-1', 0x22, 0xc3, 0xbc, 0x22),
    'json',
  ),
  reply(
    'blob of a type with parameters',
    { headers: { 'content-type': 'Text/Plain; charset=UTF-8' }, chunks: ['x'] },
    'blob',
  ),
  reply('blob without a type', { chunks: ['x'] }, 'blob'),
  reply(
    'blob of a type that is none',
    { headers: { 'content-type': 'nonsense' }, chunks: ['x'] },
    'blob',
  ),
  overridden(
    'another charset',
    'text/plain; charset=iso-8859-1',
    charset('text/plain; charset=utf-8', 0xfc),
  ),
  overridden('without a charset', 'text/plain', charset('text/plain; charset=iso-8859-1', 0xfc)),
  overridden('of a blob', 'image/gif', BYTES_PLAN, 'blob'),
  overridden('x-user-defined', 'text/plain; charset=x-user-defined', BYTES_PLAN),
  overridden('of what is none', 'nonsense', BYTES_PLAN, 'blob'),
]

const HEADERS: readonly ConformanceCase[] = [
  ...[200, 201, 204, 304, 400, 401, 403, 418, 429, 503].map((status) =>
    reply(`status ${status}`, { ...TEXT_PLAN, status }),
  ),
  reply('getResponseHeader', JSON_PLAN, '', (xhr) =>
    ['X-SERVED', 'content-type', 'x-absent', 'a b', '', 'set-cookie'].map((name) =>
      xhr.getResponseHeader(name),
    ),
  ),
  reply('getResponseHeader without a name', JSON_PLAN, '', (xhr) => {
    try {
      return Reflect.apply(xhr.getResponseHeader, xhr, []) as unknown
    } catch (error) {
      return nameOf(error)
    }
  }),
  reply('getAllResponseHeaders: names, order, line ends', {
    headers: { 'X-B': '2', 'x-a': '1', 'Content-Type': 'A/B' },
  }),
  reply('the address without its fragment', TEXT_PLAN, '', (xhr) => xhr.responseURL),
  {
    section: 'XHR 4.7',
    title: 'reply: of another origin',
    async run(side) {
      const xhr = openXhr(side, side.otherUrl(JSON_PLAN))
      const done = ended(xhr)
      xhr.send()
      await done
      return stateOf(xhr)
    },
  },
  {
    section: 'XHR 4.7',
    title: 'reply: what is there at each state',
    async run(side) {
      const xhr = openXhr(
        side,
        side.url({ ...STREAM_PLAN, headers: { 'content-type': 'text/event-stream', 'x-a': '1' } }),
      )
      const seen: unknown[] = []
      xhr.onreadystatechange = () => {
        if (xhr.readyState !== 3) seen.push(stateOf(xhr))
      }
      const done = ended(xhr)
      xhr.send()
      await done
      return seen
    },
  },
  ...(['json', 'blob', 'arraybuffer'] as const).map((type): ConformanceCase => ({
    section: 'XHR 4.7',
    title: `reply: nothing of ${type} before the end`,
    async run(side) {
      const xhr = openXhr(side, side.url(ENDLESS_PLAN))
      xhr.responseType = type
      xhr.send()
      await heard(xhr, 'progress')
      const seen: unknown[] = [xhr.readyState, xhr.response, xhr.status]
      xhr.abort()
      return seen
    },
  })),
]

export const XHR_RESPONSE_CASES: readonly ConformanceCase[] = [...FORMS, ...HEADERS]
