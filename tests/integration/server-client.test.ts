/** An app's server with `valetkey/server`, a real server and a real wallet, and official libraries unmodified. */
import type { ServerResponse } from 'node:http'
import Anthropic from '@anthropic-ai/sdk'
import { createOpenAI } from '@ai-sdk/openai'
import { defaultTerms } from '@valetkey/wallet/grants'
import {
  LIVE_CLOSE_LOCKED,
  toBase64url,
  type KeyId,
  type LinkDetails,
} from '@valetkey/wallet/protocol'
import { signExchangeKey } from '@valetkey/wallet/relay'
import { signLinkApproval } from '@valetkey/wallet/sync'
import { openSqliteFile, openTestServer } from '@valetkey/server/testing'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { createKeySeed, signingPublicKey } from '@valetkey/wallet/crypto'
import { randomBytes } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ValetKeyClient } from '../../sdk/src/server/index.ts'
import { RelayWallet, listen, openProvider } from './__fixtures__/relay-wallet.ts'

const MODEL = 'gpt-4o-mini'
const messages = [{ role: 'user' as const, content: 'Hello!' }]
const random = (sizeBytes: number) => Uint8Array.from(randomBytes(sizeBytes))
const USAGE = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }

/** A person's wallet, linked with an app the whole way: session, approval of their device, exchange. */
async function linkedWorld(sealed: 'required' | 'plain' = 'plain') {
  const database = await openSqliteFile()
  const provider = await openProvider()
  const wallet = new RelayWallet(provider)
  const test = await openTestServer(database.address)
  const port = await listen(test)
  const device = test.newDevice()
  await device.register()
  onTestFinished(async () => {
    wallet.kill()
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
    await provider[Symbol.asyncDispose]()
  })
  const origin = 'https://notes.example'
  const asked = { name: 'Notes', origin, publicKeys: [] }
  const { clientId, clientSecret } = (
    await device.ask<{ clientId: string; clientSecret: string }>('POST', '/v1/apps', asked)
  ).body.data
  const baseUrl = `http://127.0.0.1:${String(port)}`
  const appKey = toBase64url(wallet.appSeed)
  const client = new ValetKeyClient({ clientId, clientSecret, baseUrl, maxRetries: 0, appKey })
  wallet.grant = { ...wallet.grant, terms: { ...wallet.grant.terms, sealed } }
  const signingSeed = createKeySeed(random)

  const { linkToken } = await client.createLinkSession({ requestedProviders: ['openai'] })
  const details = await device.guest<LinkDetails>('POST', '/v1/link/details', {
    linkToken,
  })
  const stub = {
    grant: wallet.grantId,
    walletKey: toBase64url(signingPublicKey(signingSeed)),
    ...{ sealed, expiresAt: null },
  }
  const sig = signLinkApproval(device.device, details.body.data, stub)
  const approved = await device.ask<{ publicToken: string }>('POST', '/v1/link/authorize', {
    ...{ linkToken, stub, sig },
  })
  const linked = await client.exchangePublicToken(approved.body.data.publicToken)
  const { accessToken } = linked
  /** As the wallet names the key of the week, or as somebody else would. */
  const nameKey = (seed = signingSeed) => {
    const notBefore = Date.now()
    const exchangeKeys = [{ seed: toBase64url(wallet.secret), notBefore }]
    const key = signExchangeKey(wallet.grantId, { signingSeed: toBase64url(seed), exchangeKeys })
    return device.ask('PUT', `/v1/connections/${wallet.grantId}/key`, key ?? {})
  }
  return { test, provider, wallet, device, port, baseUrl, client, linked, accessToken, nameKey }
}

