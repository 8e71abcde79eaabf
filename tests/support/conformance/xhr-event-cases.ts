/** `XMLHttpRequest`: which events come, in which order, and what they find. */
import {
  ENDLESS_PLAN,
  JSON_PLAN,
  STREAM_PLAN,
  TEXT_PLAN,
  chosen,
  pause,
  type ConformanceCase,
  type Plan,
  type Side,
} from './case.ts'
import { ended, heard, openXhr, recordOf, recordOfUpload, stateOf } from './xhr.ts'

function events(
  section: string,
  title: string,
  run: (side: Side) => unknown,
  choice?: ConformanceCase['choice'],
): ConformanceCase {
  return {
    section: `XHR ${section}`,
    title: `events: ${title}`,
    run,
    ...(choice ? { choice } : {}),
  }
}

/** `4.5.6 a title`: the section and the title. */
function partsOf(named: string): [section: string, title: string] {
  const space = named.indexOf(' ')
  return [named.slice(0, space), named.slice(space + 1)]
}

/** All events of a request from its opening on. */
function course(
  named: string,
  plan: Plan,
  act: (xhr: XMLHttpRequest, log: string[]) => unknown = (xhr) => {
    xhr.send()
  },
  method = 'GET',
): ConformanceCase {
  return events(...partsOf(named), async (side) => {
    const xhr = openXhr(side, side.url(plan), method)
    const log = recordOf(xhr)
    const done = ended(xhr)
    await act(xhr, log)
    await done
    await pause(20)
    return [log, stateOf(xhr)]
  })
}

/** After an event of a type, `act`; then all that was told. */
function upon(
  named: string,
  type: string,
  plan: Plan,
  act: (xhr: XMLHttpRequest, side: Side) => void,
): ConformanceCase {
  return events(...partsOf(named), async (side) => {
    const xhr = openXhr(side, side.url(plan))
    const log = recordOf(xhr)
    xhr.addEventListener(
      type,
      () => {
        log.push('act')
        act(xhr, side)
      },
      { once: true },
    )
    const first = heard(xhr, type)
    xhr.send()
    await first
    await pause(900)
    return [log, stateOf(xhr)]
  })
}

function uploads(
  title: string,
  body: () => XMLHttpRequestBodyInit | null,
  plan: Plan,
  act?: (xhr: XMLHttpRequest) => void,
): ConformanceCase {
  return events('4.5.6', `upload: ${title}`, async (side) => {
    const xhr = openXhr(side, side.url(plan), 'POST')
    const log = recordOf(xhr)
    recordOfUpload(xhr, log)
    const done = ended(xhr)
    xhr.send(body())
    act?.(xhr)
    await done
    return log
  })
}

