/**
 * `XMLHttpRequest` as the page knows it; a request with a valet key goes to the wallet instead. The
 * object stays the browser's own: while the wallet has its request, it rests in the state `open` left it
 * in, and what the page reads of it comes from the call. Events are dispatched on the object itself, so
 * that listeners, `on…` handlers and their order are the browser's.
 */
import type { Channel } from './channel.ts'
import {
  NativeError,
  NativeHeaders,
  NativePlainEvent,
  addHeader,
  apply,
  dispatch,
  textOf,
  wrap,
} from './natives.ts'
import { isOwnOrigin } from './reply.ts'
import { keyOf } from './valet-request.ts'
import { HEADERS_RECEIVED, OPENED, XhrCall } from './xhr-call.ts'
import { GETTERS, SETTERS, invalidState } from './xhr-members.ts'
import { findOpened, keepOpened, type Opened } from './xhr-register.ts'
import { takeXhr } from './xhr-request.ts'

/** One use of a member by the page. */
interface Use {
  readonly xhr: XMLHttpRequest
  /** What the page gave; what is written here is what the browser gets. */
  readonly args: unknown[]
  /** The browser's own member, with `args`. */
  readonly native: () => unknown
  readonly channel: Channel
  /** Of this object; undefined before the first `open`, and of what is no XHR at all. */
  readonly own: Opened | undefined
}
type Run = (use: Use) => unknown
type Member = (...args: unknown[]) => unknown

const NOT_OPENED = 'it must be opened first'
const SYNC_REFUSED =
  'ValetKey makes no synchronous XMLHttpRequest: open it with async = true, or use fetch.'

const METHODS: Readonly<Record<string, Run>> = {
  open({ xhr, args, native, own }) {
    if (args.length < 2) return native()
    // C46: asked once. What is looked at is what is sent.
    const method = (args[0] = textOf(args[0]))
    const url = (args[1] = textOf(args[1]))
    const isAsync = args.length < 3 || Boolean(args[2])
    keepOpened(xhr, { method, url, isAsync, headers: new NativeHeaders(), mime: null, call: null })
    try {
      native()
    } catch (error) {
      keepOpened(xhr, own)
      throw error
    }
    const state = own?.call?.readyState ?? OPENED
    own?.call?.drop()
    // The browser's own state was OPENED all the time: it tells of no change.
    if (state !== OPENED) dispatch(xhr, new NativePlainEvent('readystatechange'))
    return undefined
  },
  setRequestHeader({ args, native, own }) {
    if (!own || args.length < 2) return native()
    if (own.call) throw invalidState(NOT_OPENED)
    const name = (args[0] = textOf(args[0]))
    const value = (args[1] = textOf(args[1]))
    native()
    addHeader(own.headers, name, value)
    return undefined
  },
  overrideMimeType({ args, native, own }) {
    if (!own || args.length === 0) return native()
    if (own.call && own.call.readyState > HEADERS_RECEIVED) throw invalidState('it is being read')
    const mime = (args[0] = textOf(args[0]))
    native()
    own.mime = mime
    return undefined
  },
  send: (use) => {
    const { own, args, native } = use
    if (!own) return native()
    if (own.call) throw invalidState(NOT_OPENED)
    const text = typeof args[0] === 'string' ? args[0] : null
    const valetKey = keyOf({ url: own.url, headers: own.headers, text }, use.channel)
    return valetKey === null ? native() : sendToWallet(use, own, valetKey)
  },
  abort({ native, own }) {
    if (!own?.call) return native()
    own.call.abort()
    return undefined
  },
  getResponseHeader({ args, native, own }) {
    if (!own?.call || args.length === 0) return native()
    return own.call.reply?.header(textOf(args[0])) ?? null
  },
  getAllResponseHeaders({ native, own }) {
    return own?.call ? (own.call.reply?.allHeaders() ?? '') : native()
  },
}

/** Replaces members of the prototype: objects made before have them too, and those of a subclass. */
export function patchXhr(prototype: XMLHttpRequest, channel: Channel): void {
  for (const name in METHODS) {
    const run = METHODS[name]
    if (run) replace(prototype, { name, part: 'value' }, channel, run)
  }
  for (const name in GETTERS) {
    const read = GETTERS[name as keyof typeof GETTERS]
    replace(prototype, { name, part: 'get' }, channel, ({ xhr, native, own }) =>
      own?.call ? read(own.call, xhr) : native(),
    )
  }
  for (const name in SETTERS) {
    const write = SETTERS[name as keyof typeof SETTERS]
    replace(prototype, { name, part: 'set' }, channel, ({ args, native, own }) => {
      if (!own?.call) return native()
      write(own.call, args, native)
      return undefined
    })
  }
}

function sendToWallet({ xhr, args, native, channel }: Use, own: Opened, valetKey: string): unknown {
  const taken = takeXhr(own, args[0])
  if (!taken) return native()
  if (!own.isAsync) {
    // Nobody can be asked while a page stands still; its own server is no provider.
    if (isOwnOrigin(taken.request.url) || channel.isOn() === false) return native()
    throw new NativeError(SYNC_REFUSED, 'NetworkError')
  }
  const pass = (): void => {
    own.call = null
    args[0] = taken.nativeBody
    native()
  }
  own.call = new XhrCall(xhr, { taken, valetKey, mime: () => own.mime, pass })
  own.call.start(channel)
  return undefined
}

function replace(
  prototype: XMLHttpRequest,
  { name, part }: { readonly name: string; readonly part: 'value' | 'get' | 'set' },
  channel: Channel,
  run: Run,
): void {
  wrap<Member>(prototype, name, part, {
    apply(target, xhr: XMLHttpRequest, args: unknown[]) {
      const native = (): unknown => apply(target, xhr, args)
      return run({ xhr, args, native, channel, own: findOpened(xhr) })
    },
  })
}
