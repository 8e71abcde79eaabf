import {
  WalletError,
  type BudgetWindow,
  type Clock,
  type GrantId,
  type KeyId,
  type LimitUnit,
  type NanoUsd,
  type RequestId,
  type Reservation,
  type Terms,
  type UsageRow,
} from '../protocol/index.ts'
import { readBudgetUses, type BudgetUse, type BudgetedGrant } from './budget-uses.ts'
import { periodOf } from './budget-window.ts'
import { chargeOf, type CallOutcome } from './charge.ts'
import {
  WHOLE,
  holdCall,
  type ConfirmTime,
  type LimitPart,
  type LimitPorts,
  type ReserveInput,
} from './hold-call.ts'
import type { KeyUse, LedgerStore } from './ledger-store.ts'
import type { UsageDay } from './usage-day.ts'
import type { UsagePage, UsageQuery } from './usage-query.ts'
import { createWindowClock, type WindowClock } from './window-clock.ts'

/** A call that was refused before anything was reserved. */
export type DeniedCall = Pick<
  UsageRow,
  'requestId' | 'grantId' | 'keyId' | 'provider' | 'model' | 'capability' | 'lane'
>

const DAY_MS = 86_400_000

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
  /** Logs a request of compatibility mode: it was never held, and what it cost is not known. */
  recordInjected(
    call: Omit<DeniedCall, 'lane'> & Pick<UsageRow, 'tokens' | 'costNanoUsd'>,
  ): Promise<void>
  /**
   * Settles what an earlier worker left behind as lost, with the whole bound (C65). Calls this ledger
   * holds itself are left alone.
   */
  reconcile(): Promise<readonly UsageRow[]>
  /** How much of a grant's limits is this wallet's. */
  partOf(grantId: GrantId): Promise<LimitPart>
  /** Resolves once every call that is being held now is held, or refused. */
  whenHeld(): Promise<void>
  /**
   * Used up and held of one limit in its running period, or in the one that ran so many ms ago: nano-USD,
   * calls or tokens.
   */
  usedOf(
    grantId: GrantId,
    limit: { readonly unit: LimitUnit; readonly window: BudgetWindow },
    backMs?: number,
  ): Promise<number>
  /** Spent and held in the running period of each budget, nano-USD, in their order. */
  used(grantId: GrantId, budgets: Terms['budgets']): Promise<NanoUsd[]>
  /** The same with what of it is held, for each budget of each grant, in their order. */
  budgetUses(grants: readonly BudgetedGrant[]): Promise<readonly (readonly BudgetUse[])[]>
  /** The newest usage rows. */
  usage(limit: number): Promise<readonly UsageRow[]>
  /** A page of the usage rows that fit a filter. */
  rows(query: UsageQuery): Promise<UsagePage>
  /** The sums of the UTC days `from` to `to` (`2026-11-21`), both included. */
  days(from: string, to: string): Promise<readonly UsageDay[]>
  /**
   * Removes the oldest of the rows older than so many days; the sums of their days stay.
   * @returns how many of them, at most `limit`
   */
  trimRows(keepDays: number, limit: number): Promise<number>
  /** Removes every row and every sum of a day. Budgets keep what is used of them. */
  eraseUsage(): Promise<void>
  /**
   * What provider keys cost in the running period over all grants, settled calls only, and when each was
   * used last; in the order of the ids.
   */
  usesOfKeys(keyIds: readonly KeyId[], window?: BudgetWindow): Promise<readonly KeyUse[]>
  /** A provider's reply carried this `Date` header: it confirms the clock. Unreadable text: nothing. */
  noteProviderDate(dateHeader: string): Promise<void>
}

/** What a ledger needs of its surroundings. */
export interface LedgerPorts {
  readonly store: LedgerStore
  readonly clock: Clock
  readonly confirmTime?: ConfirmTime
  /** Where other wallets have their parts of the limits (C67); absent: all of each is this one's. */
  readonly limits?: LimitPorts
}

/** The one ledger of a wallet. There must be one writer: the worker that makes the calls. */
export function createLedger({ store, clock, confirmTime, limits }: LedgerPorts): Ledger {
  const windows = createWindowClock({ store, clock })
  /** Calls of this very ledger that are still running. */
  const running = new Set<RequestId>()
  /** Calls that are being held at this moment. */
  const holding = new Set<Promise<unknown>>()

  async function settle(reservation: Reservation, outcome: CallOutcome): Promise<UsageRow | null> {
    const row = rowOf(reservation, outcome, clock())
    const settled = await store.settle(row)
    running.delete(reservation.requestId)
    return settled ? row : null
  }

  return {
    async reserve(input) {
      const { requestId } = input
      if (running.has(requestId)) throw new WalletError('request.replayed')
      running.add(requestId)
      try {
        return await holdCall(input, { store, clock, windows, confirmTime, limits, holding })
      } catch (error) {
        running.delete(requestId)
        throw error
      }
    },
    partOf: async (grantId) => limits?.partOf(grantId) ?? WHOLE,
    async whenHeld() {
      await Promise.allSettled(holding)
    },
    async usedOf(grantId, limit, backMs = 0) {
      const { unit, window } = limit
      const use = await store.used(grantId, periodOf(window, (await windows.now()) - backMs))
      return unit === 'usd' ? use.nanoUsd : use[unit]
    },
    settle,
    async recordDenied(call) {
      await store.append({ ...call, ...nothingCharged, startedAt: clock() })
    },
    async recordInjected(call) {
      const { tokens, costNanoUsd, ...about } = call
      const seen = { durationMs: 0, status: 0, ending: 'done', lane: 'inject' } as const
      // What is counted is the request alone, so whatever it says is the least it can have cost.
      const costSource = costNanoUsd > 0 ? 'floor' : 'none'
      await store.append({ ...about, ...seen, tokens, costNanoUsd, costSource, startedAt: clock() })
    },
    async reconcile() {
      const settled: UsageRow[] = []
      for (const reservation of await store.reservations()) {
        if (running.has(reservation.requestId)) continue
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
    ...usageOf(store, windows),
    async usesOfKeys(keyIds, window = 'month') {
      return store.usesOfKeys(keyIds, periodOf(window, await windows.now()))
    },
    noteProviderDate: (dateHeader) => windows.noteProviderDate(Date.parse(dateHeader)),
  }
}

/** What of a ledger is only looked at, or removed because it is. */
function usageOf(
  store: LedgerStore,
  windows: WindowClock,
): Pick<Ledger, 'budgetUses' | 'usage' | 'rows' | 'days' | 'trimRows' | 'eraseUsage'> {
  return {
    budgetUses: async (grants) => readBudgetUses(grants, await windows.now(), store),
    usage: (limit) => store.usage(limit),
    rows: (query) => store.rows(query),
    days: (from, to) => store.days(from, to),
    async trimRows(keepDays, limit) {
      // C68: a clock that jumped ahead must not make yesterday's calls old.
      return store.trimRows((await windows.now()) - keepDays * DAY_MS, limit)
    },
    eraseUsage: () => store.eraseUsage(),
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