const COURSES: readonly ConformanceCase[] = [
  course('4.5.6 a short reply', TEXT_PLAN),
  course('4.5.6 a reply of JSON', JSON_PLAN),
  course('4.5.6 a stream', STREAM_PLAN),
  course('4.5.6 a reply with a length', {
    headers: { 'content-length': '5', 'content-type': 'text/plain' },
    chunks: ['hello'],
  }),
  course('4.5.6 an empty reply', {}),
  course('4.5.6 status 204', { status: 204 }),
  course('4.5.6 status 404', { ...JSON_PLAN, status: 404 }),
  course('4.5.6 status 500', { ...TEXT_PLAN, status: 500 }),
  course('4.5.6 HEAD', JSON_PLAN, undefined, 'HEAD'),
  course('4.5.6 a server that hangs up', { cut: 'head' }),
  course('4.5.6 a body that is cut', { ...JSON_PLAN, cut: 'body' }),
  course('4.5.3 a timeout before the head', { delayMs: 2_000 }, (xhr) => {
    xhr.timeout = 80
    xhr.send()
  }),
  course('4.5.3 a timeout in the body', ENDLESS_PLAN, (xhr) => {
    xhr.timeout = 700
    xhr.send()
  }),
  course('4.5.3 a timeout set late', { delayMs: 2_000 }, async (xhr) => {
    xhr.send()
    await pause(120)
    xhr.timeout = 60
  }),
  course('4.5.3 a timeout taken back', { ...TEXT_PLAN, delayMs: 200 }, (xhr) => {
    xhr.timeout = 100
    xhr.send()
    xhr.timeout = 0
  }),
  course('4.5.3 a timeout that is not reached', TEXT_PLAN, (xhr) => {
    xhr.timeout = 5_000
    xhr.send()
  }),
  course('4.5.7 abort at once', TEXT_PLAN, (xhr) => {
    xhr.send()
    xhr.abort()
  }),
  course('4.5.7 abort before the head', { delayMs: 2_000 }, async (xhr) => {
    xhr.send()
    await pause(60)
    xhr.abort()
  }),
  course('4.5.7 abort in the body', ENDLESS_PLAN, async (xhr) => {
    xhr.send()
    await heard(xhr, 'progress')
    xhr.abort()
  }),
  course('4.5.7 abort after the end', TEXT_PLAN, async (xhr, log) => {
    const done = ended(xhr)
    xhr.send()
    await done
    xhr.abort()
    log.push(`aborted ${xhr.readyState}`)
    xhr.dispatchEvent(new ProgressEvent('loadend'))
  }),
  events(
    '4.5.6',
    'a call the wallet passes starts twice',
    async (side) => {
      const xhr = openXhr(side, side.url(TEXT_PLAN), 'POST')
      xhr.setRequestHeader('x-pass', '1')
      const log: string[] = []
      for (const type of ['loadstart', 'load', 'loadend']) {
        xhr.addEventListener(type, () => log.push(type))
      }
      const done = ended(xhr)
      xhr.send('x')
      await done
      return [log, xhr.responseText]
    },
    {
      reason: 'The first is told before anybody knows whose it is, the second by the browser.',
      ours: [['loadstart', 'loadstart', 'load', 'loadend'], 'hello'],
    },
  ),
  course('4.5.6 responseType arraybuffer', STREAM_PLAN, (xhr) => {
    xhr.responseType = 'arraybuffer'
    xhr.send()
  }),
  course('4.5.6 responseType blob', STREAM_PLAN, (xhr) => {
    xhr.responseType = 'blob'
    xhr.send()
  }),
  course('4.5.6 responseType json', JSON_PLAN, (xhr) => {
    xhr.responseType = 'json'
    xhr.send()
  }),
]

const HANDLERS: readonly ConformanceCase[] = [
  events('4.5', 'handlers and listeners in the order they came', async (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    const log: string[] = []
    xhr.addEventListener('load', () => log.push('first'))
    xhr.onload = () => log.push('handler')
    xhr.addEventListener('load', () => log.push('last'))
    xhr.onreadystatechange = () => log.push(`state ${xhr.readyState}`)
    xhr.onloadstart = () => log.push('start')
    const done = ended(xhr)
    xhr.send()
    await done
    return log.filter((line) => line !== 'state 3')
  }),
  events('4.5', 'what a handler is called with', async (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    const seen: unknown[] = []
    xhr.onload = function (event) {
      seen.push(
        this === xhr,
        event.target === xhr,
        event.currentTarget === xhr,
        event.type,
        event.bubbles,
        event.cancelable,
        event instanceof ProgressEvent,
        event.eventPhase,
      )
    }
    xhr.onreadystatechange = function (event) {
      if (xhr.readyState === 4) seen.push(this === xhr, event.constructor === Event, event.bubbles)
    }
    const done = ended(xhr)
    xhr.send()
    await done
    return seen
  }),
  events('4.5', 'a listener that throws stops nobody else', async (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    const log = recordOf(xhr)
    const ignore = (event: ErrorEvent): void => {
      event.preventDefault()
    }
    window.addEventListener('error', ignore)
    xhr.addEventListener('load', () => {
      throw new Error('mine')
    })
    xhr.addEventListener('load', () => log.push('second'))
    const done = ended(xhr)
    xhr.send()
    await done
    window.removeEventListener('error', ignore)
    return log
  }),
  events('4.5', 'once, handleEvent and removal', async (side) => {
    const xhr = openXhr(side, side.url(TEXT_PLAN))
    const log: string[] = []
    const gone = (): number => log.push('gone')
    xhr.addEventListener('load', gone)
    xhr.removeEventListener('load', gone)
    xhr.addEventListener('load', { handleEvent: () => log.push('object') })
    xhr.addEventListener('readystatechange', () => log.push('once'), { once: true })
    const done = ended(xhr)
    xhr.send()
    await done
    return log
  }),
  events(
    'DOM 2.9',
    'an event is the browser’s',
    async (side) => {
      const xhr = openXhr(side, side.url(TEXT_PLAN))
      let isTrusted: boolean | null = null
      xhr.onload = (event) => {
        isTrusted = event.isTrusted
      }
      const done = ended(xhr)
      xhr.send()
      await done
      return isTrusted
    },
    { reason: 'Only the browser makes events it vouches for.', ours: false },
  ),
  upon('4.5.7 abort at loadstart', 'loadstart', TEXT_PLAN, (xhr) => {
    xhr.abort()
  }),
  upon('4.5.7 abort at the head', 'readystatechange', TEXT_PLAN, (xhr) => {
    xhr.abort()
  }),
  upon('4.5.7 abort at progress', 'progress', ENDLESS_PLAN, (xhr) => {
    xhr.abort()
  }),
  upon('4.5.7 abort at load', 'load', TEXT_PLAN, (xhr) => {
    xhr.abort()
  }),
  upon('4.5.1 open anew at loadstart', 'loadstart', TEXT_PLAN, (xhr, side) => {
    xhr.open('GET', side.url(JSON_PLAN))
  }),
  upon('4.5.1 open anew at progress', 'progress', ENDLESS_PLAN, (xhr, side) => {
    xhr.open('GET', side.url(JSON_PLAN))
  }),
  upon('4.5.1 open and send anew at load', 'load', TEXT_PLAN, (xhr, side) => {
    xhr.open('GET', side.url(JSON_PLAN))
    xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
    xhr.send()
  }),
  events('4.5.1', 'open anew while it is sent tells nothing of the first', async (side) => {
    const xhr = openXhr(side, side.url({ ...TEXT_PLAN, delayMs: 200 }))
    const log = recordOf(xhr)
    xhr.send()
    await pause(50)
    xhr.open('GET', side.url(JSON_PLAN))
    log.push(`opened ${xhr.readyState}`)
    xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
    const done = ended(xhr)
    xhr.send()
    await done
    return log
  }),
  events('4.7', 'text that grows', async (side) => {
    const xhr = openXhr(side, side.url(STREAM_PLAN))
    const lengths: number[] = []
    xhr.onprogress = () => {
      if (lengths.at(-1) !== xhr.responseText.length) lengths.push(xhr.responseText.length)
    }
    const done = ended(xhr)
    xhr.send()
    await done
    const grows = lengths.every((length, at) => length > (lengths[at - 1] ?? 0))
    return [lengths.length > 1, grows, lengths.at(-1)]
  }),
]

