import type { UsageSeries } from '@valetkey/wallet/protocol'
import { describe, expect, it } from 'vitest'
import { layOutChart } from './chart-layout.ts'

const nothing = {
  ...{ estimatedNanoUsd: 0, calls: 0, failed: 0, tokensIn: 0, tokensOut: 0, nanoUsd: 0 },
}

/** A series of so many days, each with these parts. */
function makeSeries(days: readonly (readonly number[])[]): UsageSeries {
  const parts = Math.max(0, ...days.map(({ length }) => length))
  return {
    groups: Array.from({ length: parts }, (_, at) => ({
      ...nothing,
      kind: 'named',
      name: `app ${at}`,
    })),
    buckets: days.map((nanoUsd, at) => ({
      start: `2026-11-${String(at + 1).padStart(2, '0')}`,
      calls: 1,
      nanoUsd: [...nanoUsd],
    })),
    totals: nothing,
  }
}

describe('the chart', () => {
  it('stacks the parts of a day from the bottom up, as high as what they cost', () => {
    const { columns, bottom } = layOutChart(makeSeries([[100, 300], [400]]), 800)
    const [first, second] = columns

    expect(first?.parts.map(({ group }) => group)).toEqual([0, 1])
    const [low, high] = first?.parts ?? []
    expect((low?.y ?? 0) + (low?.height ?? 0)).toBeCloseTo(bottom)
    expect((high?.y ?? 0) + (high?.height ?? 0)).toBeCloseTo(low?.y ?? 0)
    expect((high?.height ?? 0) / (low?.height ?? 1)).toBeCloseTo(3)
    expect(second?.parts[0]?.y).toBeCloseTo(high?.y ?? 0)
  })

  it('leaves out what cost nothing, and shows what cost next to nothing', () => {
    const { columns } = layOutChart(makeSeries([[0, 1], [1_000_000_000]]), 800)

    expect(columns[0]?.parts).toHaveLength(1)
    expect(columns[0]?.parts[0]?.group).toBe(1)
    expect(columns[0]?.parts[0]?.height).toBe(1)
  })

  it('stays within its frame, however narrow it is', () => {
    for (const width of [0, 200, 420, 1000]) {
      const { columns, ticks, left, right } = layOutChart(
        makeSeries(Array.from({ length: 31 }, () => [5])),
        width,
      )
      for (const column of columns) {
        expect(column.x).toBeGreaterThanOrEqual(left)
        expect(column.x + column.width).toBeLessThanOrEqual(right)
        expect(column.width).toBeGreaterThan(0)
      }
      expect(ticks.every(({ y }) => y >= 0)).toBe(true)
    }
  })

  it('names the last day, and others only where there is room', () => {
    const named = (width: number) => {
      const days = Array.from({ length: 30 }, () => [5])
      const { columns } = layOutChart(makeSeries(days), width)
      return columns.flatMap(({ hasLabel }, at) => (hasLabel ? [at + 1] : []))
    }
    expect(named(4000)).toHaveLength(30)
    expect(named(800).at(-1)).toBe(30)
    expect(named(420).length).toBeLessThan(8)
  })

  it('has its lowest line alone where nothing was spent', () => {
    const { ticks, columns, bottom } = layOutChart(makeSeries([[0], [0]]), 800)
    expect(ticks).toEqual([{ nanoUsd: 0, y: bottom }])
    expect(columns.flatMap(({ parts }) => parts)).toEqual([])
  })
})
