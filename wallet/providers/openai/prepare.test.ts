import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../protocol/index.ts'
import type { Endpoint } from '../provider.ts'
import { openai } from './index.ts'

const LIMITS = { maxOutputTokens: 1000 }

function endpointNamed(name: string): Endpoint {
  const found = openai.endpoints.find((endpoint) => endpoint.name === name)
  if (!found) throw new TypeError(name)
  return found
}

function chat(extra: JsonObject): JsonObject {
  return { model: 'gpt-5.4', messages: [{ role: 'user', content: 'Hi' }], ...extra }
}

function responses(extra: JsonObject): JsonObject {
  return { model: 'gpt-5.4', input: 'Hi', ...extra }
}

describe('prepareBody', () => {
  const prepare = (name: string, body: JsonObject) =>
    openai.prepareBody(endpointNamed(name), body, LIMITS)

  it.each<[JsonObject, JsonObject]>([
    [{}, { max_completion_tokens: 1000 }],
    [{ max_completion_tokens: 10 }, { max_completion_tokens: 10 }],
    [{ max_completion_tokens: 5000 }, { max_completion_tokens: 1000 }],
    [{ max_tokens: 5000 }, { max_tokens: 1000 }],
    [{ max_tokens: 10 }, { max_tokens: 10 }],
    [
      { max_tokens: 5000, max_completion_tokens: 7 },
      { max_tokens: 1000, max_completion_tokens: 7 },
    ],
    [{ max_tokens: null }, { max_tokens: null, max_completion_tokens: 1000 }],
    [{ max_tokens: 0 }, { max_tokens: 0, max_completion_tokens: 1000 }],
  ])('limits the output of chat: %j → %j', (extra, expected) => {
    const given = chat(extra)

    expect(prepare('chat.completions', given)).toEqual({
      body: { ...chat({}), ...expected },
      usageAddedByUs: false,
    })
    expect(given).toEqual(chat(extra))
  })

  it('asks a stream for its usage, and says so', () => {
    const added = { stream: true, max_tokens: 9, stream_options: { include_usage: true } }

    expect(prepare('chat.completions', chat({ stream: true, max_tokens: 9 }))).toEqual({
      body: chat(added),
      usageAddedByUs: true,
    })
    expect(
      prepare('chat.completions', chat({ ...added, stream_options: { include_usage: false } })),
    ).toEqual({ body: chat(added), usageAddedByUs: true })
    expect(prepare('chat.completions', chat(added))).toEqual({
      body: chat(added),
      usageAddedByUs: false,
    })
  })

  it('limits responses', () => {
    expect(prepare('responses', responses({})).body).toEqual(responses({ max_output_tokens: 1000 }))
    expect(prepare('responses', responses({ max_output_tokens: 9000, stream: true }))).toEqual({
      body: responses({ max_output_tokens: 1000, stream: true }),
      usageAddedByUs: false,
    })
  })

  it('sets no more than an older model takes', () => {
    const limits = { maxOutputTokens: 16_384 }
    const { body } = openai.prepareBody(
      endpointNamed('chat.completions'),
      chat({ model: 'gpt-4-turbo' }),
      limits,
    )

    expect(body['max_completion_tokens']).toBe(4096)
  })

  it.each([
    'embeddings',
    'images.generations',
    'audio.speech',
    'moderations',
    'responses.input_tokens',
    'audio.transcriptions',
  ])('adds nothing to %s', (name) => {
    const body = { model: 'm', input: 'x', stream: true }

    expect(prepare(name, body)).toEqual({ body, usageAddedByUs: false })
  })

  it('adds no limit to an older completion, which has its own', () => {
    expect(prepare('completions', { model: 'm', prompt: 'x' }).body).toEqual({
      model: 'm',
      prompt: 'x',
    })
    expect(
      prepare('completions', { model: 'm', prompt: 'x', max_tokens: 2000 }).body['max_tokens'],
    ).toBe(1000)
  })
})
