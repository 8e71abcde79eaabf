import type { UsageRange, UsageSeries } from '@valetkey/wallet/protocol'
import { CHART_HEIGHT, layOutChart } from '../chart-layout.ts'
import { useWidth } from '../hooks/use-width.ts'
import { MESSAGES } from '../messages.ts'
import { moneyForPeople, moneyOnAxis } from '../money.ts'
import { monthForPeople, shortDay } from '../usage-sentences.ts'
import { chartColour } from './usage-legend.tsx'
import { UsageColumns } from './usage-columns.tsx'

interface Props {
  readonly range: UsageRange
  readonly series: UsageSeries
  /** The column that is read out. */
  readonly shown: string | null
  readonly onShow: (start: string | null) => void
}

/** The columns themselves, and above them a button each: a picture takes no focus. */
export function UsageBars({ range, series, shown, onShow }: Props) {
  const words = MESSAGES.usage
  const [frame, width] = useWidth(640)
  const { columns, ticks, left, right, bottom } = layOutChart(series, width)
  const label = words.chart.label(words.ranges[range], moneyForPeople(series.totals.nanoUsd))
  return (
    <div
      ref={frame}
      className="relative mt-3"
      onMouseLeave={() => {
        onShow(null)
      }}
    >
      <svg role="img" aria-label={label} width={width} height={CHART_HEIGHT} className="block">
        {ticks.map(({ nanoUsd, y }) => (
          <g key={nanoUsd} className="text-ink2">
            <line x1={left} x2={right} y1={y} y2={y} stroke="var(--line)" />
            <text x={left - 8} y={y + 4} textAnchor="end" fontSize={12} fill="currentColor">
              {moneyOnAxis(nanoUsd)}
            </text>
          </g>
        ))}
        {columns.map(({ start, x, width: columnWidth, parts, hasLabel }) => (
          <g key={start}>
            <g opacity={shown === null || shown === start ? 1 : 0.5}>
              {parts.map(({ group, y, height }) => (
                <rect
                  key={group}
                  x={x}
                  y={y}
                  width={columnWidth}
                  height={height}
                  rx={Math.min(2, height / 2)}
                  fill={chartColour(series.groups[group], group)}
                  stroke="var(--paper)"
                  strokeWidth={height > 3 ? 1 : 0}
                />
              ))}
            </g>
            {hasLabel && (
              <text
                x={x + columnWidth / 2}
                y={bottom + 18}
                textAnchor="middle"
                fontSize={12}
                fill="var(--ink2)"
              >
                {range === 'year' ? monthForPeople(start, 'short') : shortDay(start)}
              </text>
            )}
          </g>
        ))}
      </svg>
      <UsageColumns range={range} series={series} columns={columns} onShow={onShow} />
    </div>
  )
}
