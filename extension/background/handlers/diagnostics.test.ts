import { beforeEach, describe, expect, it } from 'vitest'
import { createLedger } from '@valetkey/wallet/metering'
import {
  createId,
  diagnosticsSchema,
  type Environment,
  type GrantId,
  type KeyId,
  type RecordFields,
  type RequestId,
} from '@valetkey/wallet/protocol'
import {
  createFakeClock,
  createMemoryLedgerStore,
  createSeededRandom,
} from '@valetkey/wallet/testing'
import { createMemorySession } from '../__fixtures__/memory-session.ts'
import { KeyRemovals } from '../key-removals.ts'
import type { Wallet } from '../wallet.ts'
import { diagnosticsGet } from './diagnostics.get.ts'

const clock = createFakeClock()
const random = createSeededRandom('diagnostics')
const CANARY = 'canary'
const HOST = 'https://canary.example.test'
const ENVIRONMENT: Environment = {
  ...{ extension: '0.1.0', browser: { name: 'chrome', version: '148' }, system: 'linux' },
  ...{ permissions: ['storage'], hosts: 3, storage: { usedBytes: 1000, quotaBytes: null } },
}
const NOTHING = { sites: false, labels: false }

/** Every field of a key that can hold text holds a canary: a field that is new does not compile without. */
const KEY: Required<RecordFields<'key'>> = {
  ...{ provider: 'openai', baseUrl: `${HOST}/v1`, secret: `${CANARY}-secret`, order: 0 },
  ...{ label: `${CANARY}-label`, notes: `${CANARY}-notes`, createdAt: 7_777_001 },
  ...{ expiresAt: 7_777_002, lastTest: { at: 7_777_003, outcome: 'works' }, archived: false },
  prices: [{ model: `${CANARY}-priced`, inputUsd: '7777.00', outputUsd: '7777.00' }],
  history: [
    {
      id: `0000000000000001.${CANARY}${'A'.repeat(16)}`,
      secret: `${CANARY}-lost`,
      until: 7_777_004,
    },
  ],
  secretPast: [`0000000000000002.${CANARY}${'A'.repeat(16)}`],
}

let wallet: Wallet

beforeEach(async () => {
  const session = createMemorySession({ clock: clock.now, random })
  const store = createMemoryLedgerStore()
  const ledger = createLedger({ store, clock: clock.now })
  const removals = new KeyRemovals({
    store: { read: () => Promise.resolve([]), write: () => Promise.resolve() },
    clock: clock.now,
    openVault: () => session.openForChore(),
  })
  wallet = {
    ...{ session, ledger, removals },
    environment: () => Promise.resolve(ENVIRONMENT),
    settings: { isPaused: () => Promise.resolve(false) },
    updates: { isWaiting: () => false },
    sites: {
      lastRefusals: () => ['budget.exceeded', `${CANARY}.code`, 'budget.exceeded'],
      isAsking: () => Promise.resolve(false),
      statusOf: () => Promise.resolve('on'),
    },
  } as unknown as Wallet // the rest of a wallet is no business of this handler
  await session.create('a quiet harbour at dawn')
  const vault = await session.required()
  const keyId: KeyId = await vault.createRecord('key', KEY)
  await vault.createRecord('passkey', {
    ...{ credentialId: 'Y2FuYXJ5', name: `${CANARY}-passkey` },
    ...{ createdAt: 7_777_004, lastUsedAt: 7_777_005 },
  })
  const grantId: GrantId = await vault.createRecord('grant', {
    subject: { origin: HOST },
    status: 'revoked',
    createdAt: 7_777_006,
    valetKeys: [],
    terms: {
      ...{ schema: 1, lane: 'proxy', askAbove: '0.25', expiresAt: 7_777_007 },
      providers: [
        {
          ...{ provider: 'openai', keys: { only: keyId }, capabilities: ['chat'] },
          models: [`${CANARY}-model`],
        },
      ],
      budgets: [{ usd: '77.77', window: 'month' }],
      limits: { perMinute: 60, parallel: 4, maxOutputTokens: 1000 },
    },
  })
  for (const status of [200, 200, 401]) {
    const call = {
      requestId: createId<RequestId>(random),
      ...{ grantId, keyId, model: `${CANARY}-called`, startedAt: 7_777_008 },
      provider: 'openai' as const,
      capability: 'chat' as const,
      lane: 'proxy' as const,
    }
    await store.reserve(
      { ...call, boundNanoUsd: 1, boundTokens: 1, media: false, periods: ['total'] },
      [],
    )
    await store.settle({
      ...{ ...call, durationMs: 1, status, ending: status === 200 ? 'done' : 'refused' },
      ...{ tokens: null, costNanoUsd: 7_777_009, costSource: 'none' },
    })
  }
})

describe('diagnostics.get', () => {
  it('counts what is there, and says no word of it', async () => {
    const told = await diagnosticsGet(NOTHING, wallet)

    expect(diagnosticsSchema.parse(told).contents).toEqual({
      keys: [{ provider: 'openai', count: 1, archived: 0 }],
      apps: { on: 0, paused: 0, off: 1 },
      damaged: 0,
      calls: [
        { provider: 'openai', ending: 'done', status: 200, count: 2 },
        { provider: 'openai', ending: 'refused', status: 401, count: 1 },
      ],
      refusals: [{ code: 'budget.exceeded', count: 2 }],
    })
    expect(JSON.stringify(told)).not.toMatch(/canary|Y2FuYXJ5|7777|77\.77/)
  })

  it('names sites, or keys, where the person ticked it, and nothing else', async () => {
    const withSites = await diagnosticsGet({ sites: true, labels: false }, wallet)
    const withLabels = await diagnosticsGet({ sites: false, labels: true }, wallet)
    const { sites, ...restOfSites } = withSites
    const { labels, ...restOfLabels } = withLabels

    expect(sites).toEqual([HOST])
    expect(labels).toEqual([`${CANARY}-label`])
    expect(JSON.stringify([restOfSites, restOfLabels])).not.toContain(CANARY)
  })

  it('says of a locked vault that it is locked', async () => {
    await wallet.session.lock()

    expect(await diagnosticsGet({ sites: true, labels: true }, wallet)).toEqual({
      ...{ format: 1, environment: ENVIRONMENT, vault: 'locked', contents: null },
      ...{ paused: false, updateWaits: false },
    })
  })

  it('takes no text where it does not belong', async () => {
    const told = await diagnosticsGet(NOTHING, wallet)
    const spoilt = [
      { ...told, note: CANARY },
      { ...told, environment: { ...ENVIRONMENT, extension: CANARY } },
      { ...told, environment: { ...ENVIRONMENT, browser: { name: 'chrome', version: CANARY } } },
      { ...told, environment: { ...ENVIRONMENT, permissions: [HOST] } },
      {
        ...told,
        contents: { ...told.contents, refusals: [{ code: `${CANARY} code`, count: 1 }] },
      },
    ]

    for (const each of spoilt) expect(diagnosticsSchema.safeParse(each).success).toBe(false)
  })
})
