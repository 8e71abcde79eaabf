import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RepeatedGap, viewOf } from './repeated-gap.ts'

function standsAt(gap: Uint8Array, bytes: Uint8Array, at: number): boolean {
  const repeated = new RepeatedGap()
  repeated.learn(gap)
  return repeated.standsAt(viewOf(bytes), at)
}

const text = fc.string({ minLength: 1, maxLength: 40 }).map((letters) => Buffer.from(letters))

describe('what stands between two texts', () => {
  it('is recognised where it stands, in every length', () => {
    fc.assert(
      fc.property(text, fc.nat({ max: 20 }), (gap, before) => {
        expect(standsAt(gap, Buffer.concat([Buffer.alloc(before, 'x'), gap]), before)).toBe(true)
      }),
    )
  })

  it('is not taken for anything that differs in one bit', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat({ max: 7 }), (gap, place, bit) => {
        const other = Buffer.from(gap)
        const at = place % other.length
        other[at] = (other[at] ?? 0) ^ (1 << bit)

        expect(standsAt(gap, other, 0)).toBe(false)
      }),
    )
  })

  it('is not found beyond the end', () => {
    expect(standsAt(Buffer.from('abcdefghij'), Buffer.from('abcdefghi'), 0)).toBe(false)
  })

  it('is never learned from bytes that compare as numbers do', () => {
    const minusZero = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0x80])

    expect(standsAt(minusZero, Buffer.alloc(8), 0)).toBe(false)
    expect(standsAt(Buffer.alloc(8), minusZero, 0)).toBe(false)
  })

  it('is not learned if it is longer than the frame of an event', () => {
    const long = Buffer.alloc(5000, 'x')

    expect(standsAt(long, long, 0)).toBe(false)
  })
})
