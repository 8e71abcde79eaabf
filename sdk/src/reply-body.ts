/** The body of a reply, read at the app's pace: the wallet sends no more than it was granted. */

/** What the wallet sends unasked (formats §8). */
const WINDOW_BYTES = 1024 * 1024
/** Bytes read before the wallet hears of it: a message for each token would double the traffic. */
const STEP_BYTES = 256 * 1024

interface Reader {
  /** The app took that many bytes. */
  readonly onConsumed: (bytes: number) => void
  /** The app wants no more. */
  readonly onCancel: () => void
}

export class ReplyBody {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  #controller: ReadableByteStreamController | null = null
  #unread = 0
  #untold = 0

  constructor({ onConsumed, onCancel }: Reader) {
    this.stream = new ReadableStream(
      {
        type: 'bytes',
        start: (controller) => {
          this.#controller = controller
        },
        // After every read and every push: the queue says what was read in between.
        pull: ({ desiredSize }) => {
          const left = WINDOW_BYTES - (desiredSize ?? 0)
          this.#untold += Math.max(0, this.#unread - left)
          this.#unread = left
          if (this.#untold < STEP_BYTES) return
          onConsumed(this.#untold)
          this.#untold = 0
        },
        cancel: () => {
          this.#controller = null
          onCancel()
        },
      },
      { highWaterMark: WINDOW_BYTES },
    )
  }

  push(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#controller || bytes.length === 0) return
    this.#unread += bytes.length
    this.#controller.enqueue(bytes)
  }

  end(): void {
    this.#controller?.close()
    // A reader that waits with a buffer of its own is only let go by this.
    this.#controller?.byobRequest?.respond(0)
    this.#controller = null
  }

  fail(reason: unknown): void {
    this.#controller?.error(reason)
    this.#controller = null
  }
}
