import {
  APICallError,
  Output,
  embedMany,
  generateImage,
  generateSpeech,
  generateText,
  stepCountIs,
  streamText,
  tool,
  transcribe,
  type UIMessage,
} from 'ai'
import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createChatTransport, createValetKey, type ValetKeyProvider } from './index.ts'

interface Sent {
  readonly url: string
  readonly body: Record<string, unknown>
  readonly form: FormData | null
}

const UNIFIED = 'https://unified.valetkey.invalid/v1'
let sent: Sent[]
let replies: Response[]
let valetkey: ValetKeyProvider

beforeEach(() => {
  sent = []
  replies = []
  valetkey = createValetKey({
    baseURL: UNIFIED,
    fetch: (url, init) => {
      const form = init?.body instanceof FormData ? init.body : null
      const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as Sent['body']) : {}
      sent.push({ url: new Request(url).url, body, form })
      init?.signal?.throwIfAborted()
      return Promise.resolve(replies.shift() ?? completion({ content: 'Hello' }))
    },
  })
})

const USAGE = {
  ...{ prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 },
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 2 },
}

function completion(message: object, finish_reason = 'stop'): Response {
  const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }]
  return Response.json({ id: 'c1', model: 'm1', created: 1_800_000_000, choices, usage: USAGE })
}

function streamed(deltas: readonly object[], finish_reason: string | null = 'stop'): Response {
  const pieces = [
    ...deltas.map((delta) => ({
      id: 'c1',
      model: 'm1',
      choices: [{ index: 0, delta, finish_reason: null }],
    })),
    ...(finish_reason === null ? [] : [{ choices: [{ index: 0, delta: {}, finish_reason }] }]),
    { choices: [], usage: USAGE },
  ]
  const events = [...pieces.map((piece) => JSON.stringify(piece)), '[DONE]']
  const text = events.map((event) => `data: ${event}\n\n`).join('')
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } })
}

const weather = tool({
  description: 'The weather of a place',
  inputSchema: z.object({ place: z.string() }),
  execute: ({ place }) => Promise.resolve({ place, degrees: 21 }),
})

