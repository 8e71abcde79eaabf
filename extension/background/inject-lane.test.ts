import { beforeEach, describe, expect, it } from 'vitest'
import { defaultTerms } from '@valetkey/wallet/grants'
import { createLedger } from '@valetkey/wallet/metering'
import type { Grant, GrantId, KeyId, ProviderKey } from '@valetkey/wallet/protocol'
import { withoutLimits, type InjectRule } from '@valetkey/wallet/proxy'
import { createMemoryLedgerStore, createSeededRandom } from '@valetkey/wallet/testing'
import { InjectLane } from './inject-lane.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const ORIGIN = 'https://app.example.test'
const KEY_ID = 'BBBBBBBBBBBBBBBBBBBBBQ' as KeyId
const SECRET = ['sk-', 'aB3dE6gH9jK2mN5pQ8sT1vW4'].join('') as ProviderKey
const CHAT = new URL('https://api.openai.com/v1/chat/completions')

let now = NOW
let locked = false
let paused = false
let permitted = true
let watched = true
let grant: Grant
let installed: readonly InjectRule[] = []
/** Runs while the grants are read. */
let meanwhile: () => void = () => undefined
let store = createMemoryLedgerStore()
let lane: InjectLane

beforeEach(() => {
  now = NOW
  locked = paused = false
  permitted = watched = true
  installed = []
  meanwhile = () => undefined
  store = createMemoryLedgerStore()
  const usual = defaultTerms({ now: NOW, keys: [{ provider: 'openai', keyId: KEY_ID }] })
  grant = {
    ...{ id: 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId, subject: { origin: ORIGIN }, status: 'active' },
    ...{ createdAt: NOW, terms: withoutLimits(usual) },
  }
  lane = new InjectLane({
    rules: {
      replace: (rules, isCurrent) => {
        meanwhile()
        if (isCurrent()) installed = rules
        return Promise.resolve()
      },
    },
    mayWatch: () => Promise.resolve(watched),
    openGrants: () =>
      Promise.resolve(
        locked
          ? null
          : {
              grants: [grant],
              vault: {
                readGrant: () => Promise.resolve(grant),
                openKey: (keyId) =>
                  Promise.resolve({ keyId, provider: 'openai', secret: SECRET, baseUrl: null }),
              },
            },
      ),
    permissions: {
      holds: () => Promise.resolve(permitted),
      giveBack: () => Promise.resolve(),
    },
    settings: { isPaused: () => Promise.resolve(paused) },
    ledger: createLedger({ store, clock: () => now }),
    clock: () => now,
    random: createSeededRandom('inject-lane'),
  })
})

describe('compatibility mode', () => {
  it.each<[string, () => void]>([
    [
      'the vault is locked',
      () => {
        locked = true
      },
    ],
    [
      'everything is paused',
      () => {
        paused = true
      },
    ],
    [
      'the site is paused',
      () => {
        grant = { ...grant, status: 'paused' }
      },
    ],
    [
      'the grant was taken back',
      () => {
        grant = { ...grant, status: 'revoked' }
      },
    ],
    [
      'the grant ended',
      () => {
        now = grant.terms.expiresAt
      },
    ],
    [
      'the browser took the site away',
      () => {
        permitted = false
      },
    ],
    [
      'nothing could be counted',
      () => {
        watched = false
      },
    ],
    [
      'the grant has a budget',
      () => {
        grant = { ...grant, terms: { ...grant.terms, budgets: [{ usd: '5.00', window: 'month' }] } }
      },
    ],
    [
      'the grant is of the other lane',
      () => {
        grant = { ...grant, terms: { ...grant.terms, lane: 'proxy' } }
      },
    ],
  ])('adds a key to nothing once %s (C115)', async (_what, change) => {
    await lane.reconcile()
    expect(installed.length).toBeGreaterThan(0)
    change()
    await lane.reconcile()

    expect(installed).toEqual([])
  })

  it('installs nothing that was read before a lock (C115)', async () => {
    meanwhile = () => {
      lane.drop()
    }
    await lane.reconcile()

    expect(installed).toEqual([])
    await lane.note({ origin: ORIGIN, method: 'POST', url: CHAT, bodyText: null })
    expect(await store.usage(10)).toEqual([])
  })

  it('counts what it added a key to, once each, as an estimate', async () => {
    await lane.reconcile()
    const bodyText = JSON.stringify({ model: 'gpt-4o-mini', messages: [] })
    await lane.note({ origin: ORIGIN, method: 'POST', url: CHAT, bodyText })
    await lane.note({ origin: 'https://other.example.test', method: 'POST', url: CHAT, bodyText })

    expect(await store.usage(10)).toMatchObject([
      { lane: 'inject', ending: 'done', model: 'gpt-4o-mini', costSource: 'floor', status: 0 },
    ])
  })
})
