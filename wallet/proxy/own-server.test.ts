import { sha256 } from '@noble/hashes/sha2.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { defaultTerms } from '../grants/index.ts'
import { createLedger, createRateLimits } from '../metering/index.ts'
import {
  createId,
  createValetKey,
  toBase64url,
  type ErrorCode,
  type GrantId,
  type KeyId,
  type ProviderId,
  type ProviderKey,
} from '../protocol/index.ts'
import { createFakeClock, createMemoryLedgerStore, createSeededRandom } from '../testing/index.ts'
import type { OutgoingRequest } from './forward.ts'
import type { ProxyPorts } from './ports.ts'
import { runCall } from './run-call.ts'

const random = createSeededRandom('own server')
const NOW = Date.UTC(2026, 10, 21)
const ORIGIN = 'https://app.example'
const GRANT = createId<GrantId>(random)
const VALET_KEY = createValetKey('sk-48', random)
const AT_HOME = 'http://localhost:8000/v1'
const AWAY = 'https://models.example.com/v1'

interface OwnKey {
  readonly id: KeyId
  readonly provider: ProviderId
  readonly baseUrl: string | null
  readonly secret: string
}

let keys: OwnKey[]
let reachable: string[]
let sent: OutgoingRequest[]
let foreign: string[]
let refused: ErrorCode[]
let locked: boolean
const store = createMemoryLedgerStore()

const keyAt = (baseUrl: string | null, provider: ProviderId = 'custom'): OwnKey => {
  const id = createId<KeyId>(random)
  return { id, provider, baseUrl, secret: `secret-of-${id}` }
}

beforeEach(() => {
  keys = [keyAt(AT_HOME), keyAt(AWAY)]
  reachable = ['http://localhost:8000', 'https://models.example.com']
  sent = []
  foreign = []
  refused = []
  locked = false
})

function ports(): ProxyPorts {
  const clock = createFakeClock(NOW)
  const terms = defaultTerms({
    now: NOW,
    keys: keys.map(({ id }) => ({ provider: keys[0]?.provider ?? 'custom', keyId: id })),
  })
  const subject = { origin: ORIGIN }
  const grant = { id: GRANT, subject, status: 'active' as const, terms, createdAt: NOW }
  const hash = toBase64url(sha256(new TextEncoder().encode(VALET_KEY)))
  return {
    ...{ clock: clock.now, random, ledger: createLedger({ store, clock: clock.now }) },
    rateLimits: createRateLimits(),
    forward(request) {
      sent.push(request)
      return Promise.resolve(
        Response.json({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } }),
      )
    },
    findSite: (_caller, asked) =>
      Promise.resolve(
        asked === hash ? { grantId: GRANT, provider: keys[0]?.provider ?? 'custom' } : null,
      ),
    openVault: () =>
      Promise.resolve(
        locked
          ? null
          : {
              readGrant: () => Promise.resolve(grant),
              openKey(id) {
                const key = keys.find((each) => each.id === id)
                if (!key) return Promise.reject(new TypeError('no key'))
                const { provider, baseUrl, secret } = key
                const opened = { keyId: id, provider, baseUrl, secret: secret as ProviderKey }
                return Promise.resolve(opened)
              },
            },
      ),
    mayReach: (origin) => Promise.resolve(reachable.includes(origin)),
    isPaused: () => Promise.resolve(false),
    ask: () => Promise.resolve('deny'),
    noteRefusal: (_caller, code) => refused.push(code),
    noteForeignHost: (_caller, host) => foreign.push(host),
    noteKeyRefused: () => undefined,
    noteCall: () => undefined,
    keyTurns: { read: () => Promise.resolve(null), write: () => undefined },
  }
}

function call(url: string, body: object = {}) {
  return runCall(
    {
      ...{ method: 'POST', url, credential: { valetKey: VALET_KEY } },
      headers: [['authorization', `Bearer ${VALET_KEY}`]],
      body: { kind: 'text', text: JSON.stringify({ model: 'llama3', messages: [], ...body }) },
    },
    { origin: ORIGIN, incognito: false },
    ports(),
    new AbortController().signal,
  )
}

