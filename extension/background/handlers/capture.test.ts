import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  CANDIDATE_MS,
  createId,
  type CaptureMessage,
  type CaptureReply,
  type GrantId,
  type Terms,
} from '@valetkey/wallet/protocol'
import { createDraw, createFakeClock, createSeededRandom } from '@valetkey/wallet/testing'
import type { Pending } from '../../adapters/consent-store.ts'
import { createMemorySession } from '../__fixtures__/memory-session.ts'
import { Captures, type Candidate } from '../captures.ts'
import { Consents } from '../consents.ts'
import { answerDashboard } from '../dashboard-messages.ts'
import { KeyRemovals } from '../key-removals.ts'
import { listKeys, usableKeys } from '../key-ring.ts'
import { saveSelection } from '../saved-selection.ts'
import { Sites, type SitesPorts } from '../sites.ts'
import type { Wallet } from '../wallet.ts'
import { captureCheck } from './capture.check.ts'
import { captureDiscard } from './capture.discard.ts'
import { captureGet } from './capture.get.ts'
import { captureSave } from './capture.save.ts'
import { consentDecide } from './consent.decide.ts'
import { consentGet } from './consent.get.ts'
import { keyAdd } from './key.add.ts'

const PASSPHRASE = 'a quiet harbour at dawn'
const DASHBOARD = 'https://platform.openai.com'
const PAGE = { provider: 'openai', origin: DASHBOARD, tabId: 1 } as const
const APP = 'https://app.example.test'
const clock = createFakeClock()
const random = createSeededRandom('capture handlers')
const draw = createDraw('capture handlers')
const newKey = () => draw(['sk', 'proj', '{U74}T3Blbk'].join('-') + 'FJ{U74}')
/** What the provider answers, and what it was shown. */
let provider = { status: 200, keys: [] as string[] }
let waiting: readonly Candidate[]
let pending: readonly Pending[]
let opened: [string, Pending['kind']][]
let closed: number[]
let focused: number[]
let masksLookedAt: unknown[]
let wallet: Wallet

beforeEach(async () => {
  provider = { status: 200, keys: [] }
  waiting = []
  pending = []
  opened = []
  closed = []
  focused = []
  masksLookedAt = []
  wallet = createWallet()
  await wallet.session.create(PASSPHRASE)
})

/** The parts the handlers touch, over memory; the provider is the only stranger. */
function createWallet(): Wallet {
  const session = createMemorySession({ clock: clock.now, random })
  const removals = new KeyRemovals({
    store: { read: () => Promise.resolve([]), write: () => Promise.resolve() },
    clock: clock.now,
    openVault: () => session.openForChore(),
  })
  const consents = new Consents({
    readPending: () => Promise.resolve(pending),
    writePending: (next) => Promise.resolve(void (pending = next)),
    openWindow: (id, kind) => Promise.resolve(opened.push([id, kind])),
    closeWindow: (id) => Promise.resolve(void closed.push(id)),
    focusWindow: (id) => Promise.resolve(focused.push(id) > 0 && !closed.includes(id)),
    mayShow: () => Promise.resolve(true),
  })
  const sitePorts = {
    permissions: { holds: () => Promise.resolve(true), giveBack: () => Promise.resolve() },
    ...{ clock: clock.now, random },
    index: { entries: () => Promise.resolve([]), replace: () => Promise.resolve() },
    scripts: { reconcile: () => Promise.resolve(), injectIntoOpenTabs: () => Promise.resolve() },
    usableKeys: (vault: Parameters<typeof usableKeys>[0]) => usableKeys(vault, removals),
    onChange: () => undefined,
  } as unknown as SitesPorts // the rest of a site is no business of these handlers
  const parts = {
    ...{ session, removals, consents, clock: clock.now, random },
    captures: new Captures({
      memory: {
        read: () => Promise.resolve(waiting),
        write: (next) => Promise.resolve(void (waiting = next)),
      },
      ...{ consents, clock: clock.now, createId: () => createId(random) },
    }),
    revokedKeys: {
      look: (...given: unknown[]) => (masksLookedAt.push(given), new Promise(() => undefined)),
    },
    sites: new Sites(sitePorts),
    reminders: { look: () => Promise.resolve() },
    forward: ({ headers }: { headers: Headers }) => {
      provider.keys.push(headers.get('authorization') ?? '')
      return Promise.resolve(new Response('{}', { status: provider.status }))
    },
    announceChange: () => undefined,
  }
  return parts as unknown as Wallet // the rest of a wallet is no business of these handlers
}

