/**
 * Finds a key in a stream of bytes, whole, in any of the forms a reply could echo it in (C35). The
 * search skips almost the length of a key at a time and degrades only for someone who knows the key's
 * random part (C76: linear for everybody else), and a match may begin in one network read and end in
 * the next. A part of a key is never looked for, masked or held back: that would be an oracle (C111).
 */
import { NeedleSearch } from './needle-search.ts'

const STAR = 0x2a

const LATIN1 = new TextDecoder('latin1')

/** One character a byte, so that positions agree; what is outside ASCII is in no form of a key. */
export function latin1Of(bytes: Uint8Array): string {
  return LATIN1.decode(bytes)
}

/** Every form of one key. Build once per call; it holds the key in memory. */
export class KeyMatcher {
  /** The longest form: a stream holds back one byte less, always, so that timing tells nothing. */
  readonly longest: number
  readonly #forms: readonly string[]
  readonly #search: NeedleSearch

  constructor(key: string) {
    this.#forms = keyForms(key)
    const needles = this.#forms.map((form) => new TextEncoder().encode(form))
    this.longest = Math.max(...needles.map(({ length }) => length))
    this.#search = new NeedleSearch(needles)
  }

  /** Replaces every form of the key inside one complete piece, in place. Returns the same piece. */
  scrub(piece: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const found: [from: number, to: number][] = []
    this.#search.each(piece, (from, { length }) => {
      found.push([from, from + length])
      return from + 1
    })
    // Of two forms that overlap, one that is gone would hide the other.
    for (const [from, to] of found) piece.fill(STAR, from, to)
    return piece
  }

  /** Whether a text holds the key in any form. */
  isIn(text: string): boolean {
    return this.#forms.some((form) => text.includes(form))
  }

  /** A pass over one stream with its own position. */
  createScan(): KeyScan {
    return new KeyScan(this)
  }
}

/** One pass over a stream. Output lags input by a constant: the longest form less one byte. */
export class KeyScan {
  readonly #matcher: KeyMatcher
  #held: Uint8Array<ArrayBuffer> = new Uint8Array()

  constructor(matcher: KeyMatcher) {
    this.#matcher = matcher
  }

  /** Takes the next part; returns what can no longer be part of a match. */
  push(part: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#held.length + part.length)
    all.set(this.#held)
    all.set(part, this.#held.length)
    this.#matcher.scrub(all)
    const ready = Math.max(0, all.length - (this.#matcher.longest - 1))
    this.#held = all.slice(ready)
    return all.subarray(0, ready)
  }

  /** The rest. */
  end(): Uint8Array<ArrayBuffer> {
    const rest = this.#held
    this.#held = new Uint8Array()
    return rest
  }
}

/** Raw, percent-encoded, hex, and base64 at each of the three alignments, in both alphabets. */
function keyForms(key: string): string[] {
  const bytes = new TextEncoder().encode(key)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'))
  const percent = hex.map((pair) => `%${pair}`).join('')
  const forms = [key, encodeURIComponent(key), hex.join(''), percent]
  forms.push(hex.join('').toUpperCase(), percent.toUpperCase())
  for (let offset = 0; offset < 3; offset++) forms.push(...base64Forms(bytes, offset))
  // Nothing of a key of one letter is the same in base64 whatever stands around it.
  return [...new Set(forms)].filter((form) => form !== '')
}

/** What of the key's base64 is the same whatever stands before and after it. */
function base64Forms(bytes: Uint8Array, offset: number): string[] {
  const shifted = String.fromCharCode(...new Uint8Array(offset), ...bytes)
  const first = Math.ceil((offset * 8) / 6)
  const last = Math.floor((shifted.length * 8) / 6)
  const standard = btoa(shifted).slice(first, last)
  return [standard, standard.replaceAll('+', '-').replaceAll('/', '_')]
}
