/** Where everything of the usage chart stands, in CSS pixels. */
import type { UsageSeries } from '@valetkey/wallet/protocol'
import { scaleBand, scaleLinear } from 'd3-scale'
import { stack } from 'd3-shape'

export const CHART_HEIGHT = 220
const MARGIN = { top: 12, right: 16, bottom: 24, left: 64 }
const TICKS = 3
/** Room a label of the time axis needs. */
const LABEL_PX = 56
/** What was spent at all is seen, also beside what cost a thousand times as much. */
const LEAST_PX = 1

interface ChartPart {
  /** Which group of the series. */
  readonly group: number
  readonly y: number
  readonly height: number
}

export interface ChartColumn {
  /** The first day of its time. */
  readonly start: string
  readonly x: number
  readonly width: number
  readonly hasLabel: boolean
  /** From the bottom up; parts that cost nothing are left out. */
  readonly parts: readonly ChartPart[]
}

export interface ChartLayout {
  readonly columns: readonly ChartColumn[]
  readonly ticks: readonly { readonly nanoUsd: number; readonly y: number }[]
  readonly left: number
  readonly right: number
  readonly bottom: number
}

/** @param width of the whole chart, CSS pixels */
export function layOutChart({ groups, buckets }: UsageSeries, width: number): ChartLayout {
  const right = Math.max(MARGIN.left + buckets.length, width - MARGIN.right)
  const bottom = CHART_HEIGHT - MARGIN.bottom
  const dearest = Math.max(...buckets.map(({ nanoUsd }) => sumOf(nanoUsd)), 0)
  const yOf = scaleLinear([0, dearest === 0 ? 1 : dearest], [bottom, MARGIN.top]).nice(TICKS)
  const xOf = scaleBand(
    buckets.map(({ start }) => start),
    [MARGIN.left, right],
  )
    .paddingInner(0.3)
    .paddingOuter(0.15)
  const stacked = stack<UsageSeries['buckets'][number], number>()
    .keys(groups.map((_, index) => index))
    .value(({ nanoUsd }, group) => nanoUsd[group] ?? 0)([...buckets])
  const every = Math.max(1, Math.ceil(LABEL_PX / xOf.step()))
  const columns = buckets.map(({ start }, at): ChartColumn => ({
    start,
    x: xOf(start) ?? MARGIN.left,
    width: xOf.bandwidth(),
    // The last day is the one that is looked for; the others are counted from it.
    hasLabel: (buckets.length - 1 - at) % every === 0,
    parts: stacked.flatMap((layer) => {
      const [low = 0, high = 0] = layer[at] ?? []
      const height = Math.max(LEAST_PX, yOf(low) - yOf(high))
      return high > low ? [{ group: layer.key, y: yOf(low) - height, height }] : []
    }),
  }))
  const ticks =
    dearest === 0
      ? [{ nanoUsd: 0, y: bottom }]
      : yOf.ticks(TICKS).map((nanoUsd) => ({ nanoUsd, y: yOf(nanoUsd) }))
  return { columns, ticks, left: MARGIN.left, right, bottom }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
