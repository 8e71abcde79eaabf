import { beforeEach, describe, expect, it } from 'vitest'
import { defaultTerms } from '../grants/index.ts'
import { createLedger, createRateLimits } from '../metering/index.ts'
import {
  WalletError,
  createValetKey,
  toBase64url,
  type ErrorCode,
  type Grant,
  type GrantId,
  type KeyId,
  type ProviderId,
  type ProviderKey,
  type UsageRow,
} from '../protocol/index.ts'
import { sha256 } from '../crypto/index.ts'
import { providerById } from '../providers/index.ts'
import { createFakeClock, createMemoryLedgerStore, createSeededRandom } from '../testing/index.ts'
import type { CallReply, Caller, PageCall } from './call.ts'
import type { OutgoingRequest } from './forward.ts'
import type { ProxyPorts } from './ports.ts'
import { runCall } from './run-call.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const APP: Caller = { origin: 'https://app.example.test', incognito: false }
const GRANT_ID = 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId
const KEY_ID = 'BBBBBBBBBBBBBBBBBBBBBQ' as KeyId
const SECRET = ['sk-', 'aB3dE6gH9jK2mN5pQ8sT1vW4'].join('')
const random = createSeededRandom('run-call')
const VALET_KEY = createValetKey('sk-48', random)
const AT_HOSTS = { secret: SECRET as ProviderKey, baseUrl: null }
const CHAT_URL = 'https://api.openai.com/v1/chat/completions'
const REPLY = {
  id: 'c1',
  choices: [{ message: { content: 'Hello' } }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
}

/** One wallet around one grant, with everything it sent. */
class World {
  readonly sent: OutgoingRequest[] = []
  readonly refusals: ErrorCode[] = []
  readonly foreignHosts: string[] = []
  readonly store = createMemoryLedgerStore()
  readonly clock = createFakeClock(NOW)
  provider: ProviderId = 'openai'
  answer: (request: OutgoingRequest, signal: AbortSignal) => Promise<Response> = () =>
    Promise.resolve(Response.json(REPLY))
  locked = false
  paused = false
  says: 'allow' | 'deny' | 'timeout' = 'deny'
  grant: Grant | null = {
    id: GRANT_ID,
    subject: { origin: APP.origin },
    status: 'active',
    terms: defaultTerms({ now: NOW, keys: [{ provider: 'openai', keyId: KEY_ID }] }),
    createdAt: NOW,
  }

  readonly ports: ProxyPorts = {
    clock: () => this.clock.now(),
    random,
    ledger: createLedger({ store: this.store, clock: () => this.clock.now() }),
    rateLimits: createRateLimits(),
    forward: (request, signal) => {
      this.sent.push(request)
      return this.answer(request, signal)
    },
    findSite: (caller, hash) =>
      Promise.resolve(
        caller.origin === APP.origin && hash === hashOf(VALET_KEY)
          ? { grantId: GRANT_ID, provider: this.provider }
          : null,
      ),
    openVault: () =>
      Promise.resolve(
        this.locked
          ? null
          : {
              readGrant: () => Promise.resolve(this.grant),
              openKey: (keyId) => Promise.resolve({ keyId, provider: this.provider, ...AT_HOSTS }),
            },
      ),
    mayReach: () => Promise.resolve(false),
    isPaused: () => Promise.resolve(this.paused),
    ask: () => Promise.resolve(this.says),
    noteRefusal: (_caller, code) => this.refusals.push(code),
    noteForeignHost: (_caller, host) => this.foreignHosts.push(host),
    noteCall: () => undefined,
    noteKeyRefused: () => undefined,
    keyTurns: { read: () => Promise.resolve(null), write: () => undefined },
  }

  call(changes: Partial<PageCall> = {}, caller = APP, signal = new AbortController().signal) {
    return runCall({ ...chat(), ...changes }, caller, this.ports, signal)
  }

  async rows(): Promise<readonly UsageRow[]> {
    return this.store.usage(100)
  }
}

function chat(body: object = {}): PageCall {
  const text = JSON.stringify({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Hi' }],
    ...body,
  })
  return {
    method: 'POST',
    url: CHAT_URL,
    headers: [
      ['Authorization', `Bearer ${VALET_KEY}`],
      ['Content-Type', 'application/json'],
    ],
    body: { kind: 'text', text },
    valetKey: VALET_KEY,
  }
}

function hashOf(text: string): string {
  return toBase64url(sha256(new TextEncoder().encode(text)))
}

async function read(
  reply: CallReply,
): Promise<{ status: number; headers: Record<string, string>; text: string }> {
  if (reply.kind !== 'response') throw new TypeError(reply.kind)
  const text = reply.body ? await new Response(reply.body).text() : ''
  return { status: reply.status, headers: Object.fromEntries(reply.headers), text }
}

function sse(events: readonly object[]): Response {
  const text = [
    ...events.map((event) => `data: ${JSON.stringify(event)}\n\n`),
    'data: [DONE]\n\n',
  ].join('')
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } })
}

