import { describe, expect, it } from 'vitest'
import { isWalletError, type JsonObject } from '../../protocol/index.ts'
import { playEvents, readClientRequests, readFixture } from '../__fixtures__/read-fixture.ts'
import { parseCallUrl } from '../call-url.ts'
import { matchEndpoint } from '../match-endpoint.ts'
import type { CallFacts, Endpoint } from '../provider.ts'
import { anthropic } from './index.ts'

function endpointNamed(name: string): Endpoint {
  const found = anthropic.endpoints.find((endpoint) => endpoint.name === name)
  if (!found) throw new TypeError(name)
  return found
}

const MESSAGES = endpointNamed('messages')

function message(extra: JsonObject): JsonObject {
  return { model: 'claude-sonnet-5', max_tokens: 50, messages: [], ...extra }
}

function withContent(...content: JsonObject[]): JsonObject {
  return message({ messages: [{ role: 'user', content }] })
}

function factsOf(body: JsonObject): CallFacts {
  return anthropic.readFacts(MESSAGES, new URL('https://api.anthropic.com/v1/messages'), body)
}

describe('what unmodified clients send', () => {
  it.each(readClientRequests('anthropic').map((request, index) => ({ index, ...request })))(
    '$index $client $method $url needs nothing beyond its endpoint',
    ({ method, url, body }) => {
      const parsed = parseCallUrl(url)
      const match = matchEndpoint(anthropic, method, parsed)
      if (match.outcome !== 'endpoint') throw new TypeError(match.outcome)

      const facts = anthropic.readFacts(match.endpoint, parsed, body)

      expect(facts.needs).toEqual([])
      expect(facts.unbounded).toBe(false)
    },
  )
})

describe('facts of messages', () => {
  it('reads model, stream, limit and sizes', () => {
    const facts = factsOf(message({ stream: true, tools: [{ name: 'f', input_schema: {} }] }))

    expect(facts).toMatchObject({ model: 'claude-sonnet-5', stream: true, outputLimit: 50 })
    expect(facts).toMatchObject({ path: '/v1/messages', choices: 1, input: { tools: 1 } })
  })

  it('counts inline pictures and documents by number and not as text', () => {
    const data = 'A'.repeat(5000)
    const facts = factsOf(
      withContent(
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
        { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data } },
      ),
    )

    expect(facts.input).toMatchObject({ images: 1, files: 1 })
    expect(facts.input.textBytes).toBeLessThan(500)
  })

  it('counts a document of text as text', () => {
    const source = { type: 'text', media_type: 'text/plain', data: 'A'.repeat(5000) }

    expect(factsOf(withContent({ type: 'document', source })).input.textBytes).toBeGreaterThan(5000)
  })

  it.each<[string, JsonObject, string[], boolean]>([
    [
      'a file',
      withContent({ type: 'document', source: { type: 'file', file_id: 'f' } }),
      ['stored.ids'],
      false,
    ],
    ['an upload', withContent({ type: 'container_upload', file_id: 'f' }), ['stored.ids'], false],
    ['a container', message({ container: 'container_1' }), ['stored.ids'], false],
    ['a thread', message({ thread: { type: 'create' } }), ['stored.ids'], false],
    ['another workspace', message({ workspace_id: 'w' }), ['stored.ids'], false],
    [
      'a picture by address',
      withContent({ type: 'image', source: { type: 'url', url: 'https://example.test' } }),
      ['tools.fetch'],
      false,
    ],
    [
      'a document in a tool result',
      withContent({
        type: 'tool_result',
        tool_use_id: 't',
        content: [{ type: 'document', source: { type: 'url', url: 'x' } }],
      }),
      ['tools.fetch'],
      false,
    ],
    [
      'remote tools',
      message({ mcp_servers: [{ type: 'url', url: 'https://example.test', name: 'x' }] }),
      ['tools.fetch'],
      true,
    ],
    [
      'web search',
      message({ tools: [{ type: 'web_search_20260318', name: 'web_search' }] }),
      ['tools.fetch'],
      true,
    ],
    [
      'web fetch',
      message({ tools: [{ type: 'web_fetch_20260318', name: 'web_fetch' }] }),
      ['tools.fetch'],
      true,
    ],
    [
      'code execution',
      message({ tools: [{ type: 'code_execution_20260521', name: 'c' }] }),
      ['tools.fetch'],
      true,
    ],
    [
      'an advisor',
      message({ tools: [{ type: 'advisor_20260301', name: 'a', model: 'x' }] }),
      ['tools.fetch'],
      true,
    ],
    ['a tool nobody knows', message({ tools: [{ type: 'customer_x' }] }), ['tools.fetch'], true],
    [
      'a tool added midway',
      withContent({
        type: 'tool_addition',
        tool: { type: 'tool_definition', tool: { type: 'web_search_20260318' } },
      }),
      ['tools.fetch'],
      true,
    ],
    ['speed', message({ speed: 'fast' }), [], true],
    ['a place', message({ inference_geo: 'us' }), [], true],
    [
      'compaction',
      message({ context_management: { edits: [{ type: 'compact_20260112' }] } }),
      [],
      true,
    ],
  ])('%s needs its own capability (C38, C43, C44)', (_, body, needs, unbounded) => {
    const facts = factsOf(body)

    expect(facts.needs).toEqual(needs)
    expect(facts.unbounded).toBe(unbounded)
  })

  it('leaves alone what the app shapes itself', () => {
    const facts = factsOf(
      message({
        tools: [
          { name: 'f', input_schema: { properties: { file_id: { type: 'url', url: 'x' } } } },
          { type: 'bash_20250124', name: 'bash' },
          { type: 'computer_20251124', name: 'computer' },
        ],
        messages: [
          {
            role: 'assistant',
            content: [
              {
                type: 'tool_use',
                id: 't',
                name: 'f',
                input: { container: 'x', type: 'url', url: 'y' },
              },
            ],
          },
        ],
        metadata: { user_id: 'u' },
        service_tier: 'auto',
        speed: 'standard',
      }),
    )

    expect(facts.needs).toEqual([])
    expect(facts.unbounded).toBe(false)
  })

  it.each<[string, JsonObject]>([
    ['model', { model: null }],
    ['max_tokens', { max_tokens: '9' }],
    ['stream', { stream: 'yes' }],
    ['fallbacks', { fallbacks: [{ model: 'claude-opus-5' }] }],
    ['fallbacks', { fallbacks: 'default' }],
  ])('refuses a bad %s: %j (C40, C44)', (reason, extra) => {
    let caught: unknown
    try {
      factsOf(message(extra))
    } catch (error) {
      caught = error
    }

    expect(isWalletError(caught, 'request.invalid') && caught.details).toEqual({ reason })
  })
})

