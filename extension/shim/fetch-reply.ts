import { createBodyStream, type BodyStream } from './body-stream.ts'
import { Call, type CallError, type CallHead, type CallListener, type CallRequest } from './call.ts'
import type { Channel } from './channel.ts'
import { NativeError, NativePromise, listen, unlisten } from './natives.ts'
import { createErrorReply, createReply, hasBody } from './reply.ts'

/**
 * Makes the call and gives its reply as `fetch` would: resolved at the head, rejected by an abort or a
 * lost network only. Null: not for the wallet, the page makes its own request.
 */
export function callForReply(
  channel: Channel,
  request: Request,
  call: CallRequest,
): Promise<Response | null> {
  return new NativePromise<Response | null>((resolve, reject) => {
    const listener = new FetchListener(request, resolve, reject)
    listener.follow(new Call(channel, call, listener))
  })
}

/** What the browser says when it reached nobody: apps look at this type and this text. */
export function networkError(message = 'Failed to fetch'): TypeError {
  return new TypeError(message)
}

/** Turns what is heard of a call into the promise and the body. */
class FetchListener implements CallListener {
  readonly #request: Request
  readonly #resolve: (reply: Response | null) => void
  readonly #reject: (reason: unknown) => void
  readonly #stop = (): void => {
    this.#call?.abort()
    this.#fail(this.#request.signal.reason)
  }
  #call: Call | null = null
  #body: BodyStream | null = null

  constructor(
    request: Request,
    resolve: (reply: Response | null) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#request = request
    this.#resolve = resolve
    this.#reject = reject
  }

  /** From here on the page's signal stops the call. */
  follow(call: Call): void {
    this.#call = call
    listen(this.#request.signal, 'abort', this.#stop)
  }

  onPass(): void {
    this.#release()
    this.#resolve(null)
  }

  onHead(head: CallHead): void {
    if (hasBody(this.#request, head.status)) {
      this.#body = createBodyStream({
        onConsumed: (bytes) => this.#call?.consumed(bytes),
        onCancel: () => {
          this.#release()
          this.#call?.abort()
        },
      })
    }
    try {
      this.#resolve(createReply(this.#request, head, this.#body))
    } catch {
      this.#call?.abort()
      this.#fail(networkError())
    }
  }

  onChunk(bytes: Uint8Array<ArrayBuffer>): void {
    this.#body?.push(bytes)
  }

  onEnd(): void {
    this.#release()
    this.#body?.end()
  }

  onError(error: CallError): void {
    if (error.code === 'request.aborted') {
      this.#fail(new NativeError('The user aborted a request.', 'AbortError'))
    } else if (this.#body) {
      this.#fail(networkError('network error'), networkError())
    } else if (error.code === 'provider.network') {
      this.#fail(networkError())
    } else {
      this.#release()
      this.#resolve(createErrorReply(this.#request, error))
    }
  }

  /** Before the head the promise rejects, afterwards the body does: as with the browser's own. */
  #fail(reason: unknown, told = reason): void {
    this.#release()
    this.#body?.fail(reason, told)
    this.#reject(reason)
  }

  #release(): void {
    unlisten(this.#request.signal, 'abort', this.#stop)
  }
}
