/** The fields of a chat completion, and how a provider's table says what becomes of each. */
import type { JsonObject, JsonValue, ProviderId } from '../../protocol/index.ts'
import { below, untranslatable, type Spot } from './spot.ts'

/** Every field of OpenAI's request. A field that is not here is refused as one nobody knows. */
export const CHAT_FIELDS = [
  ...(['model', 'messages', 'stream', 'stream_options'] as const),
  ...([
    'max_completion_tokens',
    'max_tokens',
    'temperature',
    'top_p',
    'stop',
    'n',
    'seed',
  ] as const),
  ...(['tools', 'tool_choice', 'parallel_tool_calls', 'functions', 'function_call'] as const),
  ...(['response_format', 'reasoning_effort', 'verbosity'] as const),
  ...(['frequency_penalty', 'presence_penalty', 'logit_bias', 'logprobs', 'top_logprobs'] as const),
  ...(['user', 'safety_identifier', 'metadata', 'store', 'service_tier'] as const),
  ...(['modalities', 'audio', 'prediction', 'web_search_options', 'moderation'] as const),
  ...(['prompt_cache_key', 'prompt_cache_options', 'prompt_cache_retention'] as const),
] as const

export type ChatField = (typeof CHAT_FIELDS)[number]

/** One field of the request, on its way. */
export interface GivenField {
  readonly value: JsonValue
  readonly spot: Spot
  /** The whole request: some fields say one thing together. */
  readonly request: JsonObject
  /** The provider's own name of the model. */
  readonly model: string
}

export type FieldRule =
  | {
      /** What the provider calls it. */
      readonly as: string
      /** Writes it into the provider's request. */
      readonly put: (field: GivenField, native: JsonObject) => void
    }
  /** The provider has no such thing; `unless` it asks for what the provider does anyway. */
  | { readonly as: null; readonly unless?: (value: JsonValue) => boolean }

/** What a provider does with every field there is. */
export type FieldTable = Readonly<Record<ChatField, FieldRule>>

/**
 * Builds a provider's request by its table.
 * @throws `request.untranslatable` naming the first field that is not carried
 */
export function applyFields(
  table: FieldTable,
  request: JsonObject,
  { to, model }: { readonly to: ProviderId; readonly model: string },
): JsonObject {
  const whole: Spot = { to, field: '' }
  for (const name of Object.keys(request)) {
    if (!CHAT_FIELDS.some((field) => field === name)) throw untranslatable(below(whole, name))
  }
  const native: JsonObject = {}
  for (const name of CHAT_FIELDS) {
    const value = request[name]
    if (value === undefined || value === null) continue
    const spot = below(whole, name)
    const rule = table[name]
    if (rule.as !== null) rule.put({ value, spot, request, model }, native)
    else if (rule.unless?.(value) !== true) throw untranslatable(spot)
  }
  return native
}

/** Values by which a field asks for nothing. */
export const isFalse = (value: JsonValue): boolean => value === false
export const isTrue = (value: JsonValue): boolean => value === true
export const isZero = (value: JsonValue): boolean => value === 0
export const isOne = (value: JsonValue): boolean => value === 1
export const isEmpty = (value: JsonValue): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0
export const isMedium = (value: JsonValue): boolean => value === 'medium'
export const isTextAlone = (value: JsonValue): boolean =>
  Array.isArray(value) && value.length === 1 && value[0] === 'text'

/** An object of the request under a name, made where it is not there yet. */
export function under(native: JsonObject, name: string): JsonObject {
  const given = native[name]
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given
  const made: JsonObject = {}
  native[name] = made
  return made
}
