/** What hostile pages run. Each stands alone: it is sent into the page as text. */
import type { Page } from 'puppeteer'
import { CHAT_URL, chatInit } from '../e2e/world.ts'

/** What became of a call out of a realm that was prepared, and what the preparation caught. */
interface Prepared {
  /** The realm was the page's before it was ours: its fetch was the browser's own. */
  readonly wasFirst: boolean
  /** What was replaced is still replaced where the call is made. */
  readonly isStillThere: boolean
  readonly replaced: number
  /** Types of the messages of ours it saw go by. */
  readonly heard: readonly string[]
  /** Of the things caught, those that lead to the extension. */
  readonly ports: number
  readonly status: number
}

/**
 * Puts a frame into the page, replaces all it can in the frame's realm before any other script is in it,
 * and calls from there once it has loaded.
 */
export function prepareChild(
  page: Page,
  given: { readonly src: string; readonly valetKey: string; readonly breaks: boolean },
): Promise<Prepared> {
  return page.evaluate(
    async (url, { src, breaks }, init) => {
      const frame = document.createElement('iframe')
      if (src !== '') frame.src = src
      const loaded = new Promise((resolve) => (frame.onload = resolve))
      document.documentElement.append(frame)
      const child = frame.contentWindow as Window & typeof globalThis
      const isNative = (name: string) => String(Reflect.get(child, name)).includes('[native code]')
      const mark = child.Symbol.for('valetkey.shim')
      const wasFirst = isNative('fetch') && isNative('Promise') && !(mark in child)
      const caught: unknown[] = []
      // Stays in the heap, where the sweep after the test looks for keys.
      Object.assign(window, { caught })
      const replaced: [object, PropertyKey, unknown][] = []
      const replace = (holder: object, name: PropertyKey) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(holder, name)
        if (typeof descriptor?.value !== 'function' || name === 'constructor') return
        const keep = (...things: unknown[]) => {
          if (caught.length < 50_000) caught.push(...things)
          if (breaks) throw new child.Error('broken')
        }
        const value: unknown = new Proxy(descriptor.value as () => unknown, {
          apply(target, self: unknown, args: unknown[]) {
            keep(self, args)
            const result = Reflect.apply(target, self, args) as unknown
            keep(result)
            return result
          },
          construct(target, args: unknown[], newTarget) {
            keep(args)
            const made = Reflect.construct(target, args, newTarget) as object
            keep(made)
            return made
          },
        })
        if (Reflect.defineProperty(holder, name, { ...descriptor, value })) {
          replaced.push([holder, name, value])
        }
      }
      const constructors = ['Promise', 'MessageChannel', 'MessageEvent', 'Request', 'Response']
      const more = ['Headers', 'ReadableStream', 'URL', 'URLSearchParams', 'Blob', 'Proxy', 'Event']
      for (const name of [...constructors, ...more, 'MessagePort', 'EventTarget', 'Object']) {
        const { prototype } = Reflect.get(child, name) as { prototype?: object }
        for (const member of Reflect.ownKeys(prototype ?? {})) replace(prototype ?? {}, member)
      }
      const { JSON: json, Reflect: reflect, Array: array, Map: map, String: text } = child
      for (const holder of [json, reflect, child.Object, child.Promise, child.Crypto.prototype]) {
        for (const name of Reflect.ownKeys(holder)) replace(holder, name)
      }
      for (const { prototype } of [array, map, text, child.Function, child.RegExp]) {
        for (const name of Reflect.ownKeys(prototype)) replace(prototype as object, name)
      }
      for (const name of [
        ...constructors,
        ...more,
        'structuredClone',
        'setTimeout',
        'queueMicrotask',
      ]) {
        replace(child, name)
      }
      await loaded
      const isStillThere = replaced.every(
        ([holder, name, value]) => Reflect.get(holder, name) === value,
      )
      let status: number
      try {
        const wait = new Promise<null>((resolve) => {
          setTimeout(resolve, 15_000, null)
        })
        const reply = await Promise.race([child.fetch(url, init), wait])
        status = reply?.status ?? -1
        await reply?.text()
      } catch {
        status = -2
      }
      // No script runs in it any more, that of the sweep neither; what it caught is kept.
      if (breaks) frame.remove()
      const flat = caught.flat()
      const has = (thing: unknown, name: string) => {
        try {
          return typeof thing === 'object' && thing !== null && name in thing
        } catch {
          return false
        }
      }
      const heard = flat
        .filter((thing) => has(thing, 'callId'))
        .map((thing) => String((thing as { type: unknown }).type))
      // A runtime port has a sender and ends with onDisconnect; `runtime` leads to all of it.
      const doors = ['onDisconnect', 'sender', 'runtime', 'getURL', 'sendMessage']
      const ports = flat.filter((thing) => doors.some((name) => has(thing, name))).length
      return { wasFirst, isStillThere, replaced: replaced.length, heard, ports, status }
    },
    CHAT_URL,
    given,
    chatInit(given.valetKey),
  )
}

