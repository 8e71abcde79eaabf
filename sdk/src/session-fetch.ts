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
export async function callWallet(
  open: () => Promise<Channel>,
  grantRef: string,
  [input, init]: Parameters<typeof fetch>,
): Promise<Response> {
  const { request, readBody } = takeRequest(input, init)
  request.signal.throwIfAborted()
  const body = await readBody()
  let channel: Channel
  try {
    channel = await open()
  } catch (error) {
    if (!isValetKeyError(error)) throw error
    return dress(refusal(error), request.url)
  }
  return new Promise((resolve, reject) => {
    const callId = crypto.randomUUID()
    const reply = new Reply({ channel, callId, request, resolve, reject })
    channel.open(callId, (message) => {
      reply.hear(message)
    })
    channel.post({
      ...{ type: 'call.start', callId, grantRef, body },
      method: request.method,
      url: request.url,
      headers: [...request.headers],
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
    const isHandle = message.type === 'call.chunk' && message.bytes instanceof Blob
    if (!this.#reading && !isHandle) {
      this.#take(message)
      return
    }
    const reading = this.#takeInTurn(message, this.#reading)
    this.#reading = reading
    void reading.then(() => {
      if (this.#reading === reading) this.#reading = null
    })
  }

  async #takeInTurn(message: Answer, before: Promise<void> | null): Promise<void> {
    if (message.type !== 'call.chunk' || !(message.bytes instanceof Blob)) {
      await before
      this.#take(message)
      return
    }
    const { bytes: handle } = message
    const read = handle.arrayBuffer().catch(() => null)
    await before
    const bytes = await read
    // What cannot be read went with the wallet: the reply must not end as if it were whole.
    if (bytes) this.#body?.push(new Uint8Array(bytes))
    else this.#fail(new TypeError('network error'))
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
    resolve(dress(new Response(this.#body?.stream ?? null, head), request.url))
  }

  #refuse(error: ValetKeyError): void {
    const { request, resolve } = this.#ends
    if (error.code === 'request.aborted') {
      this.#fail(new DOMException('The user aborted a request.', 'AbortError'))
    } else if (this.#body) this.#fail(new TypeError('network error', { cause: error }))
    else if (error.code === 'provider.network') {
      this.#fail(new TypeError('Failed to fetch', { cause: error }))
    } else {
      this.#close()
      resolve(dress(refusal(error), request.url))
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

/** `x-should-retry` keeps stock libraries from making three questions of one. */
function refusal({ code, message, action, status, retryable, requestId, details }: ValetKeyError) {
  const error = { message: `${message} ${action}`, type: 'valetkey_error', code, retryable }
  return Response.json(
    { error: { ...error, requestId, details } },
    { status: status || 502, headers: { 'x-should-retry': 'false', 'x-valetkey-error': code } },
  )
}

/** Gives a made response, and its clones, the address it answers. */
function dress(reply: Response, url: string): Response {
  const clone = reply.clone.bind(reply)
  return Object.defineProperties(reply, {
    url: { value: url.replace(/#.*/, ''), configurable: true },
    clone: { value: () => dress(clone(), url), configurable: true, writable: true },
  })
}
