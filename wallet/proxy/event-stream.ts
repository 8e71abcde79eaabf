/** Cuts a byte stream into complete server-sent events (WHATWG HTML §9.2), each with its blank line. */

const LF = 0x0a
const CR = 0x0d
/** An event longer than this is not an event stream any more. */
const EVENT_LIMIT_BYTES = 32 * 1024 * 1024

/** Feed it network reads; it returns the events that became complete. */
export class EventSplitter {
  #parts: Uint8Array<ArrayBuffer>[] = []
  #size = 0
  /** Whether the line being read has no character yet; a blank one ends the event. */
  #lineIsEmpty = true
  #lastWasCr = false

  /** @returns the complete events, and `overflow` when the open one grew past every bound */
  push(chunk: Uint8Array<ArrayBuffer>): { events: Uint8Array<ArrayBuffer>[]; overflow: boolean } {
    const events: Uint8Array<ArrayBuffer>[] = []
    let start = 0
    for (let index = 0; index < chunk.length; index++) {
      if (this.#endsEvent(chunk[index] ?? 0)) {
        // A CR that ends an event may be half of CR LF: the LF then belongs to it.
        const end = chunk[index] === CR && chunk[index + 1] === LF ? index + 2 : index + 1
        events.push(this.#take(chunk.slice(start, end)))
        if (end === index + 2) this.#lastWasCr = false
        index = end - 1
        start = end
      }
    }
    this.#parts.push(chunk.slice(start))
    this.#size += chunk.length - start
    return { events, overflow: this.#size > EVENT_LIMIT_BYTES }
  }

  /** What stands after the last complete event. */
  end(): Uint8Array<ArrayBuffer> {
    return this.#take(new Uint8Array())
  }

  #endsEvent(byte: number): boolean {
    const isLineEnd = byte === LF || byte === CR
    const isSecondHalf = byte === LF && this.#lastWasCr
    this.#lastWasCr = byte === CR
    if (isSecondHalf) return false
    if (!isLineEnd) {
      this.#lineIsEmpty = false
      return false
    }
    const blank = this.#lineIsEmpty
    this.#lineIsEmpty = true
    return blank
  }

  #take(last: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const parts = [...this.#parts, last]
    const event = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
    let offset = 0
    for (const part of parts) {
      event.set(part, offset)
      offset += part.length
    }
    this.#parts = []
    this.#size = 0
    return event
  }
}

/** The `data` of a complete event: its data lines joined by line feeds; empty for a comment. */
export function eventPayload(event: Uint8Array): string {
  return new TextDecoder()
    .decode(event)
    .split(/\r\n|\r|\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).replace(/^ /, ''))
    .join('\n')
}
