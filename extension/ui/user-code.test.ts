import { describe, expect, it } from 'vitest'
import { readUserCode } from './user-code.ts'

describe('the code of a program', () => {
  it('is read however it is typed', () => {
    for (const typed of ['BCDF-GHJK', ' bcdf ghjk ', 'bcdf–ghjk', 'BCDFGHJK']) {
      expect(readUserCode(typed)).toBe('BCDFGHJK')
    }
  })

  it('is none while it is not whole, or has letters that no code has', () => {
    for (const typed of ['', 'BCDF-GHJ', 'BCDF-GHJKL', 'ABCD-FGHJ', 'BCDF-GH1K']) {
      expect([typed, readUserCode(typed)]).toEqual([typed, null])
    }
  })
})
