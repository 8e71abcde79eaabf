import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BUDGET_WINDOWS } from '../protocol/index.ts'
import { allPeriods, periodEnd, periodOf, windowOf } from './budget-window.ts'

const file = new URL('../crypto/__vectors__/vectors.json', import.meta.url)
const { windows } = JSON.parse(readFileSync(file, 'utf8')) as {
  windows: { t: number; day: string; week: string; month: string }[]
}

describe('budget windows', () => {
  it.each(windows)('name the periods of $t as the vectors do', ({ t, day, week, month }) => {
    expect(allPeriods(t)).toEqual([`day/${day}`, `week/${week}`, `month/${month}`, 'total'])
  })

  it.each(['2026-11-21T12:00:00Z', '2026-12-31T23:59:59.999Z', '2024-12-30T00:00:00Z'])(
    'end where the next period begins (%s)',
    (text) => {
      const timeMs = Date.parse(text)
      for (const window of ['day', 'week', 'month'] as const) {
        const end = periodEnd(window, timeMs)

        expect(periodOf(window, end - 1)).toBe(periodOf(window, timeMs))
        expect(periodOf(window, end)).not.toBe(periodOf(window, timeMs))
      }
      expect(periodEnd('total', timeMs)).toBe(Infinity)
    },
  )

  it('give each period a name of its own, day after day for ten years', () => {
    const day = 86_400_000
    const weeks = new Map<string, number>()
    for (let index = 0; index < 3653; index++) {
      const week = periodOf('week', Date.UTC(2020, 0, 6) + index * day)
      weeks.set(week, (weeks.get(week) ?? 0) + 1)
    }

    expect([...weeks.values()].slice(0, -1).every((days) => days === 7)).toBe(true)
    expect([...weeks.keys()]).toEqual([...weeks.keys()].sort())
  })

  it('are read back from the name of a period', () => {
    const named = allPeriods(Date.UTC(2026, 10, 21)).map(windowOf)

    expect(named).toEqual([...BUDGET_WINDOWS])
  })
})
