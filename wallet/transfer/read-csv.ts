/* eslint-disable @typescript-eslint/triple-slash-reference -- whoever compiles this file finds the types of the package with it */
/// <reference path="./papaparse.d.ts" />
/* eslint-enable @typescript-eslint/triple-slash-reference */
import papaparse from 'papaparse'
import { isOwnTable, readOwnRow } from './csv-table.ts'
import { problem, wordsOf, type Part } from './piece.ts'

const DELIMITERS = [',', ';', '\t', '|']
/** Columns that name a row, the best one first: 1Password, Bitwarden and browsers say title or name. */
const LABELS = ['label', 'title', 'name', 'account']
/** Columns that are there in tables of passwords and keys: a first row with one of them is a heading. */
const HEADINGS = [...LABELS, 'key', 'api key', 'secret', 'value', 'password', 'provider', 'notes']

/** A table of which the first row is read. */
interface Table {
  readonly columns: readonly string[]
  readonly labelAt: number
}

/** Which of the tables we know this one is. */
export type TableFormat = 'valetkey-csv' | '1password-csv' | 'csv'

/** The parts of a table, and whose table it is. */
export interface ReadTable {
  readonly format: TableFormat
  readonly parts: Iterable<Part>
}

/** Reads CSV text, whatever its columns: each cell may be a key, and longer cells may hold some. */
export function readCsv(text: string): ReadTable {
  const { data, errors } = papaparse.parse(text, {
    delimiter: delimiterOf(text),
    newline: '\n',
    quoteChar: '"',
    header: false,
  })
  const columns = (data[0] ?? []).map((name) => name.trim().toLowerCase())
  const open = errors.find(({ code }) => code === 'MissingQuotes')
  const problems = open === undefined ? [] : [problem((open.row ?? 0) + 1, 'quote-not-closed')]
  if (isOwnTable(columns)) {
    return { format: 'valetkey-csv', parts: [...problems, ...ownParts(data)] }
  }
  const isOnePassword = columns.includes('title') && columns.includes('otpauth')
  const format = isOnePassword ? '1password-csv' : 'csv'
  return { format, parts: chain(problems, partsOf(data, columns)) }
}

function* ownParts(rows: readonly (readonly string[])[]): Generator<Part> {
  for (const [index, cells] of rows.entries()) {
    if (index > 0 && !isEmpty(cells)) yield readOwnRow(cells, index + 1)
  }
}

function* partsOf(rows: readonly (readonly string[])[], names: readonly string[]): Generator<Part> {
  const headed = names.some((name) => HEADINGS.includes(name))
  const table: Table = headed
    ? {
        columns: names,
        labelAt: names.indexOf(LABELS.find((label) => names.includes(label)) ?? ''),
      }
    : { columns: [], labelAt: -1 }
  // The heading is read as well: nothing in one is a key, and a first row taken for one may have some.
  for (const [index, cells] of rows.entries()) yield* partsOfRow(cells, table, index + 1)
}

function* partsOfRow(
  cells: readonly string[],
  { columns, labelAt }: Table,
  place: number,
): Generator<Part> {
  const label = cells[labelAt]?.trim() ?? ''
  for (const [at, cell] of cells.entries()) {
    const name = columns[at] ?? ''
    const whole = cell.trim()
    const values = /\s/.test(whole) ? wordsOf(whole) : [whole]
    for (const value of values) {
      if (value !== '') yield { kind: 'piece', place, value, name, label }
    }
  }
}

function* chain(...all: Iterable<Part>[]): Generator<Part> {
  for (const parts of all) yield* parts
}

/** The separator that stands most often in the first line. */
function delimiterOf(text: string): string {
  const end = text.indexOf('\n')
  const line = end < 0 ? text : text.slice(0, end)
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
}

function isEmpty(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '')
}
