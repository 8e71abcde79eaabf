import { beforeEach, describe, expect, it } from 'vitest'
import { createLedger } from '@valetkey/wallet/metering'
import {
  parseUsd,
  type AppDetail,
  type GrantId,
  type KeyId,
  type RequestId,
  type SiteStatus,
  type Terms,
} from '@valetkey/wallet/protocol'
import {
  createFakeClock,
  createMemoryLedgerStore,
  createSeededRandom,
} from '@valetkey/wallet/testing'
import type { CallQuestion, Pending } from '../../adapters/consent-store.ts'
import type { SiteIndexEntry } from '../../adapters/site-index.ts'
import type { PatchedSite, SiteScripts } from '../../adapters/site-scripts.ts'
import { Consents } from '../consents.ts'
import { KeyRemovals } from '../key-removals.ts'
import { usableKeys } from '../key-ring.ts'
import { Sites, type SitesPorts } from '../sites.ts'
import type { Wallet } from '../wallet.ts'
import { appChangeTerms } from './app.change_terms.ts'
import { appGet } from './app.get.ts'
import { appList } from './app.list.ts'
import { consentDecide } from './consent.decide.ts'
import { keyAdd } from './key.add.ts'
import { sitePause } from './site.pause.ts'
import { siteSwitchOff } from './site.switch_off.ts'
import { siteSwitchOn } from './site.switch_on.ts'
import { createMemorySession } from '../__fixtures__/memory-session.ts'

const APP = 'https://app.example.test'
const OTHER = 'https://other.example.test'
const clock = createFakeClock()
const ENDS_AT = clock.now() + 86_400_000
const random = createSeededRandom('app handlers')
let changes: [string, SiteStatus][]
let patched: readonly PatchedSite[]
let injected: string[]
let index: readonly SiteIndexEntry[]
let pending: readonly Pending[]
let windows: string[]
let focused: number[]
let wallet: Wallet
let keyId: KeyId
let groqId: KeyId

beforeEach(async () => {
  patched = []
  injected = []
  clock.set(ENDS_AT - 86_400_000)
  changes = []
  index = []
  pending = []
  windows = []
  focused = []
  wallet = createWallet()
  await wallet.session.create('a quiet harbour at dawn')
  const secret = (name: string) => `test-${name}-${'x'.repeat(20)}`
  keyId = (await keyAdd({ provider: 'openai', secret: secret('one'), label: '' }, wallet)).keyId
  groqId = (await keyAdd({ provider: 'groq', secret: secret('two'), label: '' }, wallet)).keyId
})

/** The parts the handlers of apps touch, over memory; the browser allows every site. */
function createWallet(): Wallet {
  const session = createMemorySession({ clock: clock.now, random })
  const ledger = createLedger({ store: createMemoryLedgerStore(), clock: clock.now })
  const removals = new KeyRemovals({
    store: { read: () => Promise.resolve([]), write: () => Promise.resolve() },
    clock: clock.now,
    openVault: () => session.openForChore(),
  })
  const permissions = { holds: () => Promise.resolve(true), giveBack: () => Promise.resolve() }
  const sitePorts = {
    ...{ permissions, ledger, clock: clock.now, random },
    index: {
      entries: () => Promise.resolve(index),
      find: () => Promise.resolve(null),
      replace: (next: readonly SiteIndexEntry[]) => Promise.resolve(void (index = next)),
    },
    scripts: {
      reconcile: (sites) => Promise.resolve(void (patched = sites)),
      injectIntoOpenTabs: (origin) => Promise.resolve(void injected.push(origin)),
    } satisfies SiteScripts,
    foreignHosts: { untold: () => Promise.resolve(null), forget: () => Promise.resolve() },
    usableKeys: (vault: Parameters<typeof usableKeys>[0]) => usableKeys(vault, removals),
    onChange: (origin: string, status: SiteStatus) => changes.push([origin, status]),
  } as unknown as SitesPorts // whether all is paused is no business of these handlers
  const parts = {
    ...{ session, ledger, removals, permissions, clock: clock.now, random },
    sites: new Sites(sitePorts),
    consents: new Consents({
      readPending: () => Promise.resolve(pending),
      writePending: (next) => Promise.resolve(void (pending = next)),
      openWindow: (id) => Promise.resolve(windows.push(id)),
      closeWindow: () => Promise.resolve(),
      focusWindow: (id) => Promise.resolve(focused.push(id) > 0),
      mayShow: () => Promise.resolve(true),
    }),
    reminders: { look: () => Promise.resolve() },
    forward: () => Promise.resolve(new Response('{}')),
    announceChange: () => undefined,
  }
  return parts as unknown as Wallet // the rest of a wallet is no business of these handlers
}

const termsWith = (over: Partial<Terms> = {}): Terms => ({
  ...{ schema: 1, lane: 'proxy' },
  providers: [{ provider: 'openai', keys: { only: keyId }, models: 'any', capabilities: ['chat'] }],
  budgets: [{ usd: '5.00', window: 'month' }],
  limits: { perMinute: 60, parallel: 4, maxOutputTokens: 1000 },
  askAbove: '0.25',
  expiresAt: ENDS_AT,
  ...over,
})

