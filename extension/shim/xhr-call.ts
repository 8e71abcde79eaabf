/** One sent XHR: what is heard of the call becomes its states and events, in the standard's order. */
import { Call, type CallError, type CallHead, type CallListener } from './call.ts'
import type { Channel } from './channel.ts'
import { NativePlainEvent, dispatch, now, startTimer, stopTimer } from './natives.ts'
import { headersOf, readBody } from './page-request.ts'
import { errorParts, hasBody, withoutFragment, type Head } from './reply.ts'
import { XhrReply } from './xhr-reply.ts'
import { NativeProgress, encode, responseTypeOf, timeoutOf, uploadOf } from './xhr-natives.ts'
import type { XhrRequest } from './xhr-request.ts'

/** XHR §4.7.1. */
export const UNSENT = 0
export const OPENED = 1
export const HEADERS_RECEIVED = 2
const LOADING = 3
const DONE = 4

/** XHR §4.5.6: progress is told no more often. */
const PROGRESS_STEP_MS = 50

type Ending = 'abort' | 'error' | 'timeout'

interface Sending {
  readonly taken: XhrRequest
  readonly valetKey: string
  /** What `overrideMimeType` said by the time the reply is there. */
  readonly mime: () => string | null
  /** Not for the wallet: the browser makes the request. */
  readonly pass: () => void
}

export class XhrCall implements CallListener {
  readyState = OPENED
  /** Null before the head, and again once the call failed. */
  reply: XhrReply | null = null
  readonly #xhr: XMLHttpRequest
  readonly #sending: Sending
  readonly #startedAt = now()
  /** The standard's send() flag: what comes is still wanted. */
  #isSending = true
  #uploading: boolean
  #call: Call | null = null
  #timeout: ReturnType<typeof startTimer> | undefined
  #progressTimer: ReturnType<typeof startTimer> | undefined
  #owesProgress = false
  #toldProgress = false

  constructor(xhr: XMLHttpRequest, sending: Sending) {
    this.#xhr = xhr
    this.#sending = sending
    this.#uploading = sending.taken.body !== null
  }