describe('prepareBody', () => {
  const prepare = (name: string, body: JsonObject, maxOutputTokens = 2000) =>
    anthropic.prepareBody(endpointNamed(name), body, { maxOutputTokens }).body

  it.each([
    [undefined, 2000],
    [100, 100],
    [9000, 2000],
  ])('limits max_tokens %s to %s', (asked, expected) => {
    const given = { model: 'claude-sonnet-5', messages: [], ...(asked && { max_tokens: asked }) }

    expect(prepare('messages', given)).toEqual({ ...given, max_tokens: expected })
  })

  it('sets no more than an older model takes', () => {
    expect(prepare('messages', { model: 'claude-3-haiku-20240307' }, 16_384)['max_tokens']).toBe(
      4096,
    )
  })

  it('keeps a thinking budget below the limit, as the API demands', () => {
    const thinking = { type: 'enabled', budget_tokens: 5000 }

    expect(prepare('messages', message({ max_tokens: 8000, thinking }))).toEqual(
      message({ max_tokens: 2000, thinking: { type: 'enabled', budget_tokens: 1999 } }),
    )
    expect(prepare('messages', message({ max_tokens: 8000, thinking }), 6000)['thinking']).toEqual(
      thinking,
    )
  })

  it('limits the older and the compatible endpoint in their own words', () => {
    expect(prepare('complete', { model: 'claude-2.1', prompt: 'x' })).toMatchObject({
      max_tokens_to_sample: 2000,
    })
    expect(prepare('chat.completions', { model: 'm', messages: [] })).toMatchObject({
      max_completion_tokens: 2000,
    })
  })

  it('adds nothing to counting', () => {
    expect(prepare('messages.count_tokens', { model: 'm', messages: [] })).toEqual({
      model: 'm',
      messages: [],
    })
  })
})

