/** What an app used, day by day: counts and bytes, and of tokens and cost what people share. */
import { WalletError } from '@valetkey/wallet/protocol'
import * as z from 'zod'
import type { Server } from '../server.ts'
import { sumRelayed, sumShared } from '../stores/relay-log.ts'
import { ownClient } from './clients.ts'

const DAY_MS = 24 * 60 * 60_000
const USUAL_DAYS = 30
const MAX_DAYS = 366
const isoDate = z.union([z.iso.date(), z.iso.datetime({ offset: true })])

export const usageQuerySchema = z.strictObject({
  startDate: isoDate.optional(),
  endDate: isoDate.optional(),
})

const figures = {
  requests: z.number(),
  failed: z.number(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  /** These three: as far as people share them. */
  inputTokens: z.number(),
  outputTokens: z.number(),
  nanoUsd: z.number(),
}
export const clientUsageSchema = z.strictObject({
  clientId: z.string(),
  /** UTC days, both included. */
  startDate: z.string(),
  endDate: z.string(),
  totals: z.strictObject(figures),
  /** The days on which there was something. */
  daily: z.array(z.strictObject({ date: z.string(), ...figures })),
})
type Figures = Record<keyof typeof figures, number>

/** @throws `request.not_found`, and `request.invalid` for days that end before they begin, or are too many */
export async function clientUsage(
  server: Server,
  accountId: string,
  name: string,
  asked: z.output<typeof usageQuerySchema>,
): Promise<z.infer<typeof clientUsageSchema>> {
  const app = await ownClient(server, accountId, name)
  const last = dayOf(asked.endDate ?? server.clock())
  const first = asked.startDate === undefined ? last - USUAL_DAYS + 1 : dayOf(asked.startDate)
  if (first > last || last - first >= MAX_DAYS) {
    throw new WalletError('request.invalid', { reason: 'dates' })
  }
  await server.relayLog.flush()
  const range = { clientId: app.id, from: first * DAY_MS, to: (last + 1) * DAY_MS }
  const { queries } = server.database
  const days = new Map<number, Figures>()
  const all = [...(await sumRelayed(queries, range)), ...(await sumShared(queries, range))]
  for (const { day, ...part } of all) days.set(day, added(days.get(day) ?? NOTHING, part))
  return {
    ...{ clientId: app.id, startDate: dateOf(first), endDate: dateOf(last) },
    totals: [...days.values()].reduce(added, NOTHING),
    daily: [...days]
      .sort(([a], [b]) => a - b)
      .map(([day, part]) => ({ date: dateOf(day), ...part })),
  }
}

const NOTHING: Figures = {
  ...{ requests: 0, failed: 0, bytesIn: 0, bytesOut: 0 },
  ...{ inputTokens: 0, outputTokens: 0, nanoUsd: 0 },
}

function added(sum: Figures, part: Partial<Figures>): Figures {
  const names = Object.keys(NOTHING) as (keyof Figures)[] // its own keys
  return Object.fromEntries(names.map((name) => [name, sum[name] + (part[name] ?? 0)])) as Figures
}

const dayOf = (time: string | number): number => Math.floor(new Date(time).getTime() / DAY_MS)
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)
