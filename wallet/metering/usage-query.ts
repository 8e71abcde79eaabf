/** Which usage rows are asked for, so that no two stores can choose differently. */
import type { UsageCursor, UsageFilter, UsageRow } from '../protocol/index.ts'
import { dayOf, type UsageDay } from './usage-day.ts'

/** A page of rows: the newest that fit the filter and come after the cursor. */
export interface UsageQuery {
  readonly filter: UsageFilter
  /** Where the page before ended; null: the first page. */
  readonly before: UsageCursor | null
  /** At most so many rows. */
  readonly limit: number
}

export interface UsagePage {
  /** Newest first. May be fewer than asked for, even none, while there are more. */
  readonly rows: readonly UsageRow[]
  /** Where the next page begins; null: this was the last one. */
  readonly next: UsageCursor | null
}

/** Whether a row is one of those asked for. */
export function fitsFilter(row: UsageRow, filter: UsageFilter): boolean {
  const { grantIds, keyId, provider, model, ending, from, to } = filter
  return (
    (grantIds === undefined || grantIds.includes(row.grantId)) &&
    (keyId === undefined || keyId === row.keyId) &&
    (provider === undefined || provider === row.provider) &&
    (model === undefined || model === row.model) &&
    (ending === undefined || ending === row.ending) &&
    (from === undefined || row.startedAt >= from) &&
    (to === undefined || row.startedAt < to)
  )
}

/** Whether any of the calls a sum counts can be one of those asked for. */
export function mayFit(sum: UsageDay, filter: UsageFilter): boolean {
  const { grantIds, keyId, provider, model, ending, from, to } = filter
  return (
    (grantIds === undefined || grantIds.includes(sum.grantId)) &&
    (keyId === undefined || keyId === sum.keyId) &&
    (provider === undefined || provider === sum.provider) &&
    // Denied calls are counted without their model.
    (model === undefined || model === sum.model || sum.model === '') &&
    (ending === undefined || (sum.endings[ending] ?? 0) > 0) &&
    (from === undefined || sum.day >= dayOf(from)) &&
    (to === undefined || sum.day <= dayOf(to))
  )
}

/** Newest first, and among calls of the same millisecond in the order of their ids, the last one first. */
export function compareNewest(
  a: Pick<UsageRow, 'startedAt' | 'requestId'>,
  b: Pick<UsageRow, 'startedAt' | 'requestId'>,
): number {
  if (a.startedAt !== b.startedAt) return b.startedAt - a.startedAt
  if (a.requestId === b.requestId) return 0
  return a.requestId < b.requestId ? 1 : -1
}
