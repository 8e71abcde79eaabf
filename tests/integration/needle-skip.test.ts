import { randomBytes } from 'node:crypto'
import { fc } from '@valetkey/wallet/testing/fuzz'
import { describe, expect, it } from 'vitest'
import { keyForms } from '../support/key-forms.ts'
import { createNeedleSearch } from '../support/sweep/needle-skip.ts'

/** Few letters, so that needles overlap each other and what is around them. */
const bytes = (minLength: number, maxLength: number) =>
  fc
    .array(fc.constantFrom(97, 98, 99), { minLength, maxLength })
    .map((letters) => Buffer.from(letters))

describe('the search for many needles', () => {
  it('finds what a search for each of them finds, wherever it lies', () => {
    const needles = fc.array(bytes(4, 9), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(needles, bytes(0, 60), (wanted, haystack) => {
        const isThere = wanted.some((needle) => haystack.includes(needle))
        expect(createNeedleSearch(wanted)(haystack)).toBe(isThere)
      }),
      { numRuns: 3_000 },
    )
  })

  it('finds each form of a key at each place of a large text, and no other key', () => {
    const [key, other] = [0, 1].map(() => `sk-${randomBytes(24).toString('hex')}`)
    const forms = keyForms(key ?? '').map((form) => form.bytes)
    const search = createNeedleSearch(forms)
    const noise = randomBytes(20_000)
    expect(search(noise)).toBe(false)
    for (const form of keyForms(other ?? '')) {
      expect(search(Buffer.concat([noise, form.bytes, noise]))).toBe(false)
    }
    for (const form of forms) {
      for (let before = 0; before <= 200; before++) {
        expect(search(Buffer.concat([noise.subarray(0, before), form]))).toBe(true)
        expect(search(Buffer.concat([form, noise.subarray(0, before)]))).toBe(true)
      }
    }
  })

  it('refuses needles too short to be told apart', () => {
    expect(() => createNeedleSearch([Buffer.from('abc')])).toThrow(RangeError)
  })
})
