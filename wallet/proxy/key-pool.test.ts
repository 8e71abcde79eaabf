import { beforeEach, describe, expect, it } from 'vitest'
import { defaultTerms } from '../grants/index.ts'
import { createLedger, createRateLimits } from '../metering/index.ts'
import {
  WalletError,
  createId,
  createValetKey,
  type Capability,
  type ErrorCode,
  type Grant,
  type GrantId,
  type KeyId,
  type KeyTest,
  type ProviderId,
  type ProviderKey,
  type Terms,
} from '../protocol/index.ts'
import { createFakeClock, createMemoryLedgerStore, createSeededRandom } from '../testing/index.ts'
import type { CallReply, Caller, PageCall } from './call.ts'
import type { OutgoingRequest } from './forward.ts'
import type { ProxyPorts } from './ports.ts'
import { runCall } from './run-call.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const APP: Caller = { origin: 'https://app.example.test', incognito: false }
const random = createSeededRandom('key pool')
const GRANT_ID = createId<GrantId>(random)
const [ONE, TWO, THREE] = [0, 1, 2].map(() => createId<KeyId>(random)) as [KeyId, KeyId, KeyId]
const NAMES = new Map([
  [ONE, 'one'],
  [TWO, 'two'],
  [THREE, 'three'],
])
const URLS: Partial<Record<ProviderId, string>> = {
  openai: 'https://api.openai.com/v1/chat/completions',
  google:
    'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent',
}
const GOOD = { choices: [], usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 } }

/** One wallet around one grant with a pool of keys, and providers that answer each key as told. */
class World {
  readonly sent: OutgoingRequest[] = []
  readonly refusals: ErrorCode[] = []
  readonly keyRefusals: [string | undefined, KeyTest['outcome'] | null][] = []
  readonly turns = new Map<string, KeyId>()
  readonly store = createMemoryLedgerStore()
  readonly clock = createFakeClock(NOW)
  readonly rateLimits = createRateLimits()
  provider: ProviderId = 'openai'
  /** By the key's name; 200 where nothing is said. */
  answers: Record<string, () => Response> = {}
  keys = [ONE, TWO, THREE]
  missing: readonly KeyId[] = []
  foreign: readonly KeyId[] = []
  onSend: () => void = () => undefined
  parallel = 4
  terms: Partial<Terms> = {}
  capabilities: Capability[] = ['chat']

  grant(): Grant {
    const keys = this.keys.map((keyId) => ({ provider: this.provider, keyId }))
    const terms = defaultTerms({ now: NOW, keys, capabilities: this.capabilities })
    return {
      id: GRANT_ID,
      subject: { origin: APP.origin },
      status: 'active',
      terms: {
        ...terms,
        limits: { ...terms.limits, parallel: this.parallel },
        ...this.terms,
      },
      createdAt: NOW,
    }
  }

  readonly ports: ProxyPorts = {
    clock: () => this.clock.now(),
    random,
    ledger: createLedger({ store: this.store, clock: () => this.clock.now() }),
    rateLimits: this.rateLimits,
    forward: (request) => {
      this.sent.push(request)
      this.onSend()
      const answer = this.answers[nameIn(request)]
      return Promise.resolve(answer ? answer() : Response.json(GOOD))
    },
    findSite: () => Promise.resolve({ grantId: GRANT_ID, provider: this.provider }),
    openVault: () =>
      Promise.resolve({
        readGrant: () => Promise.resolve(this.grant()),
        openKey: (keyId) => {
          if (this.missing.includes(keyId)) throw new WalletError('request.not_found')
          const provider = this.foreign.includes(keyId) ? 'groq' : this.provider
          return Promise.resolve({ keyId, provider, secret: secretOf(keyId), baseUrl: null })
        },
      }),
    mayReach: () => Promise.resolve(true),
    isPaused: () => Promise.resolve(false),
    ask: () => Promise.resolve('allow'),
    noteRefusal: (_caller, code) => this.refusals.push(code),
    noteForeignHost: () => undefined,
    noteCall: () => undefined,
    noteKeyRefused: (keyId, meaning) => this.keyRefusals.push([NAMES.get(keyId), meaning]),
    keyTurns: {
      read: (grantId, provider) =>
        Promise.resolve(this.turns.get(`${grantId} ${provider}`) ?? null),
      write: (grantId, provider, keyId) => this.turns.set(`${grantId} ${provider}`, keyId),
    },
  }

