/** A stretch of text without a character no key has: `start` inclusive, `end` exclusive. */
export interface Word {
  readonly start: number
  readonly end: number
}

/** No form of the catalogue has a shorter unbroken part that has to be seen to find it. */
const SHORTEST_WORD = 20

/**
 * Visits every stretch of at least {@link SHORTEST_WORD} of the characters keys are made of
 * (`A-Z a-z 0-9 _ -`), in order. Most of a text is never looked at: a word of that length has a
 * character at one of any {@link SHORTEST_WORD} places in a row, so one look can rule out that many.
 * @param visit returns false to hear of no more
 */
export function eachWord(text: string, visit: (word: Word) => boolean): void {
  let floor = 0
  let at = SHORTEST_WORD - 1
  while (at < text.length) {
    if (!isWordCode(text.charCodeAt(at))) {
      floor = at + 1
      at += SHORTEST_WORD
      continue
    }
    let start = at
    while (start > floor && isWordCode(text.charCodeAt(start - 1))) start--
    let end = at + 1
    while (end < text.length && isWordCode(text.charCodeAt(end))) end++
    if (end - start >= SHORTEST_WORD && !visit({ start, end })) return
    floor = end + 1
    at = end + SHORTEST_WORD
  }
}

const WORD_CODES = new Uint8Array(128)
for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-') {
  WORD_CODES[character.charCodeAt(0)] = 1
}

function isWordCode(code: number): boolean {
  return code < 128 && WORD_CODES[code] === 1
}
