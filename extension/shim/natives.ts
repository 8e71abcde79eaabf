/**
 * What the shim uses while the page runs, taken before the page's first script. C45: a page that
 * replaces one of these later (polyfills, zones, fake timers do) still gets its calls; one that breaks
 * the language itself harms only its own calls.
 */
export const NativeBlob = Blob
export const NativeBuffer = ArrayBuffer
export const NativeBytes = Uint8Array
export const NativeClose = CloseEvent
export const NativeChannel = MessageChannel
export const NativeError = DOMException
export const NativeEvent = MessageEvent
export const NativeForm = FormData
export const NativeHeaders = Headers
export const NativePlainEvent = Event
export const NativePromise = Promise
export const NativeProxy = Proxy
export const NativeRequest = Request
export const NativeResponse = Response
export const NativeStream = ReadableStream
export const NativeSearch = URLSearchParams
export const NativeTarget = EventTarget
export const NativeUrl = URL
export const NativeWeakMap = WeakMap
export const { apply, construct, deleteProperty } = Reflect
export const { assign, create, defineProperties, defineProperty, getOwnPropertyDescriptor } = Object
export const namesOf = Object.keys
export const { stringify } = JSON
export const startTimer = setTimeout
export const stopTimer = clearTimeout
/** Milliseconds by a clock that never jumps. */
export const now = performance.now.bind(performance)
export const createCallId = crypto.randomUUID.bind(crypto)

type Listener = (event: Event) => void

export const postTo = unbound(MessagePort.prototype, 'postMessage') as (
  port: MessagePort,
  message: unknown,
) => void
export const listen = unbound(EventTarget.prototype, 'addEventListener') as (
  target: EventTarget,
  type: string,
  listener: Listener,
) => void
export const unlisten = unbound(EventTarget.prototype, 'removeEventListener') as typeof listen
export const dispatch = unbound(EventTarget.prototype, 'dispatchEvent') as (
  target: EventTarget,
  event: Event,
) => boolean
export const cloneResponse = unbound(Response.prototype, 'clone') as (of: Response) => Response
export const cloneRequest = unbound(Request.prototype, 'clone') as (of: Request) => Request
export const encoder = new TextEncoder()
const encodeBy = unbound(TextEncoder.prototype, 'encodeInto') as (
  by: TextEncoder,
  text: string,
  into: Uint8Array,
) => TextEncoderEncodeIntoResult
/** Writes as much of a text as there is room for, in UTF-8. */
export const encodeInto = (text: string, into: Uint8Array): TextEncoderEncodeIntoResult =>
  encodeBy(encoder, text, into)
export const readBlob = unbound(Blob.prototype, 'arrayBuffer') as (of: Blob) => Promise<ArrayBuffer>
export const readBytes = unbound(Request.prototype, 'arrayBuffer') as (
  of: Request,
) => Promise<ArrayBuffer>
/** `text`, `json` and the like, by name: what this browser has of them. */
export const bodyReaders = readersOf(Response.prototype)
export const originOf = getter(URL.prototype, 'origin') as (of: URL) => string
export const hrefOf = getter(URL.prototype, 'href') as (of: URL) => string
export const urlOf = getter(Request.prototype, 'url') as (of: Request) => string
export const headersIn = getter(Request.prototype, 'headers') as (of: Request) => Headers
export const teeStream = unbound(ReadableStream.prototype, 'tee') as (
  of: ReadableStream,
) => [ReadableStream, ReadableStream]
export const eachHeader = unbound(Headers.prototype, 'forEach') as (
  of: Headers,
  visit: (value: string, name: string) => void,
) => void
export const addHeader = unbound(Headers.prototype, 'append') as (
  to: Headers,
  name: string,
  value: string,
) => void
export const headerIn = unbound(Headers.prototype, 'get') as (
  of: Headers,
  name: string,
) => string | null
export const setHeader = unbound(Headers.prototype, 'set') as typeof addHeader
export const eachField = unbound(FormData.prototype, 'forEach') as (
  of: FormData,
  visit: (value: File | string, name: string) => void,
) => void
export const addField = unbound(FormData.prototype, 'append') as (
  to: FormData,
  ...field: [name: string, text: string] | [name: string, blob: Blob, filename: string]
) => void
export const nameOfFile = getter(File.prototype, 'name') as (of: File) => string
export const sizeOf = getter(Blob.prototype, 'size') as (of: Blob) => number
export const searchText = unbound(URLSearchParams.prototype, 'toString') as (
  of: URLSearchParams,
) => string
export const eachParameter = unbound(URLSearchParams.prototype, 'forEach') as (
  of: URLSearchParams,
  visit: (value: string) => void,
) => void

/** C45: `for … of` goes by an iterator the page may have replaced. */
export function eachOf<T>(list: readonly T[], visit: (item: T, at: number) => void): void {
  // The index is below the length, and no list here has holes.
  for (let at = 0; at < list.length; at++) visit(list[at] as T, at)
}

/** As the browser makes text of what it is given: a `toString` of the page's is asked once, here. */
export function textOf(given: unknown): string {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-template-expression -- `given` may be anything
  return `${given as string}`
}

type ReadBody = (of: Response) => Promise<unknown>

function readersOf(prototype: Response): Readonly<Record<string, ReadBody>> {
  const readers = create(null) as Record<string, ReadBody>
  for (const name of ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const) {
    if (name in prototype) readers[name] = unbound(prototype, name) as ReadBody
  }
  return readers
}

/**
 * Puts a proxy around one part of a member: it keeps name, length and the native source text without a
 * second patch to keep them. What is no function, or may not be replaced, stays as it is.
 * @returns the proxy
 */
export function wrap<Member extends object>(
  holder: object,
  name: PropertyKey,
  part: 'value' | 'get' | 'set',
  handler: ProxyHandler<Member>,
): Member | undefined {
  const descriptor = getOwnPropertyDescriptor(holder, name)
  const found = (descriptor as Partial<Record<string, unknown>> | undefined)?.[part]
  if (descriptor?.configurable !== true || typeof found !== 'function') return undefined
  const member = new NativeProxy(found as unknown as Member, handler)
  defineProperty(holder, name, { ...descriptor, [part]: member })
  return member
}

/** A getter as a function of its receiver: it reads what the browser keeps, not what the page put over it. */
export function getter<Self extends object>(prototype: Self, name: keyof Self): unknown {
  // Each name asked for has a getter by its standard.
  const { get } = getOwnPropertyDescriptor(prototype, name) as { get: (this: Self) => unknown }
  return (self: Self): unknown => apply(get, self, [])
}

/** A method as a function of its receiver, deaf to what the page puts on the prototype afterwards. */
export function unbound<Self extends object>(prototype: Self, name: keyof Self): unknown {
  const method = prototype[name] as (...args: unknown[]) => unknown
  return (self: Self, ...args: unknown[]): unknown => apply(method, self, args)
}

export const isView = ArrayBuffer.isView.bind(ArrayBuffer)

/** A copy of the bytes of a buffer or a view; null for anything else. */
export function bytesOf(given: unknown): Uint8Array<ArrayBuffer> | null {
  if (given instanceof NativeBuffer) return new NativeBytes(new NativeBytes(given))
  if (!isView(given)) return null
  const { buffer, byteOffset, byteLength } = given
  return new NativeBytes(new NativeBytes(buffer, byteOffset, byteLength))
}
