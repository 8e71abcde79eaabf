/** A chat completion as a request of Anthropic's Messages API. */
import type { JsonObject, JsonValue } from '../../protocol/index.ts'
import {
  applyFields,
  isEmpty,
  isFalse,
  isMedium,
  isOne,
  isTextAlone,
  isZero,
  under,
  type FieldTable,
  type GivenField,
} from './chat-fields.ts'
import { readToolChoice, readTools } from './chat-tools.ts'
import { readConversation, type MediaPart, type TextPart, type Turn } from './chat-turns.ts'
import {
  readResponseFormat,
  readStop,
  readStreamOptions,
  readTokenLimit,
  readWithin,
} from './chat-values.ts'
import { readInlineMedia } from './inline-media.ts'
import { below, entryOf, flagAt, malformed, textAt, untranslatable } from './spot.ts'

export const ANTHROPIC_FIELDS: FieldTable = {
  model: { as: 'model', put: ({ model }, native) => (native['model'] = model) },
  messages: { as: 'system, messages', put: putMessages },
  stream: {
    as: 'stream',
    put: ({ value, spot }, native) => (native['stream'] = flagAt(value, spot)),
  },
  stream_options: { as: 'by the wallet', put: readStreamOptions },
  max_completion_tokens: { as: 'max_tokens', put: putTokenLimit },
  max_tokens: { as: 'max_tokens', put: putTokenLimit },
  temperature: {
    as: 'temperature',
    put: (field, native) => (native['temperature'] = readWithin(field, 0, 1)),
  },
  top_p: { as: 'top_p', put: (field, native) => (native['top_p'] = readWithin(field, 0, 1)) },
  stop: {
    as: 'stop_sequences',
    put: (field, native) => (native['stop_sequences'] = readStop(field)),
  },
  n: { as: null, unless: isOne },
  seed: { as: null },
  tools: { as: 'tools', put: putTools },
  tool_choice: { as: 'tool_choice', put: putToolChoice },
  parallel_tool_calls: { as: 'tool_choice.disable_parallel_tool_use', put: putParallel },
  functions: { as: null, unless: isEmpty },
  function_call: { as: null },
  response_format: { as: 'output_config.format', put: putResponseFormat },
  reasoning_effort: { as: 'output_config.effort', put: putEffort },
  verbosity: { as: null, unless: isMedium },
  frequency_penalty: { as: null, unless: isZero },
  presence_penalty: { as: null, unless: isZero },
  logit_bias: { as: null, unless: isEmpty },
  logprobs: { as: null, unless: isFalse },
  top_logprobs: { as: null, unless: isZero },
  user: { as: 'metadata.user_id', put: putUser },
  safety_identifier: { as: 'metadata.user_id', put: putUser },
  metadata: { as: null, unless: isEmpty },
  store: { as: null, unless: isFalse },
  service_tier: { as: 'service_tier', put: putTier },
  modalities: { as: null, unless: isTextAlone },
  audio: { as: null },
  prediction: { as: null },
  web_search_options: { as: null },
  moderation: { as: null },
  prompt_cache_key: { as: null },
  prompt_cache_options: { as: null },
  prompt_cache_retention: { as: null },
}

/** @throws `request.untranslatable`, `request.invalid` */
export function toMessagesRequest(request: JsonObject, model: string): JsonObject {
  return applyFields(ANTHROPIC_FIELDS, request, { to: 'anthropic', model })
}

function putTokenLimit(field: GivenField, native: JsonObject): void {
  native['max_tokens'] = readTokenLimit(field)
}

/** What stands before the conversation has a place of its own; instructions between turns are turns. */
function putMessages({ value, spot }: GivenField, native: JsonObject): void {
  const { instructions, conversation } = readConversation(value, spot)
  const system = instructions.map((part) => block(part))
  if (system.length > 0) native['system'] = system
  native['messages'] = merge(conversation.map(messageOf))
}

interface Message {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: readonly JsonObject[]
}

function messageOf(turn: Turn): Message {
  switch (turn.role) {
    case 'system':
    case 'user':
      return { role: turn.role, content: turn.parts.map(block) }
    case 'assistant': {
      // The API refuses a text of nothing; beside a call it says nothing either.
      const said = turn.parts.filter(({ text }) => text !== '' || turn.calls.length === 0)
      const calls = turn.calls.map(({ id, name, args }) => ({
        ...{ type: 'tool_use', id, name },
        input: args,
      }))
      return { role: 'assistant', content: [...said.map(block), ...calls] }
    }
    case 'tool':
      return {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: turn.callId, content: turn.parts.map(block) },
        ],
      }
  }
}

