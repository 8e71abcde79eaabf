import { describe, expect, it } from 'vitest'
import { isWalletError, type JsonObject } from '../../protocol/index.ts'
import { matchEndpoint, providerById } from '../index.ts'
import { readUnifiedModel, translateChat } from './index.ts'

const PNG = 'data:image/png;base64,iVBORw0KGgo='

function translate(model: string, body: JsonObject): { path: string; body: JsonObject } {
  const request = { model, messages: [{ role: 'user', content: 'Hi' }], ...body }
  return translateChat(request, readUnifiedModel(request))
}

const toAnthropic = (body: JsonObject) => translate('anthropic/claude-sonnet-5', body).body
const toGoogle = (body: JsonObject, model = 'google/gemini-3.5-flash') =>
  translate(model, body).body

function refusalOf(run: () => unknown): { code: string; details: unknown } | null {
  try {
    run()
    return null
  } catch (error) {
    if (!isWalletError(error)) throw error
    return { code: error.code, details: error.details }
  }
}

const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    strict: true,
  },
}
const TIME = { type: 'function', function: { name: 'get_time' } }
const CALLED = [
  { role: 'system', content: 'Be short.' },
  { role: 'developer', content: [{ type: 'text', text: 'Use tools.' }] },
  { role: 'user', content: 'Weather and time?' },
  {
    role: 'assistant',
    content: '',
    refusal: null,
    tool_calls: [
      {
        id: 'a',
        type: 'function',
        function: { name: 'get_weather', arguments: '{"city":"Bern"}' },
        extra_content: { google: { thought_signature: 'c2ln' } },
      },
      { id: 'b', type: 'function', function: { name: 'get_time', arguments: '' } },
    ],
  },
  { role: 'tool', tool_call_id: 'b', content: 'noon' },
  { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: 'rain' }] },
  { role: 'user', content: 'Thanks.' },
]

describe('a model’s name', () => {
  it('is split at its first slash: what follows is the provider’s own', () => {
    expect(readUnifiedModel({ model: 'openrouter/deepseek/deepseek-chat' })).toEqual({
      provider: 'openrouter',
      name: 'deepseek/deepseek-chat',
    })
  })

  it.each(['gpt-5', 'nobody/gpt-5', 'openai/', '/x', '', 'OpenAI/gpt-5', 'toString/x'])(
    'is refused as %j',
    (model) => {
      expect(refusalOf(() => readUnifiedModel({ model }))).toEqual({
        code: 'request.invalid',
        details: { reason: 'model' },
      })
    },
  )

  it('becomes a part of Google’s address only as a name (C24)', () => {
    for (const name of ['x:embedContent?', 'a/../b', 'a%2fb', 'a#', 'models/../x', ' ']) {
      expect(refusalOf(() => translate(`google/${name}`, {}))?.code).toBe('request.invalid')
    }
    expect(translate('google/models/gemini-3.5-flash', { stream: true }).path).toBe(
      '/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse',
    )
  })
})

describe('a provider of OpenAI’s dialect', () => {
  it('gets the body as it was, under its own name of the model', () => {
    const body = { anything: { of: ['its', 'own'] }, max_tokens: 5, logit_bias: { 5: 1 } }

    expect(translate('openrouter/deepseek/deepseek-chat', body)).toMatchObject({
      path: '/api/v1/chat/completions',
      body: { ...body, model: 'deepseek/deepseek-chat' },
    })
  })

  it.each(['replicate', 'elevenlabs', 'perplexity', 'voyage'])(
    'is not %s, and it is said',
    (id) => {
      expect(refusalOf(() => translate(`${id}/x`, {}))).toEqual({
        code: 'request.untranslatable',
        details: { provider: id, field: 'model' },
      })
    },
  )
})

