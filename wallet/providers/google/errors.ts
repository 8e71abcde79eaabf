import { isJsonObject, parseJson, type JsonObject, type KeyTest } from '../../protocol/index.ts'
import { judgeByStatus } from '../formats/key-check.ts'
import type { Refusal } from '../formats/openai-errors.ts'

export function googleErrorBody({ code, message, status }: Refusal): JsonObject {
  return {
    error: {
      code: status,
      message,
      status: STATUS_NAMES[status] ?? (status >= 500 ? 'INTERNAL' : 'FAILED_PRECONDITION'),
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: code,
          domain: 'valetkey',
        },
      ],
    },
  }
}

export function googleStreamError(refusal: Refusal): string {
  return `data: ${JSON.stringify(googleErrorBody(refusal))}\n\n`
}

/** google.rpc.Code, as the API's HTTP statuses map to it. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'RESOURCE_EXHAUSTED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** A bad key is 400 here, and so is a good one from a country the API does not serve. */
export function judgeGoogleKeyCheck(status: number, bodyText: string): KeyTest['outcome'] {
  if (status !== 400) return judgeByStatus(status)
  const reply = parseJson(bodyText)
  const error = isJsonObject(reply) ? reply['error'] : undefined
  const details = isJsonObject(error) ? error['details'] : undefined
  const isBadKey =
    Array.isArray(details) &&
    details.some((each) => isJsonObject(each) && each['reason'] === 'API_KEY_INVALID')
  return isBadKey ? 'refused' : 'limited'
}
