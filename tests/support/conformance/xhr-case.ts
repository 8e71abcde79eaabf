/** The forms of a case of `XMLHttpRequest`. */
import { TEXT_PLAN, nameOf, seenOf, type ConformanceCase, type Side } from './case.ts'
import { ended, openXhr, stateOf } from './xhr.ts'

/** A server that answers with what it was asked. */
export const ECHO = { echo: true, headers: { 'content-type': 'application/json' } } as const

export function xhrCase(
  section: string,
  title: string,
  run: (side: Side) => unknown,
  choice?: ConformanceCase['choice'],
): ConformanceCase {
  return { section: `XHR ${section}`, title, run, ...(choice ? { choice } : {}) }
}

/** What of a request reaches the server. */
export function asked(
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

/** Sends it, and waits for its end. */
export async function sent(xhr: XMLHttpRequest): Promise<void> {
  const done = ended(xhr)
  xhr.send()
  await done
}

/** What an act on an object throws. */
export function thrown(act: () => unknown): unknown {
  try {
    return { value: act() ?? null }
  } catch (error) {
    return nameOf(error)
  }
}

/** What each act throws on an object of its own, and the state it leaves. */
export function refusals(
  section: string,
  what: string,
  make: (side: Side) => XMLHttpRequest,
  acts: Readonly<Record<string, (xhr: XMLHttpRequest) => void>>,
): readonly ConformanceCase[] {
  return Object.entries(acts).map(([title, act]) =>
    xhrCase(section, `${what} ${title}`, (side) => {
      const xhr = make(side)
      return [
        thrown(() => {
          act(xhr)
        }),
        xhr.readyState,
      ]
    }),
  )
}

/** What an act throws before open, before send, while it runs, and at its end. */
export function inEachState(
  section: string,
  what: string,
  act: (xhr: XMLHttpRequest) => void,
): ConformanceCase {
  return xhrCase(section, `${what} in each state`, async (side) => {
    const xhr = new XMLHttpRequest()
    const tried = (): unknown =>
      thrown(() => {
        act(xhr)
      })
    const seen = [tried()]
    xhr.open('GET', side.url(TEXT_PLAN))
    xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
    seen.push(tried())
    const done = sent(xhr)
    seen.push(tried())
    await done
    seen.push(tried())
    return seen
  })
}
