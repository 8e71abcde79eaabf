/** How random the drawn part of a key looks: keys are drawn, names and placeholders are made up. */

export type Randomness = 'drawn' | 'doubtful' | 'made-up'

/** Keys drawn from any alphabet repeat a character five times in a row once in a million. */
const LONGEST_REPEAT = 5
/** `abcdefgh`, `12345678`. */
const LONGEST_RISE = 8
const FEWEST_DISTINCT = 8
/** Words of somebody who shows where a key goes. */
const WORDS_OF_EXAMPLES = /your[_-]|[_-]your|example|placeholder|redacted|api[_-]?key|changeme/i

/**
 * @param text the key
 * @param prefix what every key of its form begins with: it says nothing
 */
export function randomnessOf(text: string, prefix: string): Randomness {
  const { distinct, repeat, rise, digits, capitals, small, turns } = tally(text, prefix.length)
  const drawn = text.length - prefix.length
  if (distinct < FEWEST_DISTINCT || repeat >= LONGEST_REPEAT || rise >= LONGEST_RISE) {
    return 'made-up'
  }
  // Letters of one case alone are words; digits alone are numbers.
  if (Number(digits > 0) + Number(capitals > 0) + Number(small > 0) < 2) return 'made-up'
  if (WORDS_OF_EXAMPLES.test(text)) return 'made-up'
  if (digits > 0) return digits > 1 || capitals > 2 ? 'drawn' : 'doubtful'
  // Without a digit it may be a name in camel case, in which few letters change their case.
  return turns * 3 > drawn ? 'drawn' : 'doubtful'
}

/** Counted in one pass: a text may be full of such words. */
function tally(text: string, from: number) {
  const count = { distinct: 0, digits: 0, capitals: 0, small: 0, turns: 0 }
  const longest = { repeat: 1, rise: 1 }
  const seen = new Set<number>()
  let [repeat, rise, before, kindBefore] = [0, 0, NaN, 'none']
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    repeat = code === before ? repeat + 1 : 1
    rise = code === before + 1 ? rise + 1 : 1
    if (repeat > longest.repeat) longest.repeat = repeat
    if (rise > longest.rise) longest.rise = rise
    const kind = kindOf(code)
    if (kind !== 'other') count[kind] += 1
    if (isTurn(kindBefore, kind)) count.turns += 1
    seen.add(code)
    before = code
    kindBefore = kind
  }
  return { ...count, ...longest, distinct: seen.size }
}

function kindOf(code: number): 'digits' | 'capitals' | 'small' | 'other' {
  if (code >= 97 && code <= 122) return 'small'
  if (code >= 65 && code <= 90) return 'capitals'
  return code >= 48 && code <= 57 ? 'digits' : 'other'
}

/** From a small letter to a capital one, or back. */
function isTurn(before: string, kind: string): boolean {
  return (before === 'small' && kind === 'capitals') || (before === 'capitals' && kind === 'small')
}
