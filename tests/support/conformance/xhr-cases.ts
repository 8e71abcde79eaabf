/** `XMLHttpRequest`: open, headers, bodies, members. */
import {
  JSON_PLAN,
  TEXT_PLAN,
  nameOf,
  outcomeOf,
  pause,
  seenOf,
  type ConformanceCase,
  type Side,
} from './case.ts'
import { ended, openXhr, stateOf } from './xhr.ts'

const ECHO = { echo: true, headers: { 'content-type': 'application/json' } } as const

function xhrCase(
  section: string,
  title: string,
  run: (side: Side) => unknown,
  choice?: ConformanceCase['choice'],
): ConformanceCase {
  return { section: `XHR ${section}`, title, run, ...(choice ? { choice } : {}) }
}

/** What of a request reaches the server. */
function asked(
  section: string,
  title: string,
  send: (xhr: XMLHttpRequest, side: Side) => unknown,
  method = 'POST',
): ConformanceCase {
  return xhrCase(section, title, async (side) => {
    const xhr = openXhr(side, side.url(ECHO), method)
    const done = ended(xhr)
    await send(xhr, side)
    await done
    return xhr.responseText === '' ? stateOf(xhr) : seenOf(JSON.parse(xhr.responseText) as never)
  })
}

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

/** What an act on an object throws. */
function thrown(act: () => unknown): unknown {
  try {
    return { value: act() ?? null }
  } catch (error) {
    return nameOf(error)
  }
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
  ...(
    [
      [
        'a method that is none',
        (xhr) => {
          xhr.open('A B', '/')
        },
      ],
      [
        'a forbidden method',
        (xhr) => {
          xhr.open('TRACE', '/')
        },
      ],
      [
        'an address that is none',
        (xhr) => {
          xhr.open('GET', 'http://')
        },
      ],
      [
        'too few arguments',
        (xhr) => {
          Reflect.apply(xhr.open, xhr, ['GET'])
        },
      ],
      [
        'a symbol',
        (xhr) => {
          xhr.open('GET', Symbol('x') as unknown as string)
        },
      ],
      [
        'synchronous with a timeout',
        (xhr) => {
          xhr.timeout = 5
          xhr.open('GET', '/', false)
        },
      ],
      [
        'synchronous with a response type',
        (xhr) => {
          xhr.responseType = 'json'
          xhr.open('GET', '/', false)
        },
      ],
    ] as [string, (xhr: XMLHttpRequest) => void][]
  ).map(([title, act]) =>
    xhrCase('4.5.1', `open with ${title}`, () => {
      const xhr = new XMLHttpRequest()
      return [
        thrown(() => {
          act(xhr)
        }),
        xhr.readyState,
      ]
    }),
  ),
  xhrCase('4.5.1', 'open with what throws keeps what was opened', async (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    const failure = thrown(() => {
      xhr.open('A B', '/')
    })
    const done = ended(xhr)
    xhr.send()
    await done
    return [failure, xhr.responseText]
  }),
  xhrCase('4.5.1', 'open twice forgets the headers', async (side) => {
    const xhr = openXhr(side, side.url(ECHO))
    xhr.setRequestHeader('x-first', '1')
    xhr.open('GET', side.url(ECHO))
    xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
    const done = ended(xhr)
    xhr.send()
    await done
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
    const done = ended(xhr)
    xhr.send()
    await done
    return [xhr.responseText, xhr instanceof XMLHttpRequest, xhr instanceof Own]
  }),
  xhrCase('4.5.1', 'one object, three requests', async (side) => {
    const xhr = new XMLHttpRequest()
    const texts: string[] = []
    for (const text of ['one', 'two', 'three']) {
      xhr.open('GET', side.url({ chunks: [text] }))
      xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
      const done = ended(xhr)
      xhr.send()
      await done
      texts.push(xhr.responseText)
    }
    return texts
  }),
  xhrCase('4.5.1', 'with a valet key first, without one afterwards', async (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    const first = ended(xhr)
    xhr.send()
    await first
    xhr.open('GET', side.url(JSON_PLAN))
    const before = stateOf(xhr)
    const second = ended(xhr)
    xhr.send()
    await second
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
  ...(
    [
      [
        'a bad name',
        (xhr) => {
          xhr.setRequestHeader('a b', '1')
        },
      ],
      [
        'a bad value',
        (xhr) => {
          xhr.setRequestHeader('a', 'x\ny')
        },
      ],
      [
        'letters beyond Latin-1',
        (xhr) => {
          xhr.setRequestHeader('a', 'х')
        },
      ],
      [
        'one argument',
        (xhr) => {
          Reflect.apply(xhr.setRequestHeader, xhr, ['a'])
        },
      ],
    ] as [string, (xhr: XMLHttpRequest) => void][]
  ).map(([title, act]) =>
    xhrCase('4.5.2', `setRequestHeader with ${title}`, (side) => {
      const xhr = openXhr(side, side.url(TEXT_PLAN))
      return thrown(() => {
        act(xhr)
      })
    }),
  ),
  xhrCase('4.5.2', 'setRequestHeader in each state', async (side) => {
    const xhr = new XMLHttpRequest()
    const set = (): unknown =>
      thrown(() => {
        xhr.setRequestHeader('x-late', '1')
      })
    const seen = [set()]
    xhr.open('GET', side.url(TEXT_PLAN))
    xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
    seen.push(set())
    const done = ended(xhr)
    xhr.send()
    seen.push(set())
    await done
    seen.push(set())
    return seen
  }),
  ...(['x-api-key', 'x-goog-api-key', 'api-key', 'xi-api-key'] as const).map((name) =>
    xhrCase('4.5.2', `a key in ${name}`, async (side) => {
      const xhr = new XMLHttpRequest()
      xhr.open('GET', side.url(TEXT_PLAN))
      xhr.setRequestHeader(name, side.key)
      const done = ended(xhr)
      xhr.send()
      await done
      return stateOf(xhr)
    }),
  ),
  xhrCase('4.5.2', 'a key in the query', async (side) => {
    const xhr = new XMLHttpRequest()
    xhr.open('GET', `${side.url(TEXT_PLAN)}&key=${side.key}#top`)
    const done = ended(xhr)
    xhr.send()
    await done
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

const STATES: readonly ConformanceCase[] = [
  xhrCase('4.5.6', 'send before open', () =>
    thrown(() => {
      new XMLHttpRequest().send()
    }),
  ),
  xhrCase('4.5.6', 'send twice', (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    xhr.send()
    return thrown(() => {
      xhr.send()
    })
  }),
  xhrCase('4.5.6', 'send after the end', async (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    const done = ended(xhr)
    xhr.send()
    await done
    return thrown(() => {
      xhr.send()
    })
  }),
  xhrCase('4.5.6', 'a synchronous request to the page’s own server', (side) => {
    const xhr = new XMLHttpRequest()
    xhr.open('GET', side.url(TEXT_PLAN), false)
    xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
    xhr.send()
    return stateOf(xhr)
  }),
  xhrCase(
    '4.5.6',
    'a synchronous request elsewhere',
    (side) => {
      const xhr = new XMLHttpRequest()
      xhr.open('GET', side.otherUrl(TEXT_PLAN), false)
      xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
      return thrown(() => {
        xhr.send()
      })
    },
    {
      reason: 'Nobody can be asked while a page stands still: a clear NetworkError.',
      ours: { name: 'NetworkError' },
    },
  ),
  xhrCase('4.5.3', 'timeout is kept', (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    xhr.timeout = 1234
    xhr.send()
    xhr.timeout = 4321
    return xhr.timeout
  }),
  xhrCase('4.5.4', 'withCredentials is kept, and refused once it is sent', async (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    xhr.withCredentials = true
    const done = ended(xhr)
    xhr.send()
    const late = thrown(() => {
      xhr.withCredentials = false
    })
    await done
    return [
      late,
      thrown(() => {
        xhr.withCredentials = false
      }),
      xhr.withCredentials,
    ]
  }),
  xhrCase('4.5.5', 'upload is one object', (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN), 'POST')
    const { upload } = xhr
    xhr.send('x')
    return [
      upload === xhr.upload,
      Object.prototype.toString.call(upload),
      upload instanceof EventTarget,
    ]
  }),
  xhrCase('4.7.8', 'overrideMimeType in each state', async (side) => {
    const xhr = new XMLHttpRequest()
    const set = (): unknown =>
      thrown(() => {
        xhr.overrideMimeType('text/plain; charset=utf-8')
      })
    const seen = [set()]
    xhr.open('GET', side.url(TEXT_PLAN))
    xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
    seen.push(set())
    const done = ended(xhr)
    xhr.send()
    seen.push(set())
    await done
    seen.push(set())
    return seen
  }),
  xhrCase('4.7.8', 'responseType in each state', async (side) => {
    const xhr = new XMLHttpRequest()
    const set = (type: string): unknown =>
      thrown(() => {
        xhr.responseType = type as 'json'
      })
    const seen = [set('json')]
    xhr.open('GET', side.url(TEXT_PLAN))
    xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
    seen.push(set('text'))
    const done = ended(xhr)
    xhr.send()
    seen.push(set('nonsense'), xhr.responseType)
    await done
    seen.push(set('json'), set('nonsense'), xhr.responseType)
    return seen
  }),
  xhrCase('4', 'names, lengths and constants', () => {
    const { prototype } = XMLHttpRequest
    const methods = [
      'open',
      'send',
      'abort',
      'setRequestHeader',
      'getResponseHeader',
      'overrideMimeType',
    ] as const
    const { UNSENT, OPENED, HEADERS_RECEIVED, LOADING, DONE } = XMLHttpRequest
    return [
      methods.map((name) => [prototype[name].name, prototype[name].length]),
      UNSENT,
      OPENED,
      HEADERS_RECEIVED,
      LOADING,
      DONE,
      Object.keys(prototype),
      Object.getOwnPropertyNames(new XMLHttpRequest()),
    ]
  }),
  xhrCase('4', 'a member on what is no XHR', () => {
    const { prototype } = XMLHttpRequest
    const get = (name: string): unknown => thrown(() => Reflect.get(prototype, name) as unknown)
    return [
      get('readyState'),
      get('response'),
      get('status'),
      ...[{}, null, 1].map((self) =>
        thrown(() => {
          Reflect.apply(prototype.send, self, [])
        }),
      ),
      thrown(() => {
        Reflect.apply(prototype.open, {}, ['GET', '/'])
      }),
    ]
  }),
  xhrCase('4.7', 'everything before open', () => stateOf(new XMLHttpRequest())),
  xhrCase('4.7', 'everything before send', (side) => stateOf(openXhr(side, side.url(TEXT_PLAN)))),
  xhrCase('4.7', 'everything once it is sent', (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    xhr.send()
    return stateOf(xhr)
  }),
  xhrCase('4.5.7', 'everything after an abort', async (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    xhr.send()
    xhr.abort()
    await pause(50)
    return [
      stateOf(xhr),
      thrown(() => {
        xhr.send()
      }),
      await outcomeOf(() => {
        xhr.setRequestHeader('a', 'b')
      }),
    ]
  }),
]

export const XHR_CASES: readonly ConformanceCase[] = [...OPENING, ...HEADERS, ...BODIES, ...STATES]