/** Allows a site, as the consent window does. */
async function allowed(origin = APP, terms = termsWith()): Promise<GrantId> {
  clock.advance(1)
  await wallet.sites.allow(await wallet.session.required(), origin, terms)
  changes = []
  const { apps } = await appList({}, wallet)
  const app = apps.find((each) => each.origin === origin)
  if (!app) throw new TypeError('no app')
  return app.grantId
}
const detailOf = (grantId: GrantId): Promise<AppDetail> => appGet({ grantId }, wallet)
const change = (grantId: GrantId, over: Partial<Terms>) =>
  appChangeTerms({ grantId, terms: termsWith(over) }, wallet)

describe('app.list', () => {
  it('shows each site once: as it stands, or as it was last', async () => {
    await allowed(APP)
    await allowed(APP)
    await allowed(OTHER)
    await sitePause({ origin: OTHER, paused: true }, wallet)
    const states = async () =>
      (await appList({}, wallet)).apps.map(({ origin, state }) => [origin, state])

    expect(await states()).toEqual([
      [OTHER, 'paused'],
      [APP, 'on'],
    ])
    await siteSwitchOff({ origin: OTHER }, wallet)
    expect(await states()).toEqual([
      [APP, 'on'],
      [OTHER, 'off'],
    ])
    clock.advance(2 * 86_400_000)
    await wallet.session.unlock('a quiet harbour at dawn')
    expect((await states())[0]).toEqual([APP, 'expired'])
  })

  it('says what was spent, and when it was used last', async () => {
    const grantId = await allowed()
    expect((await detailOf(grantId)).lastUsedAt).toBeNull()
    const { budgets } = termsWith()
    const requestId = 'AAAAAAAAAAAAAAAAAAAAAA' as RequestId
    await wallet.ledger.reserve({
      ...{ requestId, grantId, keyId, provider: 'openai', model: 'gpt-5.4' },
      ...{ capability: 'chat', boundNanoUsd: 7, budgets },
    })
    await wallet.ledger.reconcile()
    const reservedAt = clock.now()

    expect((await detailOf(grantId)).usedNanoUsd).toEqual([7])
    await wallet.ledger.recordDenied({
      ...{ requestId: 'BBBBBBBBBBBBBBBBBBBBBQ' as RequestId, grantId, keyId },
      ...{ provider: 'openai', model: null, capability: 'chat', lane: 'proxy' },
    })
    expect((await detailOf(grantId)).lastUsedAt).toBe(reservedAt)
  })
})

describe('app.get', () => {
  it('of an app that was switched off has no valet key to show', async () => {
    const grantId = await allowed()
    expect((await detailOf(grantId)).valetKeys.length).toBeGreaterThan(0)
    await siteSwitchOff({ origin: APP }, wallet)

    expect(await detailOf(grantId)).toMatchObject({ state: 'off', valetKeys: [] })
  })

  it('of none is not found', async () => {
    await expect(detailOf('A'.repeat(22) as GrantId)).rejects.toMatchObject({
      code: 'request.not_found',
    })
  })
})

describe('app.change_terms', () => {
  it('keeps the grant and its valet keys, and adds those of a provider that came in', async () => {
    const grantId = await allowed()
    const before = await detailOf(grantId)
    const [openai] = termsWith().providers
    if (!openai) throw new TypeError('no provider')
    const groq = { ...openai, provider: 'groq' as const, keys: { only: groqId } }
    await change(grantId, { providers: [openai, groq] })

    const after = await detailOf(grantId)
    expect(after.valetKeys).toEqual(expect.arrayContaining(before.valetKeys))
    expect(after.valetKeys.map(({ provider }) => provider)).toContain('groq')
    expect(index.map(({ provider }) => provider)).toContain('groq')

    await change(grantId, { providers: [groq] })
    expect((await detailOf(grantId)).valetKeys.map(({ provider }) => provider)).not.toContain(
      'openai',
    )
    await change(grantId, { providers: [openai] })
    expect((await detailOf(grantId)).valetKeys).toEqual(before.valetKeys)
  })

  it('ends running calls where something became narrower, and only there (C74)', async () => {
    const grantId = await allowed()
    await change(grantId, { budgets: [{ usd: '9.00', window: 'month' }] })
    expect(changes).toEqual([[APP, 'on']])

    changes = []
    await change(grantId, { budgets: [{ usd: '1.00', window: 'month' }] })
    expect(changes).toEqual([
      [APP, 'none'],
      [APP, 'on'],
    ])
  })

  it('leaves a paused app paused, and never changes the lane', async () => {
    const grantId = await allowed()
    await sitePause({ origin: APP, paused: true }, wallet)
    await change(grantId, { lane: 'inject', askAlways: true })

    const { state, terms } = await detailOf(grantId)
    expect(state).toBe('paused')
    expect(terms).toMatchObject({ lane: 'proxy', askAlways: true })
  })

  it('takes no key that is not there or is another provider’s', async () => {
    const grantId = await allowed()
    const [entry] = termsWith().providers
    if (!entry) throw new TypeError('no provider')
    for (const only of [groqId, 'Z'.repeat(21).concat('A') as KeyId]) {
      await expect(
        change(grantId, { providers: [{ ...entry, keys: { only } }] }),
      ).rejects.toMatchObject({ code: 'request.unprocessable' })
    }
    expect((await detailOf(grantId)).terms).toEqual(termsWith())
  })

  it('brings nothing back that was switched off, and nothing that was replaced', async () => {
    const first = await allowed()
    await allowed()
    await expect(change(first, {})).rejects.toMatchObject({ code: 'grant.missing' })
    await siteSwitchOff({ origin: APP }, wallet)

    await expect(change(first, {})).rejects.toMatchObject({ code: 'grant.missing' })
  })
})

