/** `XMLHttpRequest`: open, headers, bodies. */
import { JSON_PLAN, TEXT_PLAN, seenOf, type ConformanceCase } from './case.ts'
import { ECHO, asked, inEachState, refusals, sent, thrown, xhrCase } from './xhr-case.ts'
import { openXhr, stateOf } from './xhr.ts'

const sends = (
  title: string,
  body: () => XMLHttpRequestBodyInit | Document | null,
  type?: string,
): ConformanceCase =>
  asked('4.5.6', `send ${title}`, (xhr) => {
    if (type !== undefined) xhr.setRequestHeader('content-type', type)
    xhr.send(body())
  })

function form(): FormData {
  const fields = new FormData()
  fields.append('model', 'whisper')
  fields.append('file', new Blob(['RIFF'], { type: 'audio/wav' }), 'a.wav')
  return fields
}

const OPENING: readonly ConformanceCase[] = [
  ...['get', 'POST', 'put', 'delete', 'PATCH', 'patch', 'CHICKEN'].map((method) =>
    asked(
      '4.5.1',
      `open ${method}`,
      (xhr) => {
        xhr.send()
      },
      method,
    ),
  ),
  asked(
    '4.5.1',
    'open HEAD',
    (xhr) => {
      xhr.send()
    },
    'HEAD',
  ),
  ...refusals('4.5.1', 'open with', () => new XMLHttpRequest(), {
    'a method that is none': (xhr) => {
      xhr.open('A B', '/')
    },
    'a forbidden method': (xhr) => {
      xhr.open('TRACE', '/')
    },
    'an address that is none': (xhr) => {
      xhr.open('GET', 'http://')
    },
    'too few arguments': (xhr) => {
      Reflect.apply(xhr.open, xhr, ['GET'])
    },
    'a symbol': (xhr) => {
      xhr.open('GET', Symbol('x') as unknown as string)
    },
    'synchronous with a timeout': (xhr) => {
      xhr.timeout = 5
      xhr.open('GET', '/', false)
    },
    'synchronous with a response type': (xhr) => {
      xhr.responseType = 'json'
      xhr.open('GET', '/', false)
    },
  }),
  xhrCase('4.5.1', 'open with what throws keeps what was opened', async (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    const failure = thrown(() => {
      xhr.open('A B', '/')
    })
    await sent(xhr)
    return [failure, xhr.responseText]
  }),
  xhrCase('4.5.1', 'open twice forgets the headers', async (side) => {
    const xhr = openXhr(side, side.url(ECHO))
    xhr.setRequestHeader('x-first', '1')
    xhr.open('GET', side.url(ECHO))
    xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
    await sent(xhr)
    return seenOf(JSON.parse(xhr.responseText) as never)
  }),
  xhrCase('4.5.1', 'an object of a subclass', async (side) => {
    class Own extends XMLHttpRequest {
      override open(method: string, url: string | URL): void {
        super.open(method, url)
      }
    }
    const xhr = new Own()
    xhr.open('GET', side.url(TEXT_PLAN))
    xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
    await sent(xhr)
    return [xhr.responseText, xhr instanceof XMLHttpRequest, xhr instanceof Own]
  }),
  xhrCase('4.5.1', 'one object, three requests', async (side) => {
    const xhr = new XMLHttpRequest()
    const texts: string[] = []
    for (const text of ['one', 'two', 'three']) {
      xhr.open('GET', side.url({ chunks: [text] }))
      xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
      await sent(xhr)
      texts.push(xhr.responseText)
    }
    return texts
  }),
  xhrCase('4.5.1', 'with a valet key first, without one afterwards', async (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    await sent(xhr)
    xhr.open('GET', side.url(JSON_PLAN))
    const before = stateOf(xhr)
    await sent(xhr)
    return [before, stateOf(xhr)]
  }),
]

