/** `XMLHttpRequest`: what may be done when, and its members. */
import { TEXT_PLAN, outcomeOf, pause, type ConformanceCase } from './case.ts'
import { inEachState, sent, thrown, xhrCase } from './xhr-case.ts'
import { ended, openXhr, stateOf } from './xhr.ts'

export const XHR_STATE_CASES: readonly ConformanceCase[] = [
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
    await sent(xhr)
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
  inEachState('4.7.8', 'overrideMimeType', (xhr) => {
    xhr.overrideMimeType('text/plain; charset=utf-8')
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