describe('generateText', () => {
  it('asks in one format, and reads text, thoughts, usage and end', async () => {
    replies.push(completion({ content: 'Hello', reasoning_content: 'Be kind.' }))

    const result = await generateText({
      ...{ model: valetkey('anthropic/claude-sonnet-5'), prompt: 'Hi', instructions: 'Be brief.' },
      ...{ maxOutputTokens: 50, temperature: 0, stopSequences: ['END'], seed: 7, maxRetries: 0 },
    })

    expect(sent[0]).toMatchObject({
      url: `${UNIFIED}/chat/completions`,
      body: {
        ...{
          model: 'anthropic/claude-sonnet-5',
          max_tokens: 50,
          temperature: 0,
          stop: ['END'],
          seed: 7,
        },
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        ],
      },
    })
    expect([result.text, result.finalStep.reasoningText, result.finishReason]).toEqual([
      'Hello',
      'Be kind.',
      'stop',
    ])
    expect(result.usage).toMatchObject({ inputTokens: 9, outputTokens: 7, totalTokens: 16 })
  })

  it('runs tools and gives their results back', async () => {
    const call = {
      id: 'call_9',
      type: 'function',
      function: { name: 'weather', arguments: '{"place":"Rome"}' },
    }
    replies.push(
      completion({ content: null, tool_calls: [call] }, 'tool_calls'),
      completion({ content: '21 degrees.' }),
    )

    const result = await generateText({
      ...{ model: valetkey('openai/gpt-5'), prompt: 'Weather in Rome?', tools: { weather } },
      ...{ toolChoice: 'auto', stopWhen: stepCountIs(3), maxRetries: 0 },
    })

    expect(result.text).toBe('21 degrees.')
    expect(sent[0]?.body).toMatchObject({
      tool_choice: 'auto',
      tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
    })
    expect(sent[1]?.body['messages']).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_9', function: { name: 'weather' } }],
      },
      { role: 'tool', tool_call_id: 'call_9', content: '{"place":"Rome","degrees":21}' },
    ])
  })

  it('gives an object of a schema', async () => {
    replies.push(completion({ content: '{"name":"Ada"}' }))

    const result = await generateText({
      ...{ model: valetkey('google/gemini-3-pro'), prompt: 'Who?', maxRetries: 0 },
      output: Output.object({ schema: z.object({ name: z.string() }) }),
    })

    expect(result.output).toEqual({ name: 'Ada' })
    expect(sent[0]?.body['response_format']).toMatchObject({
      ...{ type: 'json_schema', json_schema: { schema: { type: 'object', required: ['name'] } } },
    })
  })

  it('sends pictures, recordings and documents in the message', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251)

    await generateText({
      model: valetkey('openai/gpt-5'),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'file', data: bytes, mediaType: 'image/png' },
            { type: 'file', data: bytes, mediaType: 'audio/wav' },
            { type: 'file', data: bytes, mediaType: 'application/pdf', filename: 'a.pdf' },
          ],
        },
      ],
    })

    const data = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    expect(sent[0]?.body['messages']).toMatchObject([
      {
        content: [
          { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
          { type: 'input_audio', input_audio: { data, format: 'wav' } },
          {
            type: 'file',
            file: { file_data: `data:application/pdf;base64,${data}`, filename: 'a.pdf' },
          },
        ],
      },
    ])
  })

  it('says what it left out', async () => {
    const { warnings } = await generateText({
      ...{ model: valetkey('openai/gpt-5'), prompt: 'Hi', topK: 3, maxRetries: 0 },
    })

    expect(warnings).toContainEqual({ type: 'unsupported', feature: 'topK' })
  })

  it('fails once, with the wallet’s own words, where the person said no', async () => {
    replies.push(
      Response.json(
        { error: { message: 'You did not allow this.', code: 'grant.denied' } },
        { status: 429, headers: { 'x-should-retry': 'false', 'x-valetkey-error': 'grant.denied' } },
      ),
    )

    const failure = generateText({ model: valetkey('openai/gpt-5'), prompt: 'Hi' })

    await expect(failure).rejects.toSatisfy(
      (error) =>
        APICallError.isInstance(error) &&
        error.message === 'You did not allow this.' &&
        !error.isRetryable,
    )
    expect(sent).toHaveLength(1)
  })
})

