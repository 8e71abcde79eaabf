import {
  KEY_NEVER_USED,
  NEW_WINDOW_CLOCK,
  NOTHING_USED,
  compareNewest,
  fits,
  fitsFilter,
  usageDayKey,
  withCall,
  withHeld,
  withSettled,
  withUsage,
  type KeyUse,
  type LedgerStore,
  type PeriodUse,
  type ReserveOutcome,
  type PeriodLimit,
  type UsageDay,
  type UsagePage,
  type UsageQuery,
} from '../metering/index.ts'
import { WalletError, type Reservation, type UsageRow } from '../protocol/index.ts'

export interface MemoryLedgerStore extends LedgerStore {
  /** From now on every write finds no room. */
  readonly failWrites: (failing: boolean) => void
}

/** A ledger store that forgets everything with its process. Each step is synchronous, and so atomic. */
export function createMemoryLedgerStore(): MemoryLedgerStore {
  const reservations = new Map<string, Reservation>()
  const rows = new Map<string, UsageRow>()
  const uses = new Map<string, PeriodUse>()
  const keyUses = new Map<string, KeyUse>()
  const days = new Map<string, UsageDay>()
  let windowClock = NEW_WINDOW_CLOCK
  let failing = false
  const assertRoom = (): void => {
    if (failing) throw new WalletError('vault.quota')
  }
  const used = (id: string, period: string): PeriodUse =>
    uses.get(`${id} ${period}`) ?? NOTHING_USED
  const useOfKey = (id: string, period: string): KeyUse =>
    keyUses.get(`${id} ${period}`) ?? KEY_NEVER_USED

  function reserve(reservation: Reservation, limits: readonly PeriodLimit[]): ReserveOutcome {
    const { requestId, grantId, periods } = reservation
    if (reservations.has(requestId) || rows.has(requestId)) return { outcome: 'replayed' }
    for (const limit of limits) {
      const inPeriod = used(grantId, limit.period)
      if (!fits(limit, inPeriod, reservation)) return { outcome: 'full', limit, used: inPeriod }
    }
    assertRoom()
    reservations.set(requestId, structuredClone(reservation))
    for (const period of periods) {
      uses.set(`${grantId} ${period}`, withHeld(used(grantId, period), reservation))
    }
    return { outcome: 'reserved' }
  }

  function log(row: UsageRow): void {
    const key = JSON.stringify(usageDayKey(row))
    rows.set(row.requestId, structuredClone(row))
    days.set(key, withUsage(days.get(key), row))
  }

  function page({ filter, before, limit }: UsageQuery): UsagePage {
    const found = newestFirst(rows.values()).filter(
      (row) => fitsFilter(row, filter) && (before === null || compareNewest(before, row) < 0),
    )
    const last = found.length > limit ? found[limit - 1] : undefined
    const next = last ? { startedAt: last.startedAt, requestId: last.requestId } : null
    return { rows: structuredClone(found.slice(0, limit)), next }
  }

  function trimRows(beforeMs: number, limit: number): number {
    const old = newestFirst(rows.values())
      .toReversed()
      .filter(({ startedAt }) => startedAt < beforeMs)
      .slice(0, limit)
    if (old.length > 0) assertRoom()
    for (const { requestId } of old) rows.delete(requestId)
    return old.length
  }

  function settle(row: UsageRow): boolean {
    const reservation = reservations.get(row.requestId)
    if (!reservation) return false
    assertRoom()
    reservations.delete(row.requestId)
    log(row)
    const { grantId, keyId } = reservation
    for (const period of reservation.periods) {
      uses.set(`${grantId} ${period}`, withSettled(used(grantId, period), reservation, row))
      keyUses.set(`${keyId} ${period}`, withCall(useOfKey(keyId, period), row))
    }
    return true
  }

  return {
    failWrites: (next) => {
      failing = next
    },
    reserve: (reservation, limits) => step(() => reserve(reservation, limits)),
    settle: (row) => step(() => settle(row)),
    append: (row) =>
      step(() => {
        if (reservations.has(row.requestId) || rows.has(row.requestId)) return
        assertRoom()
        log(row)
      }),
    reservations: () => step(() => structuredClone([...reservations.values()])),
    used: (grantId, period) => step(() => used(grantId, period)),
    usage: (limit) => step(() => structuredClone(newestFirst(rows.values()).slice(0, limit))),
    days: (from, to) =>
      step(() => structuredClone([...days.values()].filter(({ day }) => day >= from && day <= to))),
    rows: (query) => step(() => page(query)),
    trimRows: (beforeMs, limit) => step(() => trimRows(beforeMs, limit)),
    eraseUsage: () =>
      step(() => {
        rows.clear()
        days.clear()
      }),
    usesOfKeys: (keyIds, period) =>
      step(() =>
        keyIds.map((keyId) => ({
          ...useOfKey(keyId, period),
          lastUsedAt: useOfKey(keyId, 'total').lastUsedAt,
        })),
      ),
    readWindowClock: () => step(() => windowClock),
    writeWindowClock: (state) =>
      step(() => {
        assertRoom()
        windowClock = state
      }),
  }
}

function newestFirst(rows: Iterable<UsageRow>): UsageRow[] {
  return [...rows].sort(compareNewest)
}

/** What throws must reject, as a database's step does. */
function step<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(act())
  })
}
