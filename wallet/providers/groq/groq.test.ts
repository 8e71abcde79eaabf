import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../protocol/index.ts'
import {
  eventsOf,
  playEvents,
  readClientRequests,
  readFixture,
} from '../__fixtures__/read-fixture.ts'
import { parseCallUrl } from '../call-url.ts'
import { matchEndpoint } from '../match-endpoint.ts'
import type { Endpoint } from '../provider.ts'
import { groq } from './index.ts'

function endpointNamed(name: string): Endpoint {
  const found = groq.endpoints.find((endpoint) => endpoint.name === name)
  if (!found) throw new TypeError(name)
  return found
}

const CHAT = endpointNamed('chat.completions')
const USAGE = { input: 56, cachedInput: 64, cacheWriteInput: 0, output: 40, reasoning: 25 }

function factsOf(extra: JsonObject) {
  const url = new URL('https://api.groq.com/openai/v1/chat/completions')
  return groq.readFacts(CHAT, url, { model: 'openai/gpt-oss-20b', messages: [], ...extra })
}

describe('what unmodified clients send', () => {
  it.each(readClientRequests('groq').map((request, index) => ({ index, ...request })))(
    '$index $client $method $url needs nothing beyond its endpoint',
    ({ method, url, body }) => {
      const parsed = parseCallUrl(url)
      const match = matchEndpoint(groq, method, parsed)
      if (match.outcome !== 'endpoint') throw new TypeError(match.outcome)

      const facts = groq.readFacts(match.endpoint, parsed, body)

      expect(facts.needs).toEqual([])
      expect(facts.unbounded).toBe(false)
    },
  )
})

describe('facts', () => {
  it.each<[string, JsonObject]>([
    ['compound models', { model: 'groq/compound' }],
    ['compound models', { model: 'compound-beta-mini' }],
    ['its own tools', { tools: [{ type: 'browser_search' }] }],
    ['its own tools', { tools: [{ type: 'code_interpreter' }] }],
    ['compound settings', { compound_custom: { tools: { enabled_tools: ['web_search'] } } }],
    ['search settings', { search_settings: { country: 'de' } }],
  ])('%s reach out and cost by the call: %j (C43)', (_, extra) => {
    expect(factsOf(extra)).toMatchObject({ needs: ['tools.fetch'], unbounded: true })
  })

  it.each(['auto', 'on_demand', 'flex'])('has the price of tier %s', (tier) => {
    expect(factsOf({ service_tier: tier }).unbounded).toBe(false)
  })

  it('asks about a tier without a price', () => {
    expect(factsOf({ service_tier: 'performance' }).unbounded).toBe(true)
  })
})

describe('prepareBody', () => {
  it('sets the limit and asks a stream for its usage', () => {
    const body = { model: 'openai/gpt-oss-20b', messages: [], stream: true }

    expect(groq.prepareBody(CHAT, body, { maxOutputTokens: 500 })).toEqual({
      body: { ...body, max_completion_tokens: 500, stream_options: { include_usage: true } },
      usageAddedByUs: true,
    })
  })

  it('sets no more than a small model takes', () => {
    const body = { model: 'meta-llama/llama-4-scout-17b-16e-instruct', messages: [] }
    const prepared = groq.prepareBody(CHAT, body, { maxOutputTokens: 16_384 })

    expect(prepared.body['max_completion_tokens']).toBe(8192)
  })

  it('adds nothing to embeddings', () => {
    const body = { model: 'm', input: 'x' }

    expect(
      groq.prepareBody(endpointNamed('embeddings'), body, { maxOutputTokens: 5 }).body,
    ).toEqual(body)
  })
})

describe('usage', () => {
  it('reads a whole reply', () => {
    const usage = groq.createUsageReader(CHAT, { usageAddedByUs: false })
    usage.body(readFixture('groq/chat.json'))

    expect(usage.result()).toEqual({ usage: USAGE, final: true })
  })

  it('drops only the event the app did not ask for', () => {
    const transcript = readFixture('groq/chat.sse')
    const usage = groq.createUsageReader(CHAT, { usageAddedByUs: true })
    const all = eventsOf(transcript)

    expect(playEvents(usage, transcript)).toEqual([...all.slice(0, 3), '[DONE]'])
    expect(usage.result()).toEqual({ usage: USAGE, final: true })
  })

  it('reads x_groq where that is all there is', () => {
    const usage = groq.createUsageReader(CHAT, { usageAddedByUs: true })
    for (const event of eventsOf(readFixture('groq/chat.sse')).slice(0, 3)) {
      expect(usage.event(event)).toBe(true)
    }

    expect(usage.result()).toEqual({ usage: USAGE, final: true })
  })

  it.each([
    ['{"text":"hi","duration":12.3}', { seconds: 13 }],
    ['{"text":"hi","duration":0}', { seconds: 0 }],
  ])('reads how long a recording was out of %s', (body, seconds) => {
    const usage = groq.createUsageReader(endpointNamed('audio.transcriptions'), {
      usageAddedByUs: false,
    })
    usage.body(body)

    expect(usage.result()).toMatchObject({
      usage: { input: 0, output: 0, ...seconds },
      final: true,
    })
  })

  it.each(['-1', '"12"', '1e300', 'null'])('takes %s for no length', (duration) => {
    const usage = groq.createUsageReader(endpointNamed('audio.transcriptions'), {
      usageAddedByUs: false,
    })
    usage.body(`{"text":"hi","duration":${duration}}`)

    expect(usage.result()).toBeNull()
  })

  it.each(['audio.transcriptions', 'audio.speech'])('reports nothing for %s', (name) => {
    const usage = groq.createUsageReader(endpointNamed(name), { usageAddedByUs: false })
    usage.body('{"text":"hi","usage":{"prompt_tokens":1,"completion_tokens":1}}')

    expect(usage.result()).toBeNull()
  })
})

describe('errors and the key check', () => {
  it('words a refusal as the API would', () => {
    expect(groq.errorBody({ code: 'vault.locked', message: 'Locked.', status: 423 })).toEqual({
      error: {
        message: 'Locked.',
        type: 'invalid_request_error',
        param: null,
        code: 'vault.locked',
      },
    })
  })

  it('reads a key check', () => {
    expect(groq.judgeKeyCheck(401, readFixture('groq/error-401.json'))).toBe('refused')
    expect(groq.judgeKeyCheck(200, '{}')).toBe('works')
  })
})
