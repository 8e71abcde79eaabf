import { beforeEach, describe, expect, it } from 'vitest'
import {
  UNIFIED_ORIGIN,
  isJsonObject,
  parseJson,
  type ErrorCode,
  type JsonObject,
  type JsonValue,
  type ProviderId,
} from '../protocol/index.ts'
import { readFixture } from '../providers/__fixtures__/read-fixture.ts'
import type { PageCall } from './call.ts'
import {
  APP,
  GRANT_ID,
  KEY_ID,
  REPLY,
  SECRET,
  VALET_KEY,
  World,
  chat,
  read,
  sse,
} from './__fixtures__/call-world.ts'

const URL_OF_ALL = `${UNIFIED_ORIGIN}/v1/chat/completions`
const CLAUDE = 'anthropic/claude-sonnet-5'
const GEMINI = 'google/gemini-3.5-flash'

let world: World
beforeEach(() => {
  world = new World()
})

/** A wallet whose grant names this provider alone. */
function grantTo(provider: ProviderId, terms: { models?: string[]; usd?: string } = {}): void {
  world.provider = provider
  if (!world.grant) return
  const { models, usd } = terms
  world.grant = {
    ...world.grant,
    terms: {
      ...world.grant.terms,
      ...(usd === undefined ? {} : { budgets: [{ usd, window: 'month' as const }] }),
      providers: [
        {
          ...{ provider, keys: { only: KEY_ID }, capabilities: ['chat' as const] },
          models: models ?? ['*'],
        },
      ],
    },
  }
}

function unified(model: string, body: JsonObject = {}): PageCall {
  return { ...chat({ model, ...body }), url: URL_OF_ALL }
}

function sentBody(): JsonObject {
  const body = world.sent[0]?.body
  const json = typeof body === 'string' ? parseJson(body) : null
  return isJsonObject(json) ? json : {}
}

function answer(text: string, type = 'application/json', status = 200): void {
  world.answer = () =>
    Promise.resolve(new Response(text, { status, headers: { 'content-type': type } }))
}

describe('a unified call', () => {
  it('reaches Anthropic in its own form, with its own key and headers', async () => {
    grantTo('anthropic')
    answer(readFixture('anthropic/tools.json'))

    const { status, headers, text } = await read(await world.call(unified(CLAUDE, { stop: ['x'] })))

    const [sent] = world.sent
    expect(sent?.url.href).toBe('https://api.anthropic.com/v1/messages')
    expect(Object.fromEntries(sent?.headers ?? [])).toMatchObject({
      ...{ 'x-api-key': SECRET, 'anthropic-version': '2023-06-01' },
    })
    expect(JSON.stringify([...(sent?.headers ?? [])])).not.toContain(VALET_KEY)
    expect(sentBody()).toEqual({
      ...{ model: 'claude-sonnet-5', max_tokens: 16_384, stop_sequences: ['x'] },
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    })
    expect([status, headers['content-type']]).toEqual([200, 'application/json'])
    expect(parseJson(text)).toMatchObject({
      object: 'chat.completion',
      choices: [{ finish_reason: 'tool_calls' }],
    })
  })

  it('reaches Google at the address its model makes', async () => {
    grantTo('google')
    answer(readFixture('google/tools.sse'), 'text/event-stream')

    const { text } = await read(await world.call(unified(GEMINI, { stream: true })))

    expect(world.sent[0]?.url.href).toBe(
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse',
    )
    expect(world.sent[0]?.headers.get('x-goog-api-key')).toBe(SECRET)
    expect(sentBody()['generationConfig']).toEqual({ maxOutputTokens: 16_384 })
    expect(text).toMatch(/"finish_reason":"tool_calls".*\n\ndata: \[DONE\]\n\n$/)
  })

  it('reaches a provider of OpenAI’s dialect as it is, and its stream comes back as it is', async () => {
    grantTo('openrouter')
    const chunks = [{ id: 'a', choices: [{ delta: { content: 'Hi' } }] }]
    const count = {
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
    }
    world.answer = () => Promise.resolve(sse([...chunks, count]))

    const call = unified('openrouter/deepseek/deepseek-chat', { stream: true, top_k: 3 })
    const { text } = await read(await world.call(call))

    expect(world.sent[0]?.url.href).toBe('https://openrouter.ai/api/v1/chat/completions')
    expect(sentBody()).toMatchObject({ model: 'deepseek/deepseek-chat', top_k: 3, stream: true })
    expect(text).toBe(`data: ${JSON.stringify(chunks[0])}\n\ndata: [DONE]\n\n`)
  })

  it('is charged as the provider’s own call, by the usage the provider reported', async () => {
    grantTo('anthropic')
    answer(readFixture('anthropic/tools.sse'), 'text/event-stream')

    await read(await world.call(unified(CLAUDE, { stream: true })))

    expect(await world.rows()).toMatchObject([
      {
        ...{ provider: 'anthropic', model: 'claude-sonnet-5', ending: 'done' },
        ...{ costSource: 'usage', tokens: { input: 412, cachedInput: 128, output: 96 } },
      },
    ])
    expect(await world.store.reservations()).toEqual([])
  })

  it('reaches a server of the person’s own where its key says it stands', async () => {
    grantTo('custom')
    const call = unified('custom/llama', {})
    const openVault = world.ports.openVault.bind(world.ports)
    const ports = {
      ...world.ports,
      mayReach: () => Promise.resolve(true),
      async openVault() {
        const vault = await openVault()
        const baseUrl = 'https://llm.example.test/v1'
        return (
          vault && {
            ...vault,
            openKey: async (id: typeof KEY_ID) => ({ ...(await vault.openKey(id)), baseUrl }),
          }
        )
      },
    }
    world.says = 'allow'
    const { runCall } = await import('./run-call.ts')

    const reply = await runCall(
      call,
      APP,
      { ...ports, ask: () => Promise.resolve('allow') },
      new AbortController().signal,
    )

    expect((await read(reply)).text).toBe(JSON.stringify(REPLY))
    expect(world.sent[0]?.url.href).toBe('https://llm.example.test/v1/chat/completions')
    expect(sentBody()['model']).toBe('llama')
  })

  it('never shows the key a provider echoes', async () => {
    grantTo('google')
    answer(JSON.stringify({ candidates: [{ content: { parts: [{ text: `k ${SECRET}` }] } }] }))

    expect((await read(await world.call(unified(GEMINI)))).text).not.toContain(SECRET)
  })
})

