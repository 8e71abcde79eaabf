/** An app's server, the real sync server and a real browser: linked by its page, served by the relay. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import type { GrantId } from '@valetkey/wallet/protocol'
import { ValetKeyClient, appKeyDocument, createAppKey } from '../../sdk/src/server/index.ts'
import {
  TestDevice,
  freePort,
  startServerProcess,
  type Send,
} from '../../server/src/testing/index.ts'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { focusedConsentWindow, pressToClose } from '../support/driving/consent-screen.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { openLinkPage, outcomeOf } from '../support/driving/link-page.ts'
import { press, says } from '../support/driving/screens.ts'
import { APP, OTHER, PASSPHRASE, useWorld } from './world.ts'
import { useWorker } from './worker-controls.ts'

const MODEL = 'openai/gpt-4o-mini'
const messages = [{ role: 'user' as const, content: 'Hi' }]
interface MadeApp {
  readonly clientId: string
  readonly clientSecret: string
}

describe('an app’s server and a wallet in a browser', () => {
  const world = useWorld('keys', { given: ['http://127.0.0.1/*'], watchWorkers: false })
  const worker = useWorker(world)
  let folder: string
  let port: number
  let server: Awaited<ReturnType<typeof startServerProcess>>
  let app: MadeApp
  let appServer: ValetKeyClient
  let token: string

  const origin = (): string => `http://127.0.0.1:${String(port)}`
  const start = async (): Promise<void> => {
    server = await startServerProcess({ VALETKEY_DATABASE: join(folder, 'sync.sqlite') }, port)
  }
  const send: Send = async ({ method, url, headers, body }) => {
    const reply = await fetch(origin() + url, {
      method,
      headers,
      ...(body !== undefined && { body }),
    })
    return { status: reply.status, body: (await reply.json()) as never }
  }
  const newLinkToken = async (): Promise<string> => {
    const hints = {
      requestedProviders: ['openai', 'anthropic'],
      budgetSuggestionCents: 1000,
    } as const
    return (await appServer.createLinkSession(hints)).linkToken
  }

  const openLink = (token: string, site = APP, at = origin()): Promise<Page> =>
    openLinkPage(world, { token, server: at, site })
  const client = (maxRetries = 0): OpenAI =>
    new OpenAI({ apiKey: token, baseURL: `${origin()}/v1/proxy`, maxRetries })
  const codeOf = async (call: Promise<unknown>): Promise<string | null | undefined> => {
    try {
      await call
    } catch (error) {
      if (error instanceof OpenAI.APIError) return error.code
      throw error
    }
    return undefined
  }
  const ask = () => client().chat.completions.create({ model: MODEL, messages })
  const shell = (): Promise<Page> =>
    world.driver.newPage(`chrome-extension://${world.driver.extensionId}/popup.html`)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'valetkey-relay-'))
    port = await freePort()
    await start()
    const owner = new TestDevice({ send, origin: origin() })
    await owner.register()
    const appKey = createAppKey()
    const document = JSON.stringify(await appKeyDocument(APP, [appKey]))
    const headers = { 'access-control-allow-origin': '*' }
    world.apps.serve('/.well-known/valetkey.json', { body: document, headers })
    const made = await owner.ask<MadeApp>('POST', '/v1/apps', {
      name: 'Notes',
      origin: APP,
      publicKeys: [],
    })
    app = made.body.data
    appServer = new ValetKeyClient({ ...app, baseUrl: origin(), appKey, maxRetries: 0 })
  }, 60_000)
  afterAll(async () => {
    await server.kill('SIGTERM')
    await rm(folder, { recursive: true })
  })

  it('is refused for a server of this machine that the wallet is not synced with, or one that is not there', async () => {
    const page = await openLink(await newLinkToken())
    expect(await outcomeOf(page)).toBe('exit request.invalid')
    const window = await shell()
    await askFrom(window, 'sync.sign_up', { server: origin(), passphrase: PASSPHRASE })
    const other = await openLink(await newLinkToken(), APP, 'https://elsewhere.example')
    expect(await outcomeOf(other)).toBe('exit provider.network')
  })

  it('C98: is refused for the page of another app', async () => {
    const page = await openLink(await newLinkToken(), OTHER)
    expect(await outcomeOf(page)).toBe('exit auth.forbidden')
  })

  it('is linked once the person agreed, and streams from their own key', async () => {
    const page = await openLink(await newLinkToken())
    const consent = await focusedConsentWindow(world.driver.browser, world.driver.extensionId)

    await says(consent, 'Let this app’s server use your AI?')
    await says(consent, 'registered as “Notes”')
    await says(consent, 'Only the app’s server can read them.')
    await press(consent, 'checkbox', `Let ${origin()} read these calls`)
    await says(consent, 'Give it a small budget.')
    await pressToClose(consent, 'Allow')
    const publicToken = await outcomeOf(page)
    expect(publicToken).toMatch(/^vk_pt_/)
    const given = await appServer.exchangePublicToken(publicToken)
    token = given.accessToken
    expect(given.sealed).toBe('plain')

    world.fakes.behave({ text: 'a streamed answer' })
    const words: string[] = []
    const stream = await client().chat.completions.create({ model: MODEL, messages, stream: true })
    for await (const part of stream) words.push(part.choices[0]?.delta.content ?? '')
    expect(words.join('')).toBe('a streamed answer')
    const linked = await askFrom(await shell(), 'linked.list', {})
    expect(linked.apps).toMatchObject([
      { name: 'Notes', origin: APP, server: origin(), status: 'active' },
    ])
    expect(linked.apps[0]?.terms.budgets).toEqual([{ usd: '2.00', window: 'month' }])
  })

  it('is linked sealed: the server between reads nothing, and the unmodified clients stream', async () => {
    const page = await openLink(await newLinkToken())
    const consent = await focusedConsentWindow(world.driver.browser, world.driver.extensionId)
    await pressToClose(consent, 'Allow')
    const linked = await appServer.exchangePublicToken(await outcomeOf(page))
    expect(linked.sealed).toBe('required')
    const { fetch } = appServer.wallet(linked)

    world.fakes.behave({ text: 'a sealed answer' })
    const openai = new OpenAI({ apiKey: 'unused', fetch, maxRetries: 0 })
    const words: string[] = []
    const body = { model: 'gpt-4o-mini', messages, stream: true } as const
    for await (const part of await openai.chat.completions.create(body)) {
      words.push(part.choices[0]?.delta.content ?? '')
    }
    const anthropic = new Anthropic({ apiKey: 'unused', fetch, maxRetries: 0 })
    const stream = anthropic.messages.stream({
      ...{ model: 'claude-sonnet-4-5', max_tokens: 64, messages },
    })

    expect(words.join('')).toBe('a sealed answer')
    expect(await stream.finalText()).toBe('a sealed answer')
    expect(world.fakes.requests).toHaveLength(2)
    // By its token alone, as a server that is not ours would ask.
    const plain = new OpenAI({
      ...{ apiKey: linked.accessToken, baseURL: `${origin()}/v1/proxy`, maxRetries: 0 },
    })
    expect(await codeOf(plain.chat.completions.create({ ...body, model: MODEL }))).toBe(
      'relay.sealed_required',
    )
    const grantId = linked.connectionId as GrantId
    await askFrom(await shell(), 'linked.revoke', { grantId })
    await expect(appServer.connections.get(grantId)).resolves.toMatchObject({ status: 'revoked' })
  })

  it('serves the unmodified client of another provider', async () => {
    world.fakes.behave({ text: 'and another' })
    const anthropic = new Anthropic({
      ...{ apiKey: null, authToken: token, maxRetries: 0 },
      baseURL: `${origin()}/v1/proxy/passthrough/anthropic`,
    })
    const reply = await anthropic.messages.create({
      ...{ model: 'claude-sonnet-4-5', max_tokens: 64, messages },
    })
    expect(reply.content).toMatchObject([{ type: 'text', text: 'and another' }])
  })

  it('C105: a killed worker ends its call with one request of the provider, and the next works again', async () => {
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    const paid = () =>
      client().chat.completions.create(
        { model: MODEL, messages, stream: true },
        { headers: { 'idempotency-key': 'paid-once' } },
      )
    const stream = await paid()
    await stream[Symbol.asyncIterator]().next()
    await worker.kill()
    expect(world.fakes.requests.filter(({ path }) => path.includes('chat'))).toHaveLength(1)
    // Whatever wakes the worker brings the socket back.
    const window = await shell()
    await askFrom(window, 'status.get', {})
    world.fakes.behave({ text: 'here again' })
    await expect.poll(() => codeOf(ask()), { timeout: 15_000 }).toBeUndefined()
    const { rows } = await askFrom(window, 'usage.list', { limit: 100 })
    expect(rows.filter(({ ending }) => ending === 'lost')).toHaveLength(1)
    // The new worker knows what the one before began.
    const before = world.fakes.requests.length
    expect(await codeOf(paid())).toBe('request.replayed')
    expect(world.fakes.requests).toHaveLength(before)
  })

  it('an app that goes away in the middle stops the provider', async () => {
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    const stop = new AbortController()
    const stream = await client().chat.completions.create(
      { model: MODEL, messages, stream: true },
      { signal: stop.signal },
    )
    for await (const part of stream) if (part.choices[0]?.delta.content) stop.abort()
    const reply = world.fakes.requests.at(-1)?.reply
    await expect.poll(() => reply?.aborted, { timeout: 10_000 }).toBe(true)
  })

  it('a server killed in the middle stops the provider, and the wallet comes back to the next', async () => {
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    const stream = await client().chat.completions.create({ model: MODEL, messages, stream: true })
    await stream[Symbol.asyncIterator]().next()
    const reply = world.fakes.requests.at(-1)?.reply
    await server.kill('SIGKILL')
    await expect.poll(() => reply?.aborted, { timeout: 10_000 }).toBe(true)
    await start()
    world.fakes.behave({ text: 'here again' })
    await expect.poll(() => codeOf(ask()), { timeout: 40_000, interval: 250 }).toBeUndefined()
  }, 60_000)

  it('pause, lock and taking back are told at once, and end what runs', async () => {
    const window = await shell()
    const [linked] = (await askFrom(window, 'linked.list', {})).apps
    const grantId = linked?.grantId
    if (!grantId) throw new Error('nothing is linked')
    await askFrom(window, 'linked.pause', { grantId, paused: true })
    expect(await codeOf(ask())).toBe('grant.paused')
    await askFrom(window, 'linked.pause', { grantId, paused: false })
    expect(await codeOf(ask())).toBeUndefined()

    await world.driver.lock()
    await expect.poll(() => codeOf(ask())).toBe('relay.wallet_locked')
    await world.driver.unlock(PASSPHRASE)
    await expect.poll(() => codeOf(ask()), { timeout: 15_000 }).toBeUndefined()

    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    const stream = await client().chat.completions.create({ model: MODEL, messages, stream: true })
    await stream[Symbol.asyncIterator]().next()
    const reply = world.fakes.requests.at(-1)?.reply
    await askFrom(window, 'linked.revoke', { grantId })
    await expect.poll(() => reply?.aborted, { timeout: 10_000 }).toBe(true)
    expect(await codeOf(ask())).toMatch(/^(?:auth\.failed|grant\.revoked)$/)
    expect((await askFrom(window, 'linked.list', {})).apps).toEqual([])
  })
})
