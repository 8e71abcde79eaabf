import { beforeEach, describe, expect, it } from 'vitest'
import { defaultTerms } from '@valetkey/wallet/grants'
import { createLedger } from '@valetkey/wallet/metering'
import { WalletError, type KeyId, type SiteStatus, type Terms } from '@valetkey/wallet/protocol'
import {
  createDraw,
  createFakeClock,
  createMemoryLedgerStore,
  createSeededRandom,
} from '@valetkey/wallet/testing'
import type { OpenVault } from '@valetkey/wallet/vault'
import type { SiteIndexEntry } from '../adapters/site-index.ts'
import { createMemorySession } from './__fixtures__/memory-session.ts'
import { ConnectedApps } from './connected-apps.ts'
import { findGrantOfSite, indexOf } from './grants-of-sites.ts'
import { Sites, type SitesPorts } from './sites.ts'

const APP = 'https://app.example.test'
const CALLER = { origin: APP, incognito: false }
const CHAT = { capabilities: ['chat' as const] }
const random = createSeededRandom('connected apps')
const draw = createDraw('connected apps')
const clock = createFakeClock(1_800_000_000_000)

let vault: OpenVault
let apps: ConnectedApps
let keyId: KeyId
let entries: readonly SiteIndexEntry[]
let changes: [string, SiteStatus][]
let isPaused: boolean

beforeEach(async () => {
  entries = []
  changes = []
  isPaused = false
  const session = createMemorySession({ clock: clock.now, random })
  await session.create('correct horse battery staple')
  vault = await session.required()
  keyId = await vault.createRecord('key', {
    ...{ provider: 'openai', baseUrl: null, secret: draw('sk-proj-{A156}'), label: 'Mine' },
    ...{ notes: '', createdAt: 1, expiresAt: null, lastTest: null, order: 0, archived: false },
  })
  const ledger = createLedger({ store: createMemoryLedgerStore(), clock: clock.now })
  const shared = {
    ...{ ledger, clock: clock.now, random },
    settings: { isPaused: () => Promise.resolve(isPaused) },
    usableKeys: async (open: OpenVault) => (await open.listRecords('key')).records,
    onChange: (origin: string, status: SiteStatus) => changes.push([origin, status]),
  }
  const sites = new Sites({
    ...shared,
    index: {
      entries: () => Promise.resolve(entries),
      replace: (next: readonly SiteIndexEntry[]) => Promise.resolve(void (entries = next)),
    },
    permissions: { holds: () => Promise.resolve(false) },
    scripts: { reconcile: () => Promise.resolve(), injectIntoOpenTabs: () => Promise.resolve() },
  } as unknown as SitesPorts)
  apps = new ConnectedApps({
    ...{ ...shared, sites },
    index: {
      findConnected: (origin) =>
        Promise.resolve(
          entries.find((entry) => entry.origin === origin && entry.provider === null) ?? null,
        ),
    },
  })
})

const terms = (change: Partial<Terms> = {}): Terms => ({
  ...defaultTerms({ now: clock.now(), keys: [{ provider: 'openai', keyId }] }),
  ...change,
})
const grantId = async (): Promise<string> => (await findGrantOfSite(vault, APP))?.id ?? ''

describe('ConnectedApps', () => {
  it('opens a grant by its own id, and gives out no valet key', async () => {
    await apps.allow(vault, APP, terms())

    expect(entries).toMatchObject([{ origin: APP, provider: null, grantId: await grantId() }])
    expect((await findGrantOfSite(vault, APP))?.fields.valetKeys).toEqual([])
    expect(await apps.status(CALLER, false)).toBe('on')
  })

  it('tells an app nothing of keys and limits', async () => {
    await apps.allow(vault, APP, terms({ askAbove: '0.10' }))

    const told = await apps.findCovering(vault, APP, CHAT)

    expect(told && Object.keys(told).sort()).toEqual(['budgets', 'expiresAt', 'id', 'providers'])
    expect(JSON.stringify(told)).not.toContain(keyId)
  })

  it('keeps the id of a grant that is asked for anew, and with it what was spent', async () => {
    await apps.allow(vault, APP, terms())
    const before = await grantId()
    await apps.allow(vault, APP, terms({ budgets: [{ usd: '9.00', window: 'month' }] }))

    expect(await grantId()).toBe(before)
    expect((await findGrantOfSite(vault, APP))?.fields.terms.budgets).toEqual([
      { usd: '9.00', window: 'month' },
    ])
  })

  it('knows a grant by its own id alone, of its own origin alone (C18)', async () => {
    await apps.allow(vault, APP, terms())
    const own = await grantId()

    for (const ask of [
      () => apps.usage(vault, 'https://other.example.test', own),
      () => apps.disconnect(vault, 'https://other.example.test', own),
      () => apps.disconnect(vault, APP, 'AAAAAAAAAAAAAAAAAAAAAA'),
      () => apps.usage(vault, APP, 'AAAAAAAAAAAAAAAAAAAAAA'),
    ]) {
      await expect(ask()).rejects.toThrow(new WalletError('grant.missing'))
    }
    expect((await apps.usage(vault, APP, own)).total).toMatchObject({ calls: 0, usd: '0.00' })
  })

  it('ends with what the app gives back', async () => {
    await apps.allow(vault, APP, terms())
    await apps.disconnect(vault, APP, await grantId())

    expect(entries).toEqual([])
    expect(await apps.findCovering(vault, APP, CHAT)).toBeNull()
    expect(changes.at(-1)).toEqual([APP, 'none'])
  })

  it('says paused of one app, and of all', async () => {
    await apps.allow(vault, APP, terms())
    await vault.updateRecord('grant', (await grantId()) as never, { status: 'paused' })
    entries = indexOf((await vault.listRecords('grant')).records)
    expect(await apps.status(CALLER, false)).toBe('paused')

    isPaused = true
    expect(await apps.status(CALLER, true)).toBe('paused')
  })

  it('says locked to an app that is connected, and nothing to others (C21)', async () => {
    expect(await apps.status(CALLER, true)).toBe('none')
    await apps.allow(vault, APP, terms())

    expect(await apps.status(CALLER, true)).toBe('locked')
    expect(await apps.status({ ...CALLER, incognito: true }, true)).toBe('none')
  })

  it('takes no key that cannot be used', async () => {
    const other = defaultTerms({
      ...{ now: clock.now(), keys: [{ provider: 'groq' as const, keyId }] },
    })

    await expect(apps.allow(vault, APP, other)).rejects.toThrow(
      new WalletError('request.unprocessable'),
    )
    expect(await findGrantOfSite(vault, APP)).toBeNull()
  })

  it('gives no valet key with terms that change', async () => {
    await apps.allow(vault, APP, terms())
    await apps.allow(vault, APP, terms({ askAlways: true }))

    expect((await findGrantOfSite(vault, APP))?.fields.valetKeys).toEqual([])
  })
})
