export { HABIT_DAYS, unusualSpend } from './anomaly.ts'
export { boundCall, hasMedia, type BoundInput, type CallBound } from './bound.ts'
export { expectedCost } from './expected-cost.ts'
export { allPeriods, periodEnd, periodOf } from './budget-window.ts'
export { chargeOf, localFloor, type CallOutcome, type Charge } from './charge.ts'
export type { ConfirmTime, LimitPart, LimitPorts, ReserveInput } from './hold-call.ts'
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
export { SharedLimits } from './shared-limits.ts'
export {
  costOf,
  listedChatModels,
  priceOf,
  type ModelPriceFacts,
  type PricedModel,
} from './prices.ts'
export type { TokenPrice } from './price-table.ts'
export { createRateLimits, type CallSlot, type RateLimits } from './rate-limits.ts'
export {
  dayAfter,
  dayOf,
  dayStart,
  failedCalls,
  isEstimated,
  usageDayKey,
  usageDaySchema,
  withUsage,
  type UsageDay,
  type UsageDayKey,
} from './usage-day.ts'
export {
  compareNewest,
  fitsFilter,
  mayFit,
  type UsagePage,
  type UsageQuery,
} from './usage-query.ts'
export { changesFrom, changesOfWeek } from './usage-changes.ts'
export { monthOutlook, outlookFrom } from './usage-outlook.ts'
export { rangeDays, type RangeDays } from './usage-range.ts'
export { usageSeries, type AppOf } from './usage-series.ts'
