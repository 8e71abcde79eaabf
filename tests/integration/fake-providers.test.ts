import { describe, expect, it } from 'vitest'
import type { ClientRequest } from '../support/https-client.ts'
import {
  CHAT,
  GEMINI,
  GROQ,
  MESSAGES,
  bearer,
  chat,
  claude,
  json,
  keys,
  message,
  useFakes,
} from './__fixtures__/four-fakes.ts'

const { fakes, call } = useFakes()

const events = (text: string) =>
  text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as Record<string, unknown>)

describe('usage', () => {
  const usage = { input: 100, cachedInput: 20, cacheWriteInput: 0, output: 50, reasoning: 30 }
  const stream = async (url: string, headers: Record<string, string>, body: string) => {
    fakes().behave({ usage })
    const reply = await call(url, { headers, body })
    expect(reply.status).toBe(200)
    return events(reply.text)
  }

  it('OpenAI chat reports it in a last chunk only when asked', async () => {
    const asked = await stream(
      CHAT,
      bearer(keys.openai),
      chat({ stream: true, stream_options: { include_usage: true } }),
    )
    const silent = await stream(CHAT, bearer(keys.openai), chat({ stream: true }))

    expect(asked[0]).toHaveProperty('usage', null)
    expect(asked.at(-1)).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: 120,
        completion_tokens: 50,
        prompt_tokens_details: { cached_tokens: 20 },
        completion_tokens_details: { reasoning_tokens: 30 },
      },
    })
    expect(silent.some((chunk) => 'usage' in chunk)).toBe(false)
  })

  it('OpenAI responses reports it in response.completed and numbers its events', async () => {
    const all = await stream(
      'https://api.openai.com/v1/responses',
      bearer(keys.openai),
      JSON.stringify({ model: 'gpt-5-mini', input: 'hi', stream: true }),
    )

    expect(all.map((event) => event['sequence_number'])).toEqual(all.map((_, index) => index))
    expect(all.at(-1)).toMatchObject({
      type: 'response.completed',
      response: {
        usage: {
          input_tokens: 120,
          input_tokens_details: { cached_tokens: 20 },
          output_tokens: 50,
          output_tokens_details: { reasoning_tokens: 30 },
        },
      },
    })
  })

  it('Anthropic reports disjoint input first and cumulative output last', async () => {
    const all = await stream(MESSAGES, claude(keys.anthropic), message({ stream: true }))

    expect(all[0]).toMatchObject({
      message: { usage: { input_tokens: 100, cache_read_input_tokens: 20 } },
    })
    expect(all.find(({ type }) => type === 'message_delta')).toMatchObject({
      usage: { output_tokens: 50 },
    })
    expect(all.some(({ type }) => type === 'ping')).toBe(true)
  })

  it('Gemini repeats it on every chunk, thoughts apart from candidates', async () => {
    const all = await stream(
      `${GEMINI}:streamGenerateContent?alt=sse`,
      { ...json, 'x-goog-api-key': keys.google },
      '{"contents":[{"parts":[{"text":"hi"}]}]}',
    )

    expect(all.length).toBeGreaterThan(3)
    expect(all.every((chunk) => 'usageMetadata' in chunk)).toBe(true)
    expect(all.at(-1)).toMatchObject({
      usageMetadata: {
        promptTokenCount: 120,
        candidatesTokenCount: 20,
        thoughtsTokenCount: 30,
        cachedContentTokenCount: 20,
      },
    })
  })

  it('Gemini streams a JSON array without alt=sse', async () => {
    const reply = await call(`${GEMINI}:streamGenerateContent`, {
      headers: { ...json, 'x-goog-api-key': keys.google },
      body: '{"contents":[{"parts":[{"text":"hi"}]}]}',
    })

    expect(JSON.parse(reply.text)).toHaveLength(reply.reads.length)
  })

  it('Groq reports it in x_groq of the last chunk unasked', async () => {
    const all = await stream(GROQ, bearer(keys.groq), chat({ stream: true }))

    expect(all.at(-1)).toMatchObject({ x_groq: { usage: { completion_tokens: 50 } } })
  })

  it('reports none where the test says so', async () => {
    fakes().behave({ usage: 'none' })

    const reply = await call(CHAT, { headers: bearer(keys.openai), body: chat() })

    expect(JSON.parse(reply.text)).not.toHaveProperty('usage')
  })
})

