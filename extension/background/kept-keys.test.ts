import { beforeEach, describe, expect, it } from 'vitest'
import type { GrantStatus, KeyId, Terms } from '@valetkey/wallet/protocol'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '@valetkey/wallet/testing'
import { createVault, type OpenVault } from '@valetkey/wallet/vault'
import type { PageEntry } from '../adapters/page-storage.ts'
import { createGrant, findGrantOfSite } from './grants-of-sites.ts'
import { KeptKeys } from './kept-keys.ts'

const APP = 'https://app.example.test'
const random = createSeededRandom('kept keys')
// No shape of any catalogue: only the vault knows it for a key.
const OWN = 'Zx9'.repeat(12)
// Built at run time: a literal of this shape would trip every secret scanner.
const GROQ = ['gsk', 'aB3dE5fG7h'.repeat(6).slice(0, 52)].join('_')

let vault: OpenVault
let entries: PageEntry[]
let written: string[]
let isStale: boolean
const keptKeys = () =>
  new KeptKeys({
    read: () => Promise.resolve(entries),
    write: (_origin, _entry, value) => {
      if (!isStale) written.push(value)
      return Promise.resolve(!isStale)
    },
  })

beforeEach(async () => {
  entries = []
  written = []
  isStale = false
  const store = createMemoryVaultStore()
  const ports = { store, kdf: fastTestKdf, clock: createFakeClock().now, random }
  vault = (await createVault(ports, 'a quiet harbour at dawn')).vault
})

function keeps(value: string, area: PageEntry['area'] = 'localStorage'): void {
  entries.push({ tabId: 1, area, name: 'settings', value })
}

async function switchOn(status: GrantStatus = 'active'): Promise<void> {
  const openai = await addKey('openai', OWN)
  const groq = await addKey('groq', 'unused')
  const terms: Terms = {
    schema: 1,
    providers: [
      { provider: 'openai', keys: { only: openai }, models: 'any', capabilities: ['chat'] },
      { provider: 'groq', keys: { pool: [groq] }, models: 'any', capabilities: ['chat'] },
    ],
    ...{ budgets: [], limits: { perMinute: 1, parallel: 1, maxOutputTokens: 1 } },
    ...{ expiresAt: 9e15, lane: 'proxy' },
  }
  await createGrant(vault, { origin: APP, terms, status, now: 1, random, connected: false })
}

function addKey(provider: 'openai' | 'groq', secret: string): Promise<KeyId> {
  return vault.createRecord('key', {
    ...{ provider, baseUrl: null, secret, label: '', notes: '', createdAt: 1 },
    ...{ expiresAt: null, lastTest: null, order: 0, archived: false },
  })
}

async function valetKey(provider: string): Promise<string> {
  const grant = await findGrantOfSite(vault, APP)
  return grant?.fields.valetKeys.find((each) => each.provider === provider)?.key ?? 'none'
}

describe('provider keys a site keeps', () => {
  it('are found by the vault’s own, and by shape', async () => {
    await switchOn()
    keeps(JSON.stringify({ key: OWN, theme: 'dark' }))
    keeps(`Bearer ${GROQ}`, 'sessionStorage')

    expect(await keptKeys().find(vault, APP)).toEqual(['openai', 'groq'])
  })

  it('give way to the valet keys, and nothing beside them changes', async () => {
    await switchOn()
    keeps(JSON.stringify({ keys: [OWN, GROQ, OWN], theme: 'dark' }))

    expect(await keptKeys().replace(vault, APP)).toEqual(['openai', 'groq'])

    const [openai, groq] = [await valetKey('openai'), await valetKey('groq')]
    expect(written).toEqual([JSON.stringify({ keys: [openai, groq, openai], theme: 'dark' })])
  })

  it('are not what only looks like one, nor a valet key that is there already', async () => {
    await switchOn()
    keeps(`${OWN}x`)
    keeps('0123456789abcdef0123456789abcdef')
    keeps(await valetKey('openai'))

    expect(await keptKeys().find(vault, APP)).toEqual([])
  })

  it('that the page changed meanwhile are left alone, and not said to be replaced', async () => {
    await switchOn()
    keeps(OWN)
    isStale = true

    expect(await keptKeys().replace(vault, APP)).toEqual([])
  })

  it.each(['pending', 'revoked', null] as const)(
    'are not looked for where the grant is %s',
    async (status) => {
      if (status) await switchOn(status)
      keeps(OWN)

      expect(await keptKeys().find(vault, APP)).toEqual([])
      await expect(keptKeys().replace(vault, APP)).rejects.toMatchObject({ code: 'grant.missing' })
    },
  )
})
