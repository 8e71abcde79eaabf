import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isJsonObject,
  isWalletError,
  type JsonObject,
  type JsonValue,
} from '../../protocol/index.ts'
import { messagesReplies } from './anthropic-reply.ts'
import { ANTHROPIC_FIELDS } from './anthropic-request.ts'
import { CHAT_FIELDS, type ChatField, type FieldTable } from './chat-fields.ts'
import type { ReplyTranslator } from './chat-reply.ts'
import { GOOGLE_FIELDS } from './google-request.ts'
import { geminiReplies } from './google-reply.ts'
import { readUnifiedModel, translateChat } from './index.ts'

const MODELS = [
  'anthropic/claude-sonnet-5',
  'google/gemini-3.5-flash',
  'google/gemini-2.5-pro',
] as const

/** Words no provider's format has, so that one found again was carried, and one not found was not. */
const word = fc.nat({ max: 9_999_999 }).map((number) => `word${number}`)
const name = word
const texts = fc.oneof(
  word,
  fc.array(
    word.map((text) => ({ type: 'text', text })),
    { minLength: 1, maxLength: 3 },
  ),
)

const mediaPart = fc.oneof(
  word.map((text) => ({ type: 'text', text })),
  fc.record({
    type: fc.constant('image_url'),
    image_url: fc.record(
      {
        url: fc.oneof(
          word.map((data) => `data:image/png;base64,${data}`),
          word.map((path) => `https://img.test/${path}.png`),
          word.map((path) => `https://img.test/${path}`),
          word.map((data) => `data:image/bmp;base64,${data}`),
        ),
        detail: fc.constantFrom('auto', 'low', 'high', 'odd'),
      },
      { requiredKeys: ['url'] },
    ),
  }),
  fc.record({
    type: fc.constant('input_audio'),
    input_audio: fc.record({ data: word, format: fc.constantFrom('wav', 'mp3', 'odd') }),
  }),
  fc.record({
    type: fc.constant('file'),
    file: fc.record(
      {
        file_data: word.map((data) => `data:application/pdf;base64,${data}`),
        filename: word,
        file_id: word,
      },
      { requiredKeys: ['file_data'] },
    ),
  }),
)

const call = fc.record({
  id: word,
  type: fc.constant('function'),
  function: fc.record({ name, arguments: word.map((text) => JSON.stringify({ [text]: [text] })) }),
})

/** A turn of the model that calls tools, and the results of its calls. */
const exchange = fc
  .tuple(
    fc.option(texts),
    fc.uniqueArray(call, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
    texts,
  )
  .map(([content, calls, result]) => [
    { role: 'assistant', content, tool_calls: calls },
    ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: result })),
  ])

const plainTurn = fc.oneof(
  fc.record({ role: fc.constantFrom('system', 'developer', 'assistant'), content: texts }),
  fc.record(
    {
      role: fc.constant('user'),
      content: fc.oneof(word, fc.array(mediaPart, { minLength: 1, maxLength: 3 })),
      name: word,
    },
    { requiredKeys: ['role', 'content'] },
  ),
)

