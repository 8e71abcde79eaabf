import { createSeededRandom } from './seeded-random.ts'

const SMALL = 'abcdefghijklmnopqrstuvwxyz'
const CAPITALS = SMALL.toUpperCase()
const DIGITS = '0123456789'

const ALPHABETS: Readonly<Record<string, string>> = {
  A: CAPITALS + SMALL + DIGITS,
  U: `${CAPITALS}${SMALL}${DIGITS}_-`,
  B: `${CAPITALS}${SMALL}${DIGITS}+/`,
  H: `${DIGITS}abcdef`,
  L: CAPITALS + SMALL,
  l: SMALL + DIGITS,
  s: SMALL,
  C: CAPITALS + DIGITS,
  D: DIGITS,
}

/** Fills a template: `{A52}` is 52 letters and digits, `{H64}` hex, `{U43}` the URL-safe alphabet … */
export type Draw = (template: string) => string

/** The same texts, in the same order, for the same seed. */
export function createDraw(seed: string): Draw {
  const random = createSeededRandom(seed)
  const filled = (alphabet: string, length: number): string => {
    const letters = ALPHABETS[alphabet] ?? ''
    const bytes = random(length)
    return Array.from(bytes, (byte) => letters.charAt(byte % letters.length)).join('')
  }
  return (template) =>
    template.replace(/\{([A-Za-z])(\d+)\}/g, (_, alphabet: string, length: string) =>
      filled(alphabet, Number(length)),
    )
}
