import { readFileSync } from 'node:fs'
import { createLedger, createRateLimits } from '@valetkey/wallet/metering'
import { runCall, type ProxyPorts } from '@valetkey/wallet/proxy'
import {
  UNIFIED_ORIGIN,
  createId,
  parseJson,
  type Grant,
  type GrantId,
  type KeyId,
  type ProviderKey,
} from '@valetkey/wallet/protocol'
import {
  createFakeClock,
  createMemoryLedgerStore,
  createSeededRandom,
} from '@valetkey/wallet/testing'
import { defaultTerms } from '@valetkey/wallet/grants'
import OpenAI from 'openai'
import { beforeEach, describe, expect, it } from 'vitest'
import { forwardToFake } from '../support/forward-to-fake.ts'
import { keys, useFakes } from './__fixtures__/four-fakes.ts'

const { fakes } = useFakes()

const APP = { origin: 'https://app.example.test', incognito: false }
const PROVIDERS = ['anthropic', 'google', 'groq'] as const
type Granted = (typeof PROVIDERS)[number]
const MODELS: Readonly<Record<Granted, string>> = {
  anthropic: 'anthropic/claude-sonnet-5',
  google: 'google/gemini-3.5-flash',
  groq: 'groq/openai/gpt-oss-120b',
}
const TRANSLATED = ['anthropic', 'google'] as const
const PNG = 'data:image/png;base64,iVBORw0KGgo='

const random = createSeededRandom('unified clients')
const clock = createFakeClock()
const keyIds = Object.fromEntries(
  PROVIDERS.map((provider) => [createId<KeyId>(random), provider]),
) as Record<KeyId, Granted>
const grantId = createId<GrantId>(random)
const offered = Object.entries(keyIds).map(([keyId, provider]) => ({
  provider: provider,
  keyId: keyId as KeyId,
}))
const grant: Grant = {
  id: grantId,
  subject: { origin: APP.origin },
  status: 'active',
  terms: defaultTerms({ now: clock.now(), keys: offered }),
  createdAt: clock.now(),
}

/** One wallet around a grant of three providers; what it sends goes to the fakes over TLS. */
function createWallet() {
  const store = createMemoryLedgerStore()
  const ports: ProxyPorts = {
    ...{ clock: () => clock.now(), random, rateLimits: createRateLimits() },
    ledger: createLedger({ store, clock: () => clock.now() }),
    forward: (request) => forwardToFake(fakes(), request),
    findSite: ({ origin }) =>
      Promise.resolve(origin === APP.origin ? { grantId, provider: null } : null),
    openVault: () =>
      Promise.resolve({
        readGrant: () => Promise.resolve(grant),
        openKey: (keyId) => {
          const provider = keyIds[keyId] ?? 'groq'
          const secret = keys[provider] as ProviderKey
          return Promise.resolve({ keyId, provider, secret, baseUrl: null })
        },
      }),
    mayReach: () => Promise.resolve(false),
    isPaused: () => Promise.resolve(false),
    ask: () => Promise.resolve('deny'),
    noteRefusal: () => undefined,
    noteForeignHost: () => undefined,
    noteCall: () => undefined,
    noteKeyRefused: () => undefined,
    keyTurns: { read: () => Promise.resolve(null), write: () => undefined },
  }
  return { ports, rows: () => store.usage(10) }
}

/** The official client, unchanged but for its address and its `fetch`. */
function connect(ports: ProxyPorts): OpenAI {
  return new OpenAI({
    baseURL: `${UNIFIED_ORIGIN}/v1`,
    apiKey: 'none',
    maxRetries: 0,
    dangerouslyAllowBrowser: true,
    async fetch(input, init) {
      const { method = 'GET', body, signal } = init ?? {}
      const url = input instanceof Request ? input.url : String(input)
      const call = {
        ...{ method, url, headers: [...new Headers(init?.headers)] },
        body: typeof body === 'string' ? ({ kind: 'text', text: body } as const) : NOTHING,
        credential: { grantRef: grantId },
      }
      const reply = await runCall(call, APP, ports, signal ?? new AbortController().signal)
      if (reply.kind === 'pass') throw new TypeError('Failed to fetch')
      const { status, headers } = reply
      return new Response(reply.body, { status, headers })
    },
  })
}
const NOTHING = { kind: 'none' } as const

let wallet: ReturnType<typeof createWallet>
let client: OpenAI
beforeEach(() => {
  wallet = createWallet()
  client = connect(wallet.ports)
})

function recorded(path: string): string {
  return readFileSync(new URL(`../../wallet/providers/${path}`, import.meta.url), 'utf8')
}

const lastSent = () =>
  JSON.parse(fakes().requests.at(-1)?.body.toString('utf8') ?? '{}') as Record<string, unknown>

const ASK = [{ role: 'user' as const, content: 'Weather and time?' }]
const TOOLS = ['get_weather', 'get_time'].map((name) => ({
  type: 'function' as const,
  function: { name, parameters: { type: 'object', properties: {} } },
}))