describe('a conversation with tools', () => {
  it('is Anthropic’s: results under the ids of their calls, all in the turn that follows', () => {
    expect(toAnthropic({ messages: CALLED, tools: [WEATHER, TIME] })).toEqual({
      model: 'claude-sonnet-5',
      system: [
        { type: 'text', text: 'Be short.' },
        { type: 'text', text: 'Use tools.' },
      ],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Weather and time?' }] },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 'a', name: 'get_weather', input: { city: 'Bern' } },
            { type: 'tool_use', id: 'b', name: 'get_time', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'b', content: [{ type: 'text', text: 'noon' }] },
            { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'rain' }] },
            { type: 'text', text: 'Thanks.' },
          ],
        },
      ],
      tools: [
        {
          name: 'get_weather',
          description: 'The weather of a city.',
          input_schema: WEATHER.function.parameters,
          strict: true,
        },
        { name: 'get_time', input_schema: { type: 'object', properties: {} } },
      ],
    })
  })

  it('is Google’s: results under the names of their tools, signatures back where they came from', () => {
    expect(toGoogle({ messages: CALLED, tools: [WEATHER, TIME] })).toEqual({
      systemInstruction: { parts: [{ text: 'Be short.' }, { text: 'Use tools.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Weather and time?' }] },
        {
          role: 'model',
          parts: [
            {
              functionCall: { id: 'a', name: 'get_weather', args: { city: 'Bern' } },
              thoughtSignature: 'c2ln',
            },
            { functionCall: { id: 'b', name: 'get_time', args: {} } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { id: 'b', name: 'get_time', response: { output: 'noon' } } },
            { functionResponse: { id: 'a', name: 'get_weather', response: { output: 'rain' } } },
            { text: 'Thanks.' },
          ],
        },
      ],
      tools: [
        {
          functionDeclarations: [
            {
              name: 'get_weather',
              description: 'The weather of a city.',
              parametersJsonSchema: WEATHER.function.parameters,
            },
            { name: 'get_time' },
          ],
        },
      ],
      toolConfig: { functionCallingConfig: { mode: 'VALIDATED' } },
    })
  })

  it('gets a stand-in for a signature no client kept, where a model wants one', () => {
    const messages = CALLED.map((each) =>
      'tool_calls' in each
        ? { ...each, tool_calls: each.tool_calls.map((call) => ({ ...call, extra_content: null })) }
        : each,
    )
    const signed = (model: string) => JSON.stringify(toGoogle({ messages }, model))

    expect(
      signed('google/gemini-3.5-flash').match(/skip_thought_signature_validator/g),
    ).toHaveLength(1)
    expect(signed('google/gemini-2.5-flash')).not.toContain('thoughtSignature')
  })

  it('is refused where a result answers no call: it would get another’s label', () => {
    const messages = [{ role: 'tool', tool_call_id: 'z', content: 'x' }]

    for (const run of [toAnthropic, toGoogle]) {
      expect(refusalOf(() => run({ messages }))).toEqual({
        code: 'request.invalid',
        details: { reason: 'messages[0].tool_call_id' },
      })
    }
  })

  it.each([
    ['auto', { type: 'auto' }, { mode: 'AUTO' }],
    ['none', { type: 'none' }, { mode: 'NONE' }],
    ['required', { type: 'any' }, { mode: 'ANY' }],
    [
      { type: 'function', function: { name: 'get_time' } },
      { type: 'tool', name: 'get_time' },
      { mode: 'ANY', allowedFunctionNames: ['get_time'] },
    ],
  ])('is steered by the choice %j', (choice, anthropic, google) => {
    const body = { tools: [TIME], tool_choice: choice }

    expect(toAnthropic(body)['tool_choice']).toEqual(anthropic)
    expect(toGoogle(body)['toolConfig']).toEqual({ functionCallingConfig: google })
  })

  it('calls one tool at a time where that can be asked for', () => {
    const body = { tools: [TIME], parallel_tool_calls: false }

    expect(toAnthropic(body)['tool_choice']).toEqual({
      type: 'auto',
      disable_parallel_tool_use: true,
    })
    expect(toAnthropic({ ...body, tool_choice: 'required' })['tool_choice']).toEqual({
      type: 'any',
      disable_parallel_tool_use: true,
    })
    expect(refusalOf(() => toGoogle(body))?.details).toEqual({
      provider: 'google',
      field: 'parallel_tool_calls',
    })
  })

  it('chooses among several tools where that can be asked for', () => {
    const tools = [{ type: 'function', function: { name: 'get_time' } }]
    const choice = { type: 'allowed_tools', allowed_tools: { mode: 'required', tools } }
    const body = { tools: [TIME, WEATHER], tool_choice: choice }

    expect(toGoogle(body)['toolConfig']).toEqual({
      functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['get_time'] },
    })
    expect(refusalOf(() => toAnthropic(body))?.details).toEqual({
      provider: 'anthropic',
      field: 'tool_choice.type',
    })
  })
})

