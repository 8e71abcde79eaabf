import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
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
  type Terms,
  type ValetKeyShapeId,
} from '../protocol/index.ts'
import { sha256 } from '../crypto/index.ts'
import { createFakeClock, createMemoryLedgerStore, createSeededRandom } from '../testing/index.ts'
import { runSocket, type SocketReply } from './run-socket.ts'
import type {
  OutgoingSocket,
  PageSocket,
  SocketData,
  SocketEnd,
  SocketHandle,
  SocketListener,
  SocketPorts,
} from './socket-ports.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const APP = { origin: 'https://app.example.test', incognito: false }
const GRANT_ID = 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId
const KEY_ID = 'BBBBBBBBBBBBBBBBBBBBBQ' as KeyId
const SECRET = ['sk-', 'aB3dE6gH9jK2mN5pQ8sT1vW4'].join('')
const random = createSeededRandom('run-socket')
const SHAPES: Partial<Record<ProviderId, ValetKeyShapeId>> = { openai: 'sk-48', google: 'AQ-44' }
const REALTIME = 'wss://api.openai.com/v1/realtime?model=gpt-realtime'
const LIVE =
  'wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'
const USAGE = {
  input_tokens: 100,
  output_tokens: 50,
  input_token_details: { cached_tokens: 20 },
}
const DONE = { type: 'response.done', response: { status: 'completed', usage: USAGE } }

/** One wallet around one grant, and the provider's end of the last socket it opened. */
class World {
  readonly provider: ProviderId
  readonly valetKey: string
  readonly store = createMemoryLedgerStore()
  readonly dialled: OutgoingSocket[] = []
  readonly sent: SocketData[] = []
  readonly closes: (number | undefined)[] = []
  readonly heard: SocketData[] = []
  readonly ends: SocketEnd[] = []
  readonly refusals: ErrorCode[] = []
  readonly foreign: string[] = []
  baseUrl: string | null = null
  keyOf: ProviderId | null = null
  readonly abort = new AbortController()
  mayDial = true
  says: 'allow' | 'deny' | 'timeout' = 'allow'
  asked = 0
  end: SocketListener | null = null
  handle: SocketHandle | null = null
  grant: Grant

  constructor(provider: ProviderId = 'openai', change: Partial<Terms['providers'][number]> = {}) {
    this.provider = provider
    this.valetKey = createValetKey(SHAPES[provider] ?? 'sk-48', random)
    const terms = defaultTerms({ now: NOW, keys: [{ provider, keyId: KEY_ID }] })
    this.grant = {
      ...{ id: GRANT_ID, subject: { origin: APP.origin }, status: 'active', createdAt: NOW },
      terms: {
        ...terms,
        providers: terms.providers.map((each) => ({
          ...each,
          capabilities: ['chat', 'realtime'],
          ...change,
        })),
      },
    }
  }