/** All results of a turn's calls belong into one message, and what a person adds comes behind them. */
function merge(messages: readonly Message[]): JsonValue[] {
  const merged: { role: string; content: JsonObject[] }[] = []
  for (const { role, content } of messages) {
    const last = merged.at(-1)
    if (last?.role === role && role === 'user') last.content.push(...content)
    else merged.push({ role, content: [...content] })
  }
  return merged
}

function block(part: TextPart | MediaPart): JsonObject {
  switch (part.kind) {
    case 'text':
      return { type: 'text', text: part.text }
    case 'image':
      return imageBlock(part)
    case 'audio':
      throw untranslatable(part.spot)
    case 'file': {
      const media = readInlineMedia(part.url)
      if (media?.mediaType !== 'application/pdf')
        throw untranslatable(below(part.spot, 'file_data'))
      const source = { type: 'base64', media_type: media.mediaType, data: media.base64 }
      return {
        ...{ type: 'document', source },
        ...(part.filename === null ? {} : { title: part.filename }),
      }
    }
  }
}

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']
/** Images are read whole: that is `high`, and what `auto` comes to. */
const DETAILS = ['auto', 'high']

function imageBlock({ spot, url, detail }: MediaPart & { kind: 'image' }): JsonObject {
  if (detail !== null && !DETAILS.includes(detail)) throw untranslatable(below(spot, 'detail'))
  const at = below(spot, 'url')
  const media = readInlineMedia(url)
  if (media) {
    if (!IMAGE_TYPES.includes(media.mediaType)) throw untranslatable(at)
    const source = { type: 'base64', media_type: media.mediaType, data: media.base64 }
    return { type: 'image', source }
  }
  if (!/^https:\/\//i.test(url)) throw untranslatable(at)
  return { type: 'image', source: { type: 'url', url } }
}

function putTools({ value, spot }: GivenField, native: JsonObject): void {
  native['tools'] = readTools(value, spot).map(({ name, description, parameters, strict }) => ({
    name,
    ...(description === null ? {} : { description }),
    input_schema: parameters ?? { type: 'object', properties: {} },
    ...(strict ? { strict } : {}),
  }))
}

function putToolChoice({ value, spot }: GivenField, native: JsonObject): void {
  const choice = readToolChoice(value, spot)
  const given = under(native, 'tool_choice')
  switch (choice.kind) {
    case 'allowed':
      throw untranslatable(below(spot, 'type'))
    case 'named':
      Object.assign(given, { type: 'tool', name: choice.name })
      return
    case 'none':
    case 'auto':
      given['type'] = choice.kind
      return
    case 'required':
      given['type'] = 'any'
  }
}

/** One at a time is a word of the choice among tools. */
function putParallel({ value, spot, request }: GivenField, native: JsonObject): void {
  if (flagAt(value, spot)) return
  const choice = under(native, 'tool_choice')
  if (choice['type'] === 'none') return
  if (request['tools'] == null) throw malformed(spot)
  choice['type'] ??= 'auto'
  choice['disable_parallel_tool_use'] = true
}

function putResponseFormat(field: GivenField, native: JsonObject): void {
  const format = readResponseFormat(field)
  if (format.kind === 'text') return
  // Any JSON at all cannot be asked for, only JSON of a schema.
  if (format.kind === 'json') throw untranslatable(below(field.spot, 'type'))
  under(native, 'output_config')['format'] = { type: 'json_schema', schema: format.schema }
}

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max']

function putEffort({ value, spot }: GivenField, native: JsonObject): void {
  const effort = textAt(value, spot)
  if (effort === 'none') native['thinking'] = { type: 'disabled' }
  else if (EFFORTS.includes(effort)) under(native, 'output_config')['effort'] = effort
  else throw untranslatable(spot)
}

/** Both names mean the app's own user, and there is one place for it. */
function putUser({ value, spot }: GivenField, native: JsonObject): void {
  const user = textAt(value, spot)
  const metadata = under(native, 'metadata')
  if ((metadata['user_id'] ?? user) !== user) throw untranslatable(spot)
  metadata['user_id'] = user
}

const TIERS: Readonly<Record<string, string>> = { auto: 'auto', default: 'standard_only' }

function putTier({ value, spot }: GivenField, native: JsonObject): void {
  const name = textAt(value, spot)
  const tier = entryOf(TIERS, name)
  if (tier === undefined) throw untranslatable(spot)
  native['service_tier'] = tier
}
