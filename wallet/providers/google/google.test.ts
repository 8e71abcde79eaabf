import { describe, expect, it } from 'vitest'
import { isWalletError, type JsonObject } from '../../protocol/index.ts'
import { playEvents, readClientRequests, readFixture } from '../__fixtures__/read-fixture.ts'
import { parseCallUrl } from '../call-url.ts'
import { matchEndpoint } from '../match-endpoint.ts'
import type { CallFacts, Endpoint } from '../provider.ts'
import { google } from './index.ts'

const HOST = 'https://generativelanguage.googleapis.com'

function endpointNamed(name: string): Endpoint {
  const found = google.endpoints.find((endpoint) => endpoint.name === name)
  if (!found) throw new TypeError(name)
  return found
}

function factsOf(
  body: JsonObject,
  model = 'gemini-3.5-flash',
  name = 'generateContent',
): CallFacts {
  const url = new URL(`${HOST}/v1beta/models/${model}:${name}`)
  return google.readFacts(endpointNamed(name), url, body)
}

function parts(...list: JsonObject[]): JsonObject {
  return { contents: [{ role: 'user', parts: list }] }
}

function reasonOf(read: () => unknown): string {
  try {
    read()
    return 'accepted'
  } catch (error) {
    if (isWalletError(error, 'request.invalid')) return error.details?.reason ?? ''
    throw error
  }
}

describe('what unmodified clients send', () => {
  it.each(readClientRequests('google').map((request, index) => ({ index, ...request })))(
    '$index $client $method $url needs nothing beyond its endpoint',
    ({ method, url, body }) => {
      const parsed = parseCallUrl(url)
      const match = matchEndpoint(google, method, parsed)
      if (match.outcome !== 'endpoint') throw new TypeError(match.outcome)

      const facts = google.readFacts(match.endpoint, parsed, body)

      expect(facts.needs).toEqual([])
      expect(facts.unbounded).toBe(false)
      expect(facts.stream).toBe(url.includes(':streamGenerateContent'))
    },
  )
})

