import { useRef, useState, type KeyboardEvent } from 'react'
import type { UsageRange, UsageSeries } from '@valetkey/wallet/protocol'
import { CHART_HEIGHT, type ChartColumn } from '../chart-layout.ts'
import { MESSAGES } from '../messages.ts'
import { bucketSentence } from '../usage-sentences.ts'

interface Props {
  readonly range: UsageRange
  readonly series: UsageSeries
  readonly columns: readonly ChartColumn[]
  readonly onShow: (start: string) => void
}

const STEPS: Readonly<Partial<Record<string, number>>> = {
  ArrowRight: 1,
  ArrowLeft: -1,
  Home: -Infinity,
  End: Infinity,
}

/** A button over each column: Tab leads to one of them, the arrows to the others. */
export function UsageColumns({ range, series, columns, onShow }: Props) {
  const [current, setCurrent] = useState(columns.length - 1)
  const group = useRef<HTMLDivElement>(null)
  const last = columns.length - 1
  const reached = Math.min(current, last)
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = Math.max(0, Math.min(last, reached + step))
    setCurrent(next)
    group.current?.querySelectorAll('button')[next]?.focus()
  }
  return (
    <div ref={group} role="group" aria-label={MESSAGES.usage.chart.columns} onKeyDown={move}>
      {columns.map(({ start, x, width }, index) => {
        const bucket = series.buckets[index]
        const show = () => {
          onShow(start)
        }
        return (
          <button
            key={start}
            type="button"
            aria-label={bucket && bucketSentence(bucket, range)}
            tabIndex={index === reached ? 0 : -1}
            onMouseEnter={show}
            onFocus={() => {
              setCurrent(index)
              show()
            }}
            className="absolute top-0 rounded-chip"
            style={{ left: x, width, height: CHART_HEIGHT }}
          />
        )
      })}
    </div>
  )
}
