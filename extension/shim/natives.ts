/**
 * What the shim uses while the page runs, taken before the page's first script. C45: a page that
 * replaces one of these later (polyfills, zones, fake timers do) still gets its calls; one that breaks
 * the language itself harms only its own calls.
 */
export const NativeBlob = Blob
export const NativeChannel = MessageChannel
export const NativeEvent = MessageEvent
export const NativeForm = FormData
export const NativeHeaders = Headers
export const NativePromise = Promise
export const NativeProxy = Proxy
export const NativeRequest = Request
export const NativeResponse = Response
export const NativeStream = ReadableStream
export const NativeSearch = URLSearchParams
export const NativeUrl = URL
export const { apply, deleteProperty } = Reflect
export const { assign, create, defineProperties, defineProperty, getOwnPropertyDescriptor } = Object
export const { stringify } = JSON
export const startTimer = setTimeout

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
export const readBlob = unbound(Blob.prototype, 'arrayBuffer') as (of: Blob) => Promise<ArrayBuffer>
export const readBytes = unbound(Request.prototype, 'arrayBuffer') as (
  of: Request,
) => Promise<ArrayBuffer>
/** `text`, `json` and the like, by name: what this browser has of them. */
export const bodyReaders = readersOf(Response.prototype)
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
export const eachField = unbound(FormData.prototype, 'forEach') as (
  of: FormData,
  visit: (value: File | string, name: string) => void,
) => void
export const nameOfFile = getter(File.prototype, 'name') as (of: File) => string
export const eachParameter = unbound(URLSearchParams.prototype, 'forEach') as (
  of: URLSearchParams,
  visit: (value: string) => void,
) => void

type ReadBody = (of: Response) => Promise<unknown>

function readersOf(prototype: Response): Readonly<Record<string, ReadBody>> {
  const readers = create(null) as Record<string, ReadBody>
  for (const name of ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const) {
    if (name in prototype) readers[name] = unbound(prototype, name) as ReadBody
  }
  return readers
}

/** A getter as a function of its receiver: it reads what the browser keeps, not what the page put over it. */
function getter<Self extends object>(prototype: Self, name: keyof Self): unknown {
  // Each name asked for has a getter by its standard.
  const { get } = getOwnPropertyDescriptor(prototype, name) as { get: (this: Self) => unknown }
  return (self: Self): unknown => apply(get, self, [])
}

/** A method as a function of its receiver, deaf to what the page puts on the prototype afterwards. */
function unbound<Self extends object>(prototype: Self, name: keyof Self): unknown {
  const method = prototype[name] as (...args: unknown[]) => unknown
  return (self: Self, ...args: unknown[]): unknown => apply(method, self, args)
}
