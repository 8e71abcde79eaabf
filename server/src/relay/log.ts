/** The relay's own log: who asked whom, when, how much and how it ended. Written once a second. */
import type { RelayedRow } from '../database/tables.ts'
import type { OpenDatabase } from '../database/open.ts'
import { inTransaction } from '../stores/queries.ts'
import { insertRelayed } from '../stores/relay-log.ts'

export interface RelayLog {
  readonly add: (row: Omit<RelayedRow, 'receipt_hash'>) => void
  /** All that was added is in the database. */
  readonly flush: () => Promise<void>
}

const EVERY_MS = 1000
/** A database that is away must not fill this process. */
const KEPT = 50_000

/** A commit a call would cost more than the call: a kill loses the last second of it. */
export function createRelayLog(database: OpenDatabase): RelayLog {
  let rows: RelayedRow[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> = Promise.resolve()
  const write = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const taken = rows
    rows = []
    if (taken.length === 0) return
    try {
      await inTransaction(database, (queries) => insertRelayed(queries, taken))
    } catch (error) {
      rows = [...taken, ...rows].slice(-KEPT)
      throw error
    }
  }
  const flush = (): Promise<void> => {
    writing = writing.catch(() => undefined).then(write)
    return writing
  }
  return {
    add(row) {
      if (rows.length >= KEPT) rows.shift()
      rows.push({ ...row, receipt_hash: null })
      timer ??= setTimeout(() => void flush().catch(() => undefined), EVERY_MS).unref()
    },
    flush,
  }
}
