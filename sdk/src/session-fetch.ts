/** `fetch` for the wallet: the same arguments, a real `Response`, the provider's key nowhere in this page. */
import type { BackgroundMessage } from '@valetkey/wallet/protocol'
import { takeRequest } from './call-body.ts'
import { errorOf, type Answer, type Channel } from './channel.ts'
import { ReplyBody } from './reply-body.ts'
import { isValetKeyError, type ValetKeyError } from './valet-key-error.ts'

type Head = Extract<BackgroundMessage, { type: 'call.head' }>

/** These have no body, whatever came; `Response` throws on one. */
const BODILESS = [204, 205, 304]

/**
 * Makes one call and gives its reply as `fetch` would: resolved at the head, rejected by an abort or a lost
 * network only. A refusal is a response, which stock libraries turn into their own error.
 */
export function callWallet(
  open: () => Promise<Channel>,
  grantRef: string,
  [input, init]: Parameters<typeof fetch>,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { request, readBody } = takeRequest(input, init)
    const { signal, method, url, headers } = request
    const stop = (): void => {
      reject(signal.reason as Error)
    }
    const start = async (): Promise<void> => {
      const body = await readBody()
      const channel = await open()
      // What was waited for, the app may have stopped waiting for.
      if (signal.aborted) return
      const callId = crypto.randomUUID()
      const reply = new Reply({ channel, callId, request, resolve, reject })
      channel.open(callId, (message) => {
        reply.hear(message)
      })
      const call = { type: 'call.start', callId, grantRef, body, method, url } as const
      channel.post({ ...call, headers: [...headers] })
    }
    signal.throwIfAborted()
    signal.addEventListener('abort', stop)
    start().catch((error: unknown) => {
      if (isValetKeyError(error)) resolve(dress(refusal(error), request))
      else reject(networkError('Failed to fetch', error))
    })
  })
}

interface Ends {
  readonly channel: Channel
  readonly callId: string
  readonly request: Request
  readonly resolve: (reply: Response) => void
  readonly reject: (reason: unknown) => void
}

/** What is heard of a call, as a promise and a body. */
class Reply {
  readonly #ends: Ends
  #body: ReplyBody | null = null
  /** Parts by handle are read one after the other; null: nothing has to be read first. */
  #reading: Promise<void> | null = null
  #isOpen = true

  constructor(ends: Ends) {
    this.#ends = ends
    ends.request.signal.addEventListener('abort', this.#stop)
  }

  hear(message: Answer): void {
    const { bytes } = message as { bytes?: unknown }
    const handle = bytes instanceof Blob ? bytes : null
    const before = this.#reading
    if (!before && !handle) {
      this.#take(message)
      return
    }
    const read = handle?.arrayBuffer().catch(() => null)
    const takeInTurn = async (): Promise<void> => {
      await before
      const buffer = await read
      if (!handle) this.#take(message)
      else if (buffer) this.#body?.push(new Uint8Array(buffer))
      // What cannot be read went with the wallet: the reply must not end as if it were whole.
      else this.#fail(networkError('network error'))
      if (this.#reading === reading) this.#reading = null
    }
    const reading = takeInTurn()
    this.#reading = reading
  }

  #take(message: Answer): void {
    if (!this.#isOpen) return
    if (message.type === 'call.head') this.#begin(message)
    else if (message.type === 'call.chunk') {
      this.#body?.push(message.bytes as Uint8Array<ArrayBuffer>)
    } else if (message.type === 'call.end') {
      this.#close()
      this.#body?.end()
    } else if (message.type === 'call.error') this.#refuse(errorOf(message))
  }

  #begin(head: Head): void {
    const { channel, callId, request, resolve } = this.#ends
    if (request.method !== 'HEAD' && !BODILESS.includes(head.status)) {
      this.#body = new ReplyBody({
        onConsumed: (bytes) => {
          if (this.#isOpen) channel.post({ type: 'call.credit', callId, bytes })
        },
        onCancel: () => {
          this.#abort()
        },
      })
    }
    try {
      resolve(dress(new Response(this.#body?.stream ?? null, head), request))
    } catch {
      // A status no `Response` can have.
      this.#abort()
      this.#fail(networkError('Failed to fetch'))
    }
  }

  #refuse(error: ValetKeyError): void {
    const { request, resolve } = this.#ends
    if (error.code === 'request.aborted') {
      this.#fail(new DOMException('The user aborted a request.', 'AbortError'))
    } else if (this.#body) this.#fail(networkError('network error', error))
    else if (error.code === 'provider.network') {
      this.#fail(networkError('Failed to fetch', error))
    } else {
      this.#close()
      resolve(dress(refusal(error), request))
    }
  }

  readonly #stop = (): void => {
    this.#abort()
    this.#fail(this.#ends.request.signal.reason)
  }

  #abort(): void {
    if (!this.#isOpen) return
    this.#close()
    this.#ends.channel.post({ type: 'call.abort', callId: this.#ends.callId })
  }

  /** Before the head the promise rejects, afterwards the body does. */
  #fail(reason: unknown): void {
    this.#close()
    this.#body?.fail(reason)
    this.#ends.reject(reason)
  }

  #close(): void {
    const { channel, callId, request } = this.#ends
    this.#isOpen = false
    channel.close(callId)
    request.signal.removeEventListener('abort', this.#stop)
  }
}

/** What the browser says of a network that fails: apps look at this type. */
function networkError(message: string, cause?: unknown): TypeError {
  return new TypeError(message, { cause })
}

/** `x-should-retry` keeps stock libraries from making three questions of one. */
function refusal({ code, message, action, status, retryable, requestId, details }: ValetKeyError) {
  const said = `${message} ${action}`
  return Response.json(
    { error: { message: said, type: 'valetkey_error', code, retryable, requestId, details } },
    { status: status || 502, headers: { 'x-should-retry': 'false', 'x-valetkey-error': code } },
  )
}

const READERS = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const

/** Gives a made response, and its clones, what only the browser can set or say. */
function dress(reply: Response, request: Request): Response {
  const { url, signal } = request
  const own = (value: unknown) => ({
    ...{ value, configurable: true },
    writable: typeof value === 'function',
  })
  for (const name of READERS) {
    // A body that failed rejects with a `TypeError`, whatever it failed with: an abort goes by its name.
    const read = function (this: Response) {
      return Response.prototype[name].call(this).catch((error: unknown) => {
        throw signal.aborted ? signal.reason : error
      })
    }
    Object.defineProperty(reply, name, own(read))
  }
  const clone = reply.clone.bind(reply)
  return Object.defineProperties(reply, {
    url: own(url.replace(/#.*/, '')),
    type: own(url.startsWith(`${window.origin}/`) ? 'basic' : 'cors'),
    clone: own(() => dress(clone(), request)),
  })
}
