/** How long the first word of a form is: most words of a text are ruled out by their length alone. */

export interface LengthRange {
  readonly min: number
  readonly max: number
}

/** A class, an escape, a group or a plain character, and how often it stands. */
const PART = /\((\?[:!=])([^()]*)\)|\[[^\]]*\]|\\?./g
const COUNT = /^\{(\d+)(?:(,)(\d*))?\}/

/**
 * The lengths of what a pattern of the catalogue matches, as far as its first dot or colon, where a word
 * ends. Knows what those patterns are written with: characters, classes, `{n}`, `{n,m}`, flat groups.
 */
export function firstWordLength(body: string): LengthRange {
  let range: LengthRange = { min: 0, max: 0 }
  let rest = body
  while (rest !== '') {
    PART.lastIndex = 0
    const part = PART.exec(rest)
    if (part === null || part[0] === '\\.' || part[0] === ':') break
    const [text, mark, inner = ''] = part
    rest = rest.slice(text.length)
    const count = COUNT.exec(rest)
    rest = rest.slice(count?.[0].length ?? 0)
    if (mark === '?!' || mark === '?=') continue
    const one = mark === undefined ? SINGLE : anyOf(inner.split('|').map(firstWordLength))
    range = plus(range, times(one, countOf(count)))
  }
  return range
}

const SINGLE: LengthRange = { min: 1, max: 1 }

function countOf(count: RegExpExecArray | null): LengthRange {
  if (count === null) return SINGLE
  const min = Number(count[1])
  if (count[2] === undefined) return { min, max: min }
  return { min, max: count[3] === '' ? Infinity : Number(count[3]) }
}

function plus(one: LengthRange, other: LengthRange): LengthRange {
  return { min: one.min + other.min, max: one.max + other.max }
}

function times(one: LengthRange, count: LengthRange): LengthRange {
  return { min: one.min * count.min, max: one.max * count.max }
}

function anyOf(ranges: readonly LengthRange[]): LengthRange {
  return {
    min: Math.min(...ranges.map(({ min }) => min)),
    max: Math.max(...ranges.map(({ max }) => max)),
  }
}
