/** Refusals in OpenAI's shape, a provider's own and ours. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/index.ts'
import { openAiErrorBody, type Refusal } from '../formats/openai-errors.ts'

/** The members of errors, outermost first, under which the APIs keep the sentence. */
const SENTENCES = ['message', 'error', 'detail', 'err_msg', 'title', 'errors', 'msg']

/**
 * A provider's own refusal: its words are kept.
 * @param status of the reply, which OpenAI's `type` is guessed from where the provider names none
 * @param body what it said, as JSON; anything else: nothing
 */
export function toOpenAiError(status: number, body: JsonValue | undefined): JsonObject {
  // Google wraps the errors of a stream in a list.
  const said = Array.isArray(body) ? body[0] : body
  const outer = isJsonObject(said) ? said : {}
  const inner = isJsonObject(outer['error']) ? outer['error'] : outer
  const { type, param, code } = inner
  return {
    error: {
      // What else OpenAI's own copies say: metadata, details.
      ...(inner === outer ? {} : inner),
      message: sentenceIn(said ?? null, 3) ?? `The provider answered with status ${status}.`,
      type: typeof type === 'string' ? type : typeOf(status),
      param: typeof param === 'string' ? param : null,
      code: codeOf(inner['status'] ?? code),
    },
  }
}

function sentenceIn(value: JsonValue, depth: number): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  if (depth === 0) return null
  if (Array.isArray(value)) return sentenceIn(value[0] ?? null, depth - 1)
  if (!isJsonObject(value)) return null
  for (const name of SENTENCES) {
    const sentence = sentenceIn(value[name] ?? null, depth - 1)
    if (sentence !== null) return sentence
  }
  return null
}

/** A name, or a number in its place. */
function codeOf(code: JsonValue | undefined): string | null {
  if (typeof code === 'number') return String(code)
  return typeof code === 'string' ? code : null
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 402) return 'insufficient_quota'
  if (status === 403) return 'permission_error'
  if (status === 404) return 'not_found_error'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

/** A refusal of ours. OpenAI's clients look for the field that was refused under `param`. */
export function unifiedErrorBody(refusal: Refusal, field: string | null): JsonObject {
  if (field === null) return openAiErrorBody(refusal)
  const { error } = openAiErrorBody({ ...refusal, message: `${refusal.message} (${field})` })
  return { error: { ...(isJsonObject(error) ? error : {}), param: field } }
}