describe('endpoints aimock lacks', () => {
  const google = { ...json, 'x-goog-api-key': keys.google }
  const list = 'https://generativelanguage.googleapis.com/v1beta/models'
  it.each([
    ['https://api.openai.com/v1/models', bearer(keys.openai), undefined, 'gpt-5-mini'],
    ['https://api.openai.com/v1/models/gpt-5', bearer(keys.openai), undefined, 'gpt-5'],
    ['https://api.groq.com/openai/v1/models', bearer(keys.groq), undefined, 'gpt-oss-20b'],
    ['https://api.anthropic.com/v1/models', claude(keys.anthropic), undefined, 'claude-'],
    [`${MESSAGES}/count_tokens`, claude(keys.anthropic), message(), 'input_tokens'],
    [`${list}?pageSize=1`, google, undefined, 'models/gemini-2.5-flash'],
    [`${GEMINI}:countTokens`, google, '{"contents":[]}', 'totalTokens'],
    [`${GEMINI}:embedContent`, google, '{"content":{}}', '"values"'],
    [`${GEMINI}:batchEmbedContents`, google, '{"requests":[{}]}', '"embeddings":[{'],
    [
      'https://api.openai.com/v1/embeddings',
      bearer(keys.openai),
      '{"model":"text-embedding-3-small","input":"hi"}',
      '"embedding"',
    ],
  ])('answers %s', async (url, headers, body, text) => {
    const reply = await call(url, { headers, ...(body === undefined ? {} : { body }) })

    expect(reply.status).toBe(200)
    expect(reply.text).toContain(text)
  })

  it('answers 404 in the provider’s own shape to what nobody has', async () => {
    const openai = await call('https://api.openai.com/v1/nope', { headers: bearer(keys.openai) })
    const anthropic = await call('https://api.anthropic.com/v1/nope', {
      headers: claude(keys.anthropic),
    })

    expect(openai.status).toBe(404)
    expect(JSON.parse(openai.text)).toHaveProperty('error.type', 'invalid_request_error')
    expect(JSON.parse(anthropic.text)).toHaveProperty('error.type', 'not_found_error')
  })

  it('Anthropic demands its version and max_tokens', async () => {
    const noVersion = await call(MESSAGES, {
      headers: { ...json, 'x-api-key': keys.anthropic },
      body: message(),
    })
    const noLimit = await call(MESSAGES, { headers: claude(keys.anthropic), body: chat() })

    expect([noVersion.status, noLimit.status]).toEqual([400, 400])
    expect(noVersion.text).toContain('anthropic-version: header is required')
    expect(noLimit.text).toContain('max_tokens: Field required')
  })
})

describe('behaviours', () => {
  const streamed = (request: ClientRequest = {}) =>
    call(CHAT, { headers: bearer(keys.openai), body: chat({ stream: true }), ...request })

  it('streams in several writes', async () => {
    const reply = await streamed()

    expect(reply.reads.length).toBeGreaterThan(3)
    expect(reply.headers['content-type']).toContain('text/event-stream')
    expect(reply.text.endsWith('data: [DONE]\n\n')).toBe(true)
    expect(fakes().requests[0]?.reply).toMatchObject({ finished: true, aborted: false })
  })

  it('stops when the client hangs up, and knows how far it came', async () => {
    fakes().behave({ gapMs: 40 })

    await streamed({ hangUpAfterReads: 2 }).catch(() => undefined)

    await expect.poll(() => fakes().requests[0]?.reply.aborted).toBe(true)
    expect(fakes().requests[0]?.reply.finished).toBe(false)
    expect(fakes().requests[0]?.reply.writes).toBeLessThan(5)
  })

  it('cuts a stream midway', async () => {
    fakes().behave({ cutAfterWrites: 2 })

    const reply = await streamed()

    expect(reply.cut).toBe(true)
    expect(reply.text).not.toContain('[DONE]')
  })

  it('waits before the first byte', async () => {
    fakes().behave({ firstByteDelayMs: 120 })
    const start = performance.now()

    await streamed()

    expect(performance.now() - start).toBeGreaterThan(115)
  })

  it.each([429, 500])(
    'answers %i with the provider’s own error, as often as asked',
    async (status) => {
      fakes().behave({ status, times: 1, headers: { 'retry-after': '1' } })

      const first = await streamed()
      const second = await streamed()

      expect(first.status).toBe(status)
      expect(first.headers['retry-after']).toBe('1')
      expect(JSON.parse(first.text)).toHaveProperty('error.message')
      expect(second.status).toBe(200)
    },
  )

  it('redirects to another host', async () => {
    fakes().behave({ redirectTo: 'https://evil.example.test/c' })

    const reply = await streamed()

    expect(reply.status).toBe(307)
    expect(reply.headers['location']).toBe('https://evil.example.test/c')
  })

  it.each(['whole', 'base64', 'url'] as const)('echoes the key %s in the text', async (form) => {
    fakes().behave({ echo: { form, place: 'text' } })

    const reply = await streamed()

    const [plain, base64] = [keys.openai, Buffer.from(`key=${keys.openai}`).toString('base64')]
    const expected = { whole: plain, base64, url: '%73%6b%2d' }[form]
    expect(reply.text).toContain(expected)
  })

  it('echoes the key split over writes', async () => {
    fakes().behave({ echo: { form: 'split', place: 'text' } })

    const reply = await streamed()

    expect(reply.text).toContain(keys.openai)
    expect(reply.reads.some((read) => read.includes(keys.openai))).toBe(false)
  })

  it('echoes the key in an error and in a header', async () => {
    fakes().behave({ status: 400, times: 1, echo: { form: 'whole', place: 'error' } })
    const inError = await streamed()
    fakes().behave({ times: 1, echo: { form: 'whole', place: 'header' } })
    const inHeader = await streamed()

    expect(inError.status).toBe(400)
    expect(inError.text).toContain(keys.openai)
    expect(inHeader.headers['x-echo']).toBe(keys.openai)
  })

  it('sends a huge body', async () => {
    fakes().behave({ bodySizeBytes: 3_000_000, gapMs: 0 })

    const reply = await streamed()

    expect(reply.text.length).toBeGreaterThanOrEqual(3_000_000)
    expect(() => JSON.parse(reply.text) as unknown).not.toThrow()
  })

  it('applies only where provider and path fit', async () => {
    fakes().behave({ provider: 'groq', status: 500 })
    fakes().behave({ path: /\/embeddings$/, status: 500 })

    expect((await streamed()).status).toBe(200)
    expect((await call(GROQ, { headers: bearer(keys.groq), body: chat() })).status).toBe(500)
  })
})