const UNTOLD =
  'The wallet does not say how far it got: an upload ends with the head, or with the failure.'

function failedUpload(type: string): readonly string[] {
  return [
    ...['loadstart 1 0/0', 'upload loadstart 0/4', 'readystatechange 4 0'],
    ...[`upload ${type} 0/0`, 'upload loadend 0/0', `${type} 4 0/0`, 'loadend 4 0/0'],
  ]
}

const UPLOADS: readonly ConformanceCase[] = [
  uploads('text', () => 'twelve bytes', TEXT_PLAN),
  uploads('text beyond ASCII', () => 'üüü', TEXT_PLAN),
  uploads('a Blob', () => new Blob(['12345']), TEXT_PLAN),
  uploads('bytes', () => new Uint8Array(7), TEXT_PLAN),
  uploads('a search', () => new URLSearchParams('a=b'), TEXT_PLAN),
  uploads('nothing', () => null, TEXT_PLAN),
  chosen(
    uploads('an empty string', () => '', TEXT_PLAN),
    'As the standard has it; Chromium leaves out the upload’s end where no byte is sent.',
    [
      'loadstart 1 0/0',
      ...['upload loadstart 0/0', 'upload progress 0/0', 'upload load 0/0', 'upload loadend 0/0'],
      ...['readystatechange 2 200', 'readystatechange 3 200', 'progress'],
      ...['readystatechange 4 200', 'load 4 5/0', 'loadend 4 5/0'],
    ],
  ),
  uploads(
    'abort at once',
    () => 'text',
    TEXT_PLAN,
    (xhr) => {
      xhr.abort()
    },
  ),
  uploads('a type nobody sniffs', () => 'text', {
    ...TEXT_PLAN,
    headers: { 'content-type': 'a/b' },
  }),
  chosen(
    uploads('a server that hangs up', () => 'text', { cut: 'head', delayMs: 500 }),
    UNTOLD,
    failedUpload('error'),
  ),
  chosen(
    uploads(
      'a timeout before the reply',
      () => 'text',
      { delayMs: 2_000 },
      (xhr) => {
        xhr.timeout = 600
      },
    ),
    UNTOLD,
    failedUpload('timeout'),
  ),
]

export const XHR_EVENT_CASES: readonly ConformanceCase[] = [...COURSES, ...HANDLERS, ...UPLOADS]
