import { describe, expect, it } from 'vitest'
import { readKeptCode } from './kept-code.ts'

describe('readKeptCode', () => {
  it('reads a code after a reload', () => {
    const kept = { code: 'AB12CD34', expiresAt: 5 }
    expect(readKeptCode(kept)).toEqual(kept)
  })

  it.each([null, undefined, 'AB12CD34', {}, { code: 'AB12CD34' }, { code: 1, expiresAt: 5 }])(
    'takes %j for no code',
    (state) => {
      expect(readKeptCode(state)).toBeNull()
    },
  )
})
