/**
 * What of a reply leaves in one frame (design: protocols §2): what comes first at once, then all that came within
 * 50 ms, or 4 KiB of it. A frame for each word costs the server as much as one for ten, and their sizes would tell
 * whoever listens how long each word is.
 */
import { concat, type Bytes } from '../crypto/index.ts'

const TOGETHER_MS = 50
const TOGETHER_BYTES = 4096

type Reading = ReturnType<ReadableStreamDefaultReader<Bytes>['read']>

/**
 * @param mayRead waits until the app has read enough; false: the call is over
 * @throws what the reply breaks off with, after all that came before it
 */
export async function* replyPieces(
  reader: ReadableStreamDefaultReader<Bytes>,
  mayRead: () => Promise<boolean>,
): AsyncGenerator<Bytes, void, undefined> {
  const held = new Held()
  let reading: Reading | null = null
  try {
    for (;;) {
      if (held.isDue) yield held.take()
      if (reading === null) {
        if (!(await mayRead())) return
        reading = reader.read()
      }
      const next: Awaited<Reading> | null = await (held.wait
        ? Promise.race([reading, held.wait])
        : reading)
      if (next?.done) break
      if (!next) continue
      reading = null
      held.add(next.value)
    }
  } catch (error) {
    if (held.bytes > 0) yield held.take()
    throw error
  }
  if (held.bytes > 0) yield held.take()
}

/** What came since the last piece left. */
class Held {
  readonly #parts: Bytes[] = []
  #bytes = 0
  /** Until 50 ms after the last piece. */
  #quiet: Promise<null> | null = null

  get bytes(): number {
    return this.#bytes
  }

  get isDue(): boolean {
    return this.#bytes >= TOGETHER_BYTES || (this.#bytes > 0 && this.#quiet === null)
  }

  /** Null where nothing waits. */
  get wait(): Promise<null> | null {
    return this.#bytes > 0 ? this.#quiet : null
  }

  add(bytes: Bytes): void {
    this.#parts.push(bytes)
    this.#bytes += bytes.length
  }

  take(): Bytes {
    const quiet = new Promise<null>((resolve) => {
      setTimeout(() => {
        if (this.#quiet === quiet) this.#quiet = null
        resolve(null)
      }, TOGETHER_MS)
    })
    this.#quiet = quiet
    this.#bytes = 0
    return concat(...this.#parts.splice(0))
  }
}
