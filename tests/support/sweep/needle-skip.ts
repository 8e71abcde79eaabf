/** Bytes read at a time. */
const GRAM_BYTES = 4

/**
 * Makes a search for any of many texts at once, after Wu and Manber (1994): of each stretch as long as the
 * shortest needle one group of four bytes is looked at, and only where some needle has it the needle itself is.
 * A sweep looks for a hundred forms of keys in fifty megabytes, after every test.
 * @param needles of four bytes at least
 * @returns whether a haystack holds one of them
 */
export function createNeedleSearch(needles: readonly Buffer[]): (haystack: Buffer) => boolean {
  const shortest = Math.min(...needles.map(({ length }) => length))
  if (shortest < GRAM_BYTES) throw new RangeError(`A needle of ${String(shortest)} bytes.`)
  const step = shortest - GRAM_BYTES + 1
  const byGram = new Map<number, Buffer[]>()
  const seen = new Uint8Array(2 ** 16)
  for (const needle of needles) {
    // A needle that is there has exactly one of these groups where one is looked at.
    for (let at = 0; at < step; at++) {
      const gram = gramAt(needle, at)
      seen[slotOf(gram)] = 1
      byGram.set(gram, [...(byGram.get(gram) ?? []), needle])
    }
  }

  const isAround = (haystack: Buffer, at: number): boolean =>
    (byGram.get(gramAt(haystack, at)) ?? []).some((needle) =>
      haystack.subarray(Math.max(0, at - step + 1), at + needle.length).includes(needle),
    )
  return (haystack) => {
    for (let at = step - 1; at + GRAM_BYTES <= haystack.length; at += step) {
      if (seen[slotOf(gramAt(haystack, at))] === 1 && isAround(haystack, at)) return true
    }
    return false
  }
}

function gramAt(bytes: Buffer, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]
  return a | (b << 8) | (c << 16) | (d << 24)
}

function slotOf(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> 16
}