describe('what a person shows', () => {
  const show = (part: JsonObject) => ({ messages: [{ role: 'user', content: [part] }] })
  const image = (url: string, more: JsonObject = {}) =>
    show({ type: 'image_url', image_url: { url, ...more } })
  const pdf = (more: JsonObject) =>
    show({ type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERg==', ...more } })

  it('reaches Anthropic', () => {
    const block = (body: JsonObject) => JSON.stringify(toAnthropic(body)['messages'])

    expect(block(image(PNG))).toContain(
      '{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}',
    )
    expect(block(image('https://a.test/x'))).toContain('{"type":"url","url":"https://a.test/x"}')
    expect(block(pdf({ filename: 'a.pdf' }))).toContain('"title":"a.pdf"')
  })

  it('reaches Google', () => {
    const part = (body: JsonObject) => JSON.stringify(toGoogle(body)['contents'])

    expect(part(image(PNG, { detail: 'low' }))).toContain(
      '{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="},"mediaResolution":{"level":"MEDIA_RESOLUTION_LOW"}}',
    )
    expect(part(image('https://a.test/x.JPG?v=1'))).toContain(
      '{"fileData":{"mimeType":"image/jpeg","fileUri":"https://a.test/x.JPG?v=1"}}',
    )
    expect(
      part(show({ type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } })),
    ).toContain('"mimeType":"audio/wav"')
    expect(part(pdf({}))).toContain('"mimeType":"application/pdf"')
  })

  it.each<[string, JsonObject, string]>([
    ['anthropic', image('http://a.test/x.png'), 'image_url.url'],
    ['anthropic', image('data:image/tiff;base64,AA'), 'image_url.url'],
    ['anthropic', image(PNG, { detail: 'low' }), 'image_url.detail'],
    [
      'anthropic',
      show({ type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } }),
      'input_audio',
    ],
    ['google', image('https://a.test/no-type'), 'image_url.url'],
    ['google', image('https://a.test/x.gif'), 'image_url.url'],
    ['google', pdf({ filename: 'a.pdf' }), 'file.filename'],
    ['google', show({ type: 'file', file: { file_id: 'f' } }), 'file.file_id'],
    ['google', show({ type: 'hologram' }), 'type'],
  ])('is refused by name where %s has no place for it', (provider, body, field) => {
    const model = provider === 'google' ? 'google/gemini-3.5-flash' : 'anthropic/claude-sonnet-5'

    expect(refusalOf(() => translate(model, body))).toEqual({
      code: 'request.untranslatable',
      details: { provider, field: `messages[0].content[0].${field}` },
    })
  })
})

describe('instructions between turns', () => {
  const messages = [
    { role: 'user', content: 'Hi' },
    { role: 'system', content: 'Now in French.' },
  ]

  it('stay where they stand with Anthropic, and are moved nowhere for Google', () => {
    expect(toAnthropic({ messages })['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'system', content: [{ type: 'text', text: 'Now in French.' }] },
    ])
    expect(refusalOf(() => toGoogle({ messages }))?.details).toEqual({
      provider: 'google',
      field: 'messages[1].role',
    })
  })
})

