/** OpenAI's error shape, which Groq shares. */
import type { ErrorCode, JsonObject } from '../../protocol/index.ts'

/** A refusal to be worded in a provider's shape. */
export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly status: number
}

export function openAiErrorBody({ code, message, status }: Refusal): JsonObject {
  return { error: { message, type: errorType(status), param: null, code } }
}

/**
 * The event that ends a stream. Chat streams are read by `error`, responses streams by `type` and the
 * members beside it; unmodified SDKs raise their own error at either.
 */
export function openAiStreamError(refusal: Refusal): string {
  const { code, message } = refusal
  const event = { type: 'error', sequence_number: 0, code, message, param: null }
  return `event: error\ndata: ${JSON.stringify({ ...event, ...openAiErrorBody(refusal) })}\n\n`
}

function errorType(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 402) return 'insufficient_quota'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}
