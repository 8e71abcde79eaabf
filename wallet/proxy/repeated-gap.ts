/** What stands between two texts of a stream, learned once and recognised in its repetitions. */

/** Longer, and it is no event's frame. */
const LONGEST_BYTES = 4096

/** Events of a stream differ in their text alone: to compare eight bytes at a time is faster than to search. */
export class RepeatedGap {
  #length = 0
  /** Eight bytes each, read as numbers: the one kind of this width that an engine compares as fast as any. */
  #words = new Float64Array()
  #rest: Uint8Array = new Uint8Array()

  /** In bytes; 0: none is known. */
  get length(): number {
    return this.#length
  }

  /** Takes this one for the one that will be repeated. */
  learn(gap: Uint8Array): void {
    this.#length = 0
    if (gap.length > LONGEST_BYTES) return
    const view = viewOf(gap)
    const words = Float64Array.from({ length: gap.length >> 3 }, (_, index) =>
      view.getFloat64(index * 8, true),
    )
    // Two zeros are equal and not the same bytes, a number that is none is never equal. No text has either.
    if (words.some((word) => word === 0 || Number.isNaN(word))) return
    this.#length = gap.length
    this.#words = words
    this.#rest = gap.slice(words.length * 8)
  }

  /** Whether it stands at a place. */
  standsAt(view: DataView, at: number): boolean {
    if (this.#length === 0 || at + this.#length > view.byteLength) return false
    let place = at
    for (const word of this.#words) {
      if (view.getFloat64(place, true) !== word) return false
      place += 8
    }
    for (const byte of this.#rest) {
      if (view.getUint8(place) !== byte) return false
      place += 1
    }
    return true
  }
}

/** The bytes to compare in. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
