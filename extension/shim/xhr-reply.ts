/** What came back to an XHR, in the form the page reads it. */
import {
  NativeBlob,
  NativeBytes,
  NativeHeaders,
  addHeader,
  eachHeader,
  eachOf,
  headerIn,
} from './natives.ts'
import type { Head } from './reply.ts'
import { NativeDecoder, decode, parseText, setBytes } from './xhr-natives.ts'

export class XhrReply {
  readonly status: number
  readonly statusText: string
  readonly #headers = new NativeHeaders()
  /** What `overrideMimeType` said. */
  readonly #mime: string | null
  readonly #type: XMLHttpRequestResponseType
  readonly #chunks: Uint8Array<ArrayBuffer>[] = []
  readonly #decoder: TextDecoder
  #text = ''
  #received = 0
  #whole = false
  /** The page gets the same object each time it asks. */
  #made: { readonly response: unknown } | null = null

  /** @throws TypeError for a header no reply can have */
  constructor(head: Head, type: XMLHttpRequestResponseType, mime: string | null) {
    this.status = head.status
    this.statusText = head.statusText
    this.#type = type
    this.#mime = mime
    eachOf(head.headers, ({ 0: name, 1: value }) => {
      addHeader(this.#headers, name, value)
    })
    this.#decoder = decoderFor(charsetIn(mime) ?? charsetIn(this.header('content-type')))
  }

  /** Bytes of the body that came so far. */
  get received(): number {
    return this.#received
  }

  /** Bytes the body will have; 0: the reply does not say. */
  get expected(): number {
    const length = this.header('content-length')
    return length !== null && this.header('content-encoding') === null ? Number(length) || 0 : 0
  }

  header(name: string): string | null {
    try {
      return headerIn(this.#headers, name)
    } catch {
      // A name no header can have.
      return null
    }
  }

  allHeaders(): string {
    let text = ''
    eachHeader(this.#headers, (value, name) => {
      text += `${name}: ${value}\r\n`
    })
    return text
  }

  push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#received += bytes.length
    if (this.#isText()) this.#text += decode(this.#decoder, bytes, { stream: true })
    else this.#chunks[this.#chunks.length] = bytes
  }

  /** No more comes. */
  end(): void {
    this.#whole = true
    if (this.#isText()) this.#text += decode(this.#decoder)
  }

  /** The text so far. */
  get text(): string {
    return this.#text
  }

  /** XHR §4.7.4: text at any time, everything else once it is whole. */
  get response(): unknown {
    if (this.#isText()) return this.#text
    if (!this.#whole) return null
    this.#made ??= { response: this.#make() }
    return this.#made.response
  }

  #isText(): boolean {
    return this.#type === '' || this.#type === 'text'
  }

  #make(): unknown {
    if (this.#type === 'arraybuffer') return this.#bytes().buffer
    if (this.#type === 'blob') return new NativeBlob(this.#chunks, { type: this.#mimeType() })
    return this.#type === 'json' ? jsonOf(decode(decoderFor(null), this.#bytes())) : null
  }

  #bytes(): Uint8Array<ArrayBuffer> {
    const whole = new NativeBytes(this.#received)
    let offset = 0
    eachOf(this.#chunks, (chunk) => {
      setBytes(whole, chunk, offset)
      offset += chunk.length
    })
    return whole
  }

  /** Without its parameters, as browsers give it; `text/xml` is the standard's for none. */
  #mimeType(): string {
    if (this.#mime !== null) return essenceOf(this.#mime) ?? 'application/octet-stream'
    return essenceOf(this.header('content-type')) ?? 'text/xml'
  }
}

function essenceOf(mime: string | null): string | null {
  return mime && (/^\s*([^\s/;]+\/[^\s/;]+)\s*(?:;|$)/.exec(mime)?.[1] ?? null)
}

function jsonOf(text: string): unknown {
  try {
    return parseText(text)
  } catch {
    return null
  }
}

function charsetIn(mime: string | null): string | null {
  return (mime && /;\s*charset="?([^\s;"]+)/i.exec(mime)?.[1]) ?? null
}

/** UTF-8 where the label names nothing the browser knows. */
function decoderFor(label: string | null): TextDecoder {
  try {
    return new NativeDecoder(label ?? 'utf-8')
  } catch {
    return new NativeDecoder()
  }
}
