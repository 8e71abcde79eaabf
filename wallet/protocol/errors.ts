import * as z from 'zod/mini'
import { ERROR_TABLE, isErrorCode, type ErrorCode } from './error-table.ts'

export { ERROR_TABLE, isErrorCode, type ErrorCode }

const BUDGET_DETAILS = {
  window: z.string(),
  limitUsd: z.string(),
  usedUsd: z.string(),
  neededUsd: z.string(),
}

/** What may travel with a code: numbers and names the receiver acts on, never request content. */
const ERROR_DETAILS = {
  'request.invalid': z.strictObject({ reason: z.string() }),
  'request.too_large': z.strictObject({ limitBytes: z.int() }),
  'request.rate_limited': z.strictObject({ retryAfterMs: z.int() }),
  /** The path of the field, `messages[2].content[0].type`; `model` where the provider cannot chat at all. */
  'request.untranslatable': z.strictObject({ provider: z.string(), field: z.string() }),
  /** What the grant does not name at all. Absent where the person said no. */
  'grant.denied': z.strictObject({ term: z.enum(['endpoints', 'providers', 'keys']) }),
  'grant.model_denied': z.strictObject({ model: z.string() }),
  'grant.capability_denied': z.strictObject({ capability: z.string() }),
  'budget.exceeded': z.union([
    z.strictObject(BUDGET_DETAILS),
    /** `limitUsd` is the part of this device, `wholeUsd` what all devices have together. */
    z.strictObject({ ...BUDGET_DETAILS, wholeUsd: z.string() }),
  ]),
  /** The head the server has: what the next push must be based on. */
  'sync.conflict': z.strictObject({ head: z.string(), sig: z.string() }),
  /** A device that is on the vault's list no more. */
  'auth.forbidden': z.strictObject({ reason: z.literal('removed') }),
  'vault.unlock_failed': z.strictObject({ retryAfterMs: z.int() }),
  /** Which check of a server's head failed. */
  'sync.rollback': z.strictObject({ reason: z.string() }),
} as const

type DetailedCode = keyof typeof ERROR_DETAILS
/** The details type of a code; `undefined` for a code that carries none. */
export type ErrorDetails<C extends ErrorCode = ErrorCode> = C extends DetailedCode
  ? z.infer<(typeof ERROR_DETAILS)[C]>
  : undefined

const MARK = Symbol.for('valetkey.error')

/**
 * The one error class. `code` is stable API; `message` is always the table's; `cause` stays inside
 * the process and never crosses a wire.
 */
export class WalletError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'WalletError'
  readonly code: C
  readonly details: ErrorDetails<C> | undefined
  readonly [MARK] = true

  constructor(code: C, details?: ErrorDetails<C>, options?: { cause: unknown }) {
    super(ERROR_TABLE[code].message, options)
    this.code = code
    this.details = details
  }

  get status(): number {
    return ERROR_TABLE[this.code].status
  }
  get retryable(): boolean {
    return ERROR_TABLE[this.code].retryable
  }
}

/** Whether a caught value is a {@link WalletError} (of `code`, if given), also across bundles. */
export function isWalletError(error: unknown): error is WalletError
export function isWalletError<C extends ErrorCode>(error: unknown, code: C): error is WalletError<C>
export function isWalletError(error: unknown, code?: ErrorCode): boolean {
  if (typeof error !== 'object' || error === null || !(MARK in error)) return false
  return code === undefined || ('code' in error && error.code === code)
}

/** Anything caught, as an error with a code. What is not a WalletError becomes `internal`. */
export function asWalletError(error: unknown): WalletError {
  return isWalletError(error) ? error : new WalletError('internal', undefined, { cause: error })
}

/** What may travel with a code, whatever the code. */
export const errorDetailsSchema = z.record(z.string(), z.union([z.string(), z.number()]))

/** The form an error has on every wire: an allowlist, nothing else ever crosses. */
export const wireErrorSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  retryable: z.boolean(),
  requestId: z.string(),
  details: z.optional(errorDetailsSchema),
})
export type WireError = z.infer<typeof wireErrorSchema>

/** Anything caught → what may be told. What is not a WalletError becomes `internal`. */
export function toWire(error: unknown, requestId: string): WireError {
  // A newer bundle's error carries the mark and may carry a code this table does not have.
  const known =
    isWalletError(error) && isErrorCode(error.code) ? error : new WalletError('internal')
  const { message, retryable } = ERROR_TABLE[known.code]
  const details = detailsOf(known)
  return { code: known.code, message, retryable, requestId, ...(details && { details }) }
}

/** The reverse of {@link toWire}: unknown codes and malformed details are read as `internal`. */
export function fromWire(value: unknown): WalletError {
  const parsed = wireErrorSchema.safeParse(value)
  if (!parsed.success || !isErrorCode(parsed.data.code)) return new WalletError('internal')
  const { code, details } = parsed.data
  if (details === undefined) return new WalletError(code)
  const checked = detailsSchema(code)?.safeParse(details)
  return checked?.success === true
    ? new WalletError(code, checked.data as ErrorDetails)
    : new WalletError(code)
}

function detailsOf(error: WalletError): Record<string, string | number> | undefined {
  if (error.details === undefined) return undefined
  const parsed = detailsSchema(error.code)?.safeParse(error.details)
  return parsed?.success === true ? parsed.data : undefined
}

function detailsSchema(
  code: ErrorCode,
): z.ZodMiniType<Record<string, string | number>> | undefined {
  return Object.hasOwn(ERROR_DETAILS, code) ? ERROR_DETAILS[code as DetailedCode] : undefined
}