  get url(): string {
    return this.reply ? withoutFragment(this.#sending.taken.request.url) : ''
  }

  start(channel: Channel): void {
    this.#tell('loadstart')
    if (this.#uploading && this.#isSending) this.#tellUpload('loadstart', 0)
    if (!this.#isSending) return
    this.setTimeout()
    void this.#run(channel)
  }

  /** The page set another `timeout`: it counts from the start. */
  setTimeout(): void {
    stopTimer(this.#timeout)
    const timeoutMs = timeoutOf(this.#xhr)
    if (!this.#isSending || timeoutMs === 0) return
    const leftMs = this.#startedAt + timeoutMs - now()
    this.#timeout = startTimer(() => {
      this.#fail('timeout')
    }, leftMs)
  }

  abort(): void {
    if (this.#isSending) this.#fail('abort')
    if (this.readyState !== DONE) return
    this.readyState = UNSENT
    this.reply = null
  }

  /** The page opened the object anew: nothing of this call is told any more. */
  drop(): void {
    this.readyState = UNSENT
    this.reply = null
    this.#close()
    this.#call?.abort()
  }

  onPass(): void {
    this.#close()
    this.#sending.pass()
  }

  onHead(head: CallHead): void {
    this.#begin(head)
  }

  onChunk(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#isSending || !this.reply) return
    this.reply.push(bytes)
    this.#call?.consumed(bytes.length)
    if (this.readyState === HEADERS_RECEIVED) this.#enter(LOADING)
    this.#owesProgress = true
    if (this.#progressTimer === undefined) this.#tellProgress()
  }

  onEnd(): void {
    const { reply } = this
    if (!this.#isSending || !reply) return
    this.#payProgress()
    if (!this.#isCurrent()) return
    this.#close()
    reply.end()
    this.#enter(DONE)
    if (!this.#isDone()) return
    this.#tellReply('load')
    this.#tellReply('loadend')
  }

  onError(error: CallError): void {
    if (error.code === 'request.aborted') {
      this.#fail('abort')
    } else if (this.reply || error.code === 'provider.network') {
      this.#fail('error')
    } else {
      const { text, ...head } = errorParts(error)
      this.#begin(head)
      if (hasBody(this.#sending.taken.request, head.status)) {
        this.onChunk(encode(text))
      }
      this.onEnd()
    }
  }

  async #run(channel: Channel): Promise<void> {
    const { taken, valetKey } = this.#sending
    const { request } = taken
    try {
      const isOn = await channel.isOn()
      if (!this.#isSending) return
      if (!isOn) {
        this.onPass()
        return
      }
      const body = await readBody(request, taken)
      if (!this.#isCurrent()) return
      const { method, url } = request
      const call = { method, url, headers: headersOf(request), body, valetKey }
      this.#call = new Call(channel, call, this)
    } catch {
      this.#fail('error')
    }
  }

  #begin(head: Head): void {
    if (!this.#isSending) return
    try {
      this.reply = new XhrReply(head, responseTypeOf(this.#xhr), this.#sending.mime())
    } catch {
      this.#fail('error')
      return
    }
    this.#endUpload()
    if (this.#isCurrent()) this.#enter(HEADERS_RECEIVED)
  }

  /** The wallet does not say how far it got; that a reply came says that all was sent. */
  #endUpload(): void {
    if (!this.#uploading) return
    this.#uploading = false
    this.#tellUpload('progress')
    this.#tellUpload('load')
    this.#tellUpload('loadend')
  }

  /** XHR §4.5.6, request error steps. */
  #fail(ending: Ending): void {
    if (!this.#isSending) return
    this.#close()
    this.#call?.abort()
    this.reply = null
    this.#enter(DONE)
    if (!this.#isDone()) return
    if (this.#uploading) {
      this.#uploading = false
      this.#tellUpload(ending, 0, 0)
      this.#tellUpload('loadend', 0, 0)
    }
    this.#tell(ending)
    this.#tell('loadend')
  }

  #close(): void {
    this.#isSending = false
    stopTimer(this.#timeout)
    stopTimer(this.#progressTimer)
  }

  /** False once a listener stopped the call or opened the object anew. */
  #isCurrent(): boolean {
    return this.#isSending
  }

  /** False once a listener aborted the call or opened the object anew. */
  #isDone(): boolean {
    return this.readyState === DONE
  }

  #enter(state: number): void {
    this.readyState = state
    this.#tellState()
  }

  #tellProgress(): void {
    this.#progressTimer = undefined
    if (!this.#owesProgress) return
    this.#payProgress()
    if (!this.#isSending) return
    this.#progressTimer = startTimer(() => {
      this.#tellProgress()
    }, PROGRESS_STEP_MS)
  }

  #payProgress(): void {
    if (!this.#owesProgress) return
    this.#owesProgress = false
    // The first one follows the change of state itself.
    if (this.#toldProgress) this.#tellState()
    this.#toldProgress = true
    if (this.#isSending) this.#tellReply('progress')
  }

  #tellState(): void {
    dispatch(this.#xhr, new NativePlainEvent('readystatechange'))
  }

  #tell(type: string, loaded = 0, total = 0): void {
    dispatch(this.#xhr, progressEvent(type, loaded, total))
  }

  /** What came so far; nothing, if a listener gave it up. */
  #tellReply(type: string): void {
    this.#tell(type, this.reply?.received, this.reply?.expected)
  }

  #tellUpload(
    type: string,
    loaded = this.#sending.taken.sizeBytes,
    total = this.#sending.taken.sizeBytes,
  ): void {
    dispatch(uploadOf(this.#xhr), progressEvent(type, loaded, total))
  }
}

function progressEvent(type: string, loaded: number, total: number): ProgressEvent {
  return new NativeProgress(type, { lengthComputable: total > 0, loaded, total })
}
