/**
 * A page, in a thread of its own: loads the shim, then replaces all it can replace, makes one call, and
 * reports what came of it and which replacements the shim stepped on. They work, so that only the
 * shim's own steps count, not Node's.
 */
import { MemoryBackground, anyValetKey } from './background.ts'

const { Channel } = await import('../channel.ts')
const { patchFetch } = await import('../patch-fetch.ts')

const stepped: string[] = []
const background = new MemoryBackground().arrive()
const page = { fetch: globalThis.fetch }
patchFetch(page, new Channel(background.target))
const started = new Promise<string>((resolve) => {
  background.onStart = ({ callId }) => {
    resolve(callId)
  }
})
const url = `https://api.example.test/v1/x?key=${anyValetKey()}`
const request = new Request(url, { method: 'POST', body: 'x'.repeat(300_000) })

const byHandle = new Blob(['well, '])

const report = new BroadcastChannel('hostile-page')
const { apply, construct } = Reflect
const CONSTRUCTORS = ['Blob', 'Headers', 'MessageChannel', 'MessageEvent', 'Promise', 'Proxy', 'Map']
for (const name of [...CONSTRUCTORS, 'ReadableStream', 'Request', 'Response', 'URLSearchParams']) {
  replace(globalThis, name)
}
replace(globalThis, 'setTimeout')
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
replaceAll(Headers.prototype, ['forEach', Symbol.iterator])

const reply = page.fetch(request)
const callId = await started
background.reply(callId, 200, [byHandle, 'hello'])
const text = await (await reply).clone().text()
report.postMessage({ text, stepped })

function replaceAll(owner: object, names: PropertyKey[]): void {
  for (const name of names) replace(owner, name)
}

function replace(owner: object, name: PropertyKey): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name)
  if (typeof descriptor?.value !== 'function') return
  const value = new Proxy(descriptor.value as () => unknown, {
    apply(target, self, args: []) {
      note(name)
      return apply(target, self, args)
    },
    construct(target, args, newTarget) {
      note(name)
      return construct(target, args, newTarget) as object
    },
  })
  Object.defineProperty(owner, name, { ...descriptor, value })
}

/** Notes the name if the step came straight from a file of the shim. */
function note(name: PropertyKey): void {
  const caller = new Error().stack?.split('\n')[3] ?? ''
  if (/\/extension\/shim\/[a-z-]+\.ts/.test(caller)) stepped[stepped.length] = String(name) + caller
}
