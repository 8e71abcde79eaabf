import { describe, expect, it } from 'vitest'
import { codeForPeople, minutesForPeople, readCode } from './pairing-code.ts'

describe('a pairing code', () => {
  it.each(['AB12CD34', 'ab12cd34', 'AB12-CD34', ' ab12 – cd34 ', 'ABI2.CD34', 'ABL2 CD34'])(
    'is forgiven as %j',
    (typed) => {
      expect(readCode(typed)).toBe('AB12CD34')
    },
  )

  it('takes the letter O as zero', () => {
    expect(readCode('OOOO-0000')).toBe('00000000')
  })

  it.each(['', 'AB12CD3', 'AB12CD345', 'AB12CD3U', 'AB12CD3!'])('is not whole as %j', (typed) => {
    expect(readCode(typed)).toBeNull()
  })

  it('is shown in two halves, however the background wrote it', () => {
    expect(codeForPeople('AB12CD34')).toBe('AB12-CD34')
    expect(codeForPeople('AB12-CD34')).toBe('AB12-CD34')
    expect(codeForPeople('other')).toBe('other')
  })

  it('shows how long it lives', () => {
    expect([300, 65, 9, 0].map(minutesForPeople)).toEqual(['5:00', '1:05', '0:09', '0:00'])
  })
})