const secretSent = () => sent[0]?.headers.get('authorization')

describe('a server of the person’s own', () => {
  it.each([
    [AT_HOME, 0],
    [AWAY, 1],
  ])('gets its own key and no other: %s (C27)', async (base, index) => {
    const reply = await call(`${base}/chat/completions`)

    expect(reply).toMatchObject({ kind: 'response', status: 200 })
    expect(sent.map(({ url }) => url.href)).toEqual([`${base}/chat/completions`])
    expect(secretSent()).toBe(`Bearer ${keys[index]?.secret ?? ''}`)
  })

  it('sends nothing where no key of the grant stands: the page makes its own request (C27, C30)', async () => {
    for (const url of [
      'http://localhost:8001/v1/chat/completions',
      'https://localhost:8000/v1/chat/completions',
      'http://127.0.0.1:8000/v1/chat/completions',
      'https://models.example.com/v2/chat/completions',
      'https://models.example.com.evil.test/v1/chat/completions',
      'http://169.254.169.254/v1/chat/completions',
    ]) {
      expect(await call(url), url).toEqual({ kind: 'pass' })
    }
    expect(sent).toEqual([])
    expect(foreign).toHaveLength(6)
  })

  it.each([
    'https://169.254.169.254/v1',
    'http://192.168.1.20:8000/v1',
    'https://2130706433/v1',
    'https://api.openai.com/v1',
  ])('never gets a key by a record that names %s, however it came there (C27)', async (base) => {
    keys = [keyAt(base)]
    reachable = [new URL(base).origin]
    await call(`${base}/chat/completions`).catch(() => null)

    expect(sent).toEqual([])
  })

  it('is not reached without the browser’s yes for its very origin (C27)', async () => {
    reachable = ['https://models.example.com']
    const reply = await call(`${AT_HOME}/chat/completions`)

    expect(reply).toMatchObject({ kind: 'response', status: 503 })
    expect(refused).toEqual(['provider.unavailable'])
    expect(sent).toEqual([])
  })

  it('has its other doors shut (C38)', async () => {
    const reply = await call(`${AT_HOME}/files`)

    expect(reply).toMatchObject({ status: 403 })
    expect(sent).toEqual([])
  })

  it('refuses in the dialect’s shape while the vault is locked', async () => {
    locked = true

    expect(await call(`${AT_HOME}/chat/completions`)).toMatchObject({ status: 423 })
    expect(refused).toEqual(['vault.locked'])
  })

  it('counts tokens and no money at home; away it is reckoned', async () => {
    const before = await store.usage(100)
    for (const base of [AT_HOME, AWAY]) {
      const reply = await call(`${base}/chat/completions`)
      if (reply.kind === 'response') await new Response(reply.body).text()
    }
    const rows = (await store.usage(100)).slice(0, 2 + before.length)
    const fresh = rows.filter((row) => !before.some(({ requestId }) => requestId === row.requestId))
    const costs = fresh.map(({ costNanoUsd }) => costNanoUsd).sort((a, b) => a - b)

    expect(fresh.map(({ tokens }) => tokens?.input)).toEqual([9, 9])
    expect(costs[0]).toBe(0)
    expect(costs[1]).toBeGreaterThan(0)
  })

  it('takes Azure’s deployment as the model, and its key in Azure’s header', async () => {
    keys = [keyAt('https://res-1.openai.azure.com', 'azure-openai')]
    reachable = ['https://res-1.openai.azure.com']
    const path = '/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21'
    const reply = await call(`https://res-1.openai.azure.com${path}`, { model: undefined })

    expect(reply).toMatchObject({ status: 200 })
    expect(sent[0]?.headers.get('api-key')).toBe(keys[0]?.secret)
    expect(sent[0]?.headers.has('authorization')).toBe(false)
    if (reply.kind === 'response') await new Response(reply.body).text()
    expect((await store.usage(100)).some(({ model }) => model === 'my-gpt')).toBe(true)
  })
})
