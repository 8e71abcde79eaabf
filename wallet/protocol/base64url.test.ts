import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64url, toBase64url } from './base64url.ts'

const bytes = fc.uint8Array({ maxLength: 70 })
const REFUSED = { code: 'request.invalid', details: { reason: 'base64url' } }

describe('base64url', () => {
  it('is what Node writes, and reads', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const text = toBase64url(value)
        expect(text).toBe(Buffer.from(value).toString('base64url'))
        expect(fromBase64url(text)).toEqual(Uint8Array.from(value))
      }),
    )
  })

  it('reads a text only where it is how its bytes are written', () => {
    const text = fc.string({ unit: 'binary', maxLength: 9 })
    const near = fc.string({
      unit: fc.constantFrom(...Array.from('ABQgwx019-_+/=. \n\u0100\u0141')),
      maxLength: 9,
    })
    fc.assert(
      fc.property(fc.oneof(text, near), (given) => {
        const isWritten = Buffer.from(given, 'base64url').toString('base64url') === given
        const read = () => toBase64url(fromBase64url(given))
        if (isWritten) expect(read()).toBe(given)
        else expect(read).toThrow(expect.objectContaining(REFUSED) as Error)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each(['A', 'AB', 'AAB', 'AA==', 'AA=', 'A+AA', 'A/AA', 'AA A', 'AAA\n', 'AAAÁ', 'AAAŁ'])(
    'refuses %j',
    (text) => {
      expect(() => fromBase64url(text)).toThrow(expect.objectContaining(REFUSED) as Error)
    },
  )
})
