import { describe, expect, it } from 'vitest'
import { playEvents, readFixture } from '../__fixtures__/read-fixture.ts'
import type { Endpoint } from '../provider.ts'
import { openai } from './index.ts'

function endpointNamed(name: string): Endpoint {
  const found = openai.endpoints.find((endpoint) => endpoint.name === name)
  if (!found) throw new TypeError(name)
  return found
}

describe('usage', () => {
  const USAGE = { input: 40, cachedInput: 64, cacheWriteInput: 16, output: 40, reasoning: 25 }
  const reader = (name: string, usageAddedByUs = false) =>
    openai.createUsageReader(endpointNamed(name), { usageAddedByUs })

  it.each([
    ['chat.completions', 'chat.json'],
    ['responses', 'responses.json'],
  ])('reads a whole reply of %s', (name, file) => {
    const usage = reader(name)
    usage.body(readFixture(`openai/${file}`))

    expect(usage.result()).toEqual({ usage: USAGE, final: true })
  })

  it('reads streams, and drops the event the app did not ask for', () => {
    const transcript = readFixture('openai/chat.sse')
    const asked = reader('chat.completions')
    const added = reader('chat.completions', true)

    expect(playEvents(asked, transcript)).toHaveLength(6)
    const passed = playEvents(added, transcript)

    expect(passed).toHaveLength(5)
    expect(passed.at(-1)).toBe('[DONE]')
    expect(asked.result()).toEqual({ usage: USAGE, final: true })
    expect(added.result()).toEqual({ usage: USAGE, final: true })
  })

  it('reads a stream of responses', () => {
    const usage = reader('responses')

    expect(playEvents(usage, readFixture('openai/responses.sse'))).toHaveLength(3)
    expect(usage.result()).toEqual({ usage: USAGE, final: true })
  })

  it.each(['response.incomplete', 'response.failed'])('is billed for %s', (type) => {
    const usage = reader('responses')
    usage.event(
      JSON.stringify({ type, response: { usage: { input_tokens: 3, output_tokens: 4 } } }),
    )

    expect(usage.result()?.usage).toMatchObject({ input: 3, output: 4 })
  })

  it.each([
    ['embeddings', 'embeddings.json', { input: 8, output: 0 }],
    ['images.generations', 'images.json', { input: 50, output: 250 }],
    ['audio.transcriptions', 'transcription.json', { input: 20, output: 10 }],
    ['audio.transcriptions', 'transcription-duration.json', { input: 0, output: 0, seconds: 7 }],
  ])('reads %s', (name, file, expected) => {
    const usage = reader(name)
    usage.body(readFixture(`openai/${file}`))

    expect(usage.result()?.usage).toMatchObject(expected)
  })

  it('counts what only the total holds as output', () => {
    const usage = reader('chat.completions')
    usage.body(
      JSON.stringify({ usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 40 } }),
    )

    expect(usage.result()?.usage.output).toBe(30)
  })

  it.each([-1, 1.5, '7', null, 1e308, 1_000_000_001, undefined, Number.NaN])(
    'believes no count of %j (C69)',
    (count) => {
      for (const name of ['prompt_tokens', 'completion_tokens']) {
        const usage = reader('chat.completions')
        usage.body(
          JSON.stringify({ usage: { prompt_tokens: 1, completion_tokens: 1, [name]: count } }),
        )
        expect(usage.result()).toBeNull()
      }
    },
  )

  it.each([
    { prompt_tokens: 5, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 6 } },
    { prompt_tokens: 5, completion_tokens: 5, prompt_tokens_details: { cached_tokens: -1 } },
    { prompt_tokens: 5, completion_tokens: 5, completion_tokens_details: { reasoning_tokens: 6 } },
  ])('believes no parts greater than the whole: %j (C69)', (report) => {
    const usage = reader('chat.completions')
    usage.body(JSON.stringify({ usage: report }))

    expect(usage.result()).toBeNull()
  })

  it.each(['', 'not json', '[]', '{}', '{"usage":null}', '{"usage":[]}', '"usage"'])(
    'finds nothing in %j and lets it pass',
    (text) => {
      for (const name of ['chat.completions', 'responses', 'embeddings', 'images.generations']) {
        const usage = reader(name, true)
        expect(usage.event(text)).toBe(true)
        usage.body(text)
        expect(usage.result()).toBeNull()
      }
    },
  )

  it('takes back what it believed when the last word is absurd', () => {
    const usage = reader('chat.completions')
    usage.event(JSON.stringify({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }))
    usage.event(JSON.stringify({ choices: [], usage: { prompt_tokens: -1, completion_tokens: 1 } }))

    expect(usage.result()).toBeNull()
  })

  it('costs nothing to list models or count tokens', () => {
    for (const name of ['models', 'responses.input_tokens', 'moderations']) {
      expect(reader(name).result()?.usage).toEqual({
        input: 0,
        cachedInput: 0,
        cacheWriteInput: 0,
        output: 0,
        reasoning: 0,
      })
    }
  })
})

describe('errors and the key check', () => {
  it('words a refusal as the API would', () => {
    expect(
      openai.errorBody({ code: 'budget.exceeded', message: 'Too dear.', status: 402 }),
    ).toEqual({
      error: {
        message: 'Too dear.',
        type: 'insufficient_quota',
        param: null,
        code: 'budget.exceeded',
      },
    })
  })

  it('ends a stream with an event of both its APIs', () => {
    const event =
      openai.streamError({ code: 'provider.network', message: 'Gone.', status: 502 }) ?? ''

    expect(event).toMatch(/^event: error\ndata: \{.*\}\n\n$/)
    expect(event).toContain('"code":"provider.network"')
    expect(event).toContain('"error":{"message":"Gone."')
  })

  it.each([
    [200, 'works'],
    [401, 'refused'],
    [403, 'limited'],
    [429, 'limited'],
    [500, 'unreachable'],
    [0, 'unreachable'],
  ])('reads a key check of %i as %s', (status, outcome) => {
    expect(openai.judgeKeyCheck(status, readFixture('openai/error-401.json'))).toBe(outcome)
  })
})
