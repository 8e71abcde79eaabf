import { describe, expect, it } from 'vitest'
import { isJsonObject, parseJson, type JsonObject } from '../../protocol/index.ts'
import { eventsOf, readFixture } from '../__fixtures__/read-fixture.ts'
import { messagesReplies } from './anthropic-reply.ts'
import type { ReplyFacts, ReplyTranslator } from './chat-reply.ts'
import { geminiReplies } from './google-reply.ts'
import { toOpenAiError, unifiedErrorBody } from './index.ts'

const FACTS: ReplyFacts = { id: 'c1', createdAt: 7, model: 'm', includeUsage: true }

function json(path: string): JsonObject {
  const value = parseJson(readFixture(path))
  if (!isJsonObject(value)) throw new TypeError(path)
  return value
}

/** Every chunk of a recorded stream; null last: it does not end as a whole one. */
function play(replies: ReplyTranslator, path: string): (JsonObject | null)[] {
  const stream = replies.stream()
  const chunks = eventsOf(readFixture(path)).flatMap((text) => {
    const event = parseJson(text)
    return isJsonObject(event) ? stream.event(event) : []
  })
  return [...chunks, ...(stream.end() ?? [null])]
}

/** The deltas of a stream, without what each chunk says of itself. */
function deltas(chunks: readonly (JsonObject | null)[]): unknown[] {
  return chunks.flatMap((chunk) => {
    const choices = chunk?.['choices']
    return Array.isArray(choices)
      ? choices.map((choice) => (isJsonObject(choice) ? choice['delta'] : null))
      : []
  })
}

const WEATHER_CALL = {
  id: 'toolu_1',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city":"Zürich"}' },
}

describe('a whole reply', () => {
  it('of Anthropic’s is a chat completion', () => {
    expect(messagesReplies(FACTS).whole(json('anthropic/tools.json'))).toEqual({
      ...{ id: 'msg_3', object: 'chat.completion', created: 7, model: 'claude-sonnet-5' },
      choices: [
        {
          index: 0,
          message: {
            ...{ role: 'assistant', content: 'I look first.', refusal: null },
            reasoning_content: 'Two cities.',
            tool_calls: [
              WEATHER_CALL,
              { id: 'toolu_2', type: 'function', function: { name: 'get_time', arguments: '{}' } },
            ],
          },
          ...{ logprobs: null, finish_reason: 'tool_calls', native_finish_reason: 'tool_use' },
        },
      ],
      usage: {
        ...{ prompt_tokens: 540, completion_tokens: 96, total_tokens: 636 },
        prompt_tokens_details: { cached_tokens: 128, cache_write_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 21 },
      },
    })
  })

  it('counts what was read from Anthropic’s cache and written to it as part of the prompt', () => {
    expect(messagesReplies(FACTS).whole(json('anthropic/messages.json'))['usage']).toEqual({
      ...{ prompt_tokens: 170, completion_tokens: 40, total_tokens: 210 },
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 25 },
    })
  })

  it('of Google’s is a chat completion', () => {
    expect(geminiReplies(FACTS).whole(json('google/tools.json'))).toEqual({
      ...{ id: 'r2', object: 'chat.completion', created: 7, model: 'gemini-3.5-flash' },
      choices: [
        {
          index: 0,
          message: {
            ...{ role: 'assistant', content: 'I look first.', refusal: null },
            reasoning_content: 'Two cities.',
            tool_calls: [
              {
                ...WEATHER_CALL,
                id: 'fc_1',
                extra_content: { google: { thought_signature: 'c2lnbmVk' } },
              },
              {
                id: 'call_r2_0_1',
                type: 'function',
                function: { name: 'get_time', arguments: '{}' },
              },
            ],
          },
          ...{ logprobs: null, finish_reason: 'tool_calls', native_finish_reason: 'STOP' },
        },
      ],
      usage: {
        ...{ prompt_tokens: 140, completion_tokens: 52, total_tokens: 192 },
        prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 21 },
      },
    })
  })

  it('to a prompt that was held back is an empty answer of the filters', () => {
    expect(geminiReplies(FACTS).whole(json('google/blocked.json'))['choices']).toEqual([
      {
        index: 0,
        message: { role: 'assistant', content: '', refusal: null },
        ...{ logprobs: null, finish_reason: 'content_filter' },
        native_finish_reason: 'PROHIBITED_CONTENT',
      },
    ])
  })

  it('names the likelihood of its tokens as OpenAI does', () => {
    expect(geminiReplies(FACTS).whole(json('google/logprobs.json'))).toMatchObject({
      choices: [
        {
          logprobs: {
            content: [
              {
                ...{ token: 'Hi', logprob: -0.1, bytes: [72, 105] },
                top_logprobs: [
                  { token: 'Hi', logprob: -0.1 },
                  { token: 'Yo', logprob: -2.5 },
                ],
              },
            ],
            refusal: null,
          },
        },
      ],
    })
  })

  it('keeps a picture a model made', () => {
    const inlineData = { mimeType: 'image/png', data: 'AA==' }
    const candidate = { content: { parts: [{ inlineData }] }, finishReason: 'STOP' }

    expect(geminiReplies(FACTS).whole({ candidates: [candidate] })['choices']).toMatchObject([
      {
        message: {
          content: null,
          images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }],
        },
      },
    ])
  })

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['refusal', 'content_filter'],
    ['toString', 'stop'],
  ])('that Anthropic ended for %s ended for %s', (reason, finish) => {
    expect(messagesReplies(FACTS).whole({ stop_reason: reason })['choices']).toMatchObject([
      { finish_reason: finish, native_finish_reason: reason },
    ])
  })

  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content_filter'],
    ['RECITATION', 'content_filter'],
    ['PROHIBITED_CONTENT', 'content_filter'],
    ['MALFORMED_FUNCTION_CALL', 'stop'],
  ])('that Google ended for %s ended for %s', (finishReason, finish) => {
    expect(geminiReplies(FACTS).whole({ candidates: [{ finishReason }] })['choices']).toMatchObject(
      [{ finish_reason: finish, native_finish_reason: finishReason }],
    )
  })
})

