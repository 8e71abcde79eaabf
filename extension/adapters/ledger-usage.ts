/** The usage rows of the ledger and the sums of their days: read in pages, summed up, trimmed. */
import type { Transaction } from 'dexie'
import {
  compareNewest,
  dayAfter,
  dayOf,
  dayStart,
  fitsFilter,
  mayFit,
  usageDayKey,
  usageDaySchema,
  withUsage,
  type LedgerStore,
  type UsageDay,
  type UsagePage,
  type UsageQuery,
} from '@valetkey/wallet/metering'
import { parseWith, usageRowSchema, type UsageRow } from '@valetkey/wallet/protocol'
import type { createDexieConnection } from './dexie-connection.ts'
import { answered, writeInOne } from './idb-requests.ts'

/** How many rows one page may cost to find. A page that would cost more ends early. */
const LOOK_LIMIT = 5_000
const UPGRADE_CHUNK = 5_000

type WithDatabase = ReturnType<typeof createDexieConnection>

/** The part of a ledger store that looks at usage, or removes it. */
export function createUsagePart(
  withDatabase: WithDatabase,
): Pick<LedgerStore, 'days' | 'rows' | 'trimRows' | 'eraseUsage'> {
  return {
    days: (from, to) =>
      withDatabase((database) =>
        sumsOf(database.backendDB().transaction('days').objectStore('days'), from, to),
      ),
    rows: (query) => withDatabase((database) => readPage(database.backendDB(), query)),
    trimRows: (beforeMs, limit) =>
      withDatabase((database) =>
        writeInOne(database.backendDB(), ['usage'], (table) =>
          trimRows(table('usage'), beforeMs, limit),
        ),
      ),
    eraseUsage: () =>
      withDatabase((database) =>
        writeInOne(database.backendDB(), ['usage', 'days'], async (table) => {
          await Promise.all([answered(table('usage').clear()), answered(table('days').clear())])
        }),
      ),
  }
}

/** A page as far as it is put together. */
interface Gathered {
  readonly rows: UsageRow[]
  looked: number
  last: UsageRow | null
  isFull: boolean
}

/** Rows of the newest days first; days without a call that fits are not looked at. */
async function readPage(database: IDBDatabase, query: UsageQuery): Promise<UsagePage> {
  const transaction = database.transaction(['usage', 'days'])
  const index = indexFor(transaction.objectStore('usage'), query)
  const page: Gathered = { rows: [], looked: 0, last: null, isFull: false }
  for (const span of await spansOf(transaction.objectStore('days'), query)) {
    await walk(index, span, (stored) => gather(page, parseRow(stored), query))
    if (page.isFull) break
  }
  const { rows, last, isFull } = page
  const next = isFull && last ? { startedAt: last.startedAt, requestId: last.requestId } : null
  return { rows, next }
}

/** @returns whether there is room for more */
function gather(page: Gathered, row: UsageRow, { filter, before, limit }: UsageQuery): boolean {
  if (before !== null && compareNewest(before, row) >= 0) return true
  const fits = fitsFilter(row, filter)
  page.isFull = page.looked >= LOOK_LIMIT || (fits && page.rows.length >= limit)
  if (page.isFull) return false
  page.looked++
  page.last = row
  if (fits) page.rows.push(row)
  return true
}

/** @returns how many were removed */
async function trimRows(usage: IDBObjectStore, beforeMs: number, limit: number): Promise<number> {
  const old = IDBKeyRange.upperBound(beforeMs, true)
  const keys = await answered(usage.index('startedAt').getAllKeys(old, limit))
  for (const key of keys) usage.delete(key)
  return keys.length
}

/** Counts every row there is into the sums of the days, which the first version did not keep. */
export async function sumUpDays(transaction: Transaction): Promise<void> {
  const usage = transaction.table<unknown, string>('usage')
  const sums = new Map<string, UsageDay>()
  let last = ''
  for (;;) {
    const keys = await usage.where(':id').above(last).limit(UPGRADE_CHUNK).primaryKeys()
    for (const stored of await usage.bulkGet(keys)) {
      const row = usageRowSchema.safeParse(stored)
      // A damaged row is said to be one where it is shown; it must not take all the others with it.
      if (!row.success) continue
      const key = JSON.stringify(usageDayKey(row.data))
      sums.set(key, withUsage(sums.get(key), row.data))
    }
    if (keys.length < UPGRADE_CHUNK) break
    last = keys.at(-1) ?? ''
  }
  await transaction.table('days').bulkPut([...sums.values()])
}