const chunk = (content: string) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content } }] })}\n\n`
const usageChunk = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: USAGE })}\n\n`
const streams = (reply: ServerResponse) => {
  reply.writeHead(200, { 'content-type': 'text/event-stream' })
  reply.write(chunk('one ') + chunk('two'))
  reply.end(`${usageChunk}data: [DONE]\n\n`)
}
const whole = (reply: ServerResponse) => {
  reply.writeHead(200, { 'content-type': 'application/json' })
  const message = { role: 'assistant', content: 'Hi.' }
  const choices = [{ index: 0, message, finish_reason: 'stop' }]
  const created = { id: 'c', object: 'chat.completion', created: 1, model: 'm' }
  reply.end(JSON.stringify({ ...created, choices, usage: USAGE }))
}
const messageOfAnthropic = (reply: ServerResponse) => {
  reply.writeHead(200, { 'content-type': 'application/json' })
  const content = [{ type: 'text', text: 'Hi.' }]
  const usage = { input_tokens: 9, output_tokens: 3 }
  const about = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5' }
  reply.end(JSON.stringify({ ...about, content, stop_reason: 'end_turn', usage }))
}

describe('the client of an app’s server', () => {
  it('links, calls, streams, and sees its connection and its usage', async () => {
    const { client, linked, accessToken, provider, wallet, port, device } = await linkedWorld()
    await wallet.connect(port, device)
    provider.answers(whole)
    const ask = { accessToken, provider: 'openai', model: MODEL, messages } as const
    const answer = await client.chatCompletion(ask)
    provider.answers(streams)
    const words: string[] = []
    for await (const part of await client.chatCompletion({ ...ask, stream: true })) {
      words.push(part.choices[0]?.delta.content ?? '')
    }
    provider.answers(whole)
    const body = JSON.stringify({ model: MODEL, messages })
    const headers = { 'content-type': 'application/json' }
    const passed = await client.passthrough('openai', '/v1/chat/completions', {
      ...{ accessToken, body, headers },
    })

    expect(answer.choices[0]?.message.content).toBe('Hi.')
    expect(words.join('')).toBe('one two')
    expect(await passed.json()).toMatchObject({ choices: [{ message: { content: 'Hi.' } }] })
    expect(await client.connections.list()).toMatchObject([{ id: linked.connectionId }])
    await expect.poll(() => client.usage()).toMatchObject({ totals: { requests: 3, failed: 0 } })
    for (const call of provider.calls) expect(call).not.toContain('vk_at_')

    const next = await client.rotateAccessToken(accessToken)
    await expect(client.chatCompletion(ask)).rejects.toMatchObject({ code: 'auth.failed' })
    await client.connections.revoke(linked.connectionId)
    const again = client.chatCompletion({ ...ask, accessToken: next.accessToken })
    await expect(again).rejects.toMatchObject({ code: 'grant.revoked', status: 403 })
    expect(provider.calls).toHaveLength(3)
  })

  it('seals the calls of who allowed no other, by any library, and nobody between reads them', async () => {
    const { client, linked, provider, wallet, port, device, nameKey } =
      await linkedWorld('required')
    await wallet.connect(port, device)
    await nameKey()
    const own = client.wallet(linked)
    const ask = { provider: 'openai', model: MODEL, messages } as const
    provider.answers(whole)
    const answer = await own.chatCompletion(ask)
    provider.answers(streams)
    const words: string[] = []
    for await (const part of await own.chatCompletion({ ...ask, stream: true })) {
      words.push(part.choices[0]?.delta.content ?? '')
    }
    const openai = new OpenAI({ apiKey: 'unused', fetch: own.fetch, maxRetries: 0 })
    const streamed = await openai.chat.completions.create({ model: MODEL, messages, stream: true })
    for await (const part of streamed) words.push(part.choices[0]?.delta.content ?? '')
    provider.answers((reply) => reply.writeHead(400).end('{"error":{"message":"no such model"}}'))
    const refused = openai.chat.completions.create({ model: MODEL, messages })

    await expect(refused).rejects.toMatchObject({ status: 400 })
    expect(answer.choices[0]?.message.content).toBe('Hi.')
    expect(words.join('')).toBe('one twoone two')
    expect(provider.calls).toHaveLength(4)
    const wire = Buffer.concat(wallet.wire).toString('latin1')
    expect(wire).toContain(linked.connectionId)
    for (const hidden of ['Hello!', 'one ', MODEL, 'no such model'])
      expect(wire).not.toContain(hidden)
  })

  it('C106: seals to no key but one that the person’s own wallet signed', async () => {
    const { client, linked, accessToken, provider, wallet, port, device, nameKey } =
      await linkedWorld('required')
    await wallet.connect(port, device)
    const ask = { provider: 'openai', model: MODEL, messages } as const
    const calls = () => client.wallet(linked).chatCompletion(ask)

    await expect(calls()).rejects.toMatchObject({ code: 'relay.wallet_offline' })
    await nameKey(createKeySeed(random))
    await expect(calls()).rejects.toMatchObject({ code: 'auth.failed' })
    const readable = client.chatCompletion({ ...ask, accessToken })
    await expect(readable).rejects.toMatchObject({ code: 'relay.sealed_required' })
    expect(provider.calls).toEqual([])
    await nameKey()
    provider.answers(whole)
    expect((await calls()).choices[0]?.message.content).toBe('Hi.')

    // Whoever has the token, and not the app's key.
    const thief = new ValetKeyClient({
      ...{ clientId: linked.connectionId, clientSecret: 'none', maxRetries: 0 },
      ...{ baseUrl: client.baseURL.replace('/v1/proxy', ''), appKey: toBase64url(random(32)) },
    })
    const stolen = thief.wallet(linked).chatCompletion(ask)
    await expect(stolen).rejects.toMatchObject({ code: 'request.invalid' })
    expect(provider.calls).toHaveLength(1)
  })

  it('says what is in the way: the wallet offline or locked, its budget, its way', async () => {
    const { client, accessToken, provider, wallet, port, device } = await linkedWorld()
    const ask = () =>
      client.chatCompletion({ accessToken, provider: 'openai', model: MODEL, messages })
    await expect(ask()).rejects.toMatchObject({ code: 'relay.wallet_offline', retryable: true })
    await wallet.connect(port, device)
    const { terms } = wallet.grant
    const budgets = [{ usd: '0.000001', window: 'month' as const }]
    wallet.grant = { ...wallet.grant, terms: { ...terms, budgets } }
    await expect(ask()).rejects.toMatchObject({ code: 'budget.exceeded', status: 402 })
    wallet.grant = { ...wallet.grant, terms: { ...terms, sealed: 'required' } }
    await expect(ask()).rejects.toMatchObject({ code: 'relay.sealed_required' })
    await wallet.lock(LIVE_CLOSE_LOCKED)
    await expect
      .poll(() => ask().catch((error: unknown) => (error as { code: string }).code))
      .toBe('relay.wallet_locked')
    expect(provider.calls).toEqual([])
  })

  it('C105: asks the provider once for one key, and never again for a call whose end is unknown', async () => {
    const { client, accessToken, provider, wallet, port, device, baseUrl } = await linkedWorld()
    const ask = (idempotencyKey: string, by = client) =>
      by.chatCompletion(
        { accessToken, provider: 'openai', model: MODEL, messages },
        { idempotencyKey },
      )
    await wallet.connect(port, device)
    provider.answers(whole)
    expect(await ask('one')).toEqual(await ask('one'))
    expect(provider.calls).toHaveLength(1)

    const eager = new ValetKeyClient({ clientId: '', clientSecret: '', baseUrl, maxRetries: 5 })
    provider.answers(() => {
      wallet.kill()
    })
    await expect(ask('two', eager)).rejects.toMatchObject({ code: 'relay.wallet_lost' })
    expect(provider.calls).toHaveLength(2)
  })

  it('waits for a wallet that comes back, and asks it once', async () => {
    const { accessToken, provider, wallet, port, device, baseUrl } = await linkedWorld()
    const client = new ValetKeyClient({ clientId: '', clientSecret: '', baseUrl })
    provider.answers(whole)
    const call = client.chatCompletion({ accessToken, model: `openai/${MODEL}`, messages })
    await wallet.connect(port, device)

    expect((await call).choices[0]?.message.content).toBe('Hi.')
    expect(provider.calls).toHaveLength(1)
  })
})