  readonly #clock = createFakeClock(NOW)
  readonly ports = (): SocketPorts => ({
    clock: () => this.#clock.now(),
    random,
    ledger: createLedger({ store: this.store, clock: () => this.#clock.now() }),
    rateLimits: createRateLimits(),
    forward: () => Promise.reject(new WalletError('internal')),
    findSite: (caller, hash) => {
      const own = toBase64url(sha256(new TextEncoder().encode(this.valetKey)))
      return Promise.resolve(
        caller.origin === APP.origin && hash === own
          ? { grantId: GRANT_ID, provider: this.provider }
          : null,
      )
    },
    openVault: () =>
      Promise.resolve({
        readGrant: () => Promise.resolve(this.grant),
        openKey: (keyId) =>
          Promise.resolve({
            ...{ keyId, provider: this.keyOf ?? this.provider, baseUrl: this.baseUrl },
            secret: SECRET as ProviderKey,
          }),
      }),
    isPaused: () => Promise.resolve(false),
    ask: () => {
      this.asked += 1
      return Promise.resolve(this.says)
    },
    noteRefusal: (_caller, code) => this.refusals.push(code),
    noteForeignHost: (_caller, host) => this.foreign.push(host),
    noteCall: () => undefined,
    noteKeyRefused: () => undefined,
    keyTurns: { read: () => Promise.resolve(null), write: () => undefined },
    mayReach: () => Promise.resolve(true),
    mayDial: () => Promise.resolve(this.mayDial),
    dial: (socket, listener) => {
      this.dialled.push(socket)
      this.end = listener
      return {
        send: (data) => this.sent.push(data),
        close: (code) => this.closes.push(code),
      }
    },
  })

  async open(url = REALTIME, changes: Partial<PageSocket> = {}): Promise<SocketReply> {
    const listener: SocketListener = {
      onOpen: () => undefined,
      onFrame: (data) => this.heard.push(data),
      onSent: () => undefined,
      onClose: (end) => this.ends.push(end),
    }
    const protocols = ['realtime', `openai-insecure-api-key.${this.valetKey}`]
    const asked = { url, protocols, valetKey: this.valetKey, ...changes }
    const surroundings = { caller: APP, ports: this.ports(), listener, signal: this.abort.signal }
    const reply = await runSocket(asked, surroundings)
    this.handle = reply.kind === 'socket' ? reply.socket : null
    this.end?.onOpen({ protocol: 'realtime', extensions: '' })
    return reply
  }

  say(event: object): void {
    this.end?.onFrame(JSON.stringify(event))
  }

  async row() {
    await vi.advanceTimersByTimeAsync(0)
    return (await this.store.usage(10))[0]
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a socket that is asked for', () => {
  it('is opened with the key in the handshake’s header, and no credential anywhere else', async () => {
    const world = new World()
    await world.open(REALTIME, {
      protocols: [
        'realtime',
        `openai-insecure-api-key.${world.valetKey}`,
        'openai-organization.org-x',
        'openai-beta.realtime-v1',
      ],
    })

    const [socket] = world.dialled
    expect(socket?.url.href).toBe(REALTIME)
    expect(socket?.protocols).toEqual(['realtime', 'openai-beta.realtime-v1'])
    expect(socket?.credential).toEqual({ header: 'authorization', value: `Bearer ${SECRET}` })
    expect(world.asked).toBe(1)
  })

  it('loses ?key= and is opened with Google’s header', async () => {
    const world = new World('google')
    await world.open(`${LIVE}?key=${world.valetKey}`, { protocols: [] })

    expect(world.dialled[0]?.url.href).toBe(LIVE)
    expect(world.dialled[0]?.credential).toEqual({ header: 'x-goog-api-key', value: SECRET })
  })

  it.each<[string, ErrorCode, (world: World) => Promise<SocketReply>]>([
    [
      'another path of the provider',
      'request.unsupported',
      (w) => w.open('wss://api.openai.com/v1/chat/completions'),
    ],
    ['no model', 'request.invalid', (w) => w.open('wss://api.openai.com/v1/realtime')],
    ['two models', 'request.invalid', (w) => w.open(`${REALTIME}&model=gpt-realtime`)],
    [
      'somebody’s running call (C38)',
      'request.invalid',
      (w) => w.open(`${REALTIME}&call_id=rtc_1`),
    ],
    ['plain ws', 'request.invalid', (w) => w.open(REALTIME.replace('wss:', 'ws:'))],
    [
      'another port (C2)',
      'request.invalid',
      (w) => w.open(REALTIME.replace('.com/', '.com:8443/')),
    ],
    ['a person who says no', 'grant.denied', (w) => ((w.says = 'deny'), w.open())],
    [
      'a valet key of another site (C18)',
      'grant.missing',
      (w) => w.open(REALTIME, { valetKey: createValetKey('sk-48', random) }),
    ],
    [
      'a browser that lets no rule reach it',
      'grant.capability_denied',
      (w) => ((w.mayDial = false), w.open()),
    ],
  ])('is refused before anything is sent: %s', async (_name, code, open) => {
    const world = new World()

    await expect(open(world)).rejects.toMatchObject({ code })
    expect(world.dialled).toEqual([])
    expect(world.refusals).toEqual([code])
    expect(await world.store.reservations()).toEqual([])
  })

  it('needs the capability and the model (C40)', async () => {
    const plain = new World('openai', { capabilities: ['chat'] })
    await expect(plain.open()).rejects.toMatchObject({ code: 'grant.capability_denied' })
    const other = new World('openai', { models: ['gpt-4o-mini'] })
    await expect(other.open()).rejects.toMatchObject({ code: 'grant.model_denied' })
    expect([...plain.dialled, ...other.dialled]).toEqual([])
  })

  it('is the page’s own where the host is nobody’s (C30)', async () => {
    const world = new World()

    expect(await world.open('wss://relay.example.test/v1/realtime?model=x')).toEqual({
      kind: 'pass',
    })
    expect(world.dialled).toEqual([])
    expect(world.foreign).toEqual(['relay.example.test'])
  })

  it('is the page’s own where no server of the person’s stands, and none of ours where one does', async () => {
    const world = new World('custom')
    world.baseUrl = 'https://models.example.test/v1'

    expect(await world.open('wss://relay.example.test/v1/realtime?model=x')).toEqual({
      kind: 'pass',
    })
    expect(world.foreign).toEqual(['relay.example.test'])
    await expect(world.open('wss://models.example.test/v1/realtime?model=x')).rejects.toMatchObject(
      { code: 'request.unsupported' },
    )
    expect(world.foreign).toHaveLength(1)
    expect(world.dialled).toEqual([])
  })

  it('gets no key of another provider, and none that is for another server (C27, C78)', async () => {
    const elsewhere = new World()
    elsewhere.baseUrl = 'https://models.example.test/v1'
    await expect(elsewhere.open()).rejects.toMatchObject({ code: 'request.not_found' })
    const swapped = new World()
    swapped.keyOf = 'groq'
    await expect(swapped.open()).rejects.toMatchObject({ code: 'vault.corrupt' })

    expect([...elsewhere.dialled, ...swapped.dialled]).toEqual([])
  })
})

describe('the frames of a page', () => {
  it('are sent as they were judged, text as text and bytes as bytes', async () => {
    const world = new World()
    await world.open()
    world.handle?.send('{ "type": "response.create" }')
    world.handle?.send(new TextEncoder().encode('{"type":"input_audio_buffer.commit"}'))

    expect(world.sent[0]).toBe('{"type":"response.create"}')
    expect(new TextDecoder().decode(world.sent[1] as Uint8Array)).toBe(
      '{"type":"input_audio_buffer.commit"}',
    )
  })

  it.each<[string, string, object | string]>([
    [
      'another model (C40)',
      'request.invalid',
      { type: 'session.update', session: { model: 'gpt-5-pro' } },
    ],
    [
      'a model that is not granted writing it down (C40)',
      'grant.model_denied',
      {
        type: 'session.update',
        session: { audio: { input: { transcription: { model: 'whisper-1' } } } },
      },
    ],
    [
      'an MCP server (C43)',
      'grant.capability_denied',
      {
        type: 'session.update',
        session: { tools: [{ type: 'mcp', server_url: 'https://evil.example.test' }] },
      },
    ],
    [
      'a stored prompt (C38)',
      'grant.capability_denied',
      { type: 'response.create', response: { prompt: { id: 'pmpt_1' } } },
    ],
    [
      'a name twice (C41)',
      'request.invalid',
      '{"type":"session.update","session":{"model":"gpt-realtime","model":"gpt-5-pro"}}',
    ],
    ['no JSON', 'request.invalid', 'hello'],
  ])('end it, unsent (C40, C41, C43), where one asks for %s', async (_name, code, frame) => {
    const world = new World('openai', { models: ['gpt-realtime'] })
    await world.open()
    world.handle?.send(typeof frame === 'string' ? frame : JSON.stringify(frame))

    expect(world.sent).toEqual([])
    expect(world.ends).toMatchObject([{ reason: code, wasClean: true }])
    expect(world.ends[0]?.code).toBeGreaterThanOrEqual(4400)
    expect(world.closes).toEqual([1000])
  })

  it('name Gemini’s model first, once, and only a granted one', async () => {
    const good = new World('google', { models: ['gemini-live-*'] })
    await good.open(`${LIVE}?key=${good.valetKey}`, { protocols: [] })
    good.handle?.send(JSON.stringify({ setup: { model: 'models/gemini-live-2.5' } }))
    good.handle?.send(JSON.stringify({ setup: { model: 'models/gemini-live-2.5' } }))
    expect(good.sent).toHaveLength(1)
    expect(good.ends).toMatchObject([{ reason: 'request.invalid' }])

    const bad = new World('google', { models: ['gemini-live-*'] })
    await bad.open(`${LIVE}?key=${bad.valetKey}`, { protocols: [] })
    bad.handle?.send(JSON.stringify({ setup: { model: 'models/gemini-3.1-pro' } }))
    expect(bad.sent).toEqual([])
    expect(bad.ends).toMatchObject([{ reason: 'grant.model_denied' }])
  })
})

describe('the frames of a provider', () => {
  it('never hold the key, whole or encoded, in text or in bytes (C35)', async () => {
    const world = new World()
    await world.open()
    world.end?.onFrame(`you sent ${SECRET} and ${btoa(SECRET)}`)
    world.end?.onFrame(new TextEncoder().encode(`you sent ${SECRET}`))
    world.end?.onFrame(
      JSON.stringify({ type: 'error', error: { message: 'Incorrect key sk-aB3d***vW4.' } }),
    )

    const heard = world.heard.map((data) =>
      typeof data === 'string' ? data : new TextDecoder().decode(data),
    )
    expect(heard.join()).not.toContain(SECRET.slice(3))
    expect(heard.join()).not.toContain(btoa(SECRET).slice(4, 20))
    expect(heard[2]).not.toContain('vW4')
  })

  it('say what it cost: the sum of its answers, one row', async () => {
    const world = new World()
    await world.open()
    for (let turn = 0; turn < 2; turn++) {
      world.handle?.send('{"type":"response.create"}')
      world.say({ type: 'response.created', response: {} })
      world.say(DONE)
    }
    world.end?.onClose({ code: 1000, reason: '', wasClean: true })

    expect(await world.row()).toMatchObject({
      ...{ model: 'gpt-realtime', capability: 'realtime', ending: 'done', costSource: 'usage' },
      tokens: { input: 160, cachedInput: 40, output: 100 },
    })
    expect(world.ends).toEqual([{ code: 1000, reason: '', wasClean: true }])
  })

  it('cost the bound on top where an answer was cut off (C72), and nothing where none was asked for', async () => {
    const cut = new World()
    await cut.open()
    cut.say(DONE)
    cut.say({ type: 'response.created', response: {} })
    const [held] = await cut.store.reservations()
    cut.abort.abort(new WalletError('request.aborted'))
    const row = await cut.row()
    expect(row).toMatchObject({ ending: 'aborted', costSource: 'bound' })
    expect(row?.costNanoUsd).toBeGreaterThan(held?.boundNanoUsd ?? Infinity)

    const idle = new World()
    await idle.open()
    idle.end?.onClose({ code: 1000, reason: '', wasClean: true })
    expect(await idle.row()).toMatchObject({ ending: 'done', costNanoUsd: 0, costSource: 'none' })
  })

  it('end it once they cost more than the budget has left', async () => {
    const world = new World()
    await world.open()
    world.say({ ...DONE, response: { usage: { ...USAGE, output_tokens: 900_000 } } })
    await vi.advanceTimersByTimeAsync(0)

    expect(world.ends).toMatchObject([{ code: 4402, reason: 'budget.exceeded' }])
    expect(world.refusals).toEqual(['budget.exceeded'])
  })
})

describe('an open socket', () => {
  it.each<[ErrorCode, number]>([
    ['vault.locked', 4423],
    ['grant.revoked', 4403],
    ['grant.paused', 4403],
  ])('ends at once for %s, and the page is told', async (code, told) => {
    const world = new World()
    await world.open()
    world.abort.abort(new WalletError(code))

    expect(world.ends).toEqual([{ code: told, reason: code, wasClean: true }])
    expect(world.closes).toEqual([1000])
    world.handle?.send('{"type":"response.create"}')
    world.end?.onFrame('{}')
    expect([...world.sent, ...world.heard]).toEqual([])
  })

  it('ends when nobody says anything for ten minutes, and after an hour (C63)', async () => {
    const silent = new World()
    await silent.open()
    await vi.advanceTimersByTimeAsync(10 * 60_000)
    expect(silent.ends).toMatchObject([{ reason: 'provider.unavailable' }])

    const long = new World()
    await long.open()
    for (let minute = 0; minute < 60; minute++) {
      expect(long.ends).toEqual([])
      long.say({ type: 'ping' })
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(long.ends).toMatchObject([{ reason: 'provider.unavailable' }])
  })

  it('gives its place among the calls back, and holds nothing in the ledger', async () => {
    const world = new World()
    await world.open()
    expect(await world.store.reservations()).toHaveLength(1)
    world.end?.onClose({ code: 1006, reason: '', wasClean: false })
    await vi.advanceTimersByTimeAsync(0)

    expect(await world.store.reservations()).toEqual([])
  })
})