export function parseRow(stored: unknown): UsageRow {
  return parseWith(usageRowSchema, stored, 'vault.corrupt')
}

async function sumsOf(
  days: IDBObjectStore,
  from: string,
  to: string,
): Promise<readonly UsageDay[]> {
  // An array sorts behind every text: all keys that begin with the last day are in.
  const range = IDBKeyRange.bound([from], [to, []])
  const stored = await answered<unknown[]>(days.getAll(range))
  return stored.map((sum) => parseWith(usageDaySchema, sum, 'vault.corrupt'))
}

/** A stretch of time, Unix ms; the end is not in it. */
interface Span {
  readonly from: number
  readonly to: number
}

const ALWAYS: Span = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER }
const FIRST_DAY = '0000-01-01'
const LAST_DAY = '9999-12-31'

/** Where rows that fit can be, the newest stretch first. */
async function spansOf(
  days: IDBObjectStore,
  { filter, before }: UsageQuery,
): Promise<readonly Span[]> {
  const from = filter.from ?? ALWAYS.from
  const to = Math.min(filter.to ?? ALWAYS.to, before ? before.startedAt + 1 : ALWAYS.to)
  if (to <= from) return []
  if (!needsDays(filter)) return [{ from, to }]
  const firstDay = filter.from === undefined ? FIRST_DAY : dayOf(from)
  const lastDay = to === ALWAYS.to ? LAST_DAY : dayOf(to)
  const sums = await sumsOf(days, firstDay, lastDay)
  const fitting = new Set(sums.filter((sum) => mayFit(sum, filter)).map(({ day }) => day))
  const spans: Span[] = []
  for (const day of [...fitting].sort().reverse()) {
    const start = Math.max(from, dayStart(day))
    const above = spans.at(-1)
    // Days in a row are walked as one.
    if (above?.from === dayStart(dayAfter(day))) spans[spans.length - 1] = { ...above, from: start }
    else spans.push({ from: start, to: Math.min(to, dayStart(dayAfter(day))) })
  }
  return spans.filter((span) => span.from < span.to)
}

/** Whether rows that fit are too few among the others to walk them all. */
function needsDays({ grantIds, keyId, provider, model, ending }: UsageQuery['filter']): boolean {
  const isOneGrant = grantIds === undefined || grantIds.length === 1
  return !isOneGrant || [keyId, provider, model, ending].some((wanted) => wanted !== undefined)
}

interface TimeIndex {
  readonly index: IDBIndex
  readonly range: (span: Span) => IDBKeyRange
}

function indexFor(usage: IDBObjectStore, { filter: { grantIds = [] } }: UsageQuery): TimeIndex {
  const [grantId] = grantIds
  if (grantId === undefined || grantIds.length > 1) {
    return {
      index: usage.index('startedAt'),
      range: ({ from, to }) => IDBKeyRange.bound(from, to, false, true),
    }
  }
  return {
    index: usage.index('[grantId+startedAt]'),
    range: ({ from, to }) => IDBKeyRange.bound([grantId, from], [grantId, to], false, true),
  }
}

/** Shows the rows of a span to `look`, the newest first, until it has seen enough. */
function walk(
  { index, range }: TimeIndex,
  span: Span,
  look: (stored: unknown) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = index.openCursor(range(span), 'prev')
    request.onerror = () => {
      reject(request.error ?? new TypeError('the rows cannot be walked'))
    }
    request.onsuccess = () => {
      const cursor = request.result
      try {
        if (cursor && look(cursor.value)) cursor.continue()
        else resolve()
      } catch (error) {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a damaged row, as parseRow says it
        reject(error)
      }
    }
  })
}
