import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'

describe('random bytes', () => {
  it('never gives the same twice, however much is drawn at a time', () => {
    const random = createRandom()
    const sizes = [16, 32, 4080, 16, 4096, 5000, 1, 16, 2048, 2049]
    const drawn = Array.from({ length: 100 }, () => sizes.map((size) => random(size))).flat()
    const texts = drawn.filter(({ length }) => length >= 16).map((each) => each.join())

    expect(drawn.map(({ length }) => length).slice(0, sizes.length)).toEqual(sizes)
    expect(new Set(texts).size).toBe(texts.length)
    expect(drawn.every((each) => each.length < 16 || each.some((byte) => byte !== 0))).toBe(true)
  })

  it('gives bytes that later draws do not change', () => {
    const random = createRandom()
    const first = random(16)
    const before = first.join()
    for (let index = 0; index < 1000; index++) random(16)

    expect(first.join()).toBe(before)
  })
})
