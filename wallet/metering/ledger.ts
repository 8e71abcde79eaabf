import {
  WalletError,
  formatUsd,
  parseUsd,
  type BudgetWindow,
  type Clock,
  type GrantId,
  type KeyId,
  type NanoUsd,
  type Reservation,
  type Terms,
  type UsageRow,
} from '../protocol/index.ts'
import { allPeriods, periodEnd, periodOf, windowOf } from './budget-window.ts'
import { chargeOf, type CallOutcome } from './charge.ts'
import type { LedgerStore, PeriodLimit } from './ledger-store.ts'
import type { PeriodUse } from './period-use.ts'
import { createWindowClock } from './window-clock.ts'

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
  readonly lane?: Reservation['lane']
}

/** A call that was refused before anything was reserved. */
export type DeniedCall = Pick<
  UsageRow,
  'requestId' | 'grantId' | 'keyId' | 'provider' | 'model' | 'capability' | 'lane'
>

/** The money of the wallet: what is held, what was spent, and the log of calls. */
export interface Ledger {
  /**
   * Holds the bound of a call before it is sent.
   * @throws `budget.exceeded` when it does not fit, `request.rate_limited` when the calls or tokens of a
   * period are used up, `request.replayed` for an id that was there before, `vault.quota`
   */
  reserve(input: ReserveInput): Promise<Reservation>
  /**
   * Replaces a reservation by what the call is charged, and appends its usage row.
   * @returns the row, or null when it was settled before
   */
  settle(reservation: Reservation, outcome: CallOutcome): Promise<UsageRow | null>
  /** Logs a call that was refused before sending; it costs nothing. */
  recordDenied(call: DeniedCall): Promise<void>
  /** Settles what an earlier worker left behind as lost, with the whole bound (C65). Before any call. */
  reconcile(): Promise<readonly UsageRow[]>
  /** Spent and held in the running period of each budget, nano-USD, in their order. */
  used(grantId: GrantId, budgets: Terms['budgets']): Promise<NanoUsd[]>
  /** The newest usage rows. */
  usage(limit: number): Promise<readonly UsageRow[]>
  /** What a provider key cost in the running period over all grants, settled calls only, nano-USD. */
  spentByKey(keyId: KeyId, window?: BudgetWindow): Promise<NanoUsd>
  /** A provider's reply carried this `Date` header: it confirms the clock. Unreadable text: nothing. */
  noteProviderDate(dateHeader: string): Promise<void>
}

/** What a ledger needs of its surroundings. */
export interface LedgerPorts {
  readonly store: LedgerStore
  readonly clock: Clock
  /**
   * The time by the `Date` of any provider, Unix ms, from a call that costs nothing; null when none
   * answers. Asked when the clock is far ahead of all replies, or nobody who was away for two days with
   * a full budget could ever call again.
   */
  readonly confirmTime?: () => Promise<number | null>
}

/** The one ledger of a wallet. There must be one writer: the worker that makes the calls. */
export function createLedger({ store, clock, confirmTime }: LedgerPorts): Ledger {
  const windows = createWindowClock({ store, clock, ...(confirmTime && { confirmTime }) })

  async function settle(reservation: Reservation, outcome: CallOutcome): Promise<UsageRow | null> {
    const row = rowOf(reservation, outcome, clock())
    return (await store.settle(row)) ? row : null
  }

  return {
    async reserve(input) {
      const timeMs = await windows.open()
      const reservation = reservationOf(input, clock(), timeMs)
      const result = await store.reserve(reservation, limitsOf(input, timeMs))
      if (result.outcome === 'replayed') throw new WalletError('request.replayed')
      if (result.outcome === 'full') {
        throw refusal(result.limit, result.used, { reservation, timeMs })
      }
      return reservation
    },
    settle,
    async recordDenied(call) {
      await store.append({ ...call, ...nothingCharged, startedAt: clock() })
    },
    async reconcile() {
      const settled: UsageRow[] = []
      for (const reservation of await store.reservations()) {
        const row = await settle(reservation, lost)
        if (row) settled.push(row)
      }
      return settled
    },
    async used(grantId, budgets) {
      const timeMs = await windows.now()
      const uses = budgets.map(({ window }) => store.used(grantId, periodOf(window, timeMs)))
      return (await Promise.all(uses)).map(({ nanoUsd }) => nanoUsd)
    },
    usage: (limit) => store.usage(limit),
    async spentByKey(keyId, window = 'month') {
      return store.spentByKey(keyId, periodOf(window, await windows.now()))
    },
    noteProviderDate: (dateHeader) => windows.noteProviderDate(Date.parse(dateHeader)),
  }
}

const lost: CallOutcome = {
  ending: 'lost',
  status: 0,
  usage: null,
  usageFinal: false,
  firstByteSeen: false,
}

const nothingCharged = {
  durationMs: 0,
  status: 0,
  ending: 'denied',
  tokens: null,
  costNanoUsd: 0,
  costSource: 'none',
} as const

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
    periods: allPeriods(timeMs),
  }
}

function limitsOf(input: ReserveInput, timeMs: number): PeriodLimit[] {
  const { budgets, requests = [], tokens = [] } = input
  const period = (window: BudgetWindow): string => periodOf(window, timeMs)
  const calls = requests.map((limit) => ({
    period: period(limit.window),
    limitCalls: limit.count,
  }))
  // Listing models and counting tokens is free, also when a limit was lowered below what is spent.
  if (input.capability === null && input.boundNanoUsd === 0) return calls
  const nanoUsd = budgets.map((budget) => ({
    period: period(budget.window),
    limitNanoUsd: parseUsd(budget.usd),
  }))
  return [
    ...(nanoUsd.length > 0 ? nanoUsd : [{ period: 'total', limitNanoUsd: 0 }]),
    ...calls,
    ...tokens.map((limit) => ({ period: period(limit.window), limitTokens: limit.count })),
  ]
}

function refusal(
  limit: PeriodLimit,
  used: PeriodUse,
  { reservation, timeMs }: { reservation: Reservation; timeMs: number },
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

function rowOf(reservation: Reservation, outcome: CallOutcome, nowMs: number): UsageRow {
  const { requestId, grantId, keyId, provider, model, capability, lane, startedAt } = reservation
  return {
    requestId,
    grantId,
    keyId,
    provider,
    model,
    capability,
    lane,
    startedAt,
    // A clock set back during the call makes no negative duration.
    durationMs: Math.max(0, nowMs - startedAt),
    status: outcome.status,
    ending: outcome.ending,
    ...chargeOf(reservation, outcome),
  }
}
