/** Our own table of keys: its columns, written here and read here. */
import { providerIdSchema } from '../protocol/index.ts'
import { unescapeCell, writeCell } from './csv-cells.ts'
import type { ExportedKey } from './exported-key.ts'
import { problem, type Part } from './piece.ts'

/** What is read; a table of an earlier version ends here. */
const READ = ['provider', 'label', 'key', 'notes', 'created', 'expires', 'archived'] as const
const COLUMNS = [...READ, 'base_url'] as const
const YES = 'yes'
const KEY = /^[\x21-\x7e]{1,4096}$/
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/**
 * The keys as CSV (RFC 4180), every cell quoted and no cell a formula. In clear: the caller makes sure that
 * the person asked for it a moment ago.
 */
export function writeCsv(keys: readonly ExportedKey[]): string {
  const rows = keys.map((key) => [
    key.provider,
    key.label,
    key.secret,
    key.notes,
    timeText(key.createdAt),
    timeText(key.expiresAt),
    key.archived ? YES : '',
    key.baseUrl ?? '',
  ])
  return [COLUMNS, ...rows].map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('')
}

/** Whether these are the columns of our own table. */
export function isOwnTable(columns: readonly string[]): boolean {
  return [READ, COLUMNS].some(
    (own) => columns.length === own.length && own.every((name, at) => columns[at] === name),
  )
}

/** A row of our own table. The base URL stays in the file: a server is named by the person alone (C27). */
export function readOwnRow(cells: readonly string[], place: number): Part {
  const [providerText, label = '', value = '', notes = '', created = '', expires = '', archived] =
    cells.map(unescapeCell)
  const provider = providerIdSchema.safeParse(providerText)
  const createdAt = timeOf(created)
  const expiresAt = timeOf(expires)
  if (!provider.success || !KEY.test(value) || createdAt === undefined || expiresAt === undefined) {
    return problem(place, 'row')
  }
  const stated = {
    provider: provider.data,
    notes,
    createdAt,
    expiresAt,
    archived: archived === YES,
  }
  return { kind: 'piece', place, value, name: 'key', label, stated }
}

function timeText(time: number | null): string {
  const date = new Date(time ?? Number.NaN)
  // A year of five digits is written with a sign, which a table would not read back.
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString()
  return TIME.test(text) ? text : ''
}

/** Null where nothing is said, undefined for what is no time. */
function timeOf(text: string): number | null | undefined {
  if (text === '') return null
  const time = TIME.test(text) ? new Date(text).getTime() : Number.NaN
  return Number.isNaN(time) ? undefined : time
}