type Proposal = Extract<CaptureMessage, { type: 'capture.propose' }>
const propose = (
  key: string,
  over: Partial<Proposal> = {},
  page: { tabId: number } = PAGE,
): Promise<CaptureReply> =>
  answerDashboard(
    { type: 'capture.propose', key, via: 'page', name: null, ...over },
    { ...PAGE, ...page },
    wallet,
  )
/** Proposes a key and returns the id its window has. */
async function asked(key: string, over: Partial<Proposal> = {}): Promise<string> {
  expect(await propose(key, over)).toEqual({ ok: true, result: { outcome: 'asked' } })
  return waiting.at(-1)?.id ?? ''
}
const save = (id: string, grantIds: GrantId[] = []) =>
  captureSave({ id, label: 'Mine', expiresAt: null, grantIds }, wallet)
const kept = async () => listKeys(await wallet.session.required(), wallet.removals)
const refused = (code: string) => ({ ok: false, error: { code } })
const notFound = { code: 'request.not_found' }
const unprocessable = { code: 'request.unprocessable' }

async function allowApp(over: Partial<Terms> = {}): Promise<GrantId> {
  const { keyId } = await keyAdd({ provider: 'openai', secret: newKey(), label: '' }, wallet)
  provider.keys = []
  const vault = await wallet.session.required()
  return vault.createRecord('grant', {
    subject: { origin: APP },
    ...{ status: 'active', createdAt: clock.now(), valetKeys: [] },
    terms: {
      schema: 1,
      providers: [{ provider: 'openai', keys: { only: keyId }, models: 'any', capabilities: [] }],
      budgets: [{ usd: '5.00', window: 'month' }],
      limits: { perMinute: 1, parallel: 1, maxOutputTokens: 1 },
      ...{ expiresAt: clock.now() + 1, lane: 'proxy' },
      ...over,
    },
  })
}