  call(signal = new AbortController().signal) {
    const text = JSON.stringify(
      this.provider === 'google' ? { contents: [] } : { model: 'gpt-4o-mini', messages: [] },
    )
    const headers = [['content-type', 'application/json']] as const
    const call = { url: URLS[this.provider] ?? '', headers, body: { kind: 'text', text } } as const
    return this.make(call, signal)
  }

  make(call: Pick<PageCall, 'url' | 'headers' | 'body'>, signal = new AbortController().signal) {
    const credential = { valetKey: createValetKey('sk-48', random) }
    return runCall({ ...call, method: 'POST', credential }, APP, this.ports, signal)
  }

  keysSent() {
    return this.sent.map(nameIn)
  }
}

const secretOf = (keyId: KeyId) => `test-key-${NAMES.get(keyId) ?? ''}-0123456789` as ProviderKey

function nameIn({ headers }: OutgoingRequest): string {
  const text = headers.get('authorization') ?? headers.get('x-goog-api-key') ?? ''
  return [...NAMES.values()].find((name) => text.includes(`-${name}-`)) ?? 'none'
}

const refusal =
  (status: number, body: object = { error: { message: 'no' } }) =>
  () =>
    Response.json(body, { status })

async function read(reply: CallReply): Promise<{ status: number; text: string }> {
  if (reply.kind !== 'response') throw new TypeError(reply.kind)
  return { status: reply.status, text: await new Response(reply.body).text() }
}

let world: World
beforeEach(() => {
  world = new World()
})

describe('a pool of keys (C73)', () => {
  it.each([401, 402, 429])('moves on at %i, and the page sees only the answer', async (status) => {
    world.answers = { one: refusal(status) }
    const reply = await read(await world.call())

    expect(reply).toEqual({ status: 200, text: JSON.stringify(GOOD) })
    expect(world.keysSent()).toEqual(['one', 'two'])
    expect(world.sent[0]?.body).toBe(world.sent[1]?.body)
    expect(world.refusals).toEqual([])
  })

  it.each([400, 403, 404, 500, 503])(
    'stays at %i: another key would fare no better',
    async (status) => {
      world.answers = { one: refusal(status) }

      expect((await read(await world.call())).status).toBe(status)
      expect(world.keysSent()).toEqual(['one'])
      expect(world.keyRefusals).toEqual([])
    },
  )

  it('moves on where Google calls a bad key a bad request, and only there', async () => {
    world.provider = 'google'
    const details = [{ reason: 'API_KEY_INVALID' }]
    world.answers = { one: refusal(400, { error: { details } }), two: refusal(400) }

    expect((await read(await world.call())).status).toBe(400)
    expect(world.keysSent()).toEqual(['one', 'two'])
  })

  it('sends a form as whole the second time as the first', async () => {
    world.answers = { one: refusal(429) }
    world.capabilities = ['transcription']
    // A recording is bound by the longest there could be.
    world.terms = { budgets: [{ usd: '1000.00', window: 'month' }] }
    const fields = [
      { name: 'model', text: 'whisper-1' },
      { name: 'file', blob: new Blob([new Uint8Array(3000).fill(7)]), filename: 'a.wav' },
    ]
    const url = 'https://api.openai.com/v1/audio/transcriptions'
    await world.make({ url, headers: [], body: { kind: 'form', fields } })

    expect(world.keysSent()).toEqual(['one', 'two'])
    for (const { body } of world.sent) {
      const form = await new Response(body).formData()
      expect(form.get('model')).toBe('whisper-1')
      expect((form.get('file') as File).size).toBe(3000)
    }
  })

  it('keeps back the key that was really sent, whichever it is (C35)', async () => {
    const echo = { ...GOOD, echo: secretOf(TWO) }
    world.answers = { one: refusal(401), two: () => Response.json(echo) }
    const { status, text } = await read(await world.call())

    expect(status).toBe(200)
    expect(text).toContain('choices')
    expect(text).not.toContain(secretOf(TWO))
  })

  it('tries each key once, and then passes on the last refusal', async () => {
    world.answers = { one: refusal(401), two: refusal(429), three: refusal(402) }

    expect((await read(await world.call())).status).toBe(402)
    expect(world.keysSent()).toEqual(['one', 'two', 'three'])
    expect(world.refusals).toEqual(['provider.rate_limited'])
    expect(world.turns.size).toBe(0)
  })

  it('tries a key once that is named twice', async () => {
    world.keys = [ONE, ONE]
    world.answers = { one: refusal(401) }
    await read(await world.call())

    expect(world.keysSent()).toEqual(['one'])
  })

  it('does not move on while the answer flows', async () => {
    world.answers = {
      one: () =>
        new Response('data: {"error":{"code":429}}\n\n', {
          headers: { 'content-type': 'text/event-stream' },
        }),
    }

    expect((await read(await world.call())).status).toBe(200)
    expect(world.keysSent()).toEqual(['one'])
  })

  it('sends nothing more once the page has gone', async () => {
    const abort = new AbortController()
    world.answers = { one: refusal(401) }
    world.onSend = () => {
      abort.abort()
    }

    await expect(world.call(abort.signal)).rejects.toMatchObject({ code: 'request.aborted' })
    expect(world.keysSent()).toEqual(['one'])
    expect(await world.store.reservations()).toEqual([])
  })
})