describe('the script for live sockets', () => {
  const live = (): Terms['providers'] =>
    termsWith().providers.map((each) => ({ ...each, capabilities: ['chat', 'realtime'] }))

  it('goes to a site when it may talk live, into its open tabs too, and away again', async () => {
    const id = await allowed()
    expect(patched).toEqual([{ origin: APP, live: false }])

    injected = []
    await change(id, { providers: live() })
    expect(patched).toEqual([{ origin: APP, live: true }])
    expect(injected).toEqual([APP])

    await change(id, {})
    expect(patched).toEqual([{ origin: APP, live: false }])
    expect(injected).toEqual([APP])
  })

  it('is left as it is while the vault is locked', async () => {
    await allowed()
    await wallet.sites.reconcileScripts()

    expect(patched).toEqual([{ origin: APP, live: null }])
  })
})

describe('an answer to a question about one call', () => {
  let asked: Promise<string>
  let grantId: GrantId
  const ask = (over: Partial<CallQuestion> = {}) =>
    wallet.consents.ask(
      {
        ...{ kind: 'call', id: 'q', origin: APP, grantId, terms: termsWith(), model: null },
        ...{
          provider: 'openai',
          boundNanoUsd: parseUsd('0.31'),
          expectedNanoUsd: null,
          why: 'above',
          windowId: null,
        },
        ...over,
      },
      new AbortController().signal,
    )
  const raise = (askAbove: string, id = 'q') =>
    consentDecide({ id, decision: 'raise', askAbove }, wallet)

  beforeEach(async () => {
    grantId = await allowed()
    asked = ask()
    await expect.poll(() => windows).toEqual(['q'])
  })

  it('allows it once, and changes nothing', async () => {
    await consentDecide({ id: 'q', decision: 'once', terms: termsWith() }, wallet)

    expect(await asked).toBe('allow')
    expect((await detailOf(grantId)).terms).toEqual(termsWith())
  })

  it('allows it and raises what is asked about, without ending a running call', async () => {
    await raise('0.50')

    expect(await asked).toBe('allow')
    expect((await detailOf(grantId)).terms).toEqual({
      ...termsWith({ askAbove: '0.50' }),
      askAlways: false,
    })
    expect(changes).toEqual([])
  })

  it('does not raise below what it may cost, and keeps the question', async () => {
    await expect(raise('0.30')).rejects.toMatchObject({ code: 'request.unprocessable' })
    expect(pending.map(({ id }) => id)).toEqual(['q'])
    expect((await detailOf(grantId)).terms).toEqual(termsWith())
  })

  it('does not raise for what nothing bounds (C44)', async () => {
    void ask({ id: 'u', boundNanoUsd: null, why: 'unbounded' })
    await expect.poll(() => pending.length).toBe(2)

    await expect(raise('900.00', 'u')).rejects.toMatchObject({ code: 'request.unprocessable' })
    expect((await detailOf(grantId)).terms).toEqual(termsWith())
  })

  it('does not raise a grant that is gone meanwhile', async () => {
    await siteSwitchOff({ origin: APP }, wallet)

    await expect(raise('0.50')).rejects.toMatchObject({ code: 'grant.missing' })
  })

  it('denies it, also while the vault is locked', async () => {
    await wallet.session.lock()
    await consentDecide({ id: 'q', decision: 'deny' }, wallet)

    expect(await asked).toBe('deny')
  })
})

describe('site.switch_on', () => {
  it('a second time brings the window to the front, whose answer still counts', async () => {
    await siteSwitchOn({ origin: APP }, wallet)
    await siteSwitchOn({ origin: APP }, wallet)
    const [id] = windows

    expect(windows).toHaveLength(1)
    expect(focused).toEqual([1])
    await consentDecide({ id: id ?? '', decision: 'allow', terms: termsWith() }, wallet)
    expect((await appList({}, wallet)).apps[0]?.state).toBe('on')
  })
})
