import { APP_ERRORS } from '@valetkey/wallet/protocol/app-errors'
import type { ERROR_TABLE } from '@valetkey/wallet/protocol/error-table'

/** A code of the error table: stable, named the same everywhere. */
export type ErrorCode = keyof typeof ERROR_TABLE

/** What may come with an error beside its code. */
interface ErrorFacts {
  /** What happened, where it is said better than by the table. */
  readonly message?: string | undefined
  readonly action?: string
  /** Names the call in ValetKey's own screens. */
  readonly requestId?: string | undefined
  /** Numbers and names an app can act on, such as `retryAfterMs`; never content of a request. */
  readonly details?: Readonly<Record<string, string | number>> | undefined
  /** What the whole table says of the code, from whoever carries it: this file knows what apps meet in a page. */
  readonly row?: Row | undefined
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
    const row = facts.row ?? rowOf(code)
    super(facts.message ?? row.message, facts)
    this.code = code
    this.action = facts.action ?? row.action
    this.status = row.status
    this.retryable = row.retryable
    this.requestId = facts.requestId
    this.details = facts.details
  }
}

/** Whether a caught value is a {@link ValetKeyError} (of `code`, if given), also one of another copy of this package. */
export function isValetKeyError(error: unknown, code?: ErrorCode): error is ValetKeyError {
  const known = Object(error) as { readonly [MARK]?: unknown; readonly code?: unknown }
  return known[MARK] === true && (code === undefined || known.code === code)
}

function rowOf(code: string): Row {
  return APP_ERRORS[hasRow(code) ? code : 'internal']
}

function hasRow(code: string): code is keyof typeof APP_ERRORS {
  return Object.hasOwn(APP_ERRORS, code)
}

interface Row {
  readonly message: string
  readonly action: string
  readonly status: number
  readonly retryable: boolean
}
