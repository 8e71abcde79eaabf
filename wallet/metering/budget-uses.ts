import type { BudgetWindow, GrantId, NanoUsd, Terms } from '../protocol/index.ts'
import { periodOf } from './budget-window.ts'
import type { LedgerStore } from './ledger-store.ts'

/** How far one budget is used in its running period. */
export interface BudgetUse {
  /** Spent and held. */
  readonly usedNanoUsd: NanoUsd
  /** The part of it that is held for calls that still run. */
  readonly heldNanoUsd: NanoUsd
}

/** A grant whose budgets are asked about. */
export interface BudgetedGrant {
  readonly id: GrantId
  readonly budgets: Terms['budgets']
}

/** @param timeMs the time the running periods are chosen by, Unix ms */
export async function readBudgetUses(
  grants: readonly BudgetedGrant[],
  timeMs: number,
  store: Pick<LedgerStore, 'reservations' | 'used'>,
): Promise<readonly (readonly BudgetUse[])[]> {
  const held = await store.reservations()
  const useOf = async (id: GrantId, window: BudgetWindow): Promise<BudgetUse> => {
    const period = periodOf(window, timeMs)
    const { nanoUsd } = await store.used(id, period)
    const heldNanoUsd = held
      .filter(({ grantId, periods }) => grantId === id && periods.includes(period))
      .reduce((sum, { boundNanoUsd }) => sum + boundNanoUsd, 0)
    return { usedNanoUsd: nanoUsd, heldNanoUsd }
  }
  return Promise.all(
    grants.map(({ id, budgets }) => Promise.all(budgets.map(({ window }) => useOf(id, window)))),
  )
}
