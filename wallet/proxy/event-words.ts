/** What events are searched for besides the key: generated text, and what may report usage. */
import type { UsageMark } from '../providers/index.ts'
import { NeedleSearch } from './needle-search.ts'
import { RepeatedGap, viewOf } from './repeated-gap.ts'

/** The members the providers' APIs put generated text under. */
const MEMBERS = ['content', 'text', 'delta', 'thinking', 'reasoning_content'].map((name) =>
  bytesOf(`"${name}"`),
)

const SPACE = 0x20
const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const BRACE = 0x7b

/** What a piece of a reply shows. */
export interface SeenWords {
  /**
   * At least how much generated text, in bytes of its JSON. Only a floor is made of it (protocols §3b), so
   * what is missed lowers it and nothing is parsed twice.
   */
  readonly textLength: number
  /** Where a mark stands, in order. */
  readonly marked: readonly number[]
}

/** Looks through pieces of one reply, in one pass over each. */
export class EventWords {
  /** By the bytes of its word. */
  readonly #marks: ReadonlyMap<Uint8Array, UsageMark>
  readonly #search: NeedleSearch
  /** 1: a word begins with this byte. */
  readonly #beginnings = new Uint8Array(256)
  /** What stood between the last two texts, and holds neither text nor mark. */
  readonly #gap = new RepeatedGap()

  /** @param marks what may report usage */
  constructor(marks: readonly UsageMark[]) {
    this.#marks = new Map(marks.map((mark) => [bytesOf(mark.word), mark]))
    const words = [...MEMBERS, ...this.#marks.keys()]
    this.#search = new NeedleSearch(words)
    for (const [first = 0] of words) this.#beginnings[first] = 1
  }

  read(bytes: Uint8Array): SeenWords {
    const marked: number[] = []
    let textLength = 0
    const view = viewOf(bytes)
    let lastEnd = -1
    this.#search.each(bytes, (at, word) => {
      const behind = at + word.length
      const mark = this.#marks.get(word)
      if (mark) {
        if (mark.opensObject && !opensObject(bytes, behind)) return 0
        marked.push(at)
        lastEnd = -1
        return 0
      }
      const first = textStartAt(bytes, behind)
      if (first === 0) return 0
      if (lastEnd !== -1 && lastEnd < first) this.#gap.learn(bytes.subarray(lastEnd, first))
      let start = first
      let end = endOfString(bytes, start)
      textLength += end - start
      // Most events differ in their text alone: what stands around it was looked through once.
      while (this.#isPlain(bytes, start, end) && this.#gap.standsAt(view, end)) {
        start = end + this.#gap.length
        end = endOfString(bytes, start)
        textLength += end - start
      }
      lastEnd = end
      return start === first ? 0 : start
    })
    return { textLength, marked }
  }

  /** Whether no word begins in a text. */
  #isPlain(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) if (this.#beginnings[bytes[at] ?? 0] === 1) return false
    return true
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Where the text that is a member's value starts, with and without a space before it; 0: it is none. */
function textStartAt(bytes: Uint8Array, behindName: number): number {
  if (bytes[behindName] !== COLON) return 0
  const value = bytes[behindName + 1] === SPACE ? behindName + 2 : behindName + 1
  return bytes[value] === QUOTE ? value + 1 : 0
}

/** C76: each backslash is looked at once, however many stand in a row. */
function endOfString(bytes: Uint8Array, start: number): number {
  let end = start
  while (end < bytes.length && bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1
  return Math.min(end, bytes.length)
}

function opensObject(bytes: Uint8Array, behindName: number): boolean {
  const colon = behindSpace(bytes, behindName)
  return bytes[colon] === COLON && bytes[behindSpace(bytes, colon + 1)] === BRACE
}

/** JSON knows four kinds of white space. */
function behindSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === SPACE || bytes[at] === 0x09 || bytes[at] === 0x0a || bytes[at] === 0x0d) {
    at += 1
  }
  return at
}