let world: World
beforeEach(() => {
  world = new World()
})

describe('a call that is allowed', () => {
  it('goes out with the real key in the catalogue’s form and comes back as the provider sent it', async () => {
    const { status, text } = await read(await world.call())

    expect([status, JSON.parse(text)]).toEqual([200, REPLY])
    expect(world.sent).toHaveLength(1)
    expect(world.sent[0]?.url.href).toBe(CHAT_URL)
    expect(world.sent[0]?.headers.get('authorization')).toBe(`Bearer ${SECRET}`)
    expect(JSON.stringify([...(world.sent[0]?.headers ?? [])])).not.toContain(VALET_KEY)
  })

  it('is charged what the provider reported, once, and holds nothing afterwards', async () => {
    await read(await world.call())

    const [row] = await world.rows()
    expect(row).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o-mini',
      ending: 'done',
      status: 200,
      costSource: 'usage',
      tokens: { input: 9, output: 3 },
    })
    expect(row?.costNanoUsd).toBeGreaterThan(0)
    expect(await world.store.reservations()).toEqual([])
    expect(JSON.stringify(row)).not.toMatch(/Hello|Hi"|sk-/)
  })

  it('sets an output limit where the app gave none', async () => {
    await read(await world.call())

    expect(JSON.parse(world.sent[0]?.body as string)).toMatchObject({
      max_completion_tokens: 16_384,
    })
  })

  it('sends a large body whole, as what was judged', async () => {
    const call = chat({ messages: [{ role: 'user', content: 'é'.repeat(300_000) }], api_key: 'x' })
    const { text } = call.body as { text: string }
    await world.call({ body: { kind: 'blob', blob: new Blob([text]) } })

    const [sent] = world.sent
    expect(sent?.headers.get('content-type')).toBe('application/json')
    const body = JSON.parse(await new Response(sent?.body).text()) as Record<string, unknown>
    const { api_key: apiKey, ...judged } = JSON.parse(text) as Record<string, unknown>
    expect(body).toMatchObject(judged)
    expect([apiKey, body['api_key']]).toEqual(['x', undefined])
  })

  it('streams, and keeps the usage event it asked for from the app', async () => {
    world.answer = () =>
      Promise.resolve(
        sse([
          { choices: [{ delta: { content: 'Hel' } }] },
          { choices: [{ delta: { content: 'lo' } }] },
          { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } },
        ]),
      )

    const { text } = await read(await world.call({ ...chat({ stream: true }) }))

    expect(JSON.parse(world.sent[0]?.body as string)).toMatchObject({
      stream_options: { include_usage: true },
    })
    expect(text.match(/data: /g)).toHaveLength(3)
    expect(text).not.toContain('usage')
    expect((await world.rows())[0]).toMatchObject({
      ending: 'done',
      tokens: { input: 9, output: 2 },
    })
  })

  it('is charged by what was seen when the provider reports less (C71)', async () => {
    const content = 'word '.repeat(20_000)
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
    world.answer = () =>
      Promise.resolve(Response.json({ choices: [{ message: { content } }], usage }))

    await read(await world.call())

    expect((await world.rows())[0]).toMatchObject({ ending: 'done', costSource: 'floor' })
  })

  it('is whole where its entry finds no room, and stays held as spent', async () => {
    const reply = await world.call()
    world.store.failWrites(true)

    expect((await read(reply)).text).toBe(JSON.stringify(REPLY))
    expect(await world.store.reservations()).toHaveLength(1)
  })

  it('loses the key from a reply that echoes it', async () => {
    world.answer = () => Promise.resolve(Response.json({ ...REPLY, echo: `Bearer ${SECRET}` }))

    expect((await read(await world.call())).text).not.toContain(SECRET)
  })
})

