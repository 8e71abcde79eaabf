import { describe, expect, it } from 'vitest'
import { PROVIDER_IDS, type JsonObject, type ProviderId } from '../protocol/index.ts'
import { isMarked } from './__fixtures__/read-fixture.ts'
import { PROVIDERS } from './catalogue.ts'
import type { Endpoint } from './provider.ts'

function endpointOf(id: ProviderId, name: string): Endpoint {
  const found = PROVIDERS[id].endpoints.find((endpoint) => endpoint.name === name)
  if (!found) throw new TypeError(`${id} ${name}`)
  return found
}

const URLS = new URL('https://any.example.test/v1/chat/completions')
const factsOf = (id: ProviderId, name: string, body: JsonObject, url = URLS) =>
  PROVIDERS[id].readFacts(endpointOf(id, name), url, body)
const chatOf = (id: ProviderId, more: JsonObject = {}) =>
  factsOf(id, 'chat', { model: 'some-model', messages: [], ...more })

describe('every provider', () => {
  it.each(PROVIDER_IDS)('%s words a refusal with our code and sentence in it', (id) => {
    const refusal = { code: 'vault.locked', message: 'It is locked.', status: 423 } as const
    const body = JSON.stringify(PROVIDERS[id].errorBody(refusal))
    const event = PROVIDERS[id].streamError(refusal)

    expect(body).toContain('vault.locked')
    expect(body).toContain('It is locked.')
    if (event !== null) {
      expect(event).toContain('It is locked.')
      expect(event.endsWith('\n\n')).toBe(true)
    }
  })

  it.each(PROVIDER_IDS)('%s takes no key where its check says no', (id) => {
    const { judgeKeyCheck } = PROVIDERS[id]

    expect(judgeKeyCheck(401, '')).toBe('refused')
    expect(judgeKeyCheck(429, '')).toBe('limited')
    expect(judgeKeyCheck(503, '')).toBe('unreachable')
  })

  it.each(PROVIDER_IDS)('%s sets the output limit on every chat of the dialect', (id) => {
    const provider = PROVIDERS[id]
    const chats = provider.endpoints.filter(({ path, capability }) => {
      return capability === 'chat' && path.source.endsWith('chat\\/completions$')
    })
    for (const endpoint of chats) {
      const body = { model: 'm', messages: [], max_tokens: 50_000 }
      const none = provider.prepareBody(endpoint, { model: 'm', messages: [] }, LIMITS).body

      expect(provider.prepareBody(endpoint, body, LIMITS).body['max_tokens']).toBe(900)
      expect(none['max_tokens'] ?? none['max_completion_tokens']).toBe(900)
    }
  })
})

const LIMITS = { maxOutputTokens: 900 }

describe('the dialect', () => {
  it('asks a stream for its usage, but where it comes unasked', () => {
    const body = { model: 'm', messages: [], stream: true }
    const asked = (id: ProviderId) =>
      PROVIDERS[id].prepareBody(endpointOf(id, 'chat'), body, LIMITS)

    expect(asked('deepseek').body['stream_options']).toEqual({ include_usage: true })
    expect(asked('mistral')).toMatchObject({ usageAddedByUs: false })
    expect(asked('mistral').body).not.toHaveProperty('stream_options')
  })

  it.each<[ProviderId, string]>([
    ['openrouter', 'models'],
    ['openrouter', 'route'],
    ['openrouter', 'preset'],
    ['xai', 'deferred'],
  ])('%s: refuses %s, behind which another model or a later answer stands (C40)', (id, member) => {
    expect(() => chatOf(id, { [member]: ['another'] })).toThrow()
    expect(() => chatOf(id, { [member]: null })).not.toThrow()
  })

  it.each<[ProviderId, JsonObject]>([
    ['openrouter', { model: 'openai/gpt-5.4:online' }],
    ['openrouter', { plugins: [{ id: 'web' }] }],
    ['xai', { search_parameters: { mode: 'on' } }],
    ['alibaba', { enable_search: true }],
    ['perplexity', { model: 'sonar' }],
  ])('%s: %j searches the web and costs by the search (C43)', (id, more) => {
    expect(chatOf(id, more)).toMatchObject({ needs: ['tools.fetch'], unbounded: true })
  })

  it.each<[JsonObject, number]>([
    [{ prompt_tokens_details: { cached_tokens: 4 } }, 4],
    [{ prompt_cache_hit_tokens: 4 }, 4],
    [{ cached_tokens: 4 }, 4],
    [{ num_cached_tokens: 4 }, 4],
    [{}, 0],
  ])('reads what was cached from %j', (more, cached) => {
    const reader = PROVIDERS.deepseek.createUsageReader(endpointOf('deepseek', 'chat'), {
      usageAddedByUs: false,
    })
    reader.body(JSON.stringify({ usage: { prompt_tokens: 10, completion_tokens: 3, ...more } }))

    expect(reader.result()?.usage).toMatchObject({ input: 10 - cached, cachedInput: cached })
  })

  it('reads the total where embeddings name nothing else', () => {
    const reader = PROVIDERS.jina.createUsageReader(endpointOf('jina', 'embeddings'), {
      usageAddedByUs: false,
    })
    reader.body('{"usage":{"total_tokens":7}}')

    expect(reader.result()?.usage.input).toBe(7)
  })
})

