import { beforeEach, describe, expect, it } from 'vitest'
import { defaultTerms } from '../grants/index.ts'
import {
  createValetKey,
  type Capability,
  type GrantId,
  type KeyId,
  type ProviderId,
  type ProviderKey,
} from '../protocol/index.ts'
import { createSeededRandom } from '../testing/index.ts'
import type { Caller } from './call.ts'
import { noteSeen } from './note-seen.ts'
import type { CallVault } from './ports.ts'
import { credentialHash } from './credential-hash.ts'

const APP: Caller = { origin: 'https://app.example.test', incognito: false }
const VALET_KEY = createValetKey('sk-48', createSeededRandom('note seen'))
const GRANT = 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId
const KEY = 'BBBBBBBBBBBBBBBBBBBBBQ' as KeyId
const AT_HOME = 'http://localhost:8000/v1'

let noted: string[]
let provider: ProviderId
let vault: CallVault | null

beforeEach(() => {
  noted = []
  provider = 'openai'
  vault = null
})

/** An open vault whose grant has one key, for a server of the person's own. */
const vaultAt = (baseUrl: string, capabilities: Capability[] = ['chat']): CallVault => ({
  readGrant: (id) =>
    Promise.resolve({
      ...{ id, subject: { origin: APP.origin }, status: 'active', createdAt: 0 },
      terms: defaultTerms({ now: 0, keys: [{ provider, keyId: KEY }], capabilities }),
    }),
  openKey: (keyId) =>
    Promise.resolve({ keyId, provider, baseUrl, secret: 'the secret' as ProviderKey }),
})

const see = (url: string, valetKey = VALET_KEY, caller = APP) =>
  noteSeen({ url, valetKey }, caller, {
    findSite: ({ origin }, hash) =>
      Promise.resolve(
        origin === APP.origin && hash === credentialHash({ valetKey: VALET_KEY })
          ? { grantId: GRANT, provider }
          : null,
      ),
    openVault: () => Promise.resolve(vault),
    noteForeignHost: (_caller, host) => noted.push(host),
    noteRefusal: (_caller, code, details) => noted.push(`${code} ${JSON.stringify(details)}`),
  })

describe('a valet key seen in a request of the page’s own', () => {
  it.each([
    ['https://api.app.example.test:8443/chat', 'api.app.example.test:8443'],
    ['https://api.groq.com/openai/v1/chat/completions', 'api.groq.com'],
    ['https://api.openai.com.evil.test/', 'api.openai.com.evil.test'],
  ])('is told where its provider is not: %s', async (url, host) => {
    await see(url)

    expect(noted).toEqual([host])
  })

  it('is nothing to tell on the way to its provider', async () => {
    await see('https://api.openai.com/v1/chat/completions')

    expect(noted).toEqual([])
  })

  it('is nothing to tell where it is no valet key of this site', async () => {
    await see('https://api.app.example.test/', createValetKey('sk-48', createSeededRandom('other')))
    await see('https://api.app.example.test/', 'sk-no-valet-key')
    await see('https://api.app.example.test/', VALET_KEY, { ...APP, origin: 'https://b.test' })
    await see('no address')

    expect(noted).toEqual([])
  })
  it('says of a live socket to its provider that the site may open none, once that is known', async () => {
    const socket = 'wss://api.openai.com/v1/realtime'
    await see(socket)
    expect(noted).toEqual([])

    vault = vaultAt(AT_HOME)
    await see(socket)
    expect(noted).toEqual(['grant.capability_denied {"capability":"realtime"}'])
    await see('https://api.openai.com/v1/realtime')
    expect(noted).toHaveLength(1)
  })

  it('says nothing of a live socket where the site may open one', async () => {
    vault = vaultAt(AT_HOME, ['chat', 'realtime'])
    await see('wss://api.openai.com/v1/realtime')

    expect(noted).toEqual([])
  })

  it('is nothing to tell on the way to its provider’s own server', async () => {
    provider = 'custom'
    vault = vaultAt(AT_HOME)
    await see(`${AT_HOME}/chat/completions`)

    expect(noted).toEqual([])
  })

  it.each([
    ['http://localhost:8001/v1/chat/completions', 'localhost:8001'],
    ['https://api.app.example.test/relay', 'api.app.example.test'],
    ['https://api.groq.com/openai/v1/chat/completions', 'api.groq.com'],
  ])('is told where no server of its provider stands: %s', async (url, host) => {
    provider = 'custom'
    vault = vaultAt(AT_HOME)
    await see(url)

    expect(noted).toEqual([host])
  })

  it('is nothing to tell while the vault is closed, where it may be its provider’s server', async () => {
    provider = 'custom'
    await see('https://api.app.example.test/relay')
    expect(noted).toEqual([])

    await see('https://api.groq.com/openai/v1/chat/completions')
    expect(noted).toEqual(['api.groq.com'])
  })
})