describe('streamText', () => {
  it('streams thoughts, text and calls of tools, each in its place', async () => {
    replies.push(
      streamed([{ reasoning_content: 'Hm' }, { content: 'Hel' }, { content: 'lo' }], 'stop'),
    )
    const result = streamText({ model: valetkey('openai/gpt-5'), prompt: 'Hi', maxRetries: 0 })
    const parts: string[] = []
    for await (const part of result.stream) parts.push(part.type)

    expect(await result.text).toBe('Hello')
    expect(parts.filter((type) => /^(?:reasoning|text)/.test(type))).toEqual([
      ...['reasoning-start', 'reasoning-delta', 'reasoning-end'],
      ...['text-start', 'text-delta', 'text-delta', 'text-end'],
    ])
    expect(sent[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
    expect(await result.usage).toMatchObject({ inputTokens: 9, outputTokens: 7 })
  })

  it('puts the parts of parallel calls together', async () => {
    const piece = (index: number, given: object) => ({ tool_calls: [{ index, ...given }] })
    replies.push(
      streamed(
        [
          piece(0, { id: 'a', function: { name: 'weather', arguments: '' } }),
          piece(0, { function: { arguments: '{"place":' } }),
          piece(1, { id: 'b', function: { name: 'weather', arguments: '{"place":"Oslo"}' } }),
          piece(0, { function: { arguments: '"Rome"}' } }),
        ],
        'tool_calls',
      ),
    )
    const result = streamText({
      ...{ model: valetkey('openai/gpt-5'), prompt: 'Weather?', tools: { weather }, maxRetries: 0 },
    })

    expect((await result.toolCalls).map(({ toolCallId, input }) => [toolCallId, input])).toEqual([
      ['a', { place: 'Rome' }],
      ['b', { place: 'Oslo' }],
    ])
    expect(await result.finishReason).toBe('tool-calls')
  })

  it('takes a stream without an end for none', async () => {
    replies.push(streamed([{ content: 'Hel' }], null))
    const result = streamText({ model: valetkey('openai/gpt-5'), prompt: 'Hi', maxRetries: 0 })
    const ends: unknown[] = []
    for await (const part of result.stream) if (part.type === 'finish') ends.push(part.finishReason)

    expect(ends).not.toEqual(['stop'])
  })
})

describe('the other models', () => {
  it('embeds in the order asked', async () => {
    const data = [1, 0].map((index) => ({ index, embedding: [index, 0.5] }))
    replies.push(Response.json({ data, usage: { prompt_tokens: 4 } }))

    const result = await embedMany({
      ...{ model: valetkey.embeddingModel('openai/text-embedding-3-small'), values: ['a', 'b'] },
    })

    expect(result.embeddings).toEqual([
      [0, 0.5],
      [1, 0.5],
    ])
    expect(sent[0]).toMatchObject({
      url: 'https://api.openai.com/v1/embeddings',
      body: { model: 'text-embedding-3-small', input: ['a', 'b'] },
    })
  })

  it('makes a picture', async () => {
    replies.push(Response.json({ data: [{ b64_json: 'iVBORw0KGgo=' }] }))

    const result = await generateImage({
      ...{ model: valetkey.imageModel('openai/gpt-image-1'), prompt: 'A valet', size: '1024x1024' },
    })

    expect(result.image.base64).toBe('iVBORw0KGgo=')
    expect(sent[0]?.body).toEqual({
      model: 'gpt-image-1',
      prompt: 'A valet',
      n: 1,
      size: '1024x1024',
    })
  })

  it('speaks', async () => {
    replies.push(new Response(Uint8Array.from([1, 2, 250])))

    const result = await generateSpeech({
      ...{ model: valetkey.speechModel('openai/gpt-4o-mini-tts'), text: 'Hi', voice: 'coral' },
    })

    expect([...result.audio.uint8Array]).toEqual([1, 2, 250])
    expect(sent[0]?.body).toMatchObject({ input: 'Hi', voice: 'coral', response_format: 'mp3' })
  })

  it('writes down what was said', async () => {
    replies.push(
      Response.json({
        text: 'Hi',
        language: 'en',
        duration: 1.5,
        segments: [{ text: 'Hi', start: 0, end: 1 }],
      }),
    )

    const result = await transcribe({
      ...{
        model: valetkey.transcriptionModel('groq/whisper-large-v3'),
        audio: Uint8Array.from([1, 2]),
      },
    })

    expect([result.text, result.language, result.durationInSeconds]).toEqual(['Hi', 'en', 1.5])
    expect(sent[0]?.url).toBe('https://api.groq.com/openai/v1/audio/transcriptions')
    expect(sent[0]?.form?.get('model')).toBe('whisper-large-v3')
    expect((sent[0]?.form?.get('file') as File).size).toBe(2)
  })

  it.each([
    ['anthropic/claude-sonnet-5', () => valetkey.embeddingModel('anthropic/claude-sonnet-5')],
    ['mistral/voxtral', () => valetkey.speechModel('mistral/voxtral')],
    ['no provider', () => valetkey.imageModel('gpt-image-1')],
  ])('has none of %s', (_, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'AI_NoSuchModelError' }))
  })
})

describe('createChatTransport', () => {
  it('streams a conversation to useChat without a route', async () => {
    replies.push(streamed([{ content: 'Hel' }, { content: 'lo' }]))
    const transport = createChatTransport({
      model: () => valetkey('openai/gpt-5'),
      instructions: 'Be brief.',
    })
    const message: UIMessage = { id: '1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] }

    const stream = await transport.sendMessages({
      ...{ trigger: 'submit-message', chatId: 'c', messageId: undefined },
      ...{ messages: [message], abortSignal: undefined },
    })
    let text = ''
    for await (const part of stream) if (part.type === 'text-delta') text += part.delta

    expect(text).toBe('Hello')
    expect(sent[0]?.body['messages']).toMatchObject([
      { role: 'system', content: 'Be brief.' },
      { role: 'user' },
    ])
    expect(await transport.reconnectToStream({ chatId: 'c' })).toBeNull()
  })
})
