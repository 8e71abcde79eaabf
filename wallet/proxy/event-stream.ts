/** Cuts a byte stream behind complete server-sent events (WHATWG HTML §9.2), each with its blank line. */

const LF = 0x0a
const CR = 0x0d
/** An event longer than this is not an event stream any more. */
const EVENT_LIMIT_BYTES = 32 * 1024 * 1024

/** What became complete with a network read. */
export interface EventBatch {
  /** Every byte up to the last blank line, in order; empty while an event is still open. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The open event grew past every bound. */
  readonly overflow: boolean
}

/**
 * Feed it network reads; it returns the events that became complete, together: a fast provider sends
 * hundreds in one read. Linear, because a byte is looked at once (C76).
 */
export class EventSplitter {
  #parts: Uint8Array<ArrayBuffer>[] = []
  #size = 0
  /** The last two bytes before the next read; the start of an event stands for a line end. */
  #before: readonly [number, number] = [LF, LF]

  /** @param chunk is ours from here on: its buffer may be gone afterwards */
  push(chunk: Uint8Array<ArrayBuffer>): EventBatch {
    // A read of nothing ends no event: the bytes before it are still those before the next one.
    if (chunk.length === 0) return { bytes: chunk, overflow: false }
    const end = this.#endOfLastEvent(chunk)
    const isCopied = end > 0 && this.#parts.length > 0
    const bytes = end === 0 ? new Uint8Array() : this.#take(chunk.subarray(0, end))
    if (end < chunk.length) {
      this.#parts.push(end === 0 ? chunk : chunk.slice(end))
      this.#size += chunk.length - end
    }
    this.#before = end === chunk.length ? [LF, LF] : lastTwo(this.#before, chunk, end)
    if (isCopied) release(chunk)
    return { bytes, overflow: this.#size > EVENT_LIMIT_BYTES }
  }

  /** What stands after the last complete event. */
  end(): Uint8Array<ArrayBuffer> {
    return this.#take(new Uint8Array())
  }

  /** The offset behind the last line end of `chunk` that ends an empty line; 0 if there is none. */
  #endOfLastEvent(chunk: Uint8Array<ArrayBuffer>): number {
    const at = (index: number): number => (index < 0 ? this.#before[2 + index] : chunk[index]) ?? LF
    for (let index = chunk.length - 1; index >= 0; index--) {
      const byte = chunk[index]
      if (byte !== LF && byte !== CR) continue
      // CR LF is one line end. The line it ends is empty if another line end stands right before.
      const start = byte === LF && at(index - 1) === CR ? index - 1 : index
      if (isLineEnd(at(start - 1))) return index + 1
    }
    return 0
  }

  #take(last: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const [first = last] = this.#parts
    if (this.#parts.length === 0) return first
    const bytes = new Uint8Array(this.#size + last.length)
    let offset = 0
    for (const part of [...this.#parts, last]) {
      bytes.set(part, offset)
      offset += part.length
    }
    this.#parts = []
    this.#size = 0
    return bytes
  }
}

/**
 * Gives the memory of a read back at once: each would else lie there until a collection, and the next one
 * take fresh pages, which costs more than to search them. One that is a part of something is left alone.
 */
function release({ buffer, length }: Uint8Array<ArrayBuffer>): void {
  if (length === buffer.byteLength) buffer.transfer(0)
}

/** The two bytes before the next read, once those up to `end` are gone. */
function lastTwo(
  before: readonly [number, number],
  chunk: Uint8Array,
  end: number,
): readonly [number, number] {
  const open = [...(end === 0 ? before : [LF, LF]), ...chunk.subarray(end).subarray(-2)]
  return [open.at(-2) ?? LF, open.at(-1) ?? LF]
}

function isLineEnd(byte: number): boolean {
  return byte === LF || byte === CR
}

const BLANK_LINE = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)/g

/** Where each event of a batch lies, from its text with one character a byte. */
export function* eventsIn(
  latin1: string,
): Generator<{ readonly start: number; readonly end: number }> {
  let start = 0
  for (const blank of latin1.matchAll(BLANK_LINE)) {
    const end = blank.index + blank[0].length
    yield { start, end }
    start = end
  }
  if (start < latin1.length) yield { start, end: latin1.length }
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
