/** Refusals of the server, the relay and the wallet as the one error of this package. */
import { ERROR_TABLE, isErrorCode } from '@valetkey/wallet/protocol/error-table'
import type { ErrorRow } from '@valetkey/wallet/protocol/app-errors'
import { ValetKeyError, type ErrorCode } from '../valet-key-error.ts'

type Details = Readonly<Record<string, string | number>>
interface Facts {
  readonly message?: string | undefined
  readonly action?: string
  /** What holds of this one, where the table does not fit. */
  readonly row?: ErrorRow
  readonly requestId?: string | undefined
  readonly details?: Details | undefined
  readonly cause?: unknown
}

/** With what the whole table says of the code, of which a page's part holds the codes of pages alone. */
export function createError(code: ErrorCode, facts: Facts = {}): ValetKeyError {
  return new ValetKeyError(code, { row: ERROR_TABLE[code], ...facts })
}

/** What a reply says of the code in its header; a provider's own error has none. */
export async function refusalIn(reply: Response): Promise<ValetKeyError | null> {
  const code = reply.headers.get('x-valetkey-error')
  if (code === null) return null
  const said = (await reply.json().catch(() => null)) as { readonly error?: unknown } | null
  const { message, requestId, details } = Object(said?.error) as Record<string, unknown>
  const facts = { requestId: textOf(requestId), details: detailsOf(details) }
  if (isErrorCode(code)) return createError(code, facts)
  // Of a newer server: its code and its sentence, and the caution of a code that nobody knows.
  const row = { ...ERROR_TABLE.internal, status: reply.status }
  return new ValetKeyError(code as ErrorCode, { ...facts, message: textOf(message), row })
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function detailsOf(value: unknown): Details | undefined {
  const entries = Object.entries(Object(value) as object).filter(
    (entry): entry is [string, string | number] => ['string', 'number'].includes(typeof entry[1]),
  )
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