describe('a proposal of a dashboard’s script', () => {
  it('opens a window that shows what it is, without the key', async () => {
    const key = newKey()
    const id = await asked(key, { name: 'my laptop' })

    const shown = await captureGet({ id }, wallet)

    expect(opened).toEqual([[id, 'capture']])
    expect(shown).toMatchObject({
      ...{ provider: 'openai', origin: DASHBOARD, via: 'page', suggestedLabel: 'my laptop' },
      ...{ maskedKey: `sk-proj…${key.slice(-4)}`, test: null },
      ...{ forgottenAt: clock.now() + CANDIDATE_MS },
      vault: { duplicate: null, others: 0, sites: [] },
    })
    expect(JSON.stringify([shown, pending])).not.toContain(key)
    expect(await kept()).toEqual([])
  })

  it.each<[string, string]>([
    ['a key of another provider', draw('gsk_{A52}')],
    ['an admin key (C39)', draw(['sk', 'admin', '{U58}T3Blbk'].join('-') + 'FJ{U58}')],
    ['two keys', `${newKey()} ${newKey()}`],
    ['no key', 'hello'],
  ])('is refused for %s, and opens nothing', async (_name, text) => {
    expect(await propose(text)).toMatchObject(refused('request.unprocessable'))
    expect([opened, waiting]).toEqual([[], []])
  })

  it.each<[string, object]>([
    ['a request of our windows', { method: 'key.list', params: {} }],
    [
      'a field too many',
      { ...{ type: 'capture.propose', key: 'k', via: 'page' }, name: null, x: 1 },
    ],
    ['a selection', { type: 'capture.propose', key: newKey(), via: 'selection', name: null }],
  ])('is no message with %s', async (_name, message) => {
    expect(await answerDashboard(message, PAGE, wallet)).toMatchObject(
      refused('protocol.invalid_message'),
    )
  })

  it('of the same key brings its window to the front (C55)', async () => {
    const key = newKey()
    await asked(key)
    await asked(key)

    expect([opened.length, focused, waiting.length]).toEqual([1, [1], 1])
  })

  it('of another key is refused while the tab’s first waits, whose window comes forward (C55)', async () => {
    await asked(newKey())

    expect(await propose(newKey())).toMatchObject(refused('request.rate_limited'))
    expect([opened.length, focused, waiting.length]).toEqual([1, [1], 1])
  })

  it('of many tabs opens one window, and few of them wait (C55)', async () => {
    for (const tabId of [1, 2, 3, 4, 5, 6]) await propose(newKey(), {}, { tabId })

    expect([opened.length, waiting.length]).toEqual([1, 4])
  })

  it('opens its window anew when the first is gone unnoticed', async () => {
    const key = newKey()
    const id = await asked(key)
    closed.push(1)
    await asked(key)

    expect(opened.map(([each]) => each)).toEqual([id, id])
  })

  it('is no consent: neither read nor answered as one', async () => {
    const id = await asked(newKey())

    await expect(consentGet({ id }, wallet)).rejects.toMatchObject(notFound)
    await expect(consentDecide({ id, decision: 'deny' }, wallet)).rejects.toMatchObject(notFound)
    expect(waiting).toHaveLength(1)
    expect(pending).toHaveLength(1)
  })

  it('tells of revoked keys before anything is looked at, whatever comes of it', async () => {
    const masks = [{ start: 'sk-', end: 'x7Qa' }]
    const reply = await answerDashboard({ type: 'capture.revoked', masks }, PAGE, wallet)

    expect(reply).toEqual({ ok: true, result: { outcome: 'heard' } })
    expect(masksLookedAt).toEqual([['openai', masks]])
  })
})

describe('a key that waits', () => {
  it('is forgotten after two minutes', async () => {
    const id = await asked(newKey())
    clock.advance(CANDIDATE_MS)

    await expect(captureGet({ id }, wallet)).rejects.toMatchObject(notFound)
    await expect(save(id)).rejects.toMatchObject(notFound)
    expect([waiting, pending]).toEqual([[], []])
  })

  it('is forgotten by itself, when nobody looks', async () => {
    vi.useFakeTimers()
    try {
      await asked(newKey())
      clock.advance(CANDIDATE_MS)
      await vi.advanceTimersByTimeAsync(CANDIDATE_MS)
      expect([waiting, pending]).toEqual([[], []])
    } finally {
      vi.useRealTimers()
    }
  })

  it('is forgotten when it is turned down, and the next one is shown', async () => {
    const id = await asked(newKey())
    await propose(newKey(), {}, { tabId: 2 })
    await captureDiscard({ id }, wallet)

    expect(waiting).toHaveLength(1)
    expect(opened).toHaveLength(2)
  })

  it('is told about while the vault is locked, and saved only once it is open', async () => {
    const id = await asked(newKey())
    await wallet.session.lock()

    expect(await captureGet({ id }, wallet)).toMatchObject({ provider: 'openai', vault: null })
    await expect(captureCheck({ id }, wallet)).rejects.toMatchObject({ code: 'vault.locked' })
    await expect(save(id)).rejects.toMatchObject({ code: 'vault.locked' })
    expect(provider.keys).toEqual([])

    await wallet.session.unlock(PASSPHRASE)
    await save(id)
    expect(await kept()).toHaveLength(1)
  })
})

