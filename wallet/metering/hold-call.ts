/** How a call gets its place in the ledger: its bound, the limits it must fit under, the refusal. */
import {
  WalletError,
  formatUsd,
  parseUsd,
  type BudgetWindow,
  type Clock,
  type OwnPrice,
  type ProviderId,
  type Reservation,
  type Terms,
} from '../protocol/index.ts'
import { allPeriods, periodEnd, periodOf, windowOf } from './budget-window.ts'
import { sliceOf, type DeviceShare } from './budget-slice.ts'
import type { LedgerStore, ReserveOutcome } from './ledger-store.ts'
import type { PeriodLimit, PeriodUse } from './period-use.ts'
import type { WindowClock } from './window-clock.ts'

/** A call that is about to be sent, and the terms its cost must fit under. */
export interface ReserveInput extends Pick<
  Reservation,
  'requestId' | 'grantId' | 'keyId' | 'provider' | 'model' | 'capability' | 'boundNanoUsd'
> {
  /** Presence is authority: no budget at all allows nothing that costs (formats §7). */
  readonly budgets: Terms['budgets']
  readonly requests?: Terms['requests']
  readonly tokens?: Terms['tokens']
  /** The bound in tokens; needed where `tokens` limits are set. */
  readonly boundTokens?: number
  /** False when the input is text only. Unknown: charged as the dearest medium. */
  readonly media?: boolean
  /** The price the bound was made with, where it is not the table's. */
  readonly price?: OwnPrice
  readonly lane?: Reservation['lane']
}

/**
 * The `Date` this provider answers with right now, Unix ms, from a request that costs nothing and needs
 * no key (a refusal has a date too); null when it does not answer. Asked only when a call finds no room
 * and the clock is far ahead of all replies: whoever comes back after two days to a full budget could
 * else never call again, because without a call no reply would confirm the new day.
 */
export type ConfirmTime = (provider: ProviderId) => Promise<number | null>

interface HoldPorts {
  readonly store: LedgerStore
  readonly clock: Clock
  readonly windows: WindowClock
  readonly confirmTime: ConfirmTime | undefined
  readonly share: DeviceShare
}

/** Holds the bound of a call. @throws what `Ledger.reserve` throws */
export async function holdCall(input: ReserveInput, ports: HoldPorts): Promise<Reservation> {
  const { windows, confirmTime } = ports
  let attempt = await tryReserve(input, ports)
  if (attempt.result.outcome === 'full' && !attempt.confirmed && confirmTime) {
    const dateMs = await confirmTime(input.provider).catch(() => null)
    if (dateMs !== null) {
      await windows.noteProviderDate(dateMs)
      attempt = await tryReserve(input, ports)
    }
  }
  const { reservation, result } = attempt
  if (result.outcome === 'replayed') throw new WalletError('request.replayed')
  if (result.outcome === 'full') throw refusal(result.limit, result.used, attempt)
  return reservation
}

interface Attempt {
  readonly reservation: Reservation
  readonly result: ReserveOutcome
  readonly timeMs: number
  /** False while the clock is far ahead of every reply. */
  readonly confirmed: boolean
}

async function tryReserve(
  input: ReserveInput,
  { store, clock, windows, share }: HoldPorts,
): Promise<Attempt> {
  const { timeMs, confirmed } = await windows.open()
  const reservation = reservationOf(input, clock(), timeMs)
  const result = await store.reserve(reservation, limitsOf(input, timeMs, share))
  return { reservation, result, timeMs, confirmed }
}

function reservationOf(input: ReserveInput, startedAt: number, timeMs: number): Reservation {
  const { requestId, grantId, keyId, provider, model, capability, boundNanoUsd } = input
  return {
    requestId,
    grantId,
    keyId,
    provider,
    model,
    capability,
    lane: input.lane ?? 'proxy',
    startedAt,
    boundNanoUsd,
    boundTokens: input.boundTokens ?? 0,
    media: input.media ?? true,
    ...(input.price ? { price: input.price } : {}),
    periods: allPeriods(timeMs),
  }
}

function limitsOf(input: ReserveInput, timeMs: number, share: DeviceShare): PeriodLimit[] {
  const { budgets, requests = [], tokens = [] } = input
  const period = (window: BudgetWindow): string => periodOf(window, timeMs)
  const calls = requests.map((limit) => ({
    period: period(limit.window),
    limitCalls: sliceOf(limit.count, share),
  }))
  // Listing models and counting tokens is free, also when a limit was lowered below what is spent.
  if (input.capability === null && input.boundNanoUsd === 0) return calls
  const nanoUsd = budgets.map((budget) => ({
    period: period(budget.window),
    limitNanoUsd: sliceOf(parseUsd(budget.usd), share),
  }))
  return [
    ...(nanoUsd.length > 0 ? nanoUsd : [{ period: 'total', limitNanoUsd: 0 }]),
    ...calls,
    ...tokens.map((limit) => ({
      period: period(limit.window),
      limitTokens: sliceOf(limit.count, share),
    })),
  ]
}

function refusal(
  limit: PeriodLimit,
  used: PeriodUse,
  { reservation, timeMs }: Attempt,
): WalletError {
  const window = windowOf(limit.period)
  if (limit.limitNanoUsd === undefined) {
    const end = periodEnd(window, timeMs)
    const retryAfterMs = Math.min(end - timeMs, Number.MAX_SAFE_INTEGER)
    return new WalletError('request.rate_limited', { retryAfterMs })
  }
  return new WalletError('budget.exceeded', {
    window,
    limitUsd: formatUsd(limit.limitNanoUsd),
    usedUsd: formatUsd(used.nanoUsd),
    neededUsd: formatUsd(reservation.boundNanoUsd),
  })
}