describe('a call that is not ours', () => {
  it('is left to the page when its host is no provider’s, and the person is told (C30)', async () => {
    const reply = await world.call({ url: 'https://proxy.evil.test/v1/chat/completions' })

    expect(reply).toEqual({ kind: 'pass' })
    expect(world.foreignHosts).toEqual(['proxy.evil.test'])
    expect(world.sent).toEqual([])
  })

  it('is left to the page when the valet key is another provider’s', async () => {
    expect(await world.call({ url: 'https://api.anthropic.com/v1/messages' })).toEqual({
      kind: 'pass',
    })
    expect(world.foreignHosts).toEqual(['api.anthropic.com'])
  })

  it('is left to the page when it carries no valet key', async () => {
    expect(await world.call({ valetKey: SECRET })).toEqual({ kind: 'pass' })
  })
})

describe('a refusal', () => {
  const cases: [ErrorCode, number, () => Promise<CallReply>][] = [
    [
      'grant.missing',
      403,
      () => world.call({}, { ...APP, origin: 'https://app.example.test:8443' }),
    ],
    ['grant.missing', 403, () => ((world.grant = null), world.call())],
    ['vault.locked', 423, () => ((world.locked = true), world.call())],
    ['grant.paused', 403, () => ((world.paused = true), world.call())],
    ['grant.revoked', 403, () => (setGrant({ status: 'revoked' }), world.call())],
    ['grant.expired', 403, () => (world.clock.advance(31 * 86_400_000), world.call())],
    ['grant.model_denied', 403, () => (setModels(['gpt-4o']), world.call())],
    [
      'grant.capability_denied',
      403,
      () => world.call({ url: 'https://api.openai.com/v1/embeddings' }),
    ],
    [
      'grant.capability_denied',
      403,
      () =>
        world.call({
          method: 'GET',
          url: 'https://api.openai.com/v1/files',
          body: { kind: 'none' },
        }),
    ],
    ['request.unsupported', 404, () => world.call({ url: 'https://api.openai.com/v2/anything' })],
    ['request.unsupported', 404, () => world.call({ method: 'DELETE' })],
    [
      'request.invalid',
      400,
      () => world.call({ url: 'https://api.openai.com/v1/x%2f..%2fchat/completions' }),
    ],
    ['request.invalid', 400, () => world.call({ body: { kind: 'text', text: '{' } })],
    ['request.invalid', 400, () => world.call({ headers: [['x-http-method-override', 'GET']] })],
    ['budget.exceeded', 402, () => (setBudget('0.000001'), world.call())],
    ['grant.denied', 403, () => (setAskAlways(), world.call())],
    ['grant.consent_timeout', 403, () => (setAskAlways(), (world.says = 'timeout'), world.call())],
  ]

  it.each(cases)(
    '%s is a response of status %i that no SDK retries; nothing is sent',
    async (code, status, run) => {
      const reply = await read(await run())

      expect(reply.status).toBe(status)
      expect(reply.headers).toMatchObject({
        'content-type': 'application/json',
        'x-should-retry': 'false',
        'x-valetkey-error': code,
      })
      expect(JSON.parse(reply.text)).toMatchObject({ error: { code } })
      expect(world.sent).toEqual([])
      expect(world.refusals).toEqual([code])
      expect(await world.store.reservations()).toEqual([])
    },
  )

  it('goes through once the person said yes to this very call', async () => {
    setAskAlways()
    world.says = 'allow'

    expect((await read(await world.call())).status).toBe(200)
  })

  it('comes too when the grant was taken back while the person was asked (C74)', async () => {
    setAskAlways()
    const ports: ProxyPorts = {
      ...world.ports,
      ask: () => (setGrant({ status: 'revoked' }), Promise.resolve('allow')),
    }

    const reply = await read(await runCall(chat(), APP, ports, new AbortController().signal))

    expect(reply.headers['x-valetkey-error']).toBe('grant.revoked')
    expect(world.sent).toEqual([])
  })

  it('for lack of budget is in the log, and costs nothing', async () => {
    setBudget('0.000001')
    await world.call()

    expect((await world.rows())[0]).toMatchObject({ ending: 'denied', costNanoUsd: 0 })
  })

  it('of one call too many at once frees its place when a running one ends', async () => {
    const gates: (() => void)[] = []
    world.answer = () =>
      new Promise((resolve) =>
        gates.push(() => {
          resolve(Response.json(REPLY))
        }),
      )
    const running = Array.from({ length: 4 }, () => world.call())
    await expect.poll(() => gates.length).toBe(4)

    expect((await read(await world.call())).headers['x-valetkey-error']).toBe(
      'request.rate_limited',
    )
    gates.forEach((open) => {
      open()
    })
    for (const reply of await Promise.all(running)) await read(reply)
    const after = world.call()
    await expect.poll(() => gates.length).toBe(5)
    gates[4]?.()
    expect((await read(await after)).status).toBe(200)
  })

  function setGrant(changes: Partial<Grant>): void {
    if (world.grant) world.grant = { ...world.grant, ...changes }
  }
  function setTerms(changes: Partial<Grant['terms']>): void {
    if (world.grant) setGrant({ terms: { ...world.grant.terms, ...changes } })
  }
  function setModels(models: string[]): void {
    setTerms({
      providers: [{ provider: 'openai', keys: { only: KEY_ID }, models, capabilities: ['chat'] }],
    })
  }
  function setBudget(usd: string): void {
    setTerms({ budgets: [{ usd, window: 'month' }] })
  }
  function setAskAlways(): void {
    setTerms({ askAlways: true })
  }
})

