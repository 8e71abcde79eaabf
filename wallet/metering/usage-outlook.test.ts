import { describe, expect, it } from 'vitest'
import { makeDay } from './__fixtures__/usage-days.ts'
import { dayAfter } from './usage-day.ts'
import { monthOutlook, outlookFrom } from './usage-outlook.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
/** A sum for each of so many days before a day. */
const daysBefore = (day: string, count: number, nanoUsd: number) =>
  Array.from({ length: count }, (_, at) => makeDay(dayAfter(day, -1 - at), nanoUsd))

describe('the running month', () => {
  it('is nothing, and without a forecast, where nothing was used', () => {
    expect(monthOutlook([], NOW)).toEqual({
      ...{ nanoUsd: 0, forecastNanoUsd: null, lastDay: '2026-11-30' },
    })
  })

  it.each([
    [0, null],
    [1, null],
    [2, null],
    [3, 30 + 10 * 10],
  ])('has a forecast once three days before today are known (%d)', (count, forecast) => {
    expect(monthOutlook(daysBefore('2026-11-21', count, 10), NOW).forecastNanoUsd).toBe(forecast)
  })

  it('counts days without a call after the first one', () => {
    const sums = [makeDay('2026-11-16', 50)]
    expect(monthOutlook(sums, NOW).forecastNanoUsd).toBe(50 + 10 + 9 * 10)
  })

  it('takes the pace from 14 days, and not from before them', () => {
    const sums = [...daysBefore('2026-11-21', 14, 10), makeDay('2026-11-02', 10_000)]
    const { nanoUsd, forecastNanoUsd } = monthOutlook(sums, NOW)
    expect([nanoUsd, forecastNanoUsd]).toEqual([10_140, 10_140 + 10 * 10])
  })

  it('adds of today what the pace is ahead of it, and takes nothing away where it is behind', () => {
    const before = daysBefore('2026-11-21', 14, 10)
    const forecast = (today: number) =>
      monthOutlook([...before, makeDay('2026-11-21', today)], NOW).forecastNanoUsd
    expect([forecast(4), forecast(10), forecast(500)]).toEqual([240, 240, 140 + 500 + 90])
  })

  it('takes the pace over the turn of a month, whose days before count for nothing else', () => {
    const now = Date.UTC(2026, 11, 1, 0, 0, 1)
    const outlook = monthOutlook(daysBefore('2026-12-01', 14, 10), now)
    expect(outlook).toEqual({ nanoUsd: 0, forecastNanoUsd: 31 * 10, lastDay: '2026-12-31' })
    expect(outlookFrom(now)).toBe('2026-11-17')
    expect(outlookFrom(NOW)).toBe('2026-11-01')
  })

  it('is over with its last day', () => {
    const now = Date.UTC(2028, 1, 29, 23, 59)
    const sums = [...daysBefore('2028-02-29', 14, 10), makeDay('2028-02-29', 10)]
    expect(monthOutlook(sums, now)).toEqual({
      ...{ nanoUsd: 150, forecastNanoUsd: 150, lastDay: '2028-02-29' },
    })
  })

  it('rounds up: a forecast is never less than it says', () => {
    const sums = [makeDay('2026-11-18', 10), makeDay('2026-11-20', 0)]
    expect(monthOutlook(sums, NOW).forecastNanoUsd).toBe(10 + Math.ceil((10 / 3) * 10))
  })
})
