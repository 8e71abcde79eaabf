/** Holding a call's bound in IndexedDB: what its grant has used in each period, and the reservation. */
import type Dexie from 'dexie'
import {
  NOTHING_USED,
  fits,
  periodUseSchema,
  withHeld,
  type LedgerStore,
  type PeriodLimit,
  type PeriodUse,
  type ReserveOutcome,
} from '@valetkey/wallet/metering'
import { WalletError, parseWith, type Reservation } from '@valetkey/wallet/protocol'
import * as z from 'zod/mini'
import { answered, writeInOne } from './idb-requests.ts'
import type { KnownUses, NoteUse } from './known-uses.ts'

const spendRowSchema = z.strictObject({
  grantId: z.string(),
  period: z.string(),
  use: periodUseSchema,
})
/** The period every call counts in. */
const ALL_TIME = 'total'

export type Tables = (name: string) => IDBObjectStore
type WithDatabase = <T>(use: (database: Dexie) => PromiseLike<T>) => Promise<T>

/**
 * Each reservation is one transaction. Where what its grant has used is known, it is written without
 * waiting for what is read, and undone if that was something else.
 */
export function createReserve(
  withDatabase: WithDatabase,
  known: KnownUses,
): LedgerStore['reserve'] {
  /** Every call waits for this before it is sent, so it does without Dexie's own time. */
  const hold = <T>(step: (table: Tables) => Promise<T>): Promise<T> =>
    withDatabase((database) =>
      writeInOne(database.backendDB(), ['reservations', 'usage', 'spend'], step),
    )
  const holdAsKnown = async (reservation: Reservation, uses: Uses): Promise<boolean> => {
    try {
      await hold((table) => reserveAsKnown(table, reservation, uses))
      return true
    } catch {
      // Whatever the reason, nothing was written: it is read now, and said by what was read.
      return false
    }
  }
  return (reservation, limits) => {
    const uses = known.recall(reservation.grantId, periodsOf(reservation, limits))
    return known.during(async (note) => {
      if (uses && roomIn(uses, reservation, limits) === null) {
        if (await holdAsKnown(reservation, uses)) {
          noteHeld(reservation, uses, note)
          return { outcome: 'reserved' }
        }
      }
      return hold((table) => reserve(table, { reservation, limits, note }))
    })
  }
}

export function parseUse(stored: unknown): PeriodUse {
  return stored === undefined
    ? NOTHING_USED
    : parseWith(spendRowSchema, stored, 'vault.corrupt').use
}

type Uses = ReadonlyMap<string, PeriodUse>

interface Reserving {
  readonly reservation: Reservation
  readonly limits: readonly PeriodLimit[]
  readonly note: NoteUse
}

async function reserve(
  table: Tables,
  { reservation, limits, note }: Reserving,
): Promise<ReserveOutcome> {
  const { requestId, grantId } = reservation
  const asked = periodsOf(reservation, limits)
  const [held, logged, ...rows] = await Promise.all([
    answered<unknown>(table('reservations').get(requestId)),
    answered<unknown>(table('usage').get(requestId)),
    ...asked.map((period) => answered<unknown>(table('spend').get([grantId, period]))),
  ])
  if (held !== undefined || logged !== undefined) return { outcome: 'replayed' }
  const uses = new Map(asked.map((period, index) => [period, parseUse(rows[index])]))
  const full = roomIn(uses, reservation, limits)
  if (full) return full
  write(table, reservation, uses)
  noteHeld(reservation, uses, note)
  return { outcome: 'reserved' }
}

/**
 * Writes by what is known, and reads beside it only what shows that it still holds: every reservation of a
 * grant and every settlement changes the use of all its time.
 * @throws WalletError or DOMException, and nothing is written, where it does not hold
 */
async function reserveAsKnown(table: Tables, reservation: Reservation, uses: Uses): Promise<void> {
  const { requestId, grantId } = reservation
  const answers = Promise.all([
    answered(table('usage').getKey(requestId)),
    answered<unknown>(table('spend').get([grantId, ALL_TIME])),
  ])
  // Waited for below, unless the write fails first.
  answers.catch(() => undefined)
  write(table, reservation, uses)
  const [logged, total] = await answers
  if (logged !== undefined || !isSameUse(parseUse(total), uses.get(ALL_TIME))) {
    throw new WalletError('vault.corrupt')
  }
}

/** Null: it fits. */
function roomIn(
  uses: Uses,
  reservation: Reservation,
  limits: readonly PeriodLimit[],
): Extract<ReserveOutcome, { outcome: 'full' }> | null {
  for (const limit of limits) {
    const used = uses.get(limit.period) ?? NOTHING_USED
    if (!fits(limit, used, reservation)) return { outcome: 'full', limit, used }
  }
  return null
}

function write(table: Tables, reservation: Reservation, uses: Uses): void {
  const { grantId } = reservation
  table('reservations').add(reservation)
  for (const { period, use } of heldUses(reservation, uses)) {
    table('spend').put({ grantId, period, use })
  }
}

function noteHeld(reservation: Reservation, uses: Uses, note: NoteUse): void {
  for (const { period, use } of heldUses(reservation, uses)) note(reservation.grantId, period, use)
}

function heldUses(
  reservation: Reservation,
  uses: Uses,
): { readonly period: string; readonly use: PeriodUse }[] {
  return reservation.periods.map((period) => ({
    period,
    use: withHeld(uses.get(period) ?? NOTHING_USED, reservation),
  }))
}

/** Each once: those it is held in, and those it must fit in. */
function periodsOf({ periods }: Reservation, limits: readonly PeriodLimit[]): string[] {
  return [...new Set([...periods, ...limits.map(({ period }) => period)])]
}

function isSameUse(one: PeriodUse, other: PeriodUse | undefined): boolean {
  return one.nanoUsd === other?.nanoUsd && one.calls === other.calls && one.tokens === other.tokens
}
