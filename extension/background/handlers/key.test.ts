import { beforeEach, describe, expect, it } from 'vitest'
import { createLedger } from '@valetkey/wallet/metering'
import {
  EXPIRY_NOTICE_MS,
  createId,
  type GrantId,
  type KeyId,
  type RequestId,
  type Settings,
} from '@valetkey/wallet/protocol'
import {
  createFakeClock,
  createMemoryLedgerStore,
  createSeededRandom,
} from '@valetkey/wallet/testing'
import type { Removal } from '../../adapters/removal-store.ts'
import { ExpiryReminders, type ReminderState } from '../expiry-reminders.ts'
import { KeyRemovals } from '../key-removals.ts'
import { markRefused, openUsableKey } from '../key-ring.ts'
import type { Wallet } from '../wallet.ts'
import { keyAdd } from './key.add.ts'
import { keyArchive } from './key.archive.ts'
import { keyCheck } from './key.check.ts'
import { keyList } from './key.list.ts'
import { keyRemove } from './key.remove.ts'
import { keyReorder } from './key.reorder.ts'
import { keyReplace } from './key.replace.ts'
import { keyRestore } from './key.restore.ts'
import { keyReveal } from './key.reveal.ts'
import { keySetPrices } from './key.set_prices.ts'
import { keyUpdate } from './key.update.ts'
import { vaultReauthenticate } from './vault.reauthenticate.ts'
import { createMemorySession } from '../__fixtures__/memory-session.ts'

const PASSPHRASE = 'a quiet harbour at dawn'
const clock = createFakeClock()
const random = createSeededRandom('key handlers')
/** What the provider answers a key test with, and the keys it was shown. */
let provider = { status: 200, keys: [] as string[] }
let calls: string[]
let wallet: Wallet

beforeEach(async () => {
  provider = { status: 200, keys: [] }
  calls = []
  wallet = createWallet()
  await wallet.session.create(PASSPHRASE)
})

/** The parts the handlers of keys touch, over memory; the provider is the only stranger. */
function createWallet(): Wallet {
  let removed: readonly Removal[] = []
  let settings: Settings = { revealKeys: false }
  let reminded: ReminderState = { called: [], next: null }
  const session = createMemorySession({ clock: clock.now, random })
  const parts = {
    session,
    clock: clock.now,
    random,
    ledger: createLedger({ store: createMemoryLedgerStore(), clock: clock.now }),
    removals: new KeyRemovals({
      store: {
        read: () => Promise.resolve(removed),
        write: (next) => Promise.resolve(void (removed = next)),
      },
      clock: clock.now,
      openVault: () => session.openForChore(),
    }),
    reminders: new ExpiryReminders({
      clock: clock.now,
      memory: {
        read: () => Promise.resolve(reminded),
        write: (next) => Promise.resolve(void (reminded = next)),
      },
      call: (title) => calls.push(title),
    }),
    settings: {
      isPaused: () => Promise.resolve(false),
      setPaused: () => Promise.resolve(),
      read: () => Promise.resolve(settings),
      write: (next: Settings) => Promise.resolve(void (settings = next)),
    },
    forward: ({ headers }: { headers: Headers }) => {
      provider.keys.push(headers.get('authorization') ?? '')
      return Promise.resolve(new Response('{}', { status: provider.status }))
    },
    announceChange: () => undefined,
  }
  return parts as unknown as Wallet // the rest of a wallet is no business of these handlers
}

const secretOf = (name: string) => `test-${name}-${'x'.repeat(20)}`
const add = async (name: string): Promise<KeyId> =>
  (await keyAdd({ provider: 'openai', secret: secretOf(name), label: name }, wallet)).keyId
const list = async () => (await keyList({}, wallet)).keys
const labels = async () => (await list()).map(({ label }) => label)
const summary = async (id: KeyId) => (await list()).find((key) => key.id === id)
const opened = async (keyId: KeyId) =>
  openUsableKey(await wallet.session.required(), wallet.removals, keyId)
const notFound = { code: 'request.not_found' }

