import type { Reservation, UsageRow } from '../protocol/index.ts'

/** A limit a reservation must fit under: what is spent and held in `period` plus the bound ≤ `limitNanoUsd`. */
export interface PeriodLimit {
  /** `day/2026-11-21`, `week/2026-W47`, `month/2026-11` or `total` */
  readonly period: string
  readonly limitNanoUsd: number
}

export type ReserveOutcome =
  | { readonly outcome: 'reserved' }
  /** The first limit without room, and what is spent and held in it. Nothing was written. */
  | { readonly outcome: 'full'; readonly limit: PeriodLimit; readonly usedNanoUsd: number }
  /** This request id was reserved or settled before (C17). Nothing was written. */
  | { readonly outcome: 'replayed' }

/**
 * The store port of the ledger. Each method is one atomic step with strict durability: concurrent calls
 * can never both take the last of a budget (C66), and a settlement happens once (C65).
 */
export interface LedgerStore {
  reserve(reservation: Reservation, limits: readonly PeriodLimit[]): Promise<ReserveOutcome>
  /**
   * Replaces the reservation of `row.requestId` by its real cost in the periods it was reserved for, and
   * appends the row. False, and nothing written, if there is no such reservation (any more).
   */
  settle(row: UsageRow): Promise<boolean>
  /** Appends a row of a call that was never reserved (refused before sending); costs nothing. */
  append(row: UsageRow): Promise<void>
  reservations(): Promise<readonly Reservation[]>
  /** Spent and held by a grant in a period, nano-USD. */
  used(grantId: string, period: string): Promise<number>
  /** Newest first. */
  usage(limit: number): Promise<readonly UsageRow[]>
  /** What a provider key cost in a period over all grants, nano-USD, settled calls only. */
  spentByKey(keyId: string, period: string): Promise<number>
}