describe('a stream', () => {
  it('of Anthropic’s is one of chunks: words, thoughts, calls in pieces, the end, the count', () => {
    const chunks = play(messagesReplies(FACTS), 'anthropic/tools.sse')

    expect(deltas(chunks)).toEqual([
      { role: 'assistant', content: '' },
      { reasoning_content: 'Two cities, ' },
      { reasoning_content: 'two calls.' },
      { content: 'I look at ' },
      { content: 'Zürich 🌦️ first.' },
      {
        tool_calls: [
          {
            index: 0,
            id: 'toolu_1',
            type: 'function',
            function: { name: 'get_weather', arguments: '' },
          },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"city": "Z' } }] },
      { tool_calls: [{ index: 0, function: { arguments: 'ürich", "days": 2}' } }] },
      {
        tool_calls: [
          {
            index: 1,
            id: 'toolu_2',
            type: 'function',
            function: { name: 'get_time', arguments: '' },
          },
        ],
      },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
      {},
    ])
    expect(chunks.at(-2)).toMatchObject({
      id: 'msg_2',
      choices: [{ finish_reason: 'tool_calls', native_finish_reason: 'tool_use' }],
    })
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 540, completion_tokens: 96, total_tokens: 636 },
    })
  })

  it('of Google’s is one of chunks', () => {
    const chunks = play(geminiReplies(FACTS), 'google/tools.sse')

    expect(deltas(chunks)).toEqual([
      { role: 'assistant', content: '' },
      { reasoning_content: 'Two cities, two calls.' },
      { content: 'I look at ' },
      { content: 'Zürich 🌦️ first.' },
      {
        tool_calls: [
          {
            ...{ index: 0, id: 'fc_1', type: 'function' },
            function: { name: 'get_weather', arguments: '{"city":"Zürich","days":2}' },
            extra_content: { google: { thought_signature: 'c2lnbmVk' } },
          },
        ],
      },
      {
        tool_calls: [
          {
            ...{ index: 1, id: 'call_r2_0_1', type: 'function' },
            function: { name: 'get_time', arguments: '{}' },
          },
        ],
      },
      {},
    ])
    expect(chunks.at(-2)).toMatchObject({ id: 'r2', choices: [{ finish_reason: 'tool_calls' }] })
    expect(chunks.at(-1)).toMatchObject({
      usage: {
        ...{ prompt_tokens: 140, completion_tokens: 52, total_tokens: 192 },
        prompt_tokens_details: { cached_tokens: 64 },
      },
    })
  })

  it.each([
    ['anthropic/messages.sse', messagesReplies({ ...FACTS, includeUsage: false })],
    ['google/stream.sse', geminiReplies({ ...FACTS, includeUsage: false })],
  ])('has no count nobody asked for: %s', (path, replies) => {
    const chunks = play(replies, path)

    expect(JSON.stringify(chunks)).not.toContain('usage')
    expect(deltas(chunks)).toEqual([
      { role: 'assistant', content: '' },
      { content: 'Hel' },
      { content: 'lo!' },
      {},
    ])
  })

  it('that the provider breaks off with an error says it, and does not end as a whole one', () => {
    const chunks = play(messagesReplies(FACTS), 'anthropic/overloaded.sse')

    expect(chunks.slice(-2)).toEqual([
      {
        error: { message: 'Overloaded', type: 'overloaded_error', param: null, code: null },
      },
      null,
    ])
    expect(geminiReplies(FACTS).stream().event(json('google/error-400-key.json'))).toMatchObject([
      { error: { code: 'INVALID_ARGUMENT' } },
    ])
  })

  it('of several answers keeps them apart', () => {
    const stream = geminiReplies(FACTS).stream()
    const part = (index: number, text: string, finishReason?: string) => ({
      ...{ index, content: { parts: [{ text }] } },
      ...(finishReason === undefined ? {} : { finishReason }),
    })

    const chunks = [
      ...stream.event({ candidates: [part(0, 'a'), part(1, 'b', 'STOP')] }),
      ...stream.event({ candidates: [part(0, 'c')] }),
    ]
    const before = stream.end()
    chunks.push(...stream.event({ candidates: [part(0, '', 'MAX_TOKENS')] }))

    const said = chunks.map(({ choices }) => (Array.isArray(choices) ? choices[0] : null))
    expect(said).toMatchObject([
      { index: 0, delta: { role: 'assistant' } },
      { index: 0, delta: { content: 'a' } },
      { index: 1, delta: { role: 'assistant' } },
      { index: 1, delta: { content: 'b' } },
      { index: 1, finish_reason: 'stop' },
      { index: 0, delta: { content: 'c' } },
      { index: 0, finish_reason: 'length' },
    ])
    expect([before, stream.end()]).toEqual([null, []])
  })
})