const messages = fc
  .array(
    fc.oneof(
      plainTurn.map((turn) => [turn]),
      exchange,
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((turns) => turns.flat())

const schema = word.map((text) => ({ type: 'object', properties: { [text]: { type: 'string' } } }))
const tool = fc.record({
  type: fc.constant('function'),
  function: fc.record(
    { name, description: word, parameters: schema, strict: fc.boolean() },
    { requiredKeys: ['name'] },
  ),
})

/** Values of each field that OpenAI's format allows, those that ask for nothing among them. */
const FIELDS: Readonly<Record<Exclude<ChatField, 'model' | 'messages'>, fc.Arbitrary<unknown>>> = {
  stream: fc.boolean(),
  stream_options: fc.record({ include_usage: fc.boolean() }),
  max_completion_tokens: fc.integer({ min: 1, max: 9999 }),
  max_tokens: fc.integer({ min: 1, max: 9999 }),
  temperature: fc.double({ min: 0, max: 2, noNaN: true }),
  top_p: fc.double({ min: 0, max: 1, noNaN: true }),
  stop: fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 4 })),
  n: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer(),
  tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
  tool_choice: fc.oneof(
    fc.constantFrom('none', 'auto', 'required'),
    name.map((given) => ({ type: 'function', function: { name: given } })),
  ),
  parallel_tool_calls: fc.boolean(),
  functions: fc.array(fc.record({ name }), { minLength: 1 }),
  function_call: fc.constantFrom('none', 'auto'),
  response_format: fc.oneof(
    fc.constantFrom({ type: 'text' }, { type: 'json_object' }),
    fc.record({ name, schema }).map((given) => ({ type: 'json_schema', json_schema: given })),
  ),
  reasoning_effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
  verbosity: fc.constantFrom('low', 'medium', 'high'),
  frequency_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
  presence_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
  logit_bias: fc.dictionary(word, fc.integer({ min: -100, max: 100 })),
  logprobs: fc.boolean(),
  top_logprobs: fc.integer({ min: 0, max: 20 }),
  user: word,
  safety_identifier: word,
  metadata: fc.dictionary(word, word),
  store: fc.boolean(),
  service_tier: fc.constantFrom('auto', 'default', 'flex', 'scale', 'priority'),
  modalities: fc.constantFrom(['text'], ['text', 'audio']),
  audio: fc.record({ voice: word, format: fc.constant('wav') }),
  prediction: word.map((content) => ({ type: 'content', content })),
  web_search_options: fc.constant({}),
  moderation: fc.record({ model: word }),
  prompt_cache_key: word,
  prompt_cache_options: fc.record({ mode: fc.constant('explicit') }),
  prompt_cache_retention: fc.constantFrom('in_memory', '24h'),
}

/** What asks for what a provider does anyway: left out, it changes nothing. */
const NEUTRAL: Readonly<Partial<Record<ChatField, readonly string[]>>> = {
  ...{ stream: ['false'], n: ['1'], parallel_tool_calls: ['true'], store: ['false'] },
  ...{ frequency_penalty: ['0', '-0'], presence_penalty: ['0', '-0'], logprobs: ['false'] },
  ...{ top_logprobs: ['0'], metadata: ['{}'], logit_bias: ['{}'], verbosity: ['"medium"'] },
  ...{ modalities: ['["text"]'], response_format: ['{"type":"text"}'], service_tier: ['"auto"'] },
  functions: ['[]'],
}

const request: fc.Arbitrary<JsonObject> = fc
  .record(
    // A few fields at a time: of all at once, something is always refused.
    {
      model: fc.constantFrom(...MODELS),
      messages,
      fields: fc.subarray(Object.keys(FIELDS), { maxLength: 6 }),
    },
  )
  .chain(({ fields, ...rest }) =>
    fc
      .record(
        Object.fromEntries(fields.map((field) => [field, FIELDS[field as keyof typeof FIELDS]])),
      )
      .map((given) => ({ ...rest, ...given })),
  )

/** Null: refused, by one of the two codes, naming a field. */
function translate(body: JsonObject): { path: string; body: JsonObject } | null {
  try {
    return translateChat(body, readUnifiedModel(body))
  } catch (error) {
    if (isWalletError(error, 'request.untranslatable')) {
      expect(error.details?.field).toBeTypeOf('string')
      return null
    }
    if (isWalletError(error, 'request.invalid')) {
      expect(error.details?.reason).not.toBe('')
      return null
    }
    throw error
  }
}

function wordsIn(value: JsonValue): string[] {
  return JSON.stringify(value).match(/word\d+/g) ?? []
}

