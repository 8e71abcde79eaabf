import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FUZZED, tryInputs } from '../testing/fuzz.ts'
import { NeedleSearch } from './needle-search.ts'

type Hit = readonly [at: number, needle: string]

function found(text: string, needles: readonly string[], skipTo = 0): readonly Hit[] {
  const hits: Hit[] = []
  const search = new NeedleSearch(needles.map((needle) => Buffer.from(needle)))
  search.each(Buffer.from(text), (at, needle) => {
    hits.push([at, Buffer.from(needle).toString()])
    return skipTo
  })
  return hits
}

/** The same, place by place. */
function expected(text: string, needles: readonly string[]): readonly Hit[] {
  return Array.from(text, (_, at) => at).flatMap((at) =>
    needles.filter((needle) => text.startsWith(needle, at)).map((needle): Hit => [at, needle]),
  )
}

/** Few letters, so that needles overlap and repeat themselves. */
const word = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', '"'), maxLength })
const needle = word(9).filter((text) => text !== '')
const needlesOf = fc.uniqueArray(needle, { minLength: 1, maxLength: 6 })

describe('the search for several texts at once', () => {
  it('finds what stands there, each time, and nothing else', FUZZED, async () => {
    await tryInputs(
      4000,
      fc.property(needlesOf, word(80), (needles, text) => {
        const hits = found(text, needles)

        expect(hits.map(([at]) => at)).toEqual(hits.map(([at]) => at).toSorted((a, b) => a - b))
        expect(new Set(hits.map(String))).toEqual(new Set(expected(text, needles).map(String)))
        expect(hits).toHaveLength(expected(text, needles).length)
      }),
    )
  })

  it('finds long ones between others, at every place and beyond the longest skip', () => {
    const long = Array.from({ length: 700 }, (_, index) => (index * 7919).toString(36)).join('')
    for (const before of [0, 1, 2, 254, 255, 256, 257, 700]) {
      const text = `${'-'.repeat(before)}${long}${long}x`

      expect(found(text, [long, `${long}x`])).toEqual([
        [before, long],
        [before + long.length, long],
        [before + long.length, `${long}x`],
      ])
    }
  })

  it('goes on where it is told to', () => {
    expect(found('abab-abab', ['ab'], 4)).toEqual([
      [0, 'ab'],
      [5, 'ab'],
      [7, 'ab'],
    ])
    expect(found('aaaaa', ['a'], 3)).toEqual([
      [0, 'a'],
      [3, 'a'],
      [4, 'a'],
    ])
  })

  it('finds nothing at an end that was cut', () => {
    expect(found('abcab', ['abcabc', 'abca!'])).toEqual([])
  })
})