describe('the key of a pool that serves (C73)', () => {
  it('serves the next call too, and the one after it fails in its turn', async () => {
    world.answers = { one: refusal(401) }
    await read(await world.call())
    await read(await world.call())
    expect(world.keysSent()).toEqual(['one', 'two', 'two'])

    world.answers = { two: refusal(429), three: refusal(401) }
    await read(await world.call())
    await read(await world.call())

    expect(world.keysSent().slice(3)).toEqual(['two', 'three', 'one', 'one'])
  })

  it('is forgotten when the grant no longer names it', async () => {
    world.answers = { one: refusal(401) }
    await read(await world.call())
    world.keys = [ONE, THREE]
    world.answers = {}
    await read(await world.call())

    expect(world.keysSent().at(-1)).toBe('one')
  })

  it('is nothing to remember for a grant with one key', async () => {
    world.keys = [ONE]
    world.answers = { one: refusal(401) }
    await read(await world.call())

    expect(world.turns.size).toBe(0)
    expect(world.keyRefusals).toEqual([['one', 'refused']])
    expect(world.refusals).toEqual(['provider.unauthorized'])
  })

  it('follows one that is gone, or is another provider’s, which is never sent (C78)', async () => {
    world.missing = [ONE]
    world.foreign = [TWO]

    expect((await read(await world.call())).status).toBe(200)
    expect(world.keysSent()).toEqual(['three'])
  })

  it('is missing where none is left, and nothing is sent or charged', async () => {
    world.missing = [ONE, TWO, THREE]

    expect((await read(await world.call())).status).toBe(404)
    expect(world.sent).toEqual([])
    expect(await world.store.usage(10)).toEqual([])
  })
})

describe('each send of a pool (C35, C61)', () => {
  it('is a usage row of its own, with its key and its own charge (C73)', async () => {
    world.answers = { one: refusal(401), two: refusal(429) }
    await read(await world.call())

    const rows = [...(await world.store.usage(10))]
    const seen = rows.map(({ keyId, status, ending }) => [NAMES.get(keyId), status, ending])
    expect(seen.sort()).toEqual([
      ['one', 401, 'refused'],
      ['three', 200, 'done'],
      ['two', 429, 'refused'],
    ])
    expect(new Set(rows.map(({ requestId }) => requestId)).size).toBe(3)
    expect(rows.filter(({ costNanoUsd }) => costNanoUsd > 0)).toHaveLength(1)
    expect(await world.store.reservations()).toEqual([])
  })

  it('counts against a limit of calls: a pool is no way around it', async () => {
    world.terms = { requests: [{ count: 1, window: 'day' }] }
    world.answers = { one: refusal(401) }

    expect((await read(await world.call())).status).toBe(429)
    expect(world.keysSent()).toEqual(['one'])
  })

  it('takes the one place of its call, and gives it back at the end', async () => {
    world.parallel = 1
    world.answers = { one: refusal(401), two: refusal(401), three: refusal(401) }
    const limits = { perMinute: 60, parallel: 1 }
    world.onSend = () => {
      expect(() => world.rateLimits.take(GRANT_ID, limits, NOW)).toThrow(WalletError)
    }
    await read(await world.call())
    world.answers = { one: refusal(401) }
    const reply = await world.call()
    expect(() => world.rateLimits.take(GRANT_ID, limits, NOW)).toThrow(WalletError)
    await read(reply)

    expect(() => world.rateLimits.take(GRANT_ID, limits, NOW)).not.toThrow()
  })

  it('says which key was refused, and what that means', async () => {
    world.answers = { one: refusal(401), two: refusal(429) }
    await read(await world.call())

    expect(world.keyRefusals).toEqual([
      ['one', 'refused'],
      ['two', 'limited'],
    ])
  })
})