describe('any request', () => {
  it('is translated or refused by name, and never with a word lost', () => {
    let translated = 0
    fc.assert(
      fc.property(request, (body) => {
        const native = translate(body)
        if (!native) return
        translated += 1
        const carried = new Set(wordsIn(native.body))
        expect(wordsIn(body).filter((each) => !carried.has(each))).toEqual([])
      }),
      { numRuns: 2000 },
    )
    // A test of refusals alone would prove nothing.
    expect(translated).toBeGreaterThan(100)
  })

  it('says something else with every field it holds: none is left out in silence', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(request, (body) => {
        const native = translate(body)
        if (!native) return
        for (const field of Object.keys(body)) {
          if (['model', 'messages', 'stream_options'].includes(field)) continue
          if (NEUTRAL[field as ChatField]?.includes(JSON.stringify(body[field]))) continue
          // Two fields of one meaning, or a word about a choice that is none.
          if (field.startsWith('max_') && 'max_tokens' in body && 'max_completion_tokens' in body)
            continue
          if (field === 'parallel_tool_calls' && body['tool_choice'] === 'none') continue
          seen.add(field)
          const rest = { ...body }
          Reflect.deleteProperty(rest, field)
          const without = translate(rest)
          if (without) expect([field, without]).not.toEqual([field, native])
        }
      }),
      { numRuns: 2000 },
    )
    expect(seen.size).toBeGreaterThan(10)
  })

  it('of any shape at all is refused with a code, or translated', () => {
    const key = fc.oneof(fc.constantFrom<string>(...CHAT_FIELDS), fc.string())
    const anything = fc.dictionary(key, fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>)
    fc.assert(
      fc.property(fc.constantFrom(...MODELS), anything, (model, body) => {
        translate({ ...body, model })
      }),
      { numRuns: 2000 },
    )
  })

  it('with a field nobody knows is refused by that name', () => {
    const unknown = fc
      .string({ minLength: 1, maxLength: 40 })
      .filter((field) => !CHAT_FIELDS.some((each) => each === field) && field !== '__proto__')
    fc.assert(
      fc.property(fc.constantFrom(...MODELS), unknown, fc.jsonValue(), (model, field, value) => {
        const body = {
          model,
          messages: [{ role: 'user', content: 'x' }],
          [field]: value as JsonValue,
        }
        expect(translate(body)).toBeNull()
      }),
    )
  })
})

describe('a table', () => {
  it.each<[string, FieldTable, string]>([
    ['Anthropic', ANTHROPIC_FIELDS, MODELS[0]],
    ['Google', GOOGLE_FIELDS, MODELS[1]],
  ])('of %s refuses what it says it refuses', (_, table, model) => {
    for (const [field, values] of Object.entries(FIELDS)) {
      const rule = table[field as ChatField]
      if (rule.as !== null) continue
      const asks = fc
        .sample(values, 40)
        .filter((value) => rule.unless?.(value as JsonValue) !== true)
      for (const value of asks) {
        const body = {
          model,
          messages: [{ role: 'user', content: 'x' }],
          [field]: value as JsonValue,
        }
        expect([field, translate(body)]).toEqual([field, null])
      }
    }
  })
})

describe('any reply', () => {
  const replies: readonly ReplyTranslator[] = [messagesReplies, geminiReplies].map((make) =>
    make({ id: 'c', createdAt: 1, model: 'm', includeUsage: true }),
  )
  const keys = [
    ...[
      'type',
      'index',
      'delta',
      'content',
      'content_block',
      'message',
      'usage',
      'text',
      'thinking',
    ],
    ...[
      'stop_reason',
      'partial_json',
      'input',
      'candidates',
      'parts',
      'functionCall',
      'args',
      'name',
    ],
    ...[
      'usageMetadata',
      'promptTokenCount',
      'finishReason',
      'promptFeedback',
      'blockReason',
      'error',
    ],
    ...['logprobsResult', 'chosenCandidates', 'inlineData', 'thought', 'thoughtSignature'],
  ]
  const types = [
    ...['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop'],
    ...['message_delta', 'message_stop', 'tool_use', 'text', 'input_json_delta', 'error'],
  ]
  const { value } = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<JsonValue[]>(...types, 0, 1, null, true),
      fc.array(tie('object'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 5 }),
  }))

  it('is read without a throw, whatever a provider sends', () => {
    fc.assert(
      fc.property(fc.array(value.filter(isJsonObject), { maxLength: 6 }), (events) => {
        for (const translator of replies) {
          const stream = translator.stream()
          for (const event of events) {
            stream.event(event)
            expect(translator.whole(event)['object']).toBe('chat.completion')
          }
          stream.end()
        }
      }),
      { numRuns: 2000 },
    )
  })
})