const HEADERS: readonly ConformanceCase[] = [
  asked('4.5.2', 'setRequestHeader twice combines', (xhr) => {
    xhr.setRequestHeader('X-Twice', 'a')
    xhr.setRequestHeader('x-twice', 'b')
    xhr.send()
  }),
  asked('4.5.2', 'white space around a value goes', (xhr) => {
    xhr.setRequestHeader('x-space', '  v\t')
    xhr.send()
  }),
  asked('4.5.2', 'an empty value', (xhr) => {
    xhr.setRequestHeader('x-empty', '')
    xhr.send()
  }),
  asked('4.5.2', 'a value that is a number', (xhr) => {
    xhr.setRequestHeader('x-number', 7 as unknown as string)
    xhr.send()
  }),
  asked('4.5.2', 'a forbidden header is left out', (xhr) => {
    xhr.setRequestHeader('cookie', 'a=b')
    xhr.setRequestHeader('x-ok', '1')
    xhr.send()
  }),
  asked('4.5.2', 'an accept of its own', (xhr) => {
    xhr.setRequestHeader('accept', 'text/event-stream')
    xhr.send()
  }),
  ...refusals('4.5.2', 'setRequestHeader with', (side) => openXhr(side, side.url(TEXT_PLAN)), {
    'a bad name': (xhr) => {
      xhr.setRequestHeader('a b', '1')
    },
    'a bad value': (xhr) => {
      xhr.setRequestHeader('a', 'x\ny')
    },
    'letters beyond Latin-1': (xhr) => {
      xhr.setRequestHeader('a', 'х')
    },
    'one argument': (xhr) => {
      Reflect.apply(xhr.setRequestHeader, xhr, ['a'])
    },
  }),
  inEachState('4.5.2', 'setRequestHeader', (xhr) => {
    xhr.setRequestHeader('x-late', '1')
  }),
  ...(['x-api-key', 'x-goog-api-key', 'api-key', 'xi-api-key'] as const).map((name) =>
    xhrCase('4.5.2', `a key in ${name}`, async (side) => {
      const xhr = new XMLHttpRequest()
      xhr.open('GET', side.url(TEXT_PLAN))
      xhr.setRequestHeader(name, side.key)
      await sent(xhr)
      return stateOf(xhr)
    }),
  ),
  xhrCase('4.5.2', 'a key in the query', async (side) => {
    const xhr = new XMLHttpRequest()
    xhr.open('GET', `${side.url(TEXT_PLAN)}&key=${side.key}#top`)
    await sent(xhr)
    return stateOf(xhr)
  }),
]

const BODIES: readonly ConformanceCase[] = [
  sends('nothing', () => null),
  sends('a string', () => 'plain ü'),
  sends('an empty string', () => ''),
  sends('a string with a type', () => '{"a":1}', 'application/json'),
  sends('a string under another charset', () => 'ü', 'text/plain; charset=iso-8859-1; x=y'),
  sends('a string under utf-8', () => 'ü', 'application/json;charset=utf-8'),
  sends('a large string', () => 'y'.repeat(300_000)),
  sends('URLSearchParams', () => new URLSearchParams('a=b c&ü=1')),
  sends('FormData', form),
  sends('a Blob', () => new Blob(['b'], { type: 'audio/wav' })),
  sends('a Blob without a type', () => new Blob(['b'])),
  sends('a Blob under another type', () => new Blob(['b'], { type: 'a/b' }), 'c/d'),
  sends('a File', () => new File(['f'], 'f.txt', { type: 'text/plain' })),
  sends('an ArrayBuffer', () => new Uint8Array([0, 255, 7]).buffer),
  sends('a part of a buffer', () => new Uint8Array([1, 2, 3, 4]).subarray(1, 3)),
  sends('a DataView', () => new DataView(new Uint8Array([9, 8, 7]).buffer, 1)),
  sends('an object', () => ({ toString: () => 'of an object' }) as unknown as string),
  sends('a stream', () => new ReadableStream() as unknown as string),
  asked(
    '4.5.6',
    'send with GET leaves the body',
    (xhr) => {
      xhr.send('body')
    },
    'GET',
  ),
  asked('4.5.6', 'send bytes changed afterwards', (xhr) => {
    const bytes = new Uint8Array([65, 66])
    xhr.send(bytes)
    bytes.fill(90)
  }),
  asked('4.5.6', 'send a form changed afterwards', (xhr) => {
    const body = form()
    xhr.send(body)
    body.set('model', 'changed')
  }),
  ...(
    [
      ['a form', form],
      ['bytes', () => new Uint8Array([1, 2])],
      ['a search', () => new URLSearchParams('a=b')],
      ['text', () => 'text'],
    ] as [string, () => XMLHttpRequestBodyInit][]
  ).map(([title, body]) =>
    asked('4.5.6', `send ${title} that the wallet passes`, (xhr) => {
      xhr.setRequestHeader('x-pass', '1')
      xhr.send(body())
    }),
  ),
]

export const XHR_REQUEST_CASES: readonly ConformanceCase[] = [...OPENING, ...HEADERS, ...BODIES]
