/** A chat completion as a request of the Gemini API. */
import type { JsonObject, JsonValue } from '../../protocol/index.ts'
import {
  applyFields,
  isEmpty,
  isFalse,
  isMedium,
  isTextAlone,
  isTrue,
  under,
  type FieldTable,
  type GivenField,
} from './chat-fields.ts'
import { readToolChoice, readTools, type ToolChoice } from './chat-tools.ts'
import { readConversation, type MediaPart, type TextPart, type Turn } from './chat-turns.ts'
import {
  readResponseFormat,
  readStop,
  readStreamOptions,
  readTokenLimit,
  readWithin,
} from './chat-values.ts'
import { readInlineMedia } from './inline-media.ts'
import { below, countAt, entryOf, flagAt, textAt, untranslatable } from './spot.ts'

export const GOOGLE_FIELDS: FieldTable = {
  model: { as: 'the address', put: ignore },
  messages: { as: 'systemInstruction, contents', put: putMessages },
  stream: { as: 'the address', put: ({ value, spot }) => flagAt(value, spot) },
  stream_options: { as: 'by the wallet', put: readStreamOptions },
  max_completion_tokens: config('maxOutputTokens', readTokenLimit),
  max_tokens: config('maxOutputTokens', readTokenLimit),
  temperature: config('temperature', (field) => readWithin(field, 0, 2)),
  top_p: config('topP', (field) => readWithin(field, 0, 1)),
  stop: config('stopSequences', readStop),
  n: config('candidateCount', ({ value, spot }) => countAt(value, spot)),
  // A signed number of 32 bits.
  seed: config('seed', (field) => readWithin(field, -(2 ** 31), 2 ** 31 - 1)),
  tools: { as: 'tools', put: putTools },
  tool_choice: { as: 'toolConfig.functionCallingConfig', put: putToolChoice },
  parallel_tool_calls: { as: null, unless: isTrue },
  functions: { as: null, unless: isEmpty },
  function_call: { as: null },
  response_format: { as: 'generationConfig.responseJsonSchema', put: putResponseFormat },
  reasoning_effort: { as: 'generationConfig.thinkingConfig', put: putEffort },
  verbosity: { as: null, unless: isMedium },
  frequency_penalty: config('frequencyPenalty', (field) => readWithin(field, -2, 2)),
  presence_penalty: config('presencePenalty', (field) => readWithin(field, -2, 2)),
  logit_bias: { as: null, unless: isEmpty },
  logprobs: config('responseLogprobs', ({ value, spot }) => flagAt(value, spot)),
  top_logprobs: config('logprobs', ({ value, spot }) => countAt(value, spot)),
  user: { as: null },
  safety_identifier: { as: null },
  metadata: { as: null, unless: isEmpty },
  store: { as: null, unless: isFalse },
  service_tier: { as: 'serviceTier', put: putTier },
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
export function toGeminiRequest(request: JsonObject, model: string): JsonObject {
  return applyFields(GOOGLE_FIELDS, request, { to: 'google', model })
}

function ignore(): void {
  // Says itself in the address.
}

function config(
  name: string,
  read: (field: GivenField) => JsonValue,
): { readonly as: string; readonly put: (field: GivenField, native: JsonObject) => void } {
  return {
    as: `generationConfig.${name}`,
    put: (field, native) => (under(native, 'generationConfig')[name] = read(field)),
  }
}

function putMessages({ value, spot, model }: GivenField, native: JsonObject): void {
  const { instructions, conversation } = readConversation(value, spot)
  const system = instructions.map(partOf)
  if (system.length > 0) native['systemInstruction'] = { parts: system }
  native['contents'] = merge(conversation.map((turn) => contentOf(turn, model)))
}

interface Content {
  readonly role: 'user' | 'model'
  readonly parts: readonly JsonObject[]
}

function contentOf(turn: Turn, model: string): Content {
  switch (turn.role) {
    case 'system':
      // Instructions stand before the conversation or nowhere; moved there they would say another thing.
      throw untranslatable(below(turn.spot, 'role'))
    case 'user':
      return { role: 'user', parts: turn.parts.map(partOf) }
    case 'assistant': {
      const said = turn.parts.filter(({ text }) => text !== '' || turn.calls.length === 0)
      return { role: 'model', parts: [...said.map(partOf), ...callParts(turn, model)] }
    }
    case 'tool': {
      const output = turn.parts.map(({ text }) => text).join('')
      const { callId: id, name } = turn
      return { role: 'user', parts: [{ functionResponse: { id, name, response: { output } } }] }
    }
  }
}

/** The value Google names for calls that no model of its own made: those have no signature. */
const NO_SIGNATURE = 'skip_thought_signature_validator'
/** Models before signatures. */
const UNSIGNED = /^gemini-[12][.-]/

/** The first call of a turn is refused without a signature; apps written for OpenAI keep none. */
function callParts({ calls }: Turn & { role: 'assistant' }, model: string): JsonObject[] {
  const needsOne = !UNSIGNED.test(model) && calls.every((call) => call.thoughtSignature === null)
  return calls.map(({ id, name, args, thoughtSignature }, index) => {
    const signature = thoughtSignature ?? (needsOne && index === 0 ? NO_SIGNATURE : null)
    return {
      functionCall: { id, name, args },
      ...(signature === null ? {} : { thoughtSignature: signature }),
    }
  })
}

/** Results of one turn's calls belong into one content. */
function merge(contents: readonly Content[]): JsonValue[] {
  const merged: { role: string; parts: JsonObject[] }[] = []
  for (const { role, parts } of contents) {
    const last = merged.at(-1)
    if (last?.role === role && role === 'user') last.parts.push(...parts)
    else merged.push({ role, parts: [...parts] })
  }
  return merged
}

const AUDIO_TYPES: Readonly<Record<string, string>> = { wav: 'audio/wav', mp3: 'audio/mp3' }

function partOf(part: TextPart | MediaPart): JsonObject {
  switch (part.kind) {
    case 'text':
      return { text: part.text }
    case 'image':
      return imagePart(part)
    case 'audio': {
      const mimeType = entryOf(AUDIO_TYPES, part.format)
      if (mimeType === undefined) throw untranslatable(below(part.spot, 'format'))
      return { inlineData: { mimeType, data: part.base64 } }
    }
    case 'file': {
      // The API names no file that is sent along.
      if (part.filename !== null) throw untranslatable(below(part.spot, 'filename'))
      const media = readInlineMedia(part.url)
      if (media?.mediaType !== 'application/pdf')
        throw untranslatable(below(part.spot, 'file_data'))
      return { inlineData: { mimeType: media.mediaType, data: media.base64 } }
    }
  }
}

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  ...{ png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg' },
  ...{ webp: 'image/webp', heic: 'image/heic', heif: 'image/heif' },
}
const RESOLUTIONS: Readonly<Record<string, string>> = {
  low: 'MEDIA_RESOLUTION_LOW',
  high: 'MEDIA_RESOLUTION_HIGH',
}

function imagePart({ spot, url, detail }: MediaPart & { kind: 'image' }): JsonObject {
  const at = below(spot, 'url')
  const shown: JsonObject = {}
  if (detail !== null && detail !== 'auto') {
    const level = entryOf(RESOLUTIONS, detail)
    if (level === undefined) throw untranslatable(below(spot, 'detail'))
    shown['mediaResolution'] = { level }
  }
  const media = readInlineMedia(url)
  if (media) {
    if (!Object.values(IMAGE_TYPES).includes(media.mediaType)) throw untranslatable(at)
    return { inlineData: { mimeType: media.mediaType, data: media.base64 }, ...shown }
  }
  // An address must come with its type, and nothing but its name tells it.
  const extension = /^https:\/\/[^?#]+\.([a-z]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? ''
  const mimeType = entryOf(IMAGE_TYPES, extension)
  if (mimeType === undefined) throw untranslatable(at)
  return { fileData: { mimeType, fileUri: url }, ...shown }
}

function putTools({ value, spot, request }: GivenField, native: JsonObject): void {
  const tools = readTools(value, spot)
  if (tools.length === 0) return
  native['tools'] = [
    {
      functionDeclarations: tools.map(({ name, description, parameters }) => ({
        name,
        ...(description === null ? {} : { description }),
        ...(parameters === null ? {} : { parametersJsonSchema: parameters }),
      })),
    },
  ]
  // Arguments are held to their schemas in this mode; it is one for all tools.
  if (request['tool_choice'] == null && tools.some(({ strict }) => strict)) {
    calling(native)['mode'] = 'VALIDATED'
  }
}

function calling(native: JsonObject): JsonObject {
  return under(under(native, 'toolConfig'), 'functionCallingConfig')
}

function putToolChoice({ value, spot, request }: GivenField, native: JsonObject): void {
  const tools = readTools(request['tools'], { ...spot, field: 'tools' })
  const isStrict = tools.some(({ strict }) => strict)
  Object.assign(calling(native), callingConfig(readToolChoice(value, spot), isStrict))
}

/** `ANY` holds arguments to their schemas by itself. */
function callingConfig(choice: ToolChoice, isStrict: boolean): JsonObject {
  switch (choice.kind) {
    case 'none':
      return { mode: 'NONE' }
    case 'auto':
      return { mode: isStrict ? 'VALIDATED' : 'AUTO' }
    case 'required':
      return { mode: 'ANY' }
    case 'named':
      return { mode: 'ANY', allowedFunctionNames: [choice.name] }
    case 'allowed':
      return {
        mode: choice.mode === 'required' ? 'ANY' : 'VALIDATED',
        allowedFunctionNames: [...choice.names],
      }
  }
}

function putResponseFormat(field: GivenField, native: JsonObject): void {
  const format = readResponseFormat(field)
  if (format.kind === 'text') return
  const given = under(native, 'generationConfig')
  given['responseMimeType'] = 'application/json'
  if (format.kind === 'schema') given['responseJsonSchema'] = format.schema
}

/** Tokens to think with, as Google's own layer for OpenAI's clients gives them out. */
const BUDGETS: Readonly<Record<string, number>> = {
  ...{ none: 0, minimal: 1024, low: 1024, medium: 8192, high: 24_576 },
}
const LEVELS: Readonly<Record<string, string>> = {
  ...{ minimal: 'MINIMAL', low: 'LOW', medium: 'MEDIUM', high: 'HIGH' },
}
/** Models that count thinking in tokens; later ones name a level. */
const BUDGETED = 'gemini-2.'

function putEffort({ value, spot, model }: GivenField, native: JsonObject): void {
  const effort = textAt(value, spot)
  const amount = model.startsWith(BUDGETED) ? entryOf(BUDGETS, effort) : entryOf(LEVELS, effort)
  if (amount === undefined) throw untranslatable(spot)
  under(native, 'generationConfig')['thinkingConfig'] =
    typeof amount === 'number' ? { thinkingBudget: amount } : { thinkingLevel: amount }
}

const TIERS: Readonly<Record<string, string>> = {
  ...{ default: 'standard', flex: 'flex', priority: 'priority' },
}

function putTier({ value, spot }: GivenField, native: JsonObject): void {
  const name = textAt(value, spot)
  // The project's own setting, which is what says nothing.
  if (name === 'auto') return
  const tier = entryOf(TIERS, name)
  if (tier === undefined) throw untranslatable(spot)
  native['serviceTier'] = tier
}
