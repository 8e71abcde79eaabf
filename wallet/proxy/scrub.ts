/** The way back: what the provider sent, without the key in any form, and with its usage read. */
import { REPLY_LIMIT_BYTES, WalletError } from '../protocol/index.ts'
import type { UsageReader } from '../providers/index.ts'
import { EventSplitter, eventPayload } from './event-stream.ts'
import type { KeyMatcher, KeyScan } from './key-matcher.ts'

/** A reply longer than this is passed on, but its usage is not read: the bound is charged. */
const USAGE_TEXT_LIMIT_BYTES = 32 * 1024 * 1024

/** Turns provider bytes into page bytes, part by part. */
export interface Scrubber {
  push(chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[]
  end(): Uint8Array<ArrayBuffer>[]
}

/**
 * The scrubber for a successful reply. Event streams are scrubbed event by event, so that no event
 * waits for the next one; anything else with a constant hold-back.
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
  }
}

class EventScrubber implements Scrubber {
  readonly #matcher: KeyMatcher
  readonly #usage: UsageReader
  readonly #splitter = new EventSplitter()

  constructor(matcher: KeyMatcher, usage: UsageReader) {
    this.#matcher = matcher
    this.#usage = usage
  }

  push(chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
    const { events, overflow } = this.#splitter.push(chunk)
    if (overflow) throw new WalletError('provider.unavailable')
    return events
      .filter((event) => this.#isWanted(event))
      .map((event) => this.#matcher.scrub(event))
  }

  end(): Uint8Array<ArrayBuffer>[] {
    const rest = this.#splitter.end()
    return rest.length > 0 && this.#isWanted(rest) ? [this.#matcher.scrub(rest)] : []
  }

  /** False only for the usage event that we asked for and the app did not. */
  #isWanted(event: Uint8Array): boolean {
    const payload = eventPayload(event)
    return payload === '' || this.#usage.event(payload)
  }
}

class BodyScrubber implements Scrubber {
  readonly #scan: KeyScan
  readonly #usage: UsageReader | null
  readonly #decoder = new TextDecoder()
  #text: string[] = []
  #size = 0

  constructor(matcher: KeyMatcher, usage: UsageReader | null) {
    this.#scan = matcher.createScan()
    this.#usage = usage
  }

  push(chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
    this.#size += chunk.length
    if (this.#usage && this.#size <= USAGE_TEXT_LIMIT_BYTES) {
      this.#text.push(this.#decoder.decode(chunk, { stream: true }))
    } else {
      this.#text = []
    }
    return notEmpty(this.#scan.push(chunk))
  }

  end(): Uint8Array<ArrayBuffer>[] {
    if (this.#usage && this.#size <= USAGE_TEXT_LIMIT_BYTES) {
      this.#usage.body(this.#text.join('') + this.#decoder.decode())
    }
    return notEmpty(this.#scan.end())
  }
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
