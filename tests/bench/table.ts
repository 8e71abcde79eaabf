/** Rows as a person reads them. */
import type { BenchRow } from './row.ts'

const HEADS = ['figure', 'ours', 'reference', 'unit', 'ratio', 'goal', '', 'beside'] as const

/** A table in columns of plain text. */
export function textTable(rows: readonly BenchRow[]): string {
  const lines = [HEADS, ...rows.map(cellsOf)]
  const widths = HEADS.map((_head, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  return lines
    .map((line) => line.map((cell, column) => padded(cell, widths[column] ?? 0, column)).join('  '))
    .join('\n')
}

function cellsOf(row: BenchRow): readonly string[] {
  const { name, ours, reference, unit, ratio, goal, met, referenceName } = row
  const mark = goal === 'watched' ? '' : met ? 'ok' : 'MISSED'
  return [name, figure(ours), figure(reference), unit, figure(ratio), goal, mark, referenceName]
}

/** Numbers stand right, words left. */
function padded(cell: string, width: number, column: number): string {
  return column >= 1 && column <= 4 && column !== 3 ? cell.padStart(width) : cell.padEnd(width)
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}
