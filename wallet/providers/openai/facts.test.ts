import { describe, expect, it } from 'vitest'
import { isWalletError, type JsonObject } from '../../protocol/index.ts'
import { readClientRequests } from '../__fixtures__/read-fixture.ts'
import { parseCallUrl } from '../call-url.ts'
import { matchEndpoint } from '../match-endpoint.ts'
import type { CallFacts, Endpoint } from '../provider.ts'
import { openai } from './index.ts'

const IMAGE = `data:image/png;base64,${'A'.repeat(5000)}`

function endpointNamed(name: string): Endpoint {
  const found = openai.endpoints.find((endpoint) => endpoint.name === name)
  if (!found) throw new TypeError(name)
  return found
}

function factsOf(name: string, body: JsonObject): CallFacts {
  return openai.readFacts(endpointNamed(name), new URL('https://api.openai.com/x'), body)
}

function chat(extra: JsonObject): JsonObject {
  return { model: 'gpt-5.4', messages: [{ role: 'user', content: 'Hi' }], ...extra }
}

function responses(extra: JsonObject): JsonObject {
  return { model: 'gpt-5.4', input: 'Hi', ...extra }
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
  it.each(readClientRequests('openai').map((request, index) => ({ index, ...request })))(
    '$index $client $method $url needs nothing beyond its endpoint',
    ({ method, url, body }) => {
      const parsed = parseCallUrl(url)
      const match = matchEndpoint(openai, method, parsed)
      if (match.outcome !== 'endpoint') throw new TypeError(match.outcome)

      const facts = openai.readFacts(match.endpoint, parsed, body)

      expect(facts.needs).toEqual([])
      expect(facts.unbounded).toBe(false)
      expect(facts.path).toBe(parsed.pathname)
    },
  )
})