async function allow(keyIds: KeyId[]): Promise<GrantId> {
  return (await wallet.session.required()).createRecord('grant', {
    subject: { origin: 'https://app.example' },
    status: 'active',
    createdAt: 1,
    valetKeys: [],
    terms: {
      schema: 1,
      providers: [{ provider: 'openai', keys: { pool: keyIds }, models: 'any', capabilities: [] }],
      budgets: [{ usd: '5.00', window: 'month' }],
      limits: { perMinute: 1, parallel: 1, maxOutputTokens: 1 },
      ...{ expiresAt: 2, lane: 'proxy' },
    },
  })
}

describe('key.list', () => {
  it('tells everything about a key but the secret', async () => {
    const id = await add('Work')
    const grantId = await allow([id])
    const reservation = await wallet.ledger.reserve({
      ...{ requestId: createId<RequestId>(random), grantId, keyId: id, provider: 'openai' },
      ...{ model: 'gpt-4o-mini', capability: 'chat', boundNanoUsd: 500 },
      budgets: [{ usd: '5.00', window: 'month' }],
    })
    await wallet.ledger.settle(reservation, {
      ...{ ending: 'aborted', status: 0, usage: null, usageFinal: false, firstByteSeen: false },
    })
    const keys = await list()

    expect(keys).toEqual([
      {
        ...{
          id,
          provider: 'openai',
          label: 'Work',
          notes: '',
          createdAt: clock.now(),
          baseUrl: null,
        },
        ...{ lastUsedAt: clock.now(), expiresAt: null, archived: false, prices: [] },
        kept: [],
        lastTest: { at: clock.now(), outcome: 'works' },
        spentThisMonthNanoUsd: 500,
        sites: ['https://app.example'],
      },
    ])
    expect(JSON.stringify(keys)).not.toContain(secretOf('Work'))
  })

  it('names each site once, whether its pages call or its server', async () => {
    const id = await add('Work')
    const vault = await wallet.session.required()
    const seed = 'A'.repeat(43)
    const relay = { name: 'Notes', appKeys: [], signingSeed: seed, exchangeKeys: [] }
    for (const origin of ['https://app.example', 'https://notes.example', null]) {
      const grantId = await allow([id])
      const subject = { clientId: 'vk_cid_x', server: 'https://sync.example' }
      await vault.updateRecord('grant', grantId, { subject, relay: { ...relay, origin } })
    }
    await allow([id])

    expect((await list())[0]?.sites.toSorted()).toEqual([
      'https://app.example',
      'https://notes.example',
    ])
  })
})

describe('key.add for a server of the person’s own', () => {
  const at = (baseUrl: string, ownNetwork: boolean, secret = '') =>
    keyAdd({ provider: 'custom', secret, label: 'Mine', baseUrl, ownNetwork }, wallet)

  it.each([
    ['http://localhost:8000/v1', false],
    ['https://192.168.1.20:8443/v1', false],
    ['https://169.254.169.254/v1', true],
    ['http://192.168.1.20:8000', true],
    ['https://0x7f.1', true],
    ['https://api.openai.com/v1', true],
  ])('refuses %s (said to be theirs: %s), and asks nobody (C27)', async (baseUrl, said) => {
    await expect(at(baseUrl, said)).rejects.toMatchObject({ code: 'request.unprocessable' })
    expect(provider.keys).toEqual([])
    expect(await list()).toEqual([])
  })

  it('keeps one that the person said is theirs, with or without a key', async () => {
    await at('http://localhost:8000/v1', true)
    await at('https://models.example.com/v1', false, secretOf('own'))
    const [home = '', away = ''] = provider.keys

    expect((await list()).map(({ baseUrl }) => baseUrl)).toEqual([
      'http://localhost:8000/v1',
      'https://models.example.com/v1',
    ])
    // Nothing a reply holds by chance: it would be blotted out there.
    expect(home).toMatch(/^Bearer no-key-[A-Za-z0-9_-]{32}$/)
    expect(away).toBe(`Bearer ${secretOf('own')}`)
  })

  it('keeps none without a place, and no place for a provider that has its own (C27)', async () => {
    const none = keyAdd({ provider: 'custom', secret: secretOf('own'), label: '' }, wallet)
    const other = keyAdd(
      {
        ...{ provider: 'openai', secret: secretOf('own'), label: '' },
        ...{ baseUrl: 'https://models.example.com/v1', ownNetwork: true },
      },
      wallet,
    )

    await expect(none).rejects.toMatchObject({ code: 'request.unprocessable' })
    await expect(other).rejects.toMatchObject({ code: 'request.unprocessable' })
  })
})