/** Runs in a page: replaces the browser's parts by ones that throw, calls, and puts them back. */
/* eslint-disable @typescript-eslint/prefer-for-of -- iterators are broken while it runs */
export async function replaceAndCall(url: string, init: object) {
  const undo: (() => void)[] = []
  const stepped: string[] = []
  const { defineProperty, getOwnPropertyDescriptor } = Object
  const replace = (holder: object, name: PropertyKey) => {
    const descriptor = getOwnPropertyDescriptor(holder, name)
    if (!descriptor?.configurable) return
    const broken = function broken(this: unknown) {
      stepped[stepped.length] = String(name)
      throw new TypeError('broken')
    }
    const accessor = { get: broken, set: broken, configurable: true }
    const value = { value: broken, writable: true, configurable: true }
    defineProperty(holder, name, 'value' in descriptor ? value : accessor)
    undo[undo.length] = () => {
      defineProperty(holder, name, descriptor)
    }
  }
  const holders: [object, PropertyKey[]][] = [
    [window, ['MessagePort', 'MessageChannel', 'MessageEvent', 'CustomEvent', 'Event']],
    [window, ['EventTarget', 'customElements', 'Request', 'Response', 'Headers', 'URL', 'Blob']],
    [window, ['URLSearchParams', 'ReadableStream', 'Promise', 'structuredClone', 'setTimeout']],
    [window, ['Proxy', 'Map', 'Set', 'TextDecoder', 'queueMicrotask', 'postMessage']],
    [Element.prototype, ['attachShadow']],
    [EventTarget.prototype, ['addEventListener', 'removeEventListener', 'dispatchEvent']],
    [MessagePort.prototype, ['postMessage', 'start', 'close']],
    [Headers.prototype, ['forEach', 'get', 'entries', Symbol.iterator]],
    [Request.prototype, ['arrayBuffer', 'clone']],
    [ReadableStream.prototype, ['tee', 'getReader']],
    [JSON, ['parse', 'stringify']],
    [Reflect, ['apply', 'construct', 'deleteProperty']],
    [Object, ['create', 'defineProperty', 'defineProperties', 'assign', 'entries']],
    [Function.prototype, ['call', 'apply', 'bind']],
    [Array.prototype, ['push', 'shift', 'forEach', 'map', Symbol.iterator]],
    [Promise.prototype, ['then', 'catch', 'finally']],
  ]
  const call = window.fetch
  const readText = Response.prototype.text
  const each = (visit: (holder: object, name: PropertyKey) => void) => {
    for (let at = 0; at < holders.length; at++) {
      const entry = holders[at]
      if (!entry) continue
      for (let index = 0; index < entry[1].length; index++) visit(entry[0], entry[1][index] ?? '')
    }
  }
  each(replace)
  let status: number
  let text = ''
  try {
    const reply = await call(url, init)
    status = reply.status
    text = await reply.text()
  } catch {
    status = -1
  } finally {
    for (let at = 0; at < undo.length; at++) undo[at]?.()
  }
  return { status, text: text.length > 0 && readText.length === 0, replaced: undo.length, stepped }
}

/* eslint-enable @typescript-eslint/prefer-for-of */

