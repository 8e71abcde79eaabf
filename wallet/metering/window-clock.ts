import { createTurns, type Clock } from '../protocol/index.ts'
import { periodOf } from './budget-window.ts'
import type { LedgerStore, WindowClockState } from './ledger-store.ts'

/** How far the local clock may run ahead of what a provider last confirmed (formats §7). */
const TRUSTED_AHEAD_MS = 24 * 3_600_000

/**
 * The time budget periods are chosen by. A clock set back never reopens a closed period, and one that
 * jumped ahead opens no new one before a provider's reply confirms it (C68).
 * @returns `timeMs`, and `confirmed` false while the local clock is ahead of all we have seen
 */
export function windowTime(
  nowMs: number,
  state: WindowClockState,
): { readonly timeMs: number; readonly confirmed: boolean } {
  const { lastProviderDate, lastPeriodTime } = state
  if (lastProviderDate !== null && nowMs > lastProviderDate + TRUSTED_AHEAD_MS) {
    return { timeMs: Math.max(lastProviderDate, lastPeriodTime ?? 0), confirmed: false }
  }
  return { timeMs: Math.max(nowMs, lastPeriodTime ?? 0), confirmed: true }
}

/**
 * The state after a provider's reply carried the `Date` `providerDateMs`.
 */
function afterProviderDate(providerDateMs: number, state: WindowClockState): WindowClockState {
  if (state.lastProviderDate === null) {
    // A wrong clock at the very first call must not lock every window until that day has come.
    return { lastProviderDate: providerDateMs, lastPeriodTime: providerDateMs }
  }
  return { ...state, lastProviderDate: Math.max(state.lastProviderDate, providerDateMs) }
}

/** The clock of the budget periods, with its memory in the store. */
export interface WindowClock {
  /** The time to show use by; opens nothing. */
  now(): Promise<number>
  /** The time a call is counted at, and whether it is confirmed; a day it opens is written down first. */
  open(): Promise<{ readonly timeMs: number; readonly confirmed: boolean }>
  /** Never fails: a date that cannot be written is forgotten with the worker, which opens less. */
  noteProviderDate(dateMs: number): Promise<void>
}

export interface WindowClockPorts {
  readonly store: Pick<LedgerStore, 'readWindowClock' | 'writeWindowClock'>
  readonly clock: Clock
}

/** How much newer a provider's date must be to be written: each reply carries one. */
const WRITE_AFTER_MS = 3_600_000

export function createWindowClock({ store, clock }: WindowClockPorts): WindowClock {
  let known: WindowClockState | null = null
  /** Steps run one after the other: two writers would lose one another's state. */
  const inTurn = createTurns()
  const state = async (): Promise<WindowClockState> => (known ??= await store.readWindowClock())

  return {
    now: () => inTurn(async () => windowTime(clock(), await state()).timeMs),
    open: () =>
      inTurn(async () => {
        const before = await state()
        const time = windowTime(clock(), before)
        const last = before.lastPeriodTime
        if (last === null || periodOf('day', last) !== periodOf('day', time.timeMs)) {
          const after = { ...before, lastPeriodTime: time.timeMs }
          await store.writeWindowClock(after)
          known = after
        }
        return time
      }),
    noteProviderDate: (dateMs) =>
      inTurn(async () => {
        if (!Number.isFinite(dateMs)) return
        const before = await state()
        const after = afterProviderDate(dateMs, before)
        known = after
        const newer = (after.lastProviderDate ?? 0) - (before.lastProviderDate ?? 0)
        if (newer >= WRITE_AFTER_MS) await store.writeWindowClock(after)
      }).catch(() => undefined),
  }
}
