/** The way back: what the provider sent, without the key in any form, and with its usage read. */
import { REPLY_LIMIT_BYTES, WalletError } from '../protocol/index.ts'
import type { UsageReader } from '../providers/index.ts'
import { EventSplitter, eventPayload, eventsIn } from './event-stream.ts'
import { EventWords } from './event-words.ts'
import { latin1Of, type KeyMatcher, type KeyScan } from './key-matcher.ts'

/** A reply longer than this is passed on, but its usage is not read: the bound is charged. */
const USAGE_TEXT_LIMIT_BYTES = 32 * 1024 * 1024

/** Turns provider bytes into page bytes, part by part. */
export interface Scrubber {
  push(chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[]
  end(): Uint8Array<ArrayBuffer>[]
  /** How much generated text was seen so far, in bytes of its JSON, at least. */
  textLength(): number
}

/**
 * The scrubber for a successful reply. Event streams are scrubbed as events become complete, so that no
 * event waits for the next one; anything else with a constant hold-back.
 */
export function createScrubber(
  contentType: string,
  matcher: KeyMatcher,
  usage: UsageReader,
): Scrubber {
  const limited = limitSize()
  const inner = contentType.startsWith('text/event-stream')
    ? new EventScrubber(matcher, usage)
    : new BodyScrubber(matcher, isText(contentType) ? usage : null)
  return {
    push: (chunk) => inner.push(limited(chunk)),
    end: () => inner.end(),
    textLength: () => inner.textLength(),
  }
}

class EventScrubber implements Scrubber {
  readonly #matcher: KeyMatcher
  readonly #usage: UsageReader
  readonly #words: EventWords
  readonly #splitter = new EventSplitter()
  #textLength = 0

  constructor(matcher: KeyMatcher, usage: UsageReader) {
    this.#matcher = matcher
    this.#usage = usage
    this.#words = new EventWords(usage.marks)
  }

  push(chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
    const { bytes, overflow } = this.#splitter.push(chunk)
    if (overflow) throw new WalletError('provider.unavailable')
    return this.#pass(bytes)
  }

  end(): Uint8Array<ArrayBuffer>[] {
    return this.#pass(this.#splitter.end())
  }

  textLength(): number {
    return this.#textLength
  }

  /** All events of a batch in one piece: a message an event would cost more than the events do. */
  #pass(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
    if (bytes.length === 0) return []
    const { textLength, marked } = this.#words.read(bytes)
    this.#textLength += textLength
    const unwanted = marked.length > 0 ? this.#read(bytes, marked) : []
    return notEmpty(without(this.#matcher.scrub(bytes), unwanted))
  }

  /** Shows the reader what may concern it; returns the events the app did not ask for. */
  #read(bytes: Uint8Array<ArrayBuffer>, marked: readonly number[]): Part[] {
    const unwanted: Part[] = []
    let next = 0
    for (const part of eventsIn(latin1Of(bytes))) {
      const first = next
      while ((marked[next] ?? Infinity) < part.end) next += 1
      if (next === first) continue
      const payload = eventPayload(bytes.subarray(part.start, part.end))
      if (payload !== '' && !this.#usage.event(payload)) unwanted.push(part)
    }
    return unwanted
  }
}

interface Part {
  readonly start: number
  readonly end: number
}

function without(bytes: Uint8Array<ArrayBuffer>, parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  if (parts.length === 0) return bytes
  const left = new Uint8Array(bytes.length - parts.reduce((sum, part) => sum + lengthOf(part), 0))
  let from = 0
  let to = 0
  for (const { start, end } of [...parts, { start: bytes.length, end: bytes.length }]) {
    left.set(bytes.subarray(from, start), to)
    to += start - from
    from = end
  }
  return left
}

function lengthOf({ start, end }: Part): number {
  return end - start
}

class BodyScrubber implements Scrubber {
  readonly #scan: KeyScan
  readonly #usage: UsageReader | null
  #parts: Uint8Array<ArrayBuffer>[] = []
  #size = 0
  #textLength = 0

  constructor(matcher: KeyMatcher, usage: UsageReader | null) {
    this.#scan = matcher.createScan()
    this.#usage = usage
  }

  push(chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
    this.#size += chunk.length
    if (this.#usage && this.#size <= USAGE_TEXT_LIMIT_BYTES) {
      this.#parts.push(chunk)
    } else {
      this.#parts = []
    }
    return notEmpty(this.#scan.push(chunk))
  }

  end(): Uint8Array<ArrayBuffer>[] {
    if (this.#usage && this.#size <= USAGE_TEXT_LIMIT_BYTES) {
      const whole = joined(this.#parts, this.#size)
      this.#parts = []
      this.#textLength = new EventWords([]).read(whole).textLength
      this.#usage.body(new TextDecoder().decode(whole))
    }
    return notEmpty(this.#scan.end())
  }

  textLength(): number {
    return this.#textLength
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size)
  let to = 0
  for (const part of parts) {
    whole.set(part, to)
    to += part.length
  }
  return whole
}

/** C64: a small reply may decode to an endless one. */
function limitSize(): (chunk: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> {
  let size = 0
  return (chunk) => {
    size += chunk.length
    if (size > REPLY_LIMIT_BYTES) throw new WalletError('provider.unavailable')
    return chunk
  }
}

function isText(contentType: string): boolean {
  return contentType.includes('json') || contentType.startsWith('text/')
}

function notEmpty(part: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  return part.length > 0 ? [part] : []
}
