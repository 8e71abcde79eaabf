import { describe, expect, it } from 'vitest'
import {
  dollarsForPeople,
  moneyForPeople,
  moneyOnAxis,
  preciseMoney,
  readAmount,
  shareUsed,
} from './money.ts'

describe('moneyForPeople', () => {
  it.each([
    [0, '$0.00'],
    [1, 'under $0.01'],
    [9_999_999, 'under $0.01'],
    [10_000_000, '$0.01'],
    [1_280_000_000, '$1.28'],
    [1_234_560_000_000, '$1,234.56'],
  ])('shows %d nano-dollars as %s', (nanoUsd, text) => {
    expect(moneyForPeople(nanoUsd)).toBe(text)
  })

  it('never shows less than was spent', () => {
    expect(moneyForPeople(1_280_000_001)).toBe('$1.29')
  })
})

describe('preciseMoney', () => {
  it.each([
    [0, '$0.00'],
    [1, '$0.000000001'],
    [99, '$0.000000099'],
    [101, '$0.00000011'],
    [420_000, '$0.00042'],
    [35_400_001, '$0.036'],
    [999_999_999, '$1.00'],
    [1_280_000_001, '$1.29'],
  ])('shows %d nano-dollars as %s', (nanoUsd, text) => {
    expect(preciseMoney(nanoUsd)).toBe(text)
  })
})

describe('moneyOnAxis', () => {
  it('is all of it', () => {
    expect([moneyOnAxis(0), moneyOnAxis(20_000_000), moneyOnAxis(500_000)]).toEqual([
      ...['$0.00', '$0.02', '$0.0005'],
    ])
  })
})

describe('dollarsForPeople', () => {
  it.each([
    ['5', '$5.00'],
    ['12.5', '$12.50'],
    ['0.412', '$0.412'],
  ])('shows %s as %s', (usd, text) => {
    expect(dollarsForPeople(usd)).toBe(text)
  })
})

describe('shareUsed', () => {
  it('is the part of the limit that is used, and never more than all of it', () => {
    expect(shareUsed(1_250_000_000, '5.00')).toBe(0.25)
    expect(shareUsed(9_000_000_000, '5.00')).toBe(1)
  })

  it('counts a limit of nothing as used up', () => {
    expect(shareUsed(0, '0.00')).toBe(1)
  })
})

describe('readAmount', () => {
  it.each([
    ['5', '5.00'],
    [' $5.5 ', '5.50'],
    ['0,25', '0.25'],
    ['007', '7.00'],
  ])('reads %j as %s', (typed, usd) => {
    expect(readAmount(typed)).toBe(usd)
  })

  it.each(['', '0', '0.00', '-5', '5.001', '1e3', 'five', '1,000.00', '9999999'])(
    'takes %j for no amount',
    (typed) => {
      expect(readAmount(typed)).toBeNull()
    },
  )
})
