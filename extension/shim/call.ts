/** One call to the wallet, for whichever page API made it: messages out, events in. */
import type { BackgroundMessage, CallBody, CallStart } from '@valetkey/wallet/protocol'
import type { Channel } from './channel.ts'

export type CallHead = Extract<BackgroundMessage, { type: 'call.head' }>
export type CallError = Extract<BackgroundMessage, { type: 'call.error' }>

/** What is asked of the provider, as the page put it. */
export interface CallRequest {
  readonly method: string
  readonly url: string
  readonly headers: CallStart['headers']
  readonly body: CallBody
  readonly valetKey: string
}

/** Hears what becomes of a call: a head, chunks and an end; or an error at any point; or a pass. */
export interface CallListener {
  onPass(): void
  onHead(head: CallHead): void
  onChunk(bytes: Uint8Array<ArrayBuffer>): void
  onEnd(): void
  onError(error: CallError): void
}

/** Bytes read before the background hears of it: a message a token would double the traffic. */
const CREDIT_STEP_BYTES = 256 * 1024

const createCallId = crypto.randomUUID.bind(crypto)

export class Call {
  readonly #channel: Channel
  readonly #callId = createCallId()
  #open = true
  #unreportedBytes = 0

  /** Sends the call. */
  constructor(channel: Channel, request: CallRequest, listener: CallListener) {
    this.#channel = channel
    channel.open(this.#callId, (message) => {
      switch (message.type) {
        case 'call.head':
          listener.onHead(message)
          return
        case 'call.chunk':
          listener.onChunk(message.bytes)
          return
        case 'call.pass':
          this.#close()
          listener.onPass()
          return
        case 'call.end':
          this.#close()
          listener.onEnd()
          return
        case 'call.error':
          this.#close()
          listener.onError(message)
      }
    })
    channel.post({ type: 'call.start', callId: this.#callId, ...request })
  }

  /** The page took that many bytes: the provider may send as many more. */
  consumed(bytes: number): void {
    this.#unreportedBytes += bytes
    if (!this.#open || this.#unreportedBytes < CREDIT_STEP_BYTES) return
    this.#channel.post({ type: 'call.credit', callId: this.#callId, bytes: this.#unreportedBytes })
    this.#unreportedBytes = 0
  }

  /** Stops the provider; nothing is heard of the call afterwards. */
  abort(): void {
    if (!this.#open) return
    this.#close()
    this.#channel.post({ type: 'call.abort', callId: this.#callId })
  }

  #close(): void {
    this.#open = false
    this.#channel.close(this.#callId)
  }
}
