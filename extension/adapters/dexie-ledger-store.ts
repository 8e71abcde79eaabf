import type Dexie from 'dexie'
import {
  KEY_NEVER_USED,
  NEW_WINDOW_CLOCK,
  usageDayKey,
  usageDaySchema,
  windowClockStateSchema,
  withCall,
  withSettled,
  withUsage,
  type KeyUse,
  type LedgerStore,
  type PeriodUse,
  type UsageDay,
} from '@valetkey/wallet/metering'
import {
  parseWith,
  reservationSchema,
  type Reservation,
  type UsageRow,
} from '@valetkey/wallet/protocol'
import * as z from 'zod/mini'
import { createDexieConnection } from './dexie-connection.ts'
import { answered, writeInOne } from './idb-requests.ts'
import { createKnownUses, type NoteUse } from './known-uses.ts'
import { createReserve, parseUse, type Tables } from './ledger-holds.ts'
import { createUsagePart, parseRow, sumUpDays } from './ledger-usage.ts'

const EARLIER = {
  reservations: 'requestId',
  usage: 'requestId, startedAt, [grantId+startedAt], keyId',
  spend: '[grantId+period]',
  keySpend: '[keyId+period]',
  clock: '',
}
/** Each index of `usage` is written at every call. What else rows are asked for by, their days tell. */
const SHAPE = {
  version: 2,
  tables: {
    ...EARLIER,
    usage: 'requestId, startedAt, [grantId+startedAt]',
    days: '[day+grantId+keyId+provider+model]',
  },
  earlier: EARLIER,
  upgrade: sumUpDays,
}
const CLOCK_KEY = 'clock'

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
  const withDatabase = createDexieConnection({ name: databaseName, ...SHAPE })
  const known = createKnownUses()
  return {
    reserve: createReserve(withDatabase, known),
    settle: (row) =>
      known.during((note) =>
        withDatabase((database) =>
          writeInOne(
            database.backendDB(),
            ['reservations', 'usage', 'days', 'spend', 'keySpend'],
            (table) => settle(table, row, note),
          ),
        ),
      ),
    append: (row) =>
      withDatabase((database) =>
        writeInOne(database.backendDB(), ['reservations', 'usage', 'days'], (table) =>
          append(table, row),
        ),
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
    ...createUsagePart(withDatabase),
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

async function settle(table: Tables, row: UsageRow, note: NoteUse): Promise<boolean> {
  const stored = await answered<unknown>(table('reservations').get(row.requestId))
  if (stored === undefined) return false
  const reservation = parseReservation(stored)
  const { requestId, grantId, keyId, periods } = reservation
  const read = (name: string, id: string): Promise<unknown[]> =>
    Promise.all(periods.map((period) => answered<unknown>(table(name).get([id, period]))))
  const [sum, uses, keyUses] = await Promise.all([
    answered<unknown>(table('days').get([...usageDayKey(row)])),
    read('spend', grantId),
    read('keySpend', keyId),
  ])
  table('reservations').delete(requestId)
  table('usage').add(row)
  table('days').put(withUsage(readSum(sum), row))
  for (const [index, period] of periods.entries()) {
    const use = withSettled(parseUse(uses[index]), reservation, row)
    table('spend').put({ grantId, period, use })
    note(grantId, period, use)
    table('keySpend').put({ keyId, period, ...withCall(parseKeyUse(keyUses[index]), row) })
  }
  return true
}

async function append(table: Tables, row: UsageRow): Promise<void> {
  const [held, logged, sum] = await Promise.all([
    answered<unknown>(table('reservations').get(row.requestId)),
    answered<unknown>(table('usage').get(row.requestId)),
    answered<unknown>(table('days').get([...usageDayKey(row)])),
  ])
  if (held !== undefined || logged !== undefined) return
  table('usage').add(row)
  table('days').put(withUsage(readSum(sum), row))
}

/** A sum of a day is for looking at: one that is damaged starts anew, and keeps no call from its end. */
function readSum(stored: unknown): UsageDay | undefined {
  const parsed = usageDaySchema.safeParse(stored)
  return parsed.success ? parsed.data : undefined
}

async function readUse(database: Dexie, grantId: string, period: string): Promise<PeriodUse> {
  return parseUse(await database.table<unknown>('spend').get([grantId, period]))
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