describe('usage', () => {
  const USAGE = { input: 50, cachedInput: 100, cacheWriteInput: 20, output: 40, reasoning: 25 }
  const reader = (name = 'messages') =>
    anthropic.createUsageReader(endpointNamed(name), { usageAddedByUs: false })

  it('reads a whole reply, its kinds disjoint', () => {
    const usage = reader()
    usage.body(readFixture('anthropic/messages.json'))

    expect(usage.result()).toEqual({ usage: USAGE, final: true })
  })

  it('takes the last cumulative delta of a stream and drops nothing', () => {
    const usage = reader()
    const passed = playEvents(usage, readFixture('anthropic/messages.sse'))

    expect(passed).toHaveLength(9)
    expect(usage.result()).toEqual({ usage: USAGE, final: true })
  })

  it('knows the input of a stream cut after its start, and that more may come', () => {
    const usage = reader()
    const [start = ''] = readFixture('anthropic/messages.sse').split('\n\n')
    usage.event(start.split('data: ')[1] ?? '')

    expect(usage.result()).toEqual({ usage: { ...USAGE, output: 1, reasoning: 0 }, final: false })
  })

  it('does not lose what a delta leaves out or nulls', () => {
    const usage = reader()
    usage.event(
      JSON.stringify({
        type: 'message_start',
        message: { usage: { input_tokens: 9, output_tokens: 1 } },
      }),
    )
    usage.event(
      JSON.stringify({
        type: 'message_delta',
        delta: { stop_reason: 'end_turn' },
        usage: { input_tokens: null, output_tokens: 7 },
      }),
    )

    expect(usage.result()).toMatchObject({ usage: { input: 9, output: 7 }, final: true })
  })

  it('bills every pass of a call', () => {
    const usage = reader()
    const iterations = [
      { type: 'compaction', input_tokens: 100, output_tokens: 30 },
      { type: 'message', input_tokens: 10, output_tokens: 5 },
    ]
    usage.body(JSON.stringify({ usage: { input_tokens: 10, output_tokens: 5, iterations } }))

    expect(usage.result()?.usage).toMatchObject({ input: 110, output: 35 })
  })

  it.each<JsonObject>([
    { input_tokens: -1, output_tokens: 1 },
    { input_tokens: 1, output_tokens: 1.5 },
    { input_tokens: '1', output_tokens: 1 },
    { input_tokens: 1 },
    { output_tokens: 1 },
    { input_tokens: 1, output_tokens: 2_000_000_000 },
    { input_tokens: 1, output_tokens: 1, cache_read_input_tokens: -5 },
    { input_tokens: 1, output_tokens: 1, output_tokens_details: { thinking_tokens: 2 } },
    { input_tokens: 1, output_tokens: 1, iterations: [{ output_tokens: -1 }] },
  ])('believes no usage of %j (C69)', (report) => {
    const usage = reader()
    usage.body(JSON.stringify({ usage: report }))

    expect(usage.result()).toBeNull()
  })

  it.each(['', '[DONE]', '{}', '{"type":"message_start"}', '{"type":"message_delta","usage":7}'])(
    'finds nothing in %j',
    (text) => {
      const usage = reader()

      expect(usage.event(text)).toBe(true)
      expect(usage.result()).toBeNull()
    },
  )

  it('reports nothing for the older endpoint, so the bound is charged', () => {
    const usage = reader('complete')
    usage.body('{"completion":"hi"}')

    expect(usage.result()).toBeNull()
  })
})

describe('errors and headers', () => {
  const refusal = { code: 'grant.model_denied', message: 'Not this model.', status: 403 } as const

  it('words a refusal as the API would, the code where the SDK looks', () => {
    expect(anthropic.errorBody(refusal)).toEqual({
      type: 'error',
      error: {
        type: 'permission_error',
        message: 'Not this model.',
        code: 'grant.model_denied',
        details: { error_code: 'grant.model_denied' },
      },
    })
    expect(anthropic.streamError(refusal)).toMatch(/^event: error\ndata: \{"type":"error".*\}\n\n$/)
  })

  it('always sends what the API demands of a request with an Origin', () => {
    expect(anthropic.requiredHeaders).toEqual({
      'anthropic-version': '2023-06-01',
      'anthropic-dangerous-direct-browser-access': 'true',
    })
  })

  it('reads a key check', () => {
    expect(anthropic.judgeKeyCheck(401, readFixture('anthropic/error-401.json'))).toBe('refused')
    expect(anthropic.judgeKeyCheck(200, '{}')).toBe('works')
    expect(anthropic.judgeKeyCheck(529, '{}')).toBe('unreachable')
  })
})
