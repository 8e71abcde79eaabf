import { ERROR_TABLE, type ErrorCode } from '@valetkey/wallet/protocol/error-table'

export type { ErrorCode }

/** What may come with an error beside its code. */
interface ErrorFacts {
  /** Names the call in ValetKey's own screens. */
  readonly requestId?: string | undefined
  /** Numbers and names an app can act on, such as `retryAfterMs`; never content of a request. */
  readonly details?: Readonly<Record<string, string | number>> | undefined
  /** What was caught, if this error stands for something else. */
  readonly cause?: unknown
}

const MARK = Symbol.for('valetkey.sdk.error')

/**
 * The one error this package throws. `code` is stable API; `message` says to a person what happened and
 * `action` what they can do about it: show both.
 */
export class ValetKeyError extends Error {
  override readonly name = 'ValetKeyError'
  readonly code: ErrorCode
  readonly action: string
  /** The HTTP status that a response with this error has; 0 where there is no response. */
  readonly status: number
  /** Whether the same call may succeed a moment later without anybody doing anything. */
  readonly retryable: boolean
  readonly requestId: string | undefined
  readonly details: Readonly<Record<string, string | number>> | undefined
  readonly [MARK] = true

  constructor(code: ErrorCode, facts: ErrorFacts = {}) {
    const { message, action, status, retryable } = ERROR_TABLE[code]
    super(message, 'cause' in facts ? { cause: facts.cause } : undefined)
    this.code = code
    this.action = action
    this.status = status
    this.retryable = retryable
    this.requestId = facts.requestId
    this.details = facts.details
  }
}

/** Whether a caught value is a {@link ValetKeyError} (of `code`, if given), also one of another copy of this package. */
export function isValetKeyError(error: unknown, code?: ErrorCode): error is ValetKeyError {
  if (typeof error !== 'object' || error === null || !(MARK in error)) return false
  return code === undefined || ('code' in error && error.code === code)
}
