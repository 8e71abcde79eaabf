/**
 * A page, in a thread of its own: loads the shim, then replaces all it can replace, makes one call by
 * each API, and reports what came of it and which replacements the shim stepped on. They work, so that only the
 * shim's own steps count, not Node's.
 */
import './memory-xhr.ts'
import { MemoryBackground, anyValetKey, settled } from './background.ts'

const { Channel } = await import('../channel.ts')
const { patchFetch } = await import('../patch-fetch.ts')
const { patchXhr } = await import('../patch-xhr.ts')

const stepped: string[] = []
const background = new MemoryBackground().arrive()
const page = { fetch: globalThis.fetch }
const channel = new Channel(background.target)
patchFetch(page, channel)
patchXhr(XMLHttpRequest.prototype, channel)
const callIds: string[] = []
background.onStart = ({ callId }) => {
  callIds[callIds.length] = callId
}
const url = `https://api.example.test/v1/x?key=${anyValetKey()}`
const request = new Request(url, { method: 'POST', body: 'x'.repeat(300_000) })

const byHandle = new Blob(['well, '])
const xhr = new XMLHttpRequest()
const call = callerOf(['open', 'setRequestHeader', 'send', 'getAllResponseHeaders'])
const form = new FormData()
form.append('model', 'whisper')

const report = new BroadcastChannel('hostile-page')
const { apply, construct, get: getOf } = Reflect
const CONSTRUCTORS = ['Blob', 'Headers', 'MessageChannel', 'MessageEvent', 'Promise', 'Proxy', 'Map']
const MORE = ['ArrayBuffer', 'Document', 'Event', 'ProgressEvent', 'TextDecoder', 'TextEncoder', 'WeakMap', 'DOMException']
const STREAMS = ['ReadableStream', 'Request', 'Response', 'URLSearchParams', 'FormData', 'URL']
for (const name of [...CONSTRUCTORS, ...MORE, ...STREAMS, 'XMLHttpRequest']) {
  replace(globalThis, name)
}
replace(globalThis, 'setTimeout')
replace(globalThis, 'clearTimeout')
replace(globalThis, 'structuredClone')
replaceAll(JSON, ['parse', 'stringify'])
replaceAll(Reflect, ['apply', 'deleteProperty', 'construct'])
replaceAll(Object, ['assign', 'create', 'defineProperties', 'defineProperty', 'entries', 'keys'])
replaceAll(Promise.prototype, ['then', 'catch', 'finally'])
replaceAll(Function.prototype, ['apply', 'bind', 'call'])
replaceAll(Array.prototype, ['forEach', 'map', 'push', 'shift', 'splice', Symbol.iterator])
replaceAll(EventTarget.prototype, ['addEventListener', 'dispatchEvent', 'removeEventListener'])
replaceAll(MessagePort.prototype, ['postMessage'])
replaceAll(Blob.prototype, ['arrayBuffer'])
replaceAll(Request.prototype, ['arrayBuffer', 'clone'])
replaceAll(Response.prototype, ['clone', 'text'])
replaceAll(Headers.prototype, ['append', 'forEach', 'get', 'set', Symbol.iterator])
replaceAll(FormData.prototype, ['append', 'forEach', Symbol.iterator])
replaceAll(URLSearchParams.prototype, ['forEach', 'toString', Symbol.iterator])
replaceAll(WeakMap.prototype, ['get', 'set'])
replaceAll(TextDecoder.prototype, ['decode'])
replaceAll(Performance.prototype, ['now'])
replaceAll(XMLHttpRequest.prototype, Reflect.ownKeys(XMLHttpRequest.prototype))

const reply = page.fetch(request)
await background.heard('call.start')
background.reply(callIds[0] ?? '', 200, [byHandle, 'hello'])
const text = await (await reply).clone().text()

call('open', 'POST', url)
call('setRequestHeader', 'x-own', '1')
xhr.timeout = 60_000
call('send', form)
await background.heard('call.start', 2)
background.reply(callIds[1] ?? '', 200, ['by ', 'xhr'], [['x-served', 'yes']])
await settled()
const byXhr = [xhr.readyState, xhr.responseText, call('getAllResponseHeaders')]
report.postMessage({ text, byXhr, stepped })

/** Calls members of the XHR as they are now, whatever is put in their place. */
function callerOf(names: string[]): (name: string, ...args: unknown[]) => unknown {
  const members = new Map(names.map((name) => [name, Reflect.get(xhr, name) as () => unknown]))
  const find = members.get.bind(members)
  return (name, ...args) => apply(find(name) ?? (() => undefined), xhr, args) as unknown
}

function replaceAll(owner: object, names: PropertyKey[]): void {
  for (const name of names) replace(owner, name)
}

function replace(owner: object, name: PropertyKey): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name)
  if (!descriptor || name === 'constructor') return
  const get: unknown = Reflect.get(descriptor, 'get')
  if (typeof get === 'function') descriptor.get = noting(get as () => unknown, name) as () => unknown
  else if (typeof descriptor.value === 'function') {
    descriptor.value = noting(descriptor.value as () => unknown, name)
  }
  Object.defineProperty(owner, name, descriptor)
}

function noting(member: () => unknown, name: PropertyKey): object {
  return new Proxy(member, {
    apply(target, self, args: []) {
      note(name)
      return apply(target, self, args)
    },
    construct(target, args, newTarget) {
      note(name)
      return construct(target, args, newTarget) as object
    },
    get(target, key, self): unknown {
      if (key === Symbol.hasInstance) note(name)
      return getOf(target, key, self)
    },
  })
}

/** Notes the name if the step came straight from a file of the shim. */
function note(name: PropertyKey): void {
  const caller = new Error().stack?.split('\n')[3] ?? ''
  if (/\/extension\/shim\/[a-z-]+\.ts/.test(caller)) stepped[stepped.length] = String(name) + caller
}
