import type { JsonObject } from '../../protocol/index.ts'
import type { Refusal } from '../formats/openai-errors.ts'

export { judgeByStatus as judgeAnthropicKeyCheck } from '../formats/key-check.ts'

/** `details.error_code` is where the SDK looks for a code; `code` is where everyone else does. */
export function anthropicErrorBody({ code, message, status }: Refusal): JsonObject {
  return {
    type: 'error',
    error: { type: errorType(status), message, code, details: { error_code: code } },
  }
}

export function anthropicStreamError(refusal: Refusal): string {
  return `event: error\ndata: ${JSON.stringify(anthropicErrorBody(refusal))}\n\n`
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
}

function errorType(status: number): string {
  return ERROR_TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
}