describe('facts of generateContent', () => {
  it.each([
    [{ generationConfig: { maxOutputTokens: 70, candidateCount: 2 } }],
    [{ generation_config: { max_output_tokens: 70, candidate_count: 2 } }],
  ])('reads limits in both spellings: %j', (body) => {
    expect(factsOf(body)).toMatchObject({ model: 'gemini-3.5-flash', outputLimit: 70, choices: 2 })
  })

  it.each<[string, JsonObject]>([
    ['repeated name', { generationConfig: {}, generation_config: { maxOutputTokens: 9 } }],
    ['repeated name', { generationConfig: { maxOutputTokens: 9, max_output_tokens: 99_999 } }],
    ['repeated name', parts({ fileData: {}, file_data: {} })],
    ['maxOutputTokens', { generationConfig: { maxOutputTokens: '9' } }],
    ['candidateCount', { generationConfig: { candidateCount: 99_999 } }],
    ['model', { model: 'models/gemini-3.1-pro-preview' }],
    ['model', { generateContentRequest: { model: 'other' } }],
  ])('refuses %s: %j (C40, C41, C44)', (reason, body) => {
    expect(reasonOf(() => factsOf(body))).toBe(reason)
  })

  it('counts inline media by number and not as text', () => {
    const data = 'A'.repeat(5000)
    const facts = factsOf(
      parts(
        { inlineData: { mimeType: 'image/png', data } },
        { inline_data: { mime_type: 'audio/wav', data } },
        { inlineData: { mimeType: 'application/pdf', data } },
      ),
    )

    expect(facts.input).toMatchObject({ images: 1, files: 2 })
    expect(facts.input.textBytes).toBeLessThan(500)
    expect(
      factsOf(parts({ inlineData: { mimeType: 'text/csv', data } })).input.textBytes,
    ).toBeGreaterThan(5000)
  })

  it.each<[string, JsonObject, string[], boolean]>([
    ['cached content', { cachedContent: 'cachedContents/1' }, ['stored.ids'], false],
    [
      'cached content, other spelling',
      { cached_content: 'cachedContents/1' },
      ['stored.ids'],
      false,
    ],
    [
      'a stored file',
      parts({ fileData: { fileUri: `${HOST}/v1beta/files/abc` } }),
      ['stored.ids'],
      false,
    ],
    [
      'a film by address',
      parts({ file_data: { file_uri: 'https://www.youtube.com/watch?v=1' } }),
      ['stored.ids', 'tools.fetch'],
      false,
    ],
    [
      'a file in a tool result',
      parts({
        functionResponse: { name: 'f', response: {}, parts: [{ fileData: { fileUri: 'gs://x' } }] },
      }),
      ['stored.ids', 'tools.fetch'],
      false,
    ],
    ['search', { tools: [{ googleSearch: {} }] }, ['tools.fetch'], true],
    ['search, other spelling', { tools: [{ google_search: {} }] }, ['tools.fetch'], true],
    ['search, not in a list', { tools: { googleSearch: {} } }, ['tools.fetch'], true],
    [
      'search beside functions',
      { tools: [{ functionDeclarations: [], urlContext: {} }] },
      ['tools.fetch'],
      true,
    ],
    ['code', { tools: [{ codeExecution: {} }] }, ['tools.fetch'], true],
    [
      'file search',
      { tools: [{ fileSearch: { fileSearchStoreNames: ['x'] } }] },
      ['stored.ids'],
      true,
    ],
    ['a tool nobody knows', { tools: [{ teleport: {} }] }, ['tools.fetch'], true],
    ['pictures', { generationConfig: { responseModalities: ['TEXT', 'Image'] } }, ['image'], false],
    ['pictures, by number', { generationConfig: { responseModalities: [2] } }, ['image'], false],
    ['sound', { generation_config: { response_modalities: ['AUDIO'] } }, ['speech'], false],
    [
      'a modality nobody knows',
      { generationConfig: { responseModalities: ['SMELL'] } },
      ['video'],
      false,
    ],
    ['a dearer tier', { serviceTier: 'PRIORITY' }, [], true],
    [
      'another model by routing',
      { generationConfig: { routingConfig: { autoMode: {} } } },
      [],
      true,
    ],
    ['storing', { store: true }, ['stored.ids'], false],
  ])('%s needs its own capability (C38, C43)', (_, body, needs, unbounded) => {
    const facts = factsOf(body)

    expect(facts.needs).toEqual(needs)
    expect(facts.unbounded).toBe(unbounded)
  })

  it.each([
    ['gemini-2.5-flash-image', 'image'],
    ['gemini-3-pro-image-preview', 'image'],
    ['gemini-2.5-flash-preview-tts', 'speech'],
  ])('knows what %s makes by itself', (model, capability) => {
    expect(factsOf({}, model).needs).toEqual([capability])
    const chat = { model: `models/${model}`, messages: [] }
    const url = new URL(`${HOST}/v1beta/openai/chat/completions`)
    const facts = google.readFacts(endpointNamed('openai.chat.completions'), url, chat)

    expect(facts).toMatchObject({ model, needs: [capability] })
  })

  it('leaves alone what the app shapes itself', () => {
    const facts = factsOf({
      tools: [
        {
          functionDeclarations: [
            { name: 'f', parameters: { properties: { fileUri: {}, file_uri: {} } } },
          ],
        },
      ],
      contents: [
        {
          parts: [
            { functionCall: { name: 'f', args: { cachedContent: 'x' } } },
            { functionResponse: { name: 'f', response: { fileUri: 'x' } } },
          ],
        },
      ],
      store: false,
    })

    expect(facts.needs).toEqual([])
    expect(facts.unbounded).toBe(false)
  })

  it.each(['$httpMethod=DELETE', '$key=x', '%24httpHeaders=x'])('refuses ?%s (C31)', (query) => {
    const url = new URL(`${HOST}/v1beta/models?${query}`)

    expect(reasonOf(() => google.readFacts(endpointNamed('models'), url, null))).toBe('query')
  })
})

describe('facts of other endpoints', () => {
  it('lets a batch embed with one model only (C40)', () => {
    const request = (model: string) => ({ model, content: { parts: [{ text: 'a' }] } })
    const batch = (second: string) => ({ requests: [request('models/e'), request(second)] })

    expect(factsOf(batch('models/e'), 'e', 'batchEmbedContents')).toMatchObject({
      model: 'e',
      outputLimit: 0,
      input: { messages: 2 },
    })
    expect(reasonOf(() => factsOf(batch('models/f'), 'e', 'batchEmbedContents'))).toBe('model')
  })

  it('counts the pictures of Imagen, four where nothing is said', () => {
    const read = (body: JsonObject) => factsOf(body, 'imagen-4.0-generate-001', 'predict')

    expect(read({ instances: [{ prompt: 'a' }] }).choices).toBe(4)
    expect(read({ instances: [{ prompt: 'a' }], parameters: { sampleCount: 2 } }).choices).toBe(2)
    expect(
      read({ instances: [{ prompt: 'a' }], parameters: { storageUri: 'gs://x' } }).needs,
    ).toEqual(['stored.ids'])
  })
})

