/** The file of a person's usage, piece by piece: no piece is read back, and none holds them all. */
import { formatUsd, type NamedUsageRow } from '../protocol/index.ts'
import { writeCell } from './csv-cells.ts'

/** One piece of the file. */
export interface UsagePiece {
  readonly rows: readonly NamedUsageRow[]
  /** How many rows the pieces before it hold. */
  readonly written: number
  readonly isFirst: boolean
  readonly isLast: boolean
}

const COLUMNS: readonly (readonly [string, (row: NamedUsageRow) => string])[] = [
  ['time', ({ startedAt }) => new Date(startedAt).toISOString()],
  ['app', ({ app }) => app ?? ''],
  ['provider', ({ provider }) => provider],
  ['key', ({ keyLabel }) => keyLabel ?? ''],
  ['model', ({ model }) => model ?? ''],
  ['capability', ({ capability }) => capability ?? ''],
  ['lane', ({ lane }) => lane],
  ['ending', ({ ending }) => ending],
  ['status', ({ status }) => String(status)],
  ['duration_ms', ({ durationMs }) => String(durationMs)],
  ['input_tokens', ({ tokens }) => String(tokens?.input ?? '')],
  ['cached_input_tokens', ({ tokens }) => String(tokens?.cachedInput ?? '')],
  ['cache_write_tokens', ({ tokens }) => String(tokens?.cacheWriteInput ?? '')],
  ['output_tokens', ({ tokens }) => String(tokens?.output ?? '')],
  ['reasoning_tokens', ({ tokens }) => String(tokens?.reasoning ?? '')],
  ['sound_seconds', ({ tokens }) => String(tokens?.seconds ?? '')],
  ['cost_usd', ({ costNanoUsd }) => formatUsd(costNanoUsd)],
  ['estimated', ({ estimated }) => (estimated ? 'yes' : 'no')],
  ['cost_source', ({ costSource }) => costSource],
  ['request_id', ({ requestId }) => requestId],
]

/** A piece as CSV; the first one begins with the names of the columns. */
export function writeUsageCsv({ rows, isFirst }: UsagePiece): string {
  const head = isFirst ? [COLUMNS.map(([name]) => writeCell(name)).join(',')] : []
  const lines = rows.map((row) => COLUMNS.map(([, cellOf]) => writeCell(cellOf(row))).join(','))
  return [...head, ...lines].map((line) => `${line}\r\n`).join('')
}

/** A piece as JSON; all pieces together are one list. */
export function writeUsageJson({ rows, written, isFirst, isLast }: UsagePiece): string {
  const entries = rows.map((row, index) => {
    const comma = written + index > 0 ? ',' : ''
    const { costNanoUsd, startedAt, ...rest } = row
    const time = new Date(startedAt).toISOString()
    return `${comma}\n${JSON.stringify({ time, costUsd: formatUsd(costNanoUsd), ...rest })}`
  })
  return `${isFirst ? '[' : ''}${entries.join('')}${isLast ? '\n]\n' : ''}`
}
