import * as z from 'zod/mini'
import type { Reservation, UsageRow } from '../protocol/index.ts'
import type { PeriodLimit, PeriodUse } from './period-use.ts'
import type { UsageDay } from './usage-day.ts'
import type { UsagePage, UsageQuery } from './usage-query.ts'

/** What a provider key was used for. */
export interface KeyUse {
  /** Nano-USD in the period asked for. */
  readonly nanoUsd: number
  /** When the latest of all its calls began, Unix ms; null: never, or not known. */
  readonly lastUsedAt: number | null
}

export const KEY_NEVER_USED: KeyUse = { nanoUsd: 0, lastUsedAt: null }

/** A key's use with one more settled call. */
export function withCall(
  use: KeyUse,
  row: Pick<UsageRow, 'costNanoUsd' | 'startedAt'>,
): { nanoUsd: number; lastUsedAt: number } {
  return {
    nanoUsd: use.nanoUsd + row.costNanoUsd,
    lastUsedAt: Math.max(use.lastUsedAt ?? 0, row.startedAt),
  }
}

export type ReserveOutcome =
  | { readonly outcome: 'reserved' }
  /** The first limit without room, and what is used and held in it. Nothing was written. */
  | { readonly outcome: 'full'; readonly limit: PeriodLimit; readonly used: PeriodUse }
  /** This request id was reserved or settled before (C17). Nothing was written. */
  | { readonly outcome: 'replayed' }

/** What has to outlive the worker so that a moved clock opens no budget twice (formats §7, C68). */
export const windowClockStateSchema = z.strictObject({
  /** The latest `Date` a provider sent, Unix ms; null before the first reply. */
  lastProviderDate: z.nullable(z.int()),
  /** The latest time a budget period was chosen by, Unix ms; null before the first call. */
  lastPeriodTime: z.nullable(z.int()),
})
export type WindowClockState = z.infer<typeof windowClockStateSchema>

/** The state of a ledger nothing was ever reserved in. */
export const NEW_WINDOW_CLOCK: WindowClockState = { lastProviderDate: null, lastPeriodTime: null }

/**
 * The store port of the ledger. Each method is one atomic step with strict durability: concurrent calls
 * can never both take the last of a budget (C66), and a settlement happens once (C65).
 * A write that fails for lack of room is `vault.quota`; a store that cannot be read is `vault.corrupt`.
 */
export interface LedgerStore {
  reserve(reservation: Reservation, limits: readonly PeriodLimit[]): Promise<ReserveOutcome>
  /**
   * Replaces the reservation of `row.requestId` by its real cost in the periods it was reserved for, and
   * appends the row, which its day's sum counts from then on. False, and nothing written, if there is no
   * such reservation (any more).
   */
  settle(row: UsageRow): Promise<boolean>
  /**
   * Appends a row of a call that was never reserved (refused before sending), and counts it in its day's
   * sum. An id already there: nothing.
   */
  append(row: UsageRow): Promise<void>
  reservations(): Promise<readonly Reservation[]>
  /** Spent and held by a grant in a period. */
  used(grantId: string, period: string): Promise<PeriodUse>
  /** Newest first. */
  usage(limit: number): Promise<readonly UsageRow[]>
  /** The sums of the UTC days `from` to `to` (`2026-11-21`), both included; in no order. */
  days(from: string, to: string): Promise<readonly UsageDay[]>
  rows(query: UsageQuery): Promise<UsagePage>
  /**
   * Removes the oldest rows that began before a time, Unix ms; at most `limit` of them. The sums stay.
   * @returns how many were removed
   */
  trimRows(beforeMs: number, limit: number): Promise<number>
  /** Removes every row and every sum of a day. What is held, and what periods have used, stays. */
  eraseUsage(): Promise<void>
  /** What each provider key cost in a period over all grants, settled calls only; in the order of the ids. */
  usesOfKeys(keyIds: readonly string[], period: string): Promise<readonly KeyUse[]>
  readWindowClock(): Promise<WindowClockState>
  writeWindowClock(state: WindowClockState): Promise<void>
}
