/** How a call gets its place in the ledger: its bound, the limits it must fit under, the refusal. */
import {
  WalletError,
  formatUsd,
  limitName,
  limitsOf,
  parseUsd,
  readLimitName,
  type BudgetWindow,
  type Clock,
  type GrantId,
  type Limit,
  type LimitName,
  type LimitUnit,
  type OwnPrice,
  type ProviderId,
  type Reservation,
  type Terms,
} from '../protocol/index.ts'
import { allPeriods, periodEnd, periodOf, windowOf } from './budget-window.ts'
import type { LedgerStore, ReserveOutcome } from './ledger-store.ts'
import { withHeld, type PeriodLimit, type PeriodUse } from './period-use.ts'
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

/** How much of a limit is this wallet's: at most `whole`. */
export type LimitPart = (limit: LimitName, whole: number) => number

/** Where several wallets share the limits of a grant out among them. */
export interface LimitPorts {
  /** Asked before every call: an answer that is there at once costs it nothing. */
  partOf(grantId: GrantId): LimitPart | Promise<LimitPart>
  /**
   * A call found no room in this wallet's part, and there is more than that: how large the part would have to
   * be. True where it may have grown since.
   */
  askForMore(grantId: GrantId, limit: LimitName, target: number): Promise<boolean>
}

interface HoldPorts {
  readonly store: LedgerStore
  readonly clock: Clock
  readonly windows: WindowClock
  readonly confirmTime: ConfirmTime | undefined
  readonly limits: LimitPorts | undefined
  /** The calls that are between their part of a limit and their place in the store. */
  readonly holding: Set<Promise<unknown>>
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
  const { limits } = ports
  const more = limits && moreFor(input, attempt)
  if (more && (await limits.askForMore(input.grantId, more.name, more.target))) {
    attempt = await tryReserve(input, ports)
  }
  const { reservation, result } = attempt
  if (result.outcome === 'replayed') throw new WalletError('request.replayed')
  if (result.outcome === 'full') {
    throw refusal(result.limit, result.used, { ...attempt, whole: wholeOf(result.limit, input) })
  }
  return reservation
}

/** How large this wallet's part would have to be for a call; null where no wallet could make it. */
function moreFor(
  input: ReserveInput,
  { result, reservation }: Attempt,
): { readonly name: LimitName; readonly target: number } | null {
  if (result.outcome !== 'full') return null
  const limit = wholeOf(result.limit, input)
  if (limit === null) return null
  const next = withHeld(result.used, reservation)
  const { unit } = readLimitName(limit.name) ?? {}
  const target = unit === 'calls' ? next.calls : unit === 'tokens' ? next.tokens : next.nanoUsd
  return target <= limit.whole ? { name: limit.name, target } : null
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
  { store, clock, windows, limits, holding }: HoldPorts,
): Promise<Attempt> {
  const { timeMs, confirmed } = await windows.open()
  const reservation = reservationOf(input, clock(), timeMs)
  // C67: nothing comes between the part that is counted with and the hold.
  const asked = limits?.partOf(input.grantId) ?? WHOLE
  const part = typeof asked === 'function' ? asked : await asked
  const held = store.reserve(reservation, limitsFor(input, timeMs, part))
  holding.add(held)
  try {
    return { reservation, result: await held, timeMs, confirmed }
  } finally {
    holding.delete(held)
  }
}

/** A wallet that is the only one. */
export const WHOLE: LimitPart = (_, whole) => whole

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

function limitsFor(input: ReserveInput, timeMs: number, part: LimitPart): PeriodLimit[] {
  const { budgets, requests = [], tokens = [] } = input
  const period = (window: BudgetWindow): string => periodOf(window, timeMs)
  const own = (unit: LimitUnit, window: BudgetWindow, whole: number): number =>
    Math.min(whole, part(limitName(unit, window), whole))
  const calls = requests.map(({ count, window }) => ({
    period: period(window),
    limitCalls: own('calls', window, count),
  }))
  // Listing models and counting tokens is free, also when a limit was lowered below what is spent.
  if (input.capability === null && input.boundNanoUsd === 0) return calls
  const nanoUsd = budgets.map(({ usd, window }) => ({
    period: period(window),
    limitNanoUsd: own('usd', window, parseUsd(usd)),
  }))
  return [
    ...(nanoUsd.length > 0 ? nanoUsd : [{ period: 'total', limitNanoUsd: 0 }]),
    ...calls,
    ...tokens.map(({ count, window }) => ({
      period: period(window),
      limitTokens: own('tokens', window, count),
    })),
  ]
}

/** Which of the grant's limits that is, for all wallets together; null where the grant names none. */
function wholeOf(limit: PeriodLimit, input: ReserveInput): Limit | null {
  const { limitNanoUsd, limitCalls } = limit
  const unit = limitNanoUsd !== undefined ? 'usd' : limitCalls !== undefined ? 'calls' : 'tokens'
  const asked = limitName(unit, windowOf(limit.period))
  return limitsOf(input).find(({ name }) => name === asked) ?? null
}

function refusal(
  limit: PeriodLimit,
  used: PeriodUse,
  { reservation, timeMs, whole }: Attempt & { readonly whole: Limit | null },
): WalletError {
  const window = windowOf(limit.period)
  if (limit.limitNanoUsd === undefined) {
    const end = periodEnd(window, timeMs)
    const retryAfterMs = Math.min(end - timeMs, Number.MAX_SAFE_INTEGER)
    return new WalletError('request.rate_limited', { retryAfterMs })
  }
  const isPart = whole !== null && limit.limitNanoUsd < whole.whole
  return new WalletError('budget.exceeded', {
    window,
    limitUsd: formatUsd(limit.limitNanoUsd),
    usedUsd: formatUsd(used.nanoUsd),
    neededUsd: formatUsd(reservation.boundNanoUsd),
    ...(isPart && { wholeUsd: formatUsd(whole.whole) }),
  })
}
