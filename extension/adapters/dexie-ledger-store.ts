import type Dexie from 'dexie'
import {
  KEY_NEVER_USED,
  NEW_WINDOW_CLOCK,
  NOTHING_USED,
  fits,
  periodUseSchema,
  windowClockStateSchema,
  withCall,
  withHeld,
  withSettled,
  type KeyUse,
  type LedgerStore,
  type PeriodLimit,
  type PeriodUse,
  type ReserveOutcome,
} from '@valetkey/wallet/metering'
import {
  parseWith,
  reservationSchema,
  usageRowSchema,
  type Reservation,
  type UsageRow,
} from '@valetkey/wallet/protocol'
import * as z from 'zod/mini'
import { createDexieConnection } from './dexie-connection.ts'
import { answered, writeInOne } from './idb-requests.ts'

const TABLES = {
  reservations: 'requestId',
  usage: 'requestId, startedAt, [grantId+startedAt], keyId',
  spend: '[grantId+period]',
  keySpend: '[keyId+period]',
  clock: '',
}
const CLOCK_KEY = 'clock'

const spendRowSchema = z.strictObject({
  grantId: z.string(),
  period: z.string(),
  use: periodUseSchema,
})
const keySpendRowSchema = z.strictObject({
  keyId: z.string(),
  period: z.string(),
  nanoUsd: z.int().check(z.nonnegative()),
  /** Absent in rows of the first version. */
  lastUsedAt: z.optional(z.int()),
})

/**
 * The ledger in IndexedDB, in a database of its own. Each method is one transaction over the tables it
 * touches: IndexedDB runs such transactions one after the other, so two calls never both take the last of
 * a budget (C66). What is stored is checked as it is read: a damaged row is `vault.corrupt`.
 */
export function createDexieLedgerStore(databaseName: string): LedgerStore {
  const withDatabase = createDexieConnection({ name: databaseName, version: 1, tables: TABLES })
  return {
    reserve: (reservation, limits) =>
      // Every call waits for this before it is sent, so it does without Dexie's own time.
      withDatabase((database) =>
        writeInOne(database.backendDB(), ['reservations', 'usage', 'spend'], (table) =>
          reserve(table, reservation, limits),
        ),
      ),
    settle: (row) =>
      withDatabase((database) =>
        database.transaction('rw', ['reservations', 'usage', 'spend', 'keySpend'], () =>
          settle(database, row),
        ),
      ),
    append: (row) =>
      withDatabase((database) =>
        database.transaction('rw', ['reservations', 'usage'], async () => {
          if (!(await isKnown(database, row.requestId))) await database.table('usage').add(row)
        }),
      ),
    reservations: () =>
      withDatabase(async (database) =>
        (await database.table<unknown>('reservations').toArray()).map(parseReservation),
      ),
    used: (grantId, period) => withDatabase((database) => readUse(database, grantId, period)),
    usage: (limit) =>
      withDatabase(async (database) => {
        const newest = database.table<unknown>('usage').orderBy('startedAt').reverse()
        return (await newest.limit(limit).toArray()).map(parseRow)
      }),
    usesOfKeys: (keyIds, period) =>
      withDatabase(async (database) => {
        const inTotal = await readKeyUses(database, keyIds, 'total')
        // Of a key that was never used there is nothing more to read, and most of many are not.
        const used = keyIds.filter((_, index) => inTotal[index] !== KEY_NEVER_USED)
        const inPeriod = await readKeyUses(database, used, period)
        const nanoUsdOf = new Map(used.map((keyId, index) => [keyId, inPeriod[index]?.nanoUsd]))
        return inTotal.map(({ lastUsedAt }, index) => ({
          nanoUsd: nanoUsdOf.get(keyIds[index] ?? '') ?? 0,
          lastUsedAt,
        }))
      }),
    readWindowClock: () =>
      withDatabase(async (database) => {
        const stored = await database.table<unknown, string>('clock').get(CLOCK_KEY)
        if (stored === undefined) return NEW_WINDOW_CLOCK
        return parseWith(windowClockStateSchema, stored, 'vault.corrupt')
      }),
    writeWindowClock: (state) =>
      withDatabase(async (database) => {
        await database.table<unknown, string>('clock').put(state, CLOCK_KEY)
      }),
  }
}