describe('a provider’s refusal', () => {
  const invalid = 'invalid_request_error'

  it.each([
    ['anthropic/error-401.json', 401, ['authentication_error', null, 'invalid x-api-key']],
    ['anthropic/error-529.json', 529, ['overloaded_error', null, 'Overloaded']],
    [
      ...(['google/error-400-key.json', 400] as const),
      [invalid, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'],
    ],
    ['groq/error-401.json', 401, [invalid, 'invalid_api_key', 'Invalid API Key']],
  ] as const)('keeps its words in OpenAI’s shape: %s', (path, status, [type, code, message]) => {
    expect(toOpenAiError(status, json(path))).toMatchObject({
      error: { message, type, param: null, code },
    })
  })

  it.each<[string, JsonObject | JsonObject[], string]>([
    ['xAI', { code: 'c', error: 'Sentence.' }, 'Sentence.'],
    ['Mistral', { object: 'error', message: 'Sentence.', type: 't', code: 3 }, 'Sentence.'],
    ['FastAPI', { detail: [{ loc: ['body'], msg: 'Sentence.' }] }, 'Sentence.'],
    ['Cohere', { message: 'Sentence.' }, 'Sentence.'],
    ['a list', [{ error: { message: 'Sentence.' } }], 'Sentence.'],
    ['nobody', {}, 'The provider answered with status 418.'],
  ])('is found in the shape of %s', (_, body, message) => {
    expect(toOpenAiError(418, body)).toMatchObject({ error: { message } })
  })

  it('is a sentence of ours where it is no JSON', () => {
    expect(toOpenAiError(502, undefined)).toEqual({
      error: {
        ...{ message: 'The provider answered with status 502.', type: 'server_error' },
        ...{ param: null, code: null },
      },
    })
  })
})

it('a refusal of ours names the field where OpenAI’s clients look for it', () => {
  const refusal = { code: 'request.untranslatable', message: 'No.', status: 422 } as const

  expect(unifiedErrorBody(refusal, 'seed')).toEqual({
    error: {
      ...{ message: 'No. (seed)', type: 'invalid_request_error' },
      ...{ param: 'seed', code: 'request.untranslatable' },
    },
  })
  expect(unifiedErrorBody(refusal, null)).toMatchObject({ error: { message: 'No.', param: null } })
})
