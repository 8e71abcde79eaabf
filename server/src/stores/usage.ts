import type { Random } from '@valetkey/wallet/protocol'
import { toBase64url } from '@valetkey/wallet/protocol'
import type { UsageRow } from '../database/tables.ts'
import type { Queries } from './queries.ts'

/** What the user lets the server keep of a linked app's calls. */
type UsageLevel = 'none' | 'totals' | 'calls'

interface LinkedCall {
  readonly accountId: string
  readonly connectionId: string
  readonly clientId: string
  readonly at: number
  readonly provider: string
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly nanoUsd: number
  readonly status: number
}

const DAY_MS = 24 * 60 * 60_000

/** Writes a call down as far as the user allows: not at all, into the total of its day, or as a row. */
export async function addUsage(
  queries: Queries,
  call: LinkedCall,
  level: UsageLevel,
  random: Random,
): Promise<void> {
  if (level === 'none') return
  const isTotal = level === 'totals'
  const day = Math.floor(call.at / DAY_MS) * DAY_MS
  await queries
    .insertInto('usage_rows')
    .values({
      id: isTotal ? `${call.connectionId} ${String(day)}` : toBase64url(random(16)),
      account_id: call.accountId,
      connection_id: call.connectionId,
      client_id: call.clientId,
      at: isTotal ? day : call.at,
      level,
      provider: isTotal ? null : call.provider,
      model: isTotal ? null : call.model,
      status: isTotal ? null : call.status,
      requests: 1,
      input_tokens: call.inputTokens,
      output_tokens: call.outputTokens,
      nano_usd: call.nanoUsd,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((row) => ({
        requests: row('usage_rows.requests', '+', 1),
        input_tokens: row('usage_rows.input_tokens', '+', call.inputTokens),
        output_tokens: row('usage_rows.output_tokens', '+', call.outputTokens),
        nano_usd: row('usage_rows.nano_usd', '+', call.nanoUsd),
      })),
    )
    .execute()
}

export interface UsageFilter {
  readonly accountId: string
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly clientId?: string | undefined
  readonly connectionId?: string | undefined
  readonly provider?: string | undefined
  readonly model?: string | undefined
  readonly limit: number
}

/** The newest first. */
export function listUsage(queries: Queries, filter: UsageFilter): Promise<UsageRow[]> {
  let found = queries
    .selectFrom('usage_rows')
    .selectAll()
    .where('account_id', '=', filter.accountId)
    .where('at', '>=', filter.from ?? 0)
    .where('at', '<', filter.to ?? Number.MAX_SAFE_INTEGER)
  const named = {
    client_id: filter.clientId,
    connection_id: filter.connectionId,
    provider: filter.provider,
    model: filter.model,
  }
  for (const [column, value] of Object.entries(named)) {
    if (value !== undefined) found = found.where(column as keyof typeof named, '=', value) // its own keys
  }
  return found.orderBy('at', 'desc').orderBy('id').limit(filter.limit).execute()
}

export async function dropOldUsage(queries: Queries, before: number): Promise<void> {
  await queries.deleteFrom('usage_rows').where('at', '<', before).execute()
}