async function reserve(
  table: (name: string) => IDBObjectStore,
  reservation: Reservation,
  limits: readonly PeriodLimit[],
): Promise<ReserveOutcome> {
  const { requestId, grantId, periods } = reservation
  const asked = [...new Set([...periods, ...limits.map(({ period }) => period)])]
  const [held, logged, ...uses] = await Promise.all([
    answered<unknown>(table('reservations').get(requestId)),
    answered<unknown>(table('usage').get(requestId)),
    ...asked.map((period) => answered<unknown>(table('spend').get([grantId, period]))),
  ])
  if (held !== undefined || logged !== undefined) return { outcome: 'replayed' }
  const useIn = (period: string): PeriodUse => parseUse(uses[asked.indexOf(period)])
  for (const limit of limits) {
    const used = useIn(limit.period)
    if (!fits(limit, used, reservation)) return { outcome: 'full', limit, used }
  }
  table('reservations').add(reservation)
  for (const period of periods) {
    table('spend').put({ grantId, period, use: withHeld(useIn(period), reservation) })
  }
  return { outcome: 'reserved' }
}

async function settle(database: Dexie, row: UsageRow): Promise<boolean> {
  const stored: unknown = await database.table<unknown>('reservations').get(row.requestId)
  if (stored === undefined) return false
  const reservation = parseReservation(stored)
  const { requestId, grantId, keyId, periods } = reservation
  const sums = await Promise.all(
    periods.map(async (period) => {
      const [use, keyUse] = await Promise.all([
        readUse(database, grantId, period),
        readKeyUse(database, keyId, period),
      ])
      return {
        spend: { grantId, period, use: withSettled(use, reservation, row) },
        keySpend: { keyId, period, ...withCall(keyUse, row) },
      }
    }),
  )
  await Promise.all([
    database.table('reservations').delete(requestId),
    database.table('usage').add(row),
    database.table('spend').bulkPut(sums.map(({ spend }) => spend)),
    database.table('keySpend').bulkPut(sums.map(({ keySpend }) => keySpend)),
  ])
  return true
}

async function isKnown(database: Dexie, requestId: string): Promise<boolean> {
  const found = await Promise.all([
    database.table<unknown>('reservations').get(requestId),
    database.table<unknown>('usage').get(requestId),
  ])
  return found.some((row) => row !== undefined)
}

async function readUse(database: Dexie, grantId: string, period: string): Promise<PeriodUse> {
  return parseUse(await database.table<unknown>('spend').get([grantId, period]))
}

function parseUse(stored: unknown): PeriodUse {
  return stored === undefined
    ? NOTHING_USED
    : parseWith(spendRowSchema, stored, 'vault.corrupt').use
}

/** Every call that ends waits for this: it asks for the one row, and counts none. */
async function readKeyUse(database: Dexie, keyId: string, period: string): Promise<KeyUse> {
  return parseKeyUse(await database.table<unknown>('keySpend').get([keyId, period]))
}

async function readKeyUses(
  database: Dexie,
  keyIds: readonly string[],
  period: string,
): Promise<KeyUse[]> {
  const table = database.table<unknown, [string, string]>('keySpend')
  const keys = keyIds.map((keyId): [string, string] => [keyId, period])
  // Of ten thousand keys most were never used: to ask for each would take ten thousand requests.
  if ((await table.count()) < keys.length) return usesAmong(await table.toArray(), keyIds, period)
  return (await table.bulkGet(keys)).map(parseKeyUse)
}

function usesAmong(rows: readonly unknown[], keyIds: readonly string[], period: string): KeyUse[] {
  const uses = new Map(
    rows
      .map((row) => parseWith(keySpendRowSchema, row, 'vault.corrupt'))
      .filter((row) => row.period === period)
      .map((row) => [row.keyId, useOf(row)]),
  )
  return keyIds.map((keyId) => uses.get(keyId) ?? KEY_NEVER_USED)
}

function parseKeyUse(stored: unknown): KeyUse {
  return stored === undefined
    ? KEY_NEVER_USED
    : useOf(parseWith(keySpendRowSchema, stored, 'vault.corrupt'))
}

function useOf({ nanoUsd, lastUsedAt }: z.infer<typeof keySpendRowSchema>): KeyUse {
  return { nanoUsd, lastUsedAt: lastUsedAt ?? null }
}

function parseReservation(stored: unknown): Reservation {
  return parseWith(reservationSchema, stored, 'vault.corrupt')
}

function parseRow(stored: unknown): UsageRow {
  return parseWith(usageRowSchema, stored, 'vault.corrupt')
}