describe('key.update', () => {
  it('changes name, notes and end, nothing else, and reminds of an end that is near', async () => {
    const keyId = await add('Work')
    const before = await summary(keyId)
    const expiresAt = clock.now() + EXPIRY_NOTICE_MS - 1
    await keyUpdate({ keyId, label: ' Home ', notes: 'of my own', expiresAt }, wallet)

    expect(await summary(keyId)).toEqual({
      ...before,
      label: 'Home',
      notes: 'of my own',
      expiresAt,
    })
    expect((await opened(keyId)).secret).toBe(secretOf('Work'))
    expect(calls).toEqual(['a key expires soon'])
  })
})

describe('key.set_prices', () => {
  const prices = [{ model: 'my-*', inputUsd: '0.10', outputUsd: '0.40' }]

  it('keeps what the person says that models cost, for calls and for the person', async () => {
    const keyId = await add('Work')
    expect((await summary(keyId))?.prices).toEqual([])
    const before = await summary(keyId)
    await keySetPrices({ keyId, prices }, wallet)

    expect(await summary(keyId)).toEqual({ ...before, prices })
    expect((await opened(keyId)).prices).toEqual(prices)
    await keySetPrices({ keyId, prices: [] }, wallet)
    expect((await opened(keyId)).prices).toEqual([])
  })

  it('knows no key that is not there', async () => {
    const none = 'AAAAAAAAAAAAAAAAAAAAAA' as KeyId

    await expect(keySetPrices({ keyId: none, prices }, wallet)).rejects.toMatchObject({
      code: 'request.not_found',
    })
  })
})

describe('key.replace', () => {
  it('gives the id another secret, so that grants go on, and tests it', async () => {
    const keyId = await add('Work')
    const outcome = await keyReplace(
      { keyId, secret: ` ${secretOf('new')} `, expiresAt: 9 },
      wallet,
    )

    expect(outcome).toMatchObject({ replaced: true, test: { outcome: 'works' } })
    expect((await opened(keyId)).secret).toBe(secretOf('new'))
    expect(await summary(keyId)).toMatchObject({ label: 'Work', expiresAt: 9 })
  })

  it('keeps the old secret where the provider refuses the new one', async () => {
    const keyId = await add('Work')
    provider.status = 401
    const outcome = await keyReplace({ keyId, secret: secretOf('new'), expiresAt: null }, wallet)

    expect(outcome).toMatchObject({ replaced: false, test: { outcome: 'refused' } })
    expect((await opened(keyId)).secret).toBe(secretOf('Work'))
    expect((await summary(keyId))?.lastTest?.outcome).toBe('works')
  })

  it.each([
    ['nothing', ' '],
    ['an admin key', ['sk', 'admin', 'a'.repeat(80)].join('-')],
  ])('refuses %s before anyone sees it', async (_, secret) => {
    const keyId = await add('Work')
    provider.keys = []
    const replace = keyReplace({ keyId, secret, expiresAt: null }, wallet)

    await expect(replace).rejects.toMatchObject({ code: 'request.unprocessable' })
    expect(provider.keys).toEqual([])
  })
})

describe('key.archive', () => {
  it('takes a key from every site, and gives it back as it was', async () => {
    const keyId = await add('Work')
    await allow([keyId])
    await keyArchive({ keyId, archived: true }, wallet)
    expect(await summary(keyId)).toMatchObject({ archived: true, sites: ['https://app.example'] })
    await expect(opened(keyId)).rejects.toMatchObject(notFound)

    await keyArchive({ keyId, archived: false }, wallet)

    expect((await opened(keyId)).secret).toBe(secretOf('Work'))
  })
})

