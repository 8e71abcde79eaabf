/** Official clients, unchanged, at the local endpoint of the headless wallet. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startTestAgent, type TestAgent } from '@valetkey/agent/testing'
import { forwardToFake } from '../support/forward-to-fake.ts'
import { keys, useFakes } from './__fixtures__/four-fakes.ts'

const { fakes } = useFakes()
// Clients over two sockets each, on a machine that does much else.
vi.setConfig({ testTimeout: 30_000 })
const ASK = [{ role: 'user' as const, content: 'Weather?' }]
const LONG = { text: 'word '.repeat(3000), gapMs: 15 }

let agent: TestAgent
let token: string
beforeEach(async () => {
  agent = await startTestAgent({ forward: (request) => forwardToFake(fakes(), request), keys })
  token = await agent.allow('tool')
})
afterEach(() => agent.stop())

const openai = (apiKey = token) =>
  new OpenAI({ baseURL: `http://127.0.0.1:${agent.port}/v1`, apiKey, maxRetries: 0 })
const anthropic = (apiKey = token) =>
  new Anthropic({ baseURL: `http://127.0.0.1:${agent.port}`, apiKey, maxRetries: 0 })
const lastKey = () => fakes().requests.at(-1)?.key
const settled = () => expect.poll(() => agent.held(), { timeout: 10_000 }).toBe(0)

async function textOf(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<string> {
  let text = ''
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  return text
}

describe('OpenAI’s own client', () => {
  it('chats, streams and lists models with the person’s key', async () => {
    fakes().behave({ text: 'It rains in Zürich 🌦️.', pieceBytes: 7 })
    const asked = { model: 'gpt-5-mini', messages: ASK }
    const answer = await openai().chat.completions.create(asked)
    const stream = await openai().chat.completions.create({ ...asked, stream: true })

    expect(answer.choices[0]?.message.content).toBe('It rains in Zürich 🌦️.')
    expect(await textOf(stream)).toBe('It rains in Zürich 🌦️.')
    expect(lastKey()).toBe(keys.openai)
    fakes().reset()
    expect((await openai().models.list()).data.length).toBeGreaterThan(0)
    await settled()
    expect((await agent.usage()).filter(({ capability }) => capability === 'chat')).toMatchObject([
      { provider: 'openai', lane: 'proxy', costSource: 'usage' },
      { provider: 'openai', lane: 'proxy', costSource: 'usage' },
    ])
    expect(fakes().violations).toEqual([])
  })

  it('asks any provider by the name of a model', async () => {
    fakes().behave({ text: 'It rains.' })
    const model = 'anthropic/claude-sonnet-5'
    const answer = await openai().chat.completions.create({ model, messages: ASK })

    expect(answer.choices[0]?.message.content).toBe('It rains.')
    expect(lastKey()).toBe(keys.anthropic)
  })

  it('asks a provider under its own name, as under its own host', async () => {
    fakes().behave({ text: 'It rains.' })
    const baseURL = `http://127.0.0.1:${agent.port}/groq/openai/v1`
    const client = new OpenAI({ baseURL, apiKey: token, maxRetries: 0 })
    await client.chat.completions.create({ model: 'openai/gpt-oss-120b', messages: ASK })

    expect(lastKey()).toBe(keys.groq)
  })

  it('is told in its own errors when the budget is used up, and nothing is sent', async () => {
    const small = await agent.allow('small', { budgets: [{ usd: '0.0001', window: 'month' }] })
    const asked = { model: 'gpt-5-mini', messages: ASK, max_completion_tokens: 2000 }
    const failing = openai(small).chat.completions.create(asked)

    await expect(failing).rejects.toBeInstanceOf(OpenAI.APIError)
    await expect(failing).rejects.toMatchObject({ status: 402, code: 'budget.exceeded' })
    expect(fakes().requests).toEqual([])
    // Another client has its own.
    await openai().chat.completions.create(asked)
    expect(fakes().requests).toHaveLength(1)
  })

  it('is told in its own errors that its token is none', async () => {
    const failing = openai('sk-not-a-token').chat.completions.create({
      ...{ model: 'gpt-5-mini', messages: ASK },
    })

    await expect(failing).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
    expect(fakes().requests).toEqual([])
  })

  it('gets the provider’s own refusal as its own error', async () => {
    fakes().behave({ status: 429, message: 'Slow down.' })
    const failing = openai().chat.completions.create({ model: 'gpt-5-mini', messages: ASK })

    await expect(failing).rejects.toBeInstanceOf(OpenAI.RateLimitError)
  })

  it('that gives a stream up stops the provider', async () => {
    fakes().behave(LONG)
    const asked = { model: 'gpt-5-mini', messages: ASK, stream: true } as const
    const stream = await openai().chat.completions.create(asked)
    await stream[Symbol.asyncIterator]().next()
    stream.controller.abort()

    await expect.poll(() => fakes().requests.at(-1)?.reply.aborted, { timeout: 10_000 }).toBe(true)
    await settled()
    expect(await agent.usage()).toMatchObject([{ ending: 'aborted' }])
  })

  it('that is killed stops the provider, and costs no more than was held', async () => {
    fakes().behave(LONG)
    const script = fileURLToPath(new URL('__fixtures__/hanging-client.ts', import.meta.url))
    const env = { OPENAI_BASE_URL: `http://127.0.0.1:${agent.port}/v1`, OPENAI_API_KEY: token }
    const client = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    await once(client.stdout, 'data')
    client.kill('SIGKILL')

    await expect.poll(() => fakes().requests.at(-1)?.reply.aborted, { timeout: 10_000 }).toBe(true)
    await settled()
    expect(fakes().requests).toHaveLength(1)
    expect(await agent.usage()).toMatchObject([{ ending: 'aborted' }])
  })
})

describe('Anthropic’s own client', () => {
  it('asks, streams and counts tokens with the person’s key', async () => {
    fakes().behave({ text: 'It rains in Zürich 🌦️.', pieceBytes: 7 })
    const asked = { model: 'claude-sonnet-5', max_tokens: 100, messages: ASK }
    const answer = await anthropic().messages.create(asked)
    const streamed = await anthropic().messages.stream(asked).finalText()
    expect(answer.content[0]).toMatchObject({ text: 'It rains in Zürich 🌦️.' })
    expect(streamed).toBe('It rains in Zürich 🌦️.')
    fakes().reset()
    const { model, messages } = asked
    expect(
      (await anthropic().messages.countTokens({ model, messages })).input_tokens,
    ).toBeGreaterThan(0)
    expect(lastKey()).toBe(keys.anthropic)
    expect(fakes().violations).toEqual([])
  })

  it('may show its token as a bearer too', async () => {
    fakes().behave({ text: 'It rains.' })
    const baseURL = `http://127.0.0.1:${agent.port}`
    const client = new Anthropic({ baseURL, apiKey: null, authToken: token, maxRetries: 0 })
    await client.messages.create({ model: 'claude-sonnet-5', max_tokens: 10, messages: ASK })

    expect(lastKey()).toBe(keys.anthropic)
  })

  it('is told in its own errors that its grant was taken back', async () => {
    await agent.change('tool', { status: 'revoked' })
    const asked = { model: 'claude-sonnet-5', max_tokens: 10, messages: ASK }
    const failing = anthropic().messages.create(asked)

    await expect(failing).rejects.toBeInstanceOf(Anthropic.PermissionDeniedError)
    expect(fakes().requests).toEqual([])
  })
})

describe('while an answer is under way', () => {
  async function startReading() {
    fakes().behave(LONG)
    const asked = { model: 'gpt-5-mini', messages: ASK, stream: true } as const
    const stream = await openai().chat.completions.create(asked)
    const reading = textOf(stream)
    reading.catch(() => undefined)
    await expect.poll(() => fakes().requests.length, { timeout: 10_000 }).toBe(1)
    return { reading }
  }

  it('a revocation by another process ends it', async () => {
    const { reading } = await startReading()
    await agent.change('tool', { status: 'revoked' })

    await expect(reading).rejects.toThrow()
    await expect.poll(() => fakes().requests.at(-1)?.reply.aborted, { timeout: 10_000 }).toBe(true)
    await settled()
  })

  it('a lock by another process ends it, and nothing serves any more', async () => {
    const { reading } = await startReading()
    await agent.lock()

    await expect(reading).rejects.toThrow()
    await agent.locked
    await settled()
    const again = openai().models.list()
    await expect(again).rejects.toBeInstanceOf(OpenAI.APIConnectionError)
  })
})
