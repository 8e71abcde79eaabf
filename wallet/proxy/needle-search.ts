/**
 * Finds any of several texts in bytes, all in one pass and mostly without looking: most pairs of bytes
 * stand nowhere near the end of what is sought, so that the search may skip almost the length of the
 * shortest (Wu and Manber). Nothing is decoded for it.
 */

const HASHES = 4096
/** Of a skip in a byte. */
const LONGEST_SKIP = 255

/** May say from where on the search goes on; less than the next place: from there. */
type Found = (at: number, needle: Uint8Array) => number

/** Built once for what is sought, good for any number of passes. */
export class NeedleSearch {
  readonly #needles: readonly Uint8Array[]
  /** How much of the start of each needle the skips are made of: as much as the shortest has. */
  readonly #window: number
  /** By the hash of two bytes that stand at the end of the window: how far it may be moved. */
  readonly #skips = new Uint8Array(HASHES)
  /** By the same hash: the needles whose window ends so. */
  readonly #candidates = new Map<number, Uint8Array[]>()

  /** @param needles none of them empty */
  constructor(needles: readonly Uint8Array[]) {
    this.#needles = needles
    const window = Math.min(...needles.map(({ length }) => length))
    this.#window = window
    this.#skips.fill(Math.min(LONGEST_SKIP, Math.max(1, window - 1)))
    for (const needle of needles) {
      for (let end = 1; end < window; end++) {
        const hash = hashAt(needle, end)
        const skip = Math.min(LONGEST_SKIP, window - 1 - end)
        this.#skips[hash] = Math.min(this.#skips[hash] ?? 0, skip)
      }
      if (window > 1) this.#addCandidate(hashAt(needle, window - 1), needle)
    }
  }

  /**
   * Tells each place a needle stands at, in their order; of those at one place, each.
   * @param found is told the place and the very needle that was given
   */
  each(bytes: Uint8Array, found: Found): void {
    const skips = this.#skips
    const window = this.#window
    const { length } = bytes
    // A needle of one byte leaves nothing to skip.
    if (window < 2) {
      for (let at = 0; at < length;) at = Math.max(at + 1, tell(bytes, at, this.#needles, found))
      return
    }
    let end = window - 1
    while (end < length) {
      const hash = (((bytes[end - 1] ?? 0) << 5) ^ (bytes[end] ?? 0)) & (HASHES - 1)
      const skip = skips[hash] ?? 0
      if (skip > 0) {
        end += skip
        continue
      }
      const next = tell(bytes, end - window + 1, this.#candidates.get(hash) ?? [], found)
      end = Math.max(end + 1, next + window - 1)
    }
  }

  #addCandidate(hash: number, needle: Uint8Array): void {
    const known = this.#candidates.get(hash)
    if (known) known.push(needle)
    else this.#candidates.set(hash, [needle])
  }
}

/** @returns from where on the search goes on, if somebody said so */
function tell(bytes: Uint8Array, at: number, needles: readonly Uint8Array[], found: Found): number {
  let next = 0
  for (const needle of needles) {
    if (standsAt(bytes, at, needle)) next = Math.max(next, found(at, needle))
  }
  return next
}

function standsAt(bytes: Uint8Array, at: number, needle: Uint8Array): boolean {
  if (at + needle.length > bytes.length) return false
  for (let offset = 0; offset < needle.length; offset++) {
    if (bytes[at + offset] !== needle[offset]) return false
  }
  return true
}

/** Of the two bytes that end at a place. */
function hashAt(bytes: Uint8Array, end: number): number {
  return (((bytes[end - 1] ?? 0) << 5) ^ (bytes[end] ?? 0)) & (HASHES - 1)
}