describe.each(PROVIDERS)('OpenAI’s own client, asking for a model of %s', (provider) => {
  const model = MODELS[provider]

  it('gets an answer and its count', async () => {
    const usage = { input: 100, cachedInput: 20, cacheWriteInput: 0, output: 50, reasoning: 0 }
    fakes().behave({ text: 'It rains.', usage })

    const answer = await client.chat.completions.create({ model, messages: ASK })

    expect(answer.choices[0]).toMatchObject({
      ...{ finish_reason: 'stop', index: 0 },
      message: { role: 'assistant', content: 'It rains.' },
    })
    expect(answer.usage).toMatchObject({
      ...{ prompt_tokens: 120, completion_tokens: 50, total_tokens: 170 },
      prompt_tokens_details: { cached_tokens: 20 },
    })
    expect(await wallet.rows()).toMatchObject([
      { provider, ending: 'done', tokens: { input: 100, cachedInput: 20, output: 50 } },
    ])
    expect(fakes().violations).toEqual([])
  })

  it('gets a stream in pieces, and its count where it asks for one', async () => {
    fakes().behave({ text: 'It rains in Zürich 🌦️.', pieceBytes: 7 })
    const asked = { model, messages: ASK, stream: true as const }
    for (const options of [null, { include_usage: true }]) {
      let text = ''
      let counted = 0
      const stream = await client.chat.completions.create({ ...asked, stream_options: options })
      for await (const part of stream) {
        text += part.choices[0]?.delta.content ?? ''
        counted += part.usage && part.choices.length === 0 ? 1 : 0
      }
      expect(text).toBe('It rains in Zürich 🌦️.')
      expect(counted).toBe(options ? 1 : 0)
    }
    // The client hangs up at `[DONE]`, which the dialect sends before its end: all is counted by then.
    const ending = provider === 'groq' ? 'aborted' : 'done'
    const row = { ending, costSource: 'usage' }
    expect(await wallet.rows()).toMatchObject([row, row])
  })

  it('raises its own errors for the provider’s', async () => {
    fakes().behave({ status: 429, message: 'Slow down.' })

    const failing = client.chat.completions.create({ model, messages: ASK })

    await expect(failing).rejects.toBeInstanceOf(OpenAI.RateLimitError)
    await expect(failing).rejects.toMatchObject({
      status: 429,
      error: { message: expect.stringContaining('Slow down.') as string },
    })
  })
})

describe.each(TRANSLATED)('OpenAI’s own client, with tools and pictures for %s', (provider) => {
  const model = MODELS[provider]

  it('calls tools and sends their results under their own labels', async () => {
    fakes().behave({ body: recorded(`${provider}/__fixtures__/tools.json`), times: 1 })
    const first = await client.chat.completions.create({ model, messages: ASK, tools: TOOLS })
    const message = first.choices[0]?.message
    const calls = message?.tool_calls ?? []
    if (!message) throw new TypeError('no answer')
    expect(first.choices[0]?.finish_reason).toBe('tool_calls')
    expect(calls.map((call) => call.type === 'function' && call.function)).toEqual([
      { name: 'get_weather', arguments: '{"city":"Zürich"}' },
      { name: 'get_time', arguments: '{}' },
    ])

    const results = calls.map(({ id }, index) => ({
      ...{ role: 'tool' as const, tool_call_id: id, content: `result ${index}` },
    }))
    const messages = [...ASK, message, ...results]
    const second = await client.chat.completions.create({ model, messages, tools: TOOLS })

    expect(second.choices[0]?.message.content).not.toBe('')
    const labels =
      provider === 'anthropic'
        ? ['"tool_use_id":"toolu_1"', '"tool_use_id":"toolu_2"']
        : ['"functionResponse":{"id":"fc_1","name":"get_weather"', '"name":"get_time"']
    const sent = JSON.stringify(lastSent())
    for (const label of labels) expect(sent).toContain(label)
    expect(sent.indexOf('result 0')).toBeGreaterThan(sent.indexOf(labels[0] ?? ''))
    if (provider === 'google') expect(sent).toContain('"thoughtSignature":"c2lnbmVk"')
  })

  it('puts streamed calls together by its own helper', async () => {
    const body = recorded(`${provider}/__fixtures__/tools.sse`)
    fakes().behave({ body, contentType: 'text/event-stream', pieceBytes: 11 })

    const stream = client.chat.completions.stream({ model, messages: ASK, tools: TOOLS })
    const { choices } = await stream.finalChatCompletion()

    expect(choices[0]?.message.content).toBe('I look at Zürich 🌦️ first.')
    const calls = (choices[0]?.message.tool_calls ?? []).filter(({ type }) => type === 'function')
    const called = calls.flatMap((call) => ('function' in call ? [call.function] : []))
    expect(called.map(({ name, arguments: args }) => [name, parseJson(args)])).toEqual([
      ['get_weather', { city: 'Zürich', days: 2 }],
      ['get_time', {}],
    ])
  })

  it('shows a picture', async () => {
    const content = [
      { type: 'text' as const, text: 'What is it?' },
      { type: 'image_url' as const, image_url: { url: PNG } },
    ]

    await client.chat.completions.create({ model, messages: [{ role: 'user', content }] })

    expect(JSON.stringify(lastSent())).toContain('"data":"iVBORw0KGgo="')
  })

  it('is told which field the provider has no words for, before anything is sent', async () => {
    const asked = { model, messages: ASK, logit_bias: { 5: 1 } }

    const failing = client.chat.completions.create(asked)

    await expect(failing).rejects.toBeInstanceOf(OpenAI.UnprocessableEntityError)
    await expect(failing).rejects.toMatchObject({
      ...{ status: 422, code: 'request.untranslatable', param: 'logit_bias' },
    })
    expect(fakes().requests).toEqual([])
  })
})

it('a stream given up by OpenAI’s own client is given up', async () => {
  fakes().behave({ text: 'word '.repeat(200) })
  const asked = { model: MODELS.anthropic, messages: ASK, stream: true as const }
  const stream = await client.chat.completions.create(asked)

  const parts = stream[Symbol.asyncIterator]()
  await parts.next()
  await parts.return?.()

  expect(await wallet.rows()).toMatchObject([{ ending: 'aborted' }])
})
