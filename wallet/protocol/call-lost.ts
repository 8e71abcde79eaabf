import type { ErrorCode } from './errors.ts'

/** The row of the error table for a call that stopped with ValetKey; page shim and bridge are built from it. */
export const CALL_LOST = {
  code: 'wallet.lost' satisfies ErrorCode,
  message: 'ValetKey stopped during the call.',
  retryable: false,
} as const