/** Runs in a page: calls with arguments that say another thing at the second reading. */
export async function callFickly(url: string, key: string) {
  const bodyOf = (model: string) =>
    JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] })
  const bodies = [bodyOf('gpt-4o-mini'), bodyOf('gpt-5')]
  const headersOf = (auth: string) => ({ authorization: auth, 'content-type': 'application/json' })
  const members: Record<string, unknown[]> = {
    method: ['POST', 'GET'],
    headers: [headersOf(`Bearer ${key}`), headersOf('Bearer other')],
    body: bodies,
  }
  const asked = new Map<PropertyKey, number>()
  const ask = (name: string) => {
    const count = asked.get(name) ?? 0
    asked.set(name, count + 1)
    return members[name]?.[Math.min(count, 1)]
  }
  const getters = (names: string[]) =>
    Object.defineProperties(
      {},
      Object.fromEntries(names.map((name) => [name, { get: () => ask(name), enumerable: true }])),
    )
  const plain = { method: 'POST', headers: headersOf(`Bearer ${key}`) }
  const changing = new TextEncoder().encode(bodies[0])
  const live = new Headers(plain.headers)
  members['authorization'] = [`Bearer ${key}`, 'Bearer other']
  const cases: Record<string, [RequestInit, () => void]> = {
    'an init that is a proxy': [
      new Proxy({}, { get: (_target, name) => (typeof name === 'string' ? ask(name) : undefined) }),
      () => undefined,
    ],
    'an init of getters': [getters(['method', 'headers', 'body']), () => undefined],
    'headers of getters': [
      { ...plain, headers: getters(['authorization']), body: bodies[0] ?? '' },
      () => undefined,
    ],
    'a body with a toString of its own': [
      { ...plain, body: { toString: () => ask('body') } as unknown as string },
      () => undefined,
    ],
    'a body changed afterwards': [
      { ...plain, body: changing },
      () => {
        changing.set(new TextEncoder().encode(bodies[1]).subarray(0, changing.length))
      },
    ],
    'headers changed afterwards': [
      { ...plain, headers: live, body: bodies[0] ?? '' },
      () => {
        live.set('authorization', 'Bearer other')
      },
    ],
  }
  const outcomes: Record<string, { status: number; asked: number }> = {}
  for (const [name, [init, after]] of Object.entries(cases)) {
    asked.clear()
    const reply = fetch(url, init)
    after()
    const { status } = await reply
    outcomes[name] = { status, asked: Math.max(0, ...asked.values()) }
  }
  return outcomes
}

/** Runs in a page of its own process: gives a body in memory it shares, and writes to it ever after. */
export async function shareBody(url: string, valetKey: string) {
  const bodyOf = (model: string) =>
    new TextEncoder().encode(JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] }))
  const first = bodyOf('gpt-4o-mini')
  const other = bodyOf('gpt-5-large')
  const bytes = new Uint8Array(new SharedArrayBuffer(first.length))
  const headers = { authorization: `Bearer ${valetKey}`, 'content-type': 'application/json' }
  const write = () => {
    bytes.set(other)
  }
  bytes.set(first)
  const reply = fetch(url, { method: 'POST', headers, body: bytes as unknown as string })
  write()
  const writing = setInterval(write, 1)
  const fetched = (await reply).status

  // The same bytes on a port of the page's own: the memory itself, not a copy of it.
  bytes.set(first)
  const { port1, port2 } = new MessageChannel()
  const answers: string[] = []
  port1.onmessage = ({ data }: MessageEvent<{ type: string; code?: string; status?: number }>) => {
    answers.push(`${data.type} ${data.code ?? data.status ?? ''}`.trim())
  }
  window.dispatchEvent(new MessageEvent('valetkey:port', { ports: [port2], cancelable: true }))
  port1.postMessage({
    type: 'call.start',
    callId: crypto.randomUUID(),
    ...{ method: 'POST', url, valetKey, headers: [['content-type', 'application/json']] },
    body: { kind: 'bytes', bytes },
  })
  for (let turn = 0; turn < 60 && answers.length < 2; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  clearInterval(writing)
  return { isolated: crossOriginIsolated, fetched, answers }
}
