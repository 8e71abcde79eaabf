import type { Ledger } from '@valetkey/wallet/metering'
import { usageRetentionSchema } from '@valetkey/wallet/protocol'
import { createStoredValue } from '../adapters/stored-value.ts'
import { UsageTrimming } from './usage-retention.ts'

/** Rows are kept for ever until the person says otherwise. */
export function createUsageTrimming(ledger: Ledger): UsageTrimming {
  const kept = createStoredValue('usage.retention', usageRetentionSchema, { keepDays: null })
  return new UsageTrimming({ ledger, kept })
}