describe('prepareBody', () => {
  const prepare = (body: JsonObject, name = 'generateContent') =>
    google.prepareBody(endpointNamed(name), body, { maxOutputTokens: 1000 })

  it.each<[JsonObject, JsonObject]>([
    [{}, { generationConfig: { maxOutputTokens: 1000 } }],
    [{ generationConfig: { topK: 1 } }, { generationConfig: { topK: 1, maxOutputTokens: 1000 } }],
    [{ generationConfig: { maxOutputTokens: 9 } }, { generationConfig: { maxOutputTokens: 9 } }],
    [
      { generationConfig: { maxOutputTokens: 9999 } },
      { generationConfig: { maxOutputTokens: 1000 } },
    ],
    [
      { generation_config: { max_output_tokens: 9999 } },
      { generation_config: { max_output_tokens: 1000 } },
    ],
  ])('limits the output: %j → %j', (given, expected) => {
    expect(prepare(given)).toEqual({ body: expected, usageAddedByUs: false })
    expect(prepare(given, 'streamGenerateContent').body).toEqual(expected)
  })

  it('adds nothing elsewhere', () => {
    for (const name of [
      'countTokens',
      'embedContent',
      'batchEmbedContents',
      'predict',
      'openai.embeddings',
    ]) {
      expect(prepare({ model: 'm' }, name)).toEqual({ body: { model: 'm' }, usageAddedByUs: false })
    }
  })
})

describe('usage', () => {
  const USAGE = { input: 40, cachedInput: 80, cacheWriteInput: 0, output: 40, reasoning: 25 }
  const reader = (name = 'generateContent') =>
    google.createUsageReader(endpointNamed(name), { usageAddedByUs: false })

  it.each(['generate.json', 'stream-array.json'])('reads %s: thoughts are output too', (file) => {
    const usage = reader()
    usage.body(readFixture(`google/${file}`))

    expect(usage.result()).toEqual({ usage: USAGE, final: true })
  })

  it('takes the last chunk of a stream', () => {
    const usage = reader('streamGenerateContent')

    expect(playEvents(usage, readFixture('google/stream.sse'))).toHaveLength(2)
    expect(usage.result()).toEqual({ usage: USAGE, final: true })
  })

  it('says that more may come while no answer has ended', () => {
    const usage = reader('streamGenerateContent')
    usage.event(JSON.stringify({ candidates: [{}], usageMetadata: { promptTokenCount: 5 } }))

    expect(usage.result()).toMatchObject({ usage: { input: 5, output: 0 }, final: false })
  })

  it('is final for a refused prompt', () => {
    const usage = reader('streamGenerateContent')
    usage.event(
      JSON.stringify({
        promptFeedback: { blockReason: 'SAFETY' },
        usageMetadata: { promptTokenCount: 5 },
      }),
    )

    expect(usage.result()).toMatchObject({ final: true })
  })

  it('counts the prompts of tools as input', () => {
    const usage = reader()
    usage.body(
      JSON.stringify({
        usageMetadata: { promptTokenCount: 5, toolUsePromptTokenCount: 7, totalTokenCount: 20 },
      }),
    )

    expect(usage.result()?.usage).toMatchObject({ input: 12, output: 8 })
  })

  it.each<JsonObject>([
    { promptTokenCount: -1 },
    { promptTokenCount: '5' },
    { candidatesTokenCount: 5 },
    { promptTokenCount: 5, candidatesTokenCount: 0.5 },
    { promptTokenCount: 5, thoughtsTokenCount: 1e10 },
    { promptTokenCount: 5, cachedContentTokenCount: 6 },
  ])('believes no usage of %j (C69)', (usageMetadata) => {
    const usage = reader()
    usage.body(JSON.stringify({ usageMetadata }))

    expect(usage.result()).toBeNull()
  })

  it.each(['', '[', '[{"usageMetadata":', '{}', '{"usageMetadata":{}}', 'null'])(
    'finds nothing in %j',
    (text) => {
      const usage = reader()
      expect(usage.event(text)).toBe(true)
      usage.body(text)

      expect(usage.result()).toBeNull()
    },
  )
})

describe('errors and the key check', () => {
  const refusal = { code: 'budget.exceeded', message: 'Too dear.', status: 402 } as const

  it('words a refusal as the API would', () => {
    expect(google.errorBody(refusal)).toEqual({
      error: {
        code: 402,
        message: 'Too dear.',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'budget.exceeded',
            domain: 'valetkey',
          },
        ],
      },
    })
    expect(google.streamError(refusal)).toMatch(/^data: \{"error":.*\}\n\n$/)
  })

  it.each([
    [200, 'generate.json', 'works'],
    [400, 'error-400-key.json', 'refused'],
    [400, 'error-400-location.json', 'limited'],
    [401, 'error-400-key.json', 'refused'],
    [403, 'error-400-location.json', 'limited'],
    [503, 'error-400-location.json', 'unreachable'],
  ])('reads a key check of %i %s as %s', (status, file, outcome) => {
    expect(google.judgeKeyCheck(status, readFixture(`google/${file}`))).toBe(outcome)
  })

  it('takes no unreadable answer for a bad key', () => {
    expect(google.judgeKeyCheck(400, '<html>')).toBe('limited')
  })
})