describe('a unified call of a connected app', () => {
  const credential = { grantRef: GRANT_ID }

  it('goes to whichever provider its model names, as far as the grant names it', async () => {
    grantTo('anthropic')
    answer(readFixture('anthropic/messages.json'))

    const { status } = await read(await world.call({ ...unified(CLAUDE), credential }))
    const other = await read(await world.call({ ...unified(GEMINI), credential }))

    expect(status).toBe(200)
    expect([other.status, other.headers['x-valetkey-error']]).toEqual([403, 'grant.denied'])
    expect(parseJson(other.text)).toMatchObject({ error: { code: 'grant.denied' } })
    expect(world.sent.map(({ url }) => url.host)).toEqual(['api.anthropic.com'])
  })

  it('is nobody’s from another origin (C18)', async () => {
    const stranger = { ...APP, origin: 'https://other.example.test' }

    const reply = await read(await world.call({ ...unified(CLAUDE), credential }, stranger))

    expect(reply.headers['x-valetkey-error']).toBe('grant.missing')
    expect(world.sent).toEqual([])
  })
})

describe('a provider’s refusal of a unified call', () => {
  it('comes back in OpenAI’s shape, its status kept, and costs nothing', async () => {
    grantTo('anthropic')
    answer(readFixture('anthropic/error-529.json'), 'application/json', 529)

    const { status, headers, text } = await read(await world.call(unified(CLAUDE)))

    expect([status, headers['x-valetkey-error']]).toEqual([529, undefined])
    expect(parseJson(text)).toMatchObject({
      error: { type: 'overloaded_error', message: 'Overloaded' },
    })
    expect((await world.rows())[0]).toMatchObject({ ending: 'refused', costNanoUsd: 0 })
  })

  it('of a copy of the dialect does too', async () => {
    grantTo('xai')
    answer('{"code":"x","error":"Sentence."}', 'application/json', 400)

    expect(parseJson((await read(await world.call(unified('xai/grok-4')))).text)).toMatchObject({
      error: { message: 'Sentence.', type: 'invalid_request_error' },
    })
  })

  it('in the middle of a stream is a chunk with an error, and no end', async () => {
    grantTo('anthropic')
    answer(readFixture('anthropic/overloaded.sse'), 'text/event-stream')

    const { text } = await read(await world.call(unified(CLAUDE, { stream: true })))

    expect(text).toMatch(/data: \{"error":\{[^\n]*"overloaded_error"[^\n]*\}\n\n$/)
  })
})

describe('a unified call is refused in OpenAI’s shape', () => {
  const cases: [string, ErrorCode, JsonValue, () => PageCall][] = [
    ['no model', 'request.invalid', 'model', () => unified('gpt-5')],
    ['a stranger’s model', 'request.invalid', 'model', () => unified('nobody/gpt-5')],
    [
      ...(['an untranslatable field', 'request.untranslatable', 'seed'] as const),
      () => unified(CLAUDE, { seed: 1 }),
    ],
    [
      ...(['another path', 'request.unsupported', null] as const),
      () => ({ ...unified(CLAUDE), url: `${UNIFIED_ORIGIN}/v1/models` }),
    ],
    [
      ...(['a query', 'request.unsupported', null] as const),
      () => ({ ...unified(CLAUDE), url: `${URL_OF_ALL}?a=1` }),
    ],
    [
      ...(['another method', 'request.unsupported', null] as const),
      () => ({ ...unified(CLAUDE), method: 'PUT' }),
    ],
    [
      ...(['a user in the address', 'request.invalid', 'user'] as const),
      () => ({ ...unified(CLAUDE), url: URL_OF_ALL.replace('//', '//a@') }),
    ],
    [
      ...(['a body that is two requests', 'request.invalid', 'repeated name'] as const),
      () => ({ ...unified(CLAUDE), body: { kind: 'text', text: '{"model":"a","model":"b"}' } }),
    ],
    [
      ...(['a model the grant leaves out', 'grant.model_denied', null] as const),
      () => (grantTo('anthropic', { models: ['claude-haiku-*'] }), unified(CLAUDE)),
    ],
    [
      ...(['a budget that is used up', 'budget.exceeded', null] as const),
      () => (grantTo('anthropic', { usd: '0.000001' }), unified(CLAUDE)),
    ],
    [
      ...(['a capability the grant leaves out', 'grant.capability_denied', null] as const),
      () =>
        unified(CLAUDE, {
          messages: [
            {
              role: 'user',
              content: [{ type: 'image_url', image_url: { url: 'https://a.test/x.png' } }],
            },
          ],
        }),
    ],
    [
      ...(['another provider’s valet key', 'grant.denied', null] as const),
      () => (grantTo('openai'), unified(CLAUDE)),
    ],
    ['a stranger', 'grant.missing', null, () => ((world.grant = null), unified(CLAUDE))],
    ['a lock', 'vault.locked', null, () => ((world.locked = true), unified(CLAUDE))],
    [
      ...(['a lane that proxies nothing', 'request.unsupported', null] as const),
      () => (setLane(), unified(CLAUDE)),
    ],
  ]

  it.each(cases)('for %s: %s', async (_, code, param, prepare) => {
    grantTo('anthropic')
    const call = prepare()

    const { status, headers, text } = await read(await world.call(call))

    expect(headers).toMatchObject({ 'x-valetkey-error': code, 'x-should-retry': 'false' })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(parseJson(text)).toMatchObject({ error: { code, param } })
    expect(world.sent).toEqual([])
    expect(await world.store.reservations()).toEqual([])
  })

  it('for an origin whose valet key it is not (C1, C18)', async () => {
    grantTo('anthropic')

    const reply = await read(
      await world.call(unified(CLAUDE), { ...APP, origin: 'https://x.test' }),
    )

    expect(reply.headers['x-valetkey-error']).toBe('grant.missing')
    expect(world.foreignHosts).toEqual([])
  })

  it('for a valet key of one provider that asks for another one’s model, whatever its grant names (C30)', async () => {
    grantTo('anthropic')
    const { grant } = world
    if (!grant) throw new TypeError('no grant')
    const [named] = grant.terms.providers
    if (!named) throw new TypeError('no provider')
    const providers = [named, { ...named, provider: 'openai' as const }]
    world.grant = { ...grant, terms: { ...grant.terms, providers } }
    world.ports.findSite = () => Promise.resolve({ grantId: GRANT_ID, provider: 'openai' })

    const reply = await read(await world.call(unified(CLAUDE)))

    expect(reply.headers['x-valetkey-error']).toBe('grant.denied')
    expect(world.sent).toEqual([])
  })

  it('and gives its place among the calls back', async () => {
    grantTo('anthropic')
    for (let call = 0; call < 10; call++) {
      const reply = await read(await world.call(unified(CLAUDE, { seed: 1 })))
      expect(reply.headers['x-valetkey-error']).toBe('request.untranslatable')
    }
  })

  function setLane(): void {
    if (world.grant) {
      world.grant = { ...world.grant, terms: { ...world.grant.terms, lane: 'inject' } }
    }
  }
})

describe('a unified call that ends early', () => {
  it('stops the provider, and is charged its bound (C72)', async () => {
    grantTo('anthropic')
    let cancelled = false
    const event = new TextEncoder().encode(
      'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}\n\n',
    )
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(event)
      },
      cancel() {
        cancelled = true
      },
    })
    world.answer = () =>
      Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
    const reply = await world.call(unified(CLAUDE, { stream: true }))
    const reader = reply.kind === 'response' ? reply.body?.getReader() : undefined
    const first = await reader?.read()

    await reader?.cancel()

    expect(new TextDecoder().decode(first?.value)).toContain('"content":"a"')
    expect(cancelled).toBe(true)
    expect((await world.rows())[0]).toMatchObject({ ending: 'aborted', costSource: 'bound' })
  })

  it('by a lost network says so in OpenAI’s shape, then breaks', async () => {
    for (const [provider, model] of [
      ['anthropic', CLAUDE],
      ['mistral', 'mistral/mistral-large-latest'],
    ] as const) {
      grantTo(provider)
      const body = new ReadableStream({
        pull: (controller) => {
          controller.error(new TypeError('reset'))
        },
      })
      world.answer = () =>
        Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
      const reply = await world.call(unified(model, { stream: true }))
      const reader = reply.kind === 'response' ? reply.body?.getReader() : undefined

      const first = await reader?.read()

      expect(new TextDecoder().decode(first?.value)).toMatch(/"error":\{[^\n]*provider\.network/)
      await expect(reader?.read()).rejects.toMatchObject({ code: 'provider.network' })
    }
  })
})