describe('capture.save', () => {
  it('stores the key with its name, its end and what its test said, tested once', async () => {
    const key = newKey()
    const id = await asked(key)
    const { test } = await captureCheck({ id }, wallet)
    const expiresAt = clock.now() + 1000
    const { keyId } = await captureSave({ id, label: ' Mine ', expiresAt, grantIds: [] }, wallet)

    expect((await kept()).map((each) => each.id)).toEqual([keyId])
    expect((await kept())[0]?.fields).toMatchObject({
      ...{ provider: 'openai', label: 'Mine', expiresAt, lastTest: test, baseUrl: null },
    })
    expect(provider.keys).toEqual([`Bearer ${key}`])
    expect([waiting, pending, closed]).toEqual([[], [], []])
  })

  it('tests a key nobody tested yet once it is stored', async () => {
    provider.status = 401
    const { test, keyId } = await save(await asked(newKey()))

    expect(test.outcome).toBe('refused')
    const stored = (await kept()).find(({ id }) => id === keyId)
    expect(stored?.fields.lastTest).toEqual(test)
  })

  it('stores what the page copied only after it was seen to work (C59)', async () => {
    const id = await asked(newKey(), { via: 'copy' })
    await expect(save(id)).rejects.toMatchObject(unprocessable)
    provider.status = 401
    await captureCheck({ id }, wallet)
    await expect(save(id)).rejects.toMatchObject(unprocessable)
    expect(await kept()).toEqual([])

    provider.status = 200
    await captureCheck({ id }, wallet)
    await save(id)
    expect(await kept()).toHaveLength(1)
  })

  it('stores a key once, however often it is pressed', async () => {
    const id = await asked(newKey())
    const results = await Promise.allSettled([save(id), save(id)])

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await kept()).toHaveLength(1)
  })

  it('says which key it is when the vault has it, and stores no second one (C58)', async () => {
    const key = newKey()
    const { keyId } = await keyAdd({ provider: 'openai', secret: key, label: 'Old' }, wallet)
    const id = await asked(key)

    const shown = await captureGet({ id }, wallet)
    expect(shown.vault).toMatchObject({ duplicate: { keyId, label: 'Old' }, others: 1 })
    await expect(save(id)).rejects.toMatchObject(unprocessable)
    expect(await kept()).toHaveLength(1)
  })

  it('adds it to the keys of the sites that were ticked, behind those they have', async () => {
    const grantId = await allowApp()
    const id = await asked(newKey())
    const { vault } = await captureGet({ id }, wallet)
    expect(vault?.sites).toEqual([{ grantId, origin: APP }])

    const { keyId, leftOut } = await save(id, [grantId])

    const grant = await (await wallet.session.required()).readRecord('grant', grantId)
    const [entry] = grant?.terms.providers ?? []
    expect(entry?.keys).toEqual({ pool: [expect.any(String), keyId] })
    expect(leftOut).toEqual([])
  })

  it('leaves the keys of a site alone that was not ticked', async () => {
    const grantId = await allowApp()
    await save(await asked(newKey()))

    const grant = await (await wallet.session.required()).readRecord('grant', grantId)
    expect(grant?.terms.providers[0]?.keys).toHaveProperty('only')
  })

  it('offers no site in compatibility mode, and takes none it did not offer (C58)', async () => {
    const grantId = await allowApp({ lane: 'inject' })
    const id = await asked(newKey())

    expect((await captureGet({ id }, wallet)).vault?.sites).toEqual([])
    await expect(save(id, [grantId])).rejects.toMatchObject({ code: 'grant.missing' })
    expect(await kept()).toHaveLength(1)
    expect(waiting).toHaveLength(1)
  })
})

describe('a selection', () => {
  const told: string[] = []
  const select = (text: string, url: string | null = 'https://docs.example/a') =>
    saveSelection({ text, url, tabId: 1 }, wallet, (reason) => Promise.resolve(told.push(reason)))

  it('opens the window for the one key in it, from any page', async () => {
    const key = newKey()
    await select(`OPENAI_API_KEY=${key}`)

    const id = waiting[0]?.id ?? ''
    expect(await captureGet({ id }, wallet)).toMatchObject({
      ...{ provider: 'openai', via: 'selection', origin: 'https://docs.example' },
    })
  })

  it('names no origin that is none', async () => {
    await select(newKey(), 'file:///home/me/.env')

    expect(waiting[0]?.origin).toBeNull()
  })

  it('says why there is nothing to save', async () => {
    await select('hello')

    expect(told).toEqual(['none'])
    expect(waiting).toEqual([])
  })
})
