export { boundCall, hasMedia, type BoundInput, type CallBound } from './bound.ts'
export { allPeriods, periodEnd, periodOf } from './budget-window.ts'
export { chargeOf, localFloor, type CallOutcome, type Charge } from './charge.ts'
export type { ConfirmTime, ReserveInput } from './hold-call.ts'
export { createLedger, type DeniedCall, type Ledger, type LedgerPorts } from './ledger.ts'
export {
  KEY_NEVER_USED,
  NEW_WINDOW_CLOCK,
  windowClockStateSchema,
  withCall,
  type KeyUse,
  type LedgerStore,
  type ReserveOutcome,
  type WindowClockState,
} from './ledger-store.ts'
export {
  NOTHING_USED,
  fits,
  periodUseSchema,
  withHeld,
  withSettled,
  type PeriodLimit,
  type PeriodUse,
} from './period-use.ts'
export { costOf, priceOf, type ModelPriceFacts, type PricedModel } from './prices.ts'
export type { TokenPrice } from './price-table.ts'
export { createRateLimits, type CallSlot, type RateLimits } from './rate-limits.ts'