describe('facts of chat completions', () => {
  it('reads model, stream, limit, choices and sizes', () => {
    const facts = factsOf(
      'chat.completions',
      chat({
        stream: true,
        max_completion_tokens: 50,
        max_tokens: 70,
        n: 3,
        tools: [{ type: 'function', function: { name: 'a' } }],
      }),
    )

    expect(facts).toMatchObject({ model: 'gpt-5.4', stream: true, outputLimit: 70, choices: 3 })
    expect(facts.input).toMatchObject({ messages: 1, tools: 1, images: 0, files: 0 })
  })

  it('counts text in UTF-8 bytes, names and schemas included', () => {
    const base = factsOf('chat.completions', chat({ user: '' })).input.textBytes

    expect(factsOf('chat.completions', chat({ user: 'aé€😀' })).input.textBytes - base).toBe(10)
    expect(
      factsOf(
        'chat.completions',
        chat({
          user: '',
          tools: [{ type: 'function', function: { name: 'f', parameters: { ab: 'cd' } } }],
        }),
      ).input.textBytes,
    ).toBeGreaterThanOrEqual(base + 'abcd'.length)
  })

  it('counts inline media by number and not as text', () => {
    const parts: JsonObject[] = [
      { type: 'image_url', image_url: { url: IMAGE } },
      { type: 'input_audio', input_audio: { data: 'A'.repeat(5000), format: 'wav' } },
      {
        type: 'file',
        file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${'A'.repeat(5000)}` },
      },
    ]
    const facts = factsOf(
      'chat.completions',
      chat({ messages: [{ role: 'user', content: parts }] }),
    )

    expect(facts.input).toMatchObject({ images: 1, files: 2 })
    expect(facts.input.textBytes).toBeLessThan(500)
    expect(facts.needs).toEqual([])
  })

  it('counts an inline text file as the text it is billed for', () => {
    const part = { type: 'file', file: { file_data: `data:text/plain;base64,${'A'.repeat(5000)}` } }
    const facts = factsOf(
      'chat.completions',
      chat({ messages: [{ role: 'user', content: [part] }] }),
    )

    expect(facts.input.textBytes).toBeGreaterThan(5000)
  })

  it.each<[string, JsonObject, string[], boolean]>([
    ['store', { store: true }, ['stored.ids'], false],
    [
      'file_id',
      { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }] },
      ['stored.ids'],
      false,
    ],
    [
      'an earlier answer in sound',
      { messages: [{ role: 'assistant', audio: { id: 'audio_1' } }] },
      ['stored.ids'],
      false,
    ],
    [
      'image by address',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: { url: 'https://example.test/a.png' } }],
          },
        ],
      },
      ['tools.fetch'],
      false,
    ],
    [
      'image by address, as text',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: 'HTTP://example.test/a.png' }],
          },
        ],
      },
      ['tools.fetch'],
      false,
    ],
    [
      'image by another scheme',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: { url: ' https://example.test' } }],
          },
        ],
      },
      ['tools.fetch'],
      false,
    ],
    ['web search options', { web_search_options: {} }, ['tools.fetch'], true],
    ['a searching model', { model: 'gpt-4o-search-preview' }, ['tools.fetch'], true],
    [
      'sound out',
      { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'mp3' } },
      ['speech'],
      false,
    ],
    ['a dearer tier', { service_tier: 'priority' }, [], true],
    ['an unknown tier', { service_tier: 7 }, [], true],
    ['a tool nobody knows', { tools: [{ type: 'teleport' }] }, ['tools.fetch'], true],
    ['a tool without type and name', { tools: [{ google_search: {} }] }, ['tools.fetch'], true],
    [
      'cached content of another layer',
      { extra_body: { google: { cached_content: 'cachedContents/1' } } },
      ['stored.ids'],
      false,
    ],
  ])('%s needs its own capability (C38, C43, C44)', (_, extra, needs, unbounded) => {
    const facts = factsOf('chat.completions', chat(extra))

    expect(facts.needs).toEqual(needs)
    expect(facts.unbounded).toBe(unbounded)
  })

  it('leaves alone what the app shapes itself', () => {
    const facts = factsOf(
      'chat.completions',
      chat({
        store: false,
        service_tier: 'auto',
        metadata: { file_id: 'mine' },
        tools: [
          {
            type: 'function',
            function: {
              name: 'f',
              parameters: { properties: { file_id: {}, image_url: 'https://x.test' } },
            },
          },
        ],
      }),
    )

    expect(facts.needs).toEqual([])
    expect(facts.unbounded).toBe(false)
  })

  it.each<[string, JsonObject]>([
    ['model', { model: null }],
    ['model', { model: '' }],
    ['model', { model: 'm'.repeat(201) }],
    ['model', { model: ['gpt-5.4'] }],
    ['max_tokens', { max_tokens: '100' }],
    ['max_tokens', { max_tokens: -1 }],
    ['max_completion_tokens', { max_completion_tokens: 1.5 }],
    ['max_completion_tokens', { max_completion_tokens: 1e308 }],
    ['n', { n: 0 }],
    ['n', { n: 1000 }],
    ['n', { n: '2' }],
    ['stream', { stream: 'true' }],
    ['stream', { stream: 1 }],
  ])('refuses a %s no bound can rest on: %j (C44)', (reason, extra) => {
    expect(reasonOf(() => factsOf('chat.completions', chat(extra)))).toBe(reason)
  })

  it('refuses a call without a body', () => {
    const url = new URL('https://api.openai.com/v1/chat/completions')

    expect(reasonOf(() => openai.readFacts(endpointNamed('chat.completions'), url, null))).toBe(
      'body',
    )
  })
})

describe('facts of responses', () => {
  it.each<[string, JsonObject, string[], boolean]>([
    ['previous_response_id', { previous_response_id: 'resp_1' }, ['stored.ids'], false],
    ['conversation', { conversation: { id: 'conv_1' } }, ['stored.ids'], false],
    ['a stored prompt', { prompt: { id: 'pmpt_1' } }, ['stored.ids'], false],
    ['store', { store: true }, ['stored.ids'], false],
    [
      'a file by id',
      { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] },
      ['stored.ids'],
      false,
    ],
    [
      'a file by address',
      {
        input: [
          {
            role: 'user',
            content: [{ type: 'input_file', file_url: 'https://example.test/a.pdf' }],
          },
        ],
      },
      ['tools.fetch'],
      false,
    ],
    [
      'an image by address',
      {
        input: [
          {
            role: 'user',
            content: [{ type: 'input_image', image_url: 'https://example.test/a.png' }],
          },
        ],
      },
      ['tools.fetch'],
      false,
    ],
    ['web search', { tools: [{ type: 'web_search' }] }, ['tools.fetch'], true],
    [
      'remote tools',
      { tools: [{ type: 'mcp', server_label: 'x', server_url: 'https://example.test' }] },
      ['tools.fetch'],
      true,
    ],
    [
      'file search',
      { tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] },
      ['stored.ids'],
      true,
    ],
    [
      'a container of its own',
      { tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] },
      ['tools.fetch'],
      true,
    ],
    [
      'a container by id',
      { tools: [{ type: 'code_interpreter', container: 'cntr_1' }] },
      ['tools.fetch', 'stored.ids'],
      true,
    ],
    ['pictures from a chat model', { tools: [{ type: 'image_generation' }] }, ['image'], true],
    ['a hosted shell', { tools: [{ type: 'shell' }] }, ['tools.fetch'], true],
    ['background', { background: true }, [], true],
    ['deep research', { model: 'o4-mini-deep-research' }, ['tools.fetch'], true],
    [
      'a tool hidden in the input',
      { input: [{ type: 'additional_tools', tools: [{ type: 'web_search' }] }] },
      ['tools.fetch'],
      true,
    ],
  ])('%s needs its own capability (C38, C43, C44)', (_, extra, needs, unbounded) => {
    const facts = factsOf('responses', responses(extra))

    expect([...facts.needs].sort()).toEqual([...needs].sort())
    expect(facts.unbounded).toBe(unbounded)
  })

  it.each<[string, JsonObject]>([
    [
      'tools the app runs',
      {
        tools: [
          { type: 'function', name: 'f' },
          { type: 'custom', name: 'g' },
          { type: 'apply_patch' },
          { type: 'shell', environment: { type: 'local' } },
        ],
      },
    ],
    ['its own earlier turns', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    [
      'a picture it was given',
      { input: [{ type: 'image_generation_call', id: 'ig_1', result: 'A'.repeat(9000) }] },
    ],
  ])('%s come with chat', (_, extra) => {
    const facts = factsOf('responses', responses(extra))

    expect(facts.needs).toEqual([])
    expect(facts.unbounded).toBe(false)
    expect(facts.input.textBytes).toBeLessThan(1000)
  })
})

describe('facts of other endpoints', () => {
  it.each(['chunking_strategy', 'chunking_strategy[type]'])(
    'takes a recording that is cut in pieces (%s) for one without a bound',
    (name) => {
      const form = { model: 'gpt-4o-transcribe' }

      expect(factsOf('audio.transcriptions', form).unbounded).toBe(false)
      expect(factsOf('audio.transcriptions', { ...form, [name]: 'auto' }).unbounded).toBe(true)
    },
  )

  it('bounds an older completion by its default, its prompts and best_of', () => {
    const facts = factsOf('completions', {
      model: 'gpt-3.5-turbo-instruct',
      prompt: ['a', 'b'],
      best_of: 4,
      n: 2,
    })

    expect(facts).toMatchObject({ outputLimit: 16, choices: 8 })
    expect(factsOf('completions', { model: 'm', prompt: [1, 2, 3] }).choices).toBe(1)
  })

  it('reads form fields', () => {
    expect(
      factsOf('images.edits', { model: 'gpt-image-2', prompt: 'a', n: '3', stream: 'true' }),
    ).toMatchObject({
      choices: 3,
      stream: true,
      input: { images: 17 },
    })
    expect(factsOf('audio.transcriptions', { model: 'whisper-1' }).input.files).toBe(1)
    expect(
      factsOf('audio.transcriptions', { model: 'w', url: 'https://example.test' }).needs,
    ).toEqual(['tools.fetch'])
  })

  it.each<[string, string, JsonObject]>([
    ['images.edits', 'n', { n: '0' }],
    ['images.edits', 'n', { n: '999' }],
    ['images.edits', 'stream', { stream: 'yes' }],
    ['audio.transcriptions', 'model', {}],
    ['audio.speech', 'model', { input: 'x' }],
    ['embeddings', 'model', { input: 'x' }],
    ['images.generations', 'n', { prompt: 'x', n: 1e9 }],
  ])('refuses %s with a bad %s', (name, reason, body) => {
    expect(reasonOf(() => factsOf(name, body))).toBe(reason)
  })

  it('produces no output tokens where there are none', () => {
    expect(factsOf('embeddings', { model: 'm', input: ['a', 'b'] })).toMatchObject({
      outputLimit: 0,
      input: { messages: 2 },
    })
    expect(factsOf('responses.input_tokens', responses({})).outputLimit).toBe(0)
  })
})
