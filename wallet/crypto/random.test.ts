import { describe, expect, it } from 'vitest'
import { createSeededRandom } from '../testing/index.ts'
import { drawIndex } from './index.ts'

/** Draws that begin with the given u32s. */
function drawing(...firsts: readonly number[]) {
  const filler = createSeededRandom('drawing')
  const rest = [...firsts]
  let draws = 0
  return (sizeBytes: number) => {
    const bytes = filler(sizeBytes)
    // Every second draw is only compared with the one before it.
    draws += 1
    const first = draws % 2 === 1 ? rest.shift() : undefined
    if (first !== undefined) new DataView(bytes.buffer).setUint32(0, first)
    return bytes
  }
}

/** χ² of how often each number under `bound` was drawn. */
function chiSquare(bound: number, drawCount: number): number {
  const random = createSeededRandom(`indices under ${bound}`)
  const counts = new Array<number>(bound).fill(0)
  for (let draw = 0; draw < drawCount; draw++) {
    const index = drawIndex(random, bound)
    counts[index] = (counts[index] ?? 0) + 1
  }
  const expected = drawCount / bound
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

describe('drawIndex', () => {
  it.each([1, 2, 3, 10, 64])('draws every number under %d equally often', (bound) => {
    const freedom = bound - 1

    // Four standard deviations of χ²; the seed is fixed.
    expect(chiSquare(bound, 2000)).toBeLessThanOrEqual(freedom + 4 * Math.sqrt(2 * freedom))
  })

  it('takes the remainder of a whole multiple only, and draws again past it', () => {
    const bound = 3_000_000_000

    expect(drawIndex(drawing(bound - 1), bound)).toBe(bound - 1)
    // Its remainder, 5, would come twice as often as it should.
    expect(drawIndex(drawing(bound + 5, 7), bound)).toBe(7)
    expect(drawIndex(drawing(2 ** 32 - 1, bound, 9), bound)).toBe(9)
    expect(drawIndex(drawing(2 ** 32 - 1), 2048)).toBe(2047)
    expect(drawIndex(drawing(2 ** 32 - 1), 2 ** 32)).toBe(2 ** 32 - 1)
  })

  it('refuses a generator that repeats itself (C89)', () => {
    for (const stuck of [0, 7]) {
      expect(() => drawIndex((sizeBytes) => new Uint8Array(sizeBytes).fill(stuck), 10)).toThrow(
        expect.objectContaining({ code: 'internal' }),
      )
    }
  })

  it.each([0, -1, 1.5, Number.NaN, 2 ** 32 + 1])('takes %d for no bound', (bound) => {
    expect(() => drawIndex(createSeededRandom('x'), bound)).toThrow(TypeError)
  })
})
