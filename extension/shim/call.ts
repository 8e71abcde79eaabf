/** One call to the wallet, for whichever page API made it: messages out, events in. */
import type { BackgroundMessage, CallBody, CallStart } from '@valetkey/wallet/protocol'
import { CALL_LOST } from '@valetkey/wallet/protocol/call-lost'
import type { CallMessage, Channel } from './channel.ts'
import { NativeBlob, NativeBytes, createCallId, readBlob } from './natives.ts'

export type CallHead = Extract<BackgroundMessage, { type: 'call.head' }>
type CallChunk = Extract<BackgroundMessage, { type: 'call.chunk' }>
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

export class Call {
  readonly #channel: Channel
  readonly #callId = createCallId()
  readonly #listener: CallListener
  #open = true
  #unreportedBytes = 0
  /** Ends once all that came so far is heard; null while nothing has to be read first. */
  #reading: Promise<void> | null = null
  #waiting = 0

  /** Sends the call. */
  constructor(channel: Channel, request: CallRequest, listener: CallListener) {
    this.#channel = channel
    this.#listener = listener
    channel.open(this.#callId, (message) => {
      if (this.#reading || isByHandle(message)) this.#reading = this.#hearInTurn(message)
      else this.#hear(message)
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

  /** Reads what came by handle, at once, and hears it after all that came before. */
  async #hearInTurn(message: CallMessage): Promise<void> {
    this.#waiting += 1
    const before = this.#reading
    const read = isByHandle(message) ? bytesOf(message, this.#callId) : message
    await before
    const heard = await read
    if (this.#open) this.#hear(heard)
    this.#waiting -= 1
    if (this.#waiting === 0) this.#reading = null
  }

  #hear(message: CallMessage): void {
    const listener = this.#listener
    switch (message.type) {
      case 'call.head':
        listener.onHead(message)
        return
      case 'call.chunk':
        listener.onChunk(message.bytes as Uint8Array<ArrayBuffer>)
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
        return
      case 'socket.opened':
      case 'socket.frame':
      case 'socket.sent':
      case 'socket.closed':
      case 'linked':
      // Not of a call.
    }
  }

  #close(): void {
    this.#open = false
    this.#channel.close(this.#callId)
  }
}

function isByHandle(message: CallMessage): message is CallChunk & { bytes: Blob } {
  return message.type === 'call.chunk' && message.bytes instanceof NativeBlob
}

/** A part that cannot be read any more went with the worker: the reply must not end as if it were whole. */
async function bytesOf(
  { type, bytes }: CallChunk & { bytes: Blob },
  callId: string,
): Promise<CallMessage> {
  try {
    return { type, callId, bytes: new NativeBytes(await readBlob(bytes)) }
  } catch {
    return { type: 'call.error', callId, requestId: callId, ...CALL_LOST }
  }
}