describe('keys that administer an account (C39)', () => {
  it.each<[ProviderId, number, string, string]>([
    ['openrouter', 200, '{"data":{"is_management_key":true}}', 'refused'],
    ['openrouter', 200, '{"data":{"is_provisioning_key":true}}', 'refused'],
    ['openrouter', 200, '{"data":{"is_management_key":false}}', 'works'],
    ['fal', 200, '{}', 'refused'],
    ['fal', 403, '{}', 'works'],
    ['xai', 400, '{"error":"Incorrect API key provided: xa***xy"}', 'refused'],
    ['minimax', 200, '{"base_resp":{"status_code":1004}}', 'refused'],
    ['minimax', 200, '{"data":[]}', 'works'],
    ['elevenlabs', 401, '{"detail":{"status":"missing_permissions"}}', 'limited'],
    ['sambanova', 400, '', 'works'],
  ])('%s %i %s: %s', (id, status, body, outcome) => {
    expect(PROVIDERS[id].judgeKeyCheck(status, body)).toBe(outcome)
  })
})

describe('shapes of their own', () => {
  const usageOf = (id: ProviderId, name: string, feed: readonly string[], text?: string) => {
    const reader = PROVIDERS[id].createUsageReader(endpointOf(id, name), { usageAddedByUs: false })
    for (const event of feed) if (isMarked(reader, event)) reader.event(event)
    if (text !== undefined) reader.body(text)
    return reader.result()?.usage
  }
  const billed = '"usage":{"billed_units":{"input_tokens":5,"output_tokens":8},"tokens":{}}'

  it('Cohere: what is billed, whole and streamed', () => {
    const end = `{"type":"message-end","delta":{${billed}}}`
    const lines = `{"event_type":"text-generation"}\n{"event_type":"stream-end","response":{"meta":{"billed_units":{"input_tokens":5,"output_tokens":8}}}}\n`

    expect(usageOf('cohere', 'own.chat', [], `{${billed}}`)).toMatchObject({ input: 5, output: 8 })
    expect(usageOf('cohere', 'own.chat', ['{"type":"content-delta"}', end])?.output).toBe(8)
    expect(usageOf('cohere', 'own.chat', [], lines)).toMatchObject({ input: 5, output: 8 })
    const prepared = PROVIDERS.cohere.prepareBody(
      endpointOf('cohere', 'own.chat'),
      { model: 'command-a-03-2025', messages: [], stream: true },
      LIMITS,
    )
    expect(prepared.body).toEqual({ ...prepared.body, max_tokens: 900 })
    expect(prepared.body).not.toHaveProperty('stream_options')
  })

  it('Ollama: counts of the last line, and a limit in its options', () => {
    const lines =
      '{"message":{"content":"a"}}\n{"done":true,"prompt_eval_count":4,"eval_count":9}\n'
    const prepared = PROVIDERS.ollama.prepareBody(
      endpointOf('ollama', 'own.chat'),
      { model: 'llama3.2', messages: [], options: { num_predict: -1, seed: 1 } },
      LIMITS,
    )

    expect(usageOf('ollama', 'own.chat', [], lines)).toMatchObject({ input: 4, output: 9 })
    expect(prepared.body['options']).toEqual({ num_predict: 900, seed: 1 })
  })

  it.each<[string, string]>([
    ['black-forest-labs/flux-schnell', 'image'],
    ['openai/gpt-5-mini', 'chat'],
    ['openai/gpt-image-1', 'image'],
    ['openai/whisper', 'transcription'],
    ['minimax/speech-02-hd', 'speech'],
    ['google/veo-3', 'video'],
  ])('Replicate: %s is for %s, and asked about', (model, capability) => {
    const path = `https://api.replicate.com/v1/models/${model}/predictions`
    const facts = factsOf(
      'replicate',
      'models.predictions',
      { input: { prompt: 'x' } },
      new URL(path),
    )

    expect(facts).toMatchObject({ model, capability, unbounded: true, needs: [] })
  })

  it('an address in the input of a run, or for its results, reaches out (C43)', () => {
    const url = new URL('https://api.replicate.com/v1/predictions')
    const body = { version: 'a/b:c', input: { picture: 'https://inner.example/x.png' } }
    const hooked = { version: 'a/b:c', input: {}, webhook: 'https://evil.test' }

    expect(factsOf('replicate', 'predictions', body, url).needs).toEqual(['tools.fetch'])
    expect(factsOf('replicate', 'predictions', hooked, url).needs).toEqual(['tools.fetch'])
    const fal = new URL('https://fal.run/fal-ai/flux/dev?fal_webhook=https://evil.test')
    expect(() => factsOf('fal', 'run', { prompt: 'x' }, fal)).toThrow()
    const deepgram = new URL('https://api.deepgram.com/v1/listen?callback=https://evil.test')
    expect(() => factsOf('deepgram', 'listen', {}, deepgram)).toThrow()
  })

  it('the model in an address is the only one there: of two nobody can tell which is served (C40)', () => {
    const at = (query: string) => new URL(`https://api.deepgram.com/v1/listen${query}`)
    const modelAt = (query: string) => factsOf('deepgram', 'listen', {}, at(query)).model

    expect(modelAt('?model=nova-3')).toBe('nova-3')
    expect(modelAt('')).toBeNull()
    for (const query of [
      '?model=nova-3&model=whisper-large',
      '?model=',
      `?model=${'x'.repeat(201)}`,
    ]) {
      expect(() => modelAt(query), query).toThrow()
    }
  })
})
