/** The body of a reply: a byte stream as the browser gives, read at the page's pace. */
import { NativeStream } from './natives.ts'

/** Matches what the background may send unasked (`CREDIT_BYTES`): no read ahead beyond it. */
export const WINDOW_BYTES = 1024 * 1024

interface Reader {
  /** The page took that many bytes. */
  onConsumed(bytes: number): void
  /** The page wants no more. */
  onCancel(): void
}

export interface BodyStream {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  /** Set once the body failed: what is said to who reads it whole. */
  readonly failure: { readonly reason: unknown } | null
  push(bytes: Uint8Array<ArrayBuffer>): void
  end(): void
  /** @param told where who reads the body whole is told something else than who reads the stream */
  fail(reason: unknown, told?: unknown): void
}

export function createBodyStream(reader: Reader): BodyStream {
  let controller: ReadableByteStreamController | null = null
  let queuedBytes = 0
  let failure: { readonly reason: unknown } | null = null
  const source: UnderlyingByteSource = {
    type: 'bytes',
    start(given) {
      controller = given
    },
    // Called after every read and every push: the stream's own queue says what was read in between.
    pull({ desiredSize }) {
      const leftBytes = WINDOW_BYTES - (desiredSize ?? 0)
      if (leftBytes < queuedBytes) reader.onConsumed(queuedBytes - leftBytes)
      queuedBytes = leftBytes
    },
    cancel() {
      controller = null
      reader.onCancel()
    },
  }
  const stream = new NativeStream(source, { highWaterMark: WINDOW_BYTES })
  return {
    stream,
    get failure() {
      return failure
    },
    push(bytes) {
      if (!controller || bytes.length === 0) return
      queuedBytes += bytes.length
      controller.enqueue(bytes)
    },
    end() {
      controller?.close()
      // A reader waiting with a buffer of its own is only let go by this.
      controller?.byobRequest?.respond(0)
      controller = null
    },
    fail(reason, told = reason) {
      if (!controller) return
      failure = { reason: told }
      controller.error(reason)
      controller = null
    },
  }
}