describe('key.remove and key.restore', () => {
  it('hide a key from list and calls at once, and bring it back whole', async () => {
    const keyId = await add('Work')
    await add('Home')
    const before = await list()
    await keyRemove({ keyId }, wallet)
    expect(await labels()).toEqual(['Home'])
    await expect(opened(keyId)).rejects.toMatchObject(notFound)

    await keyRestore({ keyId }, wallet)

    expect(await list()).toEqual(before)
    expect((await opened(keyId)).secret).toBe(secretOf('Work'))
  })

  it('leave a key on its way out to nobody', async () => {
    const keyId = await add('Work')
    const home = await add('Home')
    await wallet.settings.write({ revealKeys: true })
    await vaultReauthenticate({ passphrase: PASSPHRASE }, wallet)
    await keyRemove({ keyId }, wallet)

    for (const use of [
      keyCheck({ keyId }, wallet),
      keyUpdate({ keyId, label: 'x', notes: '', expiresAt: null }, wallet),
      keyReplace({ keyId, secret: secretOf('new'), expiresAt: null }, wallet),
      keyArchive({ keyId, archived: true }, wallet),
      keyReorder({ keyId, before: home }, wallet),
      keyReveal({ keyId }, wallet),
    ]) {
      await expect(use).rejects.toMatchObject(notFound)
    }
  })

  it('bring back nothing that was never removed', async () => {
    const keyId = await add('Work')

    await expect(keyRestore({ keyId }, wallet)).rejects.toMatchObject(notFound)
  })
})

describe('a key refused in the middle of a call', () => {
  it('is marked as if it had been tested, once', async () => {
    const keyId = await add('Work')
    const vault = await wallet.session.required()
    clock.advance(1000)
    await markRefused(vault, keyId, clock.now)
    const marked = { at: clock.now(), outcome: 'refused' }
    expect((await summary(keyId))?.lastTest).toEqual(marked)

    clock.advance(1000)
    await markRefused(vault, keyId, clock.now)

    expect((await summary(keyId))?.lastTest).toEqual(marked)
  })
})

describe('key.reorder', () => {
  it('puts a key where the person wants it', async () => {
    const [one, two, three] = [await add('one'), await add('two'), await add('three')]
    expect(await labels()).toEqual(['one', 'two', 'three'])
    await keyReorder({ keyId: three, before: one }, wallet)
    expect(await labels()).toEqual(['three', 'one', 'two'])
    await keyReorder({ keyId: one, before: null }, wallet)

    expect(await labels()).toEqual(['three', 'two', 'one'])
    expect(await summary(two)).toMatchObject({ label: 'two' })
  })
})

describe('key.reveal', () => {
  it('shows a key to whoever switched it on and entered the passphrase within a minute', async () => {
    const keyId = await add('Work')
    expect(await keyReveal({ keyId }, wallet)).toEqual({ outcome: 'switched-off' })
    await vaultReauthenticate({ passphrase: PASSPHRASE }, wallet)
    expect(await keyReveal({ keyId }, wallet)).toEqual({ outcome: 'switched-off' })

    await wallet.settings.write({ revealKeys: true })
    expect(await keyReveal({ keyId }, wallet)).toEqual({
      outcome: 'shown',
      secret: secretOf('Work'),
    })
    clock.advance(60_001)

    expect(await keyReveal({ keyId }, wallet)).toEqual({ outcome: 'passphrase-needed' })
  })

  it('is not helped by unlocking, nor by a wrong passphrase', async () => {
    const keyId = await add('Work')
    await wallet.settings.write({ revealKeys: true })
    await wallet.session.lock()
    await expect(keyReveal({ keyId }, wallet)).rejects.toMatchObject({ code: 'vault.locked' })
    await wallet.session.unlock(PASSPHRASE)
    await expect(
      vaultReauthenticate({ passphrase: `${PASSPHRASE}!` }, wallet),
    ).rejects.toMatchObject({ code: 'vault.unlock_failed' })

    expect(await keyReveal({ keyId }, wallet)).toEqual({ outcome: 'passphrase-needed' })
  })
})