describe('client.fetch in official libraries', () => {
  it('serves OpenAI’s: answers, streams, and its own errors', async () => {
    const { client, accessToken, provider, wallet, port, device } = await linkedWorld()
    const openai = new OpenAI({ apiKey: accessToken, fetch: client.fetch, maxRetries: 0 })
    const body = { model: MODEL, messages }
    const offline = openai.chat.completions.create(body)
    await expect(offline).rejects.toMatchObject({ status: 503, code: 'relay.wallet_offline' })
    await wallet.connect(port, device)
    provider.answers(whole)
    const answer = await openai.chat.completions.create(body)
    provider.answers(streams)
    const words: string[] = []
    for await (const part of await openai.chat.completions.create({ ...body, stream: true })) {
      words.push(part.choices[0]?.delta.content ?? '')
    }

    expect(answer.choices[0]?.message.content).toBe('Hi.')
    expect(words.join('')).toBe('one two')
    const unified = openai.withOptions({ baseURL: client.baseURL })
    const { data } = await unified.models.list()
    expect(data.map(({ id }) => id)).toContain(`openai/${MODEL}`)
  })

  it('serves Anthropic’s, by a key of Anthropic’s', async () => {
    const { client, accessToken, provider, wallet, port, device } = await linkedWorld()
    const keyId = toBase64url(random(16)) as KeyId
    const keys = [{ provider: 'anthropic' as const, keyId }]
    const terms = { ...defaultTerms({ now: Date.now(), keys }), sealed: 'plain' as const }
    wallet.grant = { ...wallet.grant, terms }
    wallet.keyOf = 'anthropic'
    await wallet.connect(port, device)
    provider.answers(messageOfAnthropic)
    const anthropic = new Anthropic({ apiKey: accessToken, fetch: client.fetch })
    const { content } = await anthropic.messages.create({
      ...{ model: 'claude-sonnet-5', max_tokens: 16, messages },
    })

    expect(content).toMatchObject([{ type: 'text', text: 'Hi.' }])
    expect(provider.calls).toHaveLength(1)
  })

  it('serves the AI SDK, which tries nothing again that may have been made', async () => {
    const { client, accessToken, provider, wallet, port, device } = await linkedWorld()
    const openai = createOpenAI({ apiKey: accessToken, fetch: client.fetch })
    const model = openai.chat(MODEL)
    await wallet.connect(port, device)
    provider.answers(whole)
    const { text } = await generateText({ model, prompt: 'Hello!' })
    provider.answers(streams)
    const streamed = await streamText({ model, prompt: 'Hello!' }).text
    expect([text, streamed]).toEqual(['Hi.', 'one two'])

    const made = provider.calls.length
    provider.answers(() => {
      wallet.kill()
    })
    await expect(generateText({ model, prompt: 'Hello!' })).rejects.toMatchObject({
      ...{ statusCode: 424, isRetryable: false },
    })
    expect(provider.calls).toHaveLength(made + 1)
  })

  it('C105: makes a call once that OpenAI’s gave up waiting for and asks for again', async () => {
    const { client, accessToken, provider, wallet, port, device } = await linkedWorld()
    await wallet.connect(port, device)
    provider.answers(() => undefined)
    const openai = new OpenAI({
      ...{ apiKey: accessToken, fetch: client.fetch, timeout: 300, maxRetries: 1 },
    })
    const call = openai.chat.completions.create({ model: MODEL, messages })

    await expect(call).rejects.toMatchObject({ status: 424, code: 'request.replayed' })
    expect(provider.calls).toHaveLength(1)
  })
})