describe('what goes wrong on the way', () => {
  it('the provider’s own error reaches the app, masked, and costs nothing', async () => {
    const message = `Incorrect API key provided: ${SECRET.slice(0, 8)}****${SECRET.slice(-4)}.`
    world.answer = () =>
      Promise.resolve(
        Response.json({ error: { message, type: 'invalid_request_error' } }, { status: 401 }),
      )

    const reply = await read(await world.call())

    expect(reply.status).toBe(401)
    expect(reply.headers['x-valetkey-error']).toBeUndefined()
    expect(JSON.parse(reply.text)).toMatchObject({ error: { type: 'invalid_request_error' } })
    expect(reply.text).not.toContain(SECRET.slice(-4))
    expect((await world.rows())[0]).toMatchObject({
      ending: 'refused',
      status: 401,
      costNanoUsd: 0,
    })
  })

  it('a lost network rejects, and holds the bound: it may have been sent', async () => {
    world.answer = () => Promise.reject(walletError('provider.network'))

    await expect(world.call()).rejects.toMatchObject({ code: 'provider.network' })
    expect((await world.rows())[0]).toMatchObject({ ending: 'failed', costSource: 'bound' })
  })

  it('a call that was sent before the network went is charged, whatever the machine says now', async () => {
    const online = Object.getOwnPropertyDescriptor(navigator, 'onLine')
    world.answer = () => {
      Object.defineProperty(navigator, 'onLine', { value: false, configurable: true })
      return Promise.reject(walletError('provider.network'))
    }
    await expect(world.call()).rejects.toMatchObject({ code: 'provider.network' })
    const [sent] = await world.rows()
    world.clock.advance(1)
    await expect(world.call()).rejects.toMatchObject({ code: 'provider.network' })
    const [unsent] = await world.rows()
    if (online) Object.defineProperty(navigator, 'onLine', online)
    else Reflect.deleteProperty(navigator, 'onLine')

    expect(sent).toMatchObject({ ending: 'failed', costSource: 'bound' })
    expect(unsent).toMatchObject({ ending: 'denied', costNanoUsd: 0 })
  })

  it('is told to the person too: a lost network, a key the provider refuses', async () => {
    world.answer = () => Promise.reject(walletError('provider.network'))
    await world.call().catch(() => undefined)
    world.answer = () => Promise.resolve(Response.json({ error: {} }, { status: 401 }))
    await world.call()

    expect(world.refusals).toEqual(['provider.network', 'provider.unauthorized'])
  })

  it('the second key of a pool serves when the first is gone', async () => {
    const other = 'CCCCCCCCCCCCCCCCCCCCCA' as KeyId
    if (world.grant) {
      const terms = {
        ...world.grant.terms,
        providers: world.grant.terms.providers.map((one) => ({
          ...one,
          keys: { pool: [KEY_ID, other] },
        })),
      }
      world.grant = { ...world.grant, terms }
    }
    const openVault = world.ports.openVault.bind(world.ports)
    const ports: ProxyPorts = {
      ...world.ports,
      async openVault() {
        const vault = await openVault()
        return (
          vault && {
            ...vault,
            openKey: (id) =>
              id === KEY_ID ? Promise.reject(walletError('request.not_found')) : vault.openKey(id),
          }
        )
      },
    }

    expect(
      (await read(await runCall(chat(), APP, ports, new AbortController().signal))).status,
    ).toBe(200)
    expect((await world.rows())[0]).toMatchObject({ keyId: other })
  })

  it('a refused redirect is a 503 of ours (C28)', async () => {
    world.answer = () => Promise.reject(walletError('provider.unavailable'))

    expect((await read(await world.call())).headers['x-valetkey-error']).toBe(
      'provider.unavailable',
    )
  })

  it('an abort mid-stream stops the provider and is charged the whole bound (C72)', async () => {
    let cancelled = false
    world.answer = () =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            pull: (controller) => {
              controller.enqueue(new TextEncoder().encode('data: {"choices":[]}\n\n'))
            },
            cancel: () => {
              cancelled = true
            },
          }),
          { headers: { 'content-type': 'text/event-stream' } },
        ),
      )
    const reply = await world.call({ ...chat({ stream: true }) })
    const reader = reply.kind === 'response' ? reply.body?.getReader() : undefined
    await reader?.read()

    await reader?.cancel()

    expect(cancelled).toBe(true)
    expect((await world.rows())[0]).toMatchObject({ ending: 'aborted', costSource: 'bound' })
    expect(await world.store.reservations()).toEqual([])
  })

  it('an abort while the provider is silent is an abort, not an end (C72)', async () => {
    world.answer = () =>
      Promise.resolve(
        new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }), {
          headers: { 'content-type': 'text/event-stream' },
        }),
      )
    const reply = await world.call({ ...chat({ stream: true }) })
    const reader = reply.kind === 'response' ? reply.body?.getReader() : undefined
    const reading = reader?.read()

    await reader?.cancel()

    expect(await reading).toMatchObject({ done: true })
    expect((await world.rows())[0]).toMatchObject({ ending: 'aborted', costSource: 'bound' })
  })

  it('a stream cut midway ends with the provider’s own error event, then breaks', async () => {
    world.answer = () =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(
                new TextEncoder().encode('data: {"choices":[{"delta":{"content":"a"}}]}\n\n'),
              )
            },
            pull: (controller) => {
              controller.error(new TypeError('reset'))
            },
          }),
          { headers: { 'content-type': 'text/event-stream' } },
        ),
      )
    const reply = await world.call({ ...chat({ stream: true }) })
    const reader = reply.kind === 'response' ? reply.body?.getReader() : undefined
    const seen: string[] = []

    await expect(
      (async () => {
        for (;;) seen.push(new TextDecoder().decode((await reader?.read())?.value))
      })(),
    ).rejects.toMatchObject({ code: 'provider.network' })

    expect(seen.join('')).toContain('"a"')
    expect(seen.join('')).toContain('provider.network')
    expect((await world.rows())[0]).toMatchObject({ ending: 'failed', costSource: 'bound' })
  })

  it('a key that is another provider’s is never sent (C78)', async () => {
    const openVault = world.ports.openVault.bind(world.ports)
    const ports: ProxyPorts = {
      ...world.ports,
      async openVault() {
        const vault = await openVault()
        return (
          vault && {
            ...vault,
            openKey: (keyId) => Promise.resolve({ keyId, provider: 'groq', ...AT_HOSTS }),
          }
        )
      },
    }

    const reply = await read(await runCall(chat(), APP, ports, new AbortController().signal))

    expect(reply.headers['x-valetkey-error']).toBe('vault.corrupt')
    expect(world.sent).toEqual([])
  })

  it('a refusal is worded in the shape of each provider', () => {
    for (const id of ['openai', 'anthropic', 'google', 'groq'] as const) {
      const body = providerById(id).errorBody({ code: 'vault.locked', message: 'm', status: 423 })

      expect(JSON.stringify(body)).toContain('vault.locked')
    }
  })
})

function walletError(code: ErrorCode): WalletError {
  return new WalletError(code)
}
