/** The sums every ledger store keeps, so that no two stores can count differently. */
import * as z from 'zod/mini'
import type { Reservation, UsageRow } from '../protocol/index.ts'

/** A limit a reservation must fit under. One of the three is set. */
export interface PeriodLimit {
  /** `day/2026-11-21`, `week/2026-W47`, `month/2026-11` or `total` */
  readonly period: string
  /** Spent and held in `period` plus the bound ≤ this. */
  readonly limitNanoUsd?: number
  /** Calls made in `period` plus this one ≤ this. */
  readonly limitCalls?: number
  /** Tokens used and held in `period` plus the bound ≤ this. */
  readonly limitTokens?: number
}

const sum = z.int().check(z.nonnegative())

/** What a grant used in one period, held reservations included. */
export const periodUseSchema = z.strictObject({ nanoUsd: sum, calls: sum, tokens: sum })
export type PeriodUse = z.infer<typeof periodUseSchema>

export const NOTHING_USED: PeriodUse = { nanoUsd: 0, calls: 0, tokens: 0 }

/** Whether a reservation fits under a limit of a period in which `used` is spent and held. */
export function fits(limit: PeriodLimit, used: PeriodUse, reservation: Reservation): boolean {
  return (
    used.nanoUsd + reservation.boundNanoUsd <= (limit.limitNanoUsd ?? Infinity) &&
    used.calls + 1 <= (limit.limitCalls ?? Infinity) &&
    used.tokens + reservation.boundTokens <= (limit.limitTokens ?? Infinity)
  )
}

/** The use of a period once a reservation is held in it. */
export function withHeld(used: PeriodUse, reservation: Reservation): PeriodUse {
  return {
    nanoUsd: used.nanoUsd + reservation.boundNanoUsd,
    calls: used.calls + 1,
    tokens: used.tokens + reservation.boundTokens,
  }
}

/** The use of a period once a reservation held in it was replaced by its usage row. */
export function withSettled(used: PeriodUse, reservation: Reservation, row: UsageRow): PeriodUse {
  return {
    nanoUsd: used.nanoUsd - reservation.boundNanoUsd + row.costNanoUsd,
    calls: used.calls - (row.ending === 'denied' ? 1 : 0),
    tokens: used.tokens - reservation.boundTokens + tokensOf(row, reservation),
  }
}

function tokensOf({ tokens, costSource }: UsageRow, reservation: Reservation): number {
  if (tokens) return tokens.input + tokens.cachedInput + tokens.cacheWriteInput + tokens.output
  return costSource === 'none' ? 0 : reservation.boundTokens
}