describe('settings', () => {
  const schema = { type: 'object', properties: { a: { type: 'number' } } }
  const format = { type: 'json_schema', json_schema: { name: 'n', description: 'd', schema } }

  it('are Anthropic’s', () => {
    const body = {
      ...{ max_completion_tokens: 7, temperature: 0.5, top_p: 0.9, stop: 'END', stream: true },
      ...{ stream_options: { include_usage: true }, user: 'u1', safety_identifier: 'u1' },
      ...{ response_format: format, reasoning_effort: 'high', service_tier: 'default', n: 1 },
    }

    expect(toAnthropic(body)).toMatchObject({
      ...{ max_tokens: 7, temperature: 0.5, top_p: 0.9, stop_sequences: ['END'], stream: true },
      metadata: { user_id: 'u1' },
      output_config: {
        format: { type: 'json_schema', schema: { ...schema, title: 'n', description: 'd' } },
        effort: 'high',
      },
      service_tier: 'standard_only',
    })
    expect(toAnthropic({ reasoning_effort: 'none' })['thinking']).toEqual({ type: 'disabled' })
  })

  it('are Google’s', () => {
    const body = {
      ...{ max_tokens: 7, temperature: 1.5, top_p: 0.9, stop: ['A', 'B'], seed: 3, n: 2 },
      ...{ frequency_penalty: 0.5, presence_penalty: -1, logprobs: true, top_logprobs: 2 },
      ...{ response_format: format, reasoning_effort: 'minimal', service_tier: 'flex' },
    }

    expect(toGoogle(body)).toMatchObject({
      generationConfig: {
        ...{ maxOutputTokens: 7, temperature: 1.5, topP: 0.9, stopSequences: ['A', 'B'] },
        ...{ seed: 3, candidateCount: 2, frequencyPenalty: 0.5, presencePenalty: -1 },
        ...{ responseLogprobs: true, logprobs: 2, responseMimeType: 'application/json' },
        responseJsonSchema: { ...schema, title: 'n', description: 'd' },
        thinkingConfig: { thinkingLevel: 'MINIMAL' },
      },
      serviceTier: 'flex',
    })
    expect(
      toGoogle({ reasoning_effort: 'none' }, 'google/gemini-2.5-flash')['generationConfig'],
    ).toEqual({ thinkingConfig: { thinkingBudget: 0 } })
  })

  it.each<[string, JsonObject]>([
    ['n', { n: 2 }],
    ['seed', { seed: 1 }],
    ['logit_bias', { logit_bias: { 50256: -100 } }],
    ['logprobs', { logprobs: true }],
    ['temperature', { temperature: 1.5 }],
    ['response_format.type', { response_format: { type: 'json_object' } }],
    ['reasoning_effort', { reasoning_effort: 'minimal' }],
    [
      'stream_options.include_obfuscation',
      { stream: true, stream_options: { include_obfuscation: true } },
    ],
    ['store', { store: true }],
    ['metadata', { metadata: { a: 'b' } }],
    ['web_search_options', { web_search_options: {} }],
    ['top_k', { top_k: 5 }],
    ['constructor', { constructor: 5 }],
    ['messages[0].name', { messages: [{ role: 'user', content: 'Hi', name: 'Ann' }] }],
    ['functions', { functions: [{ name: 'f' }] }],
    ['tools[0].type', { tools: [{ type: 'custom', custom: { name: 'c' } }] }],
    ['safety_identifier', { user: 'a', safety_identifier: 'b' }],
  ])('that Anthropic has no words for are refused by name: %s', (field, body) => {
    expect(refusalOf(() => toAnthropic(body))).toEqual({
      code: 'request.untranslatable',
      details: { provider: 'anthropic', field },
    })
  })

  it.each<[string, JsonObject]>([
    ['user', { user: 'u' }],
    ['reasoning_effort', { reasoning_effort: 'none' }],
    ['seed', { seed: 2 ** 40 }],
    ['modalities', { modalities: ['text', 'audio'] }],
    ['prediction', { prediction: { type: 'content', content: 'x' } }],
    ['safe_prompt', { safe_prompt: true }],
  ])('that Google has no words for are refused by name: %s', (field, body) => {
    expect(refusalOf(() => toGoogle(body))).toEqual({
      code: 'request.untranslatable',
      details: { provider: 'google', field },
    })
  })

  it.each<[string, JsonObject]>([
    ['temperature', { temperature: 'hot' }],
    ['max_tokens', { max_tokens: 1, max_completion_tokens: 2 }],
    ['max_tokens', { max_tokens: 0 }],
    ['stream', { stream: 1 }],
    ['stream_options', { stream_options: { include_usage: true } }],
    ['messages', { messages: 'Hi' }],
    ['messages[0].role', { messages: [{ role: 'king', content: 'x' }] }],
    ['messages[0].content', { messages: [{ role: 'user' }] }],
    [
      'messages[0].tool_calls[0].function.arguments',
      {
        messages: [
          {
            role: 'assistant',
            tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '[' } }],
          },
        ],
      },
    ],
  ])('that are none of the format are refused by name: %s', (reason, body) => {
    for (const run of [toAnthropic, toGoogle]) {
      expect(refusalOf(() => run(body))).toEqual({ code: 'request.invalid', details: { reason } })
    }
  })
})

describe('what a translation leads to', () => {
  it.each(['anthropic/claude-sonnet-5', 'google/gemini-3.5-flash', 'google/gemini-2.5-pro'])(
    'is an endpoint of the catalogue that reads it as the chat it is: %s',
    (model) => {
      const { provider: id, name } = readUnifiedModel({ model })
      const provider = providerById(id)
      for (const stream of [false, true]) {
        const { path, body } = translate(model, { stream, max_tokens: 9, tools: [WEATHER, TIME] })
        const url = new URL(`https://${String(provider.hosts[0])}${path}`)
        const match = matchEndpoint(provider, 'POST', url)
        if (match.outcome !== 'endpoint') throw new TypeError(match.outcome)

        expect(provider.readFacts(match.endpoint, url, body)).toMatchObject({
          ...{ model: name, stream, outputLimit: 9, choices: 1, needs: [], unbounded: false },
          input: { messages: 1, tools: 2 },
        })
      }
    },
  )
})
