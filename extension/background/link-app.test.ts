import { WalletError, type ErrorCode, type LinkDetails } from '@valetkey/wallet/protocol'
import { createDraw, createSeededRandom } from '@valetkey/wallet/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ConnectWish } from '../adapters/consent-store.ts'
import type { Answer } from './consents.ts'
import { Denials } from './denials.ts'
import { linkApp, type LinkPorts } from './link-app.ts'

const SERVER = 'https://sync.example.test'
const APP = 'https://app.example.test'
const draw = createDraw('link app')
const details: LinkDetails = {
  sessionId: draw('{A22}'),
  app: {
    clientId: `vk_cid_${draw('{A22}')}`,
    name: 'Notes',
    origin: APP,
    publicKeys: ['a key of the server'],
  },
  requestedProviders: ['anthropic'],
  budgetSuggestionCents: 1205,
  expiresAt: 1,
}

let chosen: string | null
let isShown: boolean
let says: Answer
let refusal: ErrorCode | null
let fetched: string[]
let asked: ConnectWish[]
let token: string | null
let ports: LinkPorts

beforeEach(() => {
  chosen = SERVER
  isShown = true
  says = 'allow'
  refusal = null
  fetched = []
  asked = []
  token = 'a public token'
  let kept = {}
  ports = {
    session: { open: () => Promise.resolve({}), openForChore: () => Promise.resolve({}) },
    consents: {
      ask: (question: ConnectWish) => {
        asked.push(question)
        return Promise.resolve(says)
      },
    },
    denials: new Denials(
      { read: () => Promise.resolve(kept), write: (next) => Promise.resolve(void (kept = next)) },
      () => 1_800_000_000_000,
    ),
    random: createSeededRandom('link app'),
    linked: { takeToken: () => token },
    readAppKeys: (origin: string) => Promise.resolve([`a key of ${origin}`]),
    serverLink: {
      chosen: () => Promise.resolve(chosen === null ? null : { origin: chosen }),
      client: (origin: string) => ({
        describeLink: (linkToken: string) => {
          fetched.push(`${origin} ${linkToken}`)
          return refusal ? Promise.reject(new WalletError(refusal)) : Promise.resolve(details)
        },
      }),
    },
  } as unknown as LinkPorts
})

const link = (from = APP, server = SERVER, incognito = false): Promise<string> =>
  linkApp(
    { linkToken: 'a link token', server },
    { origin: from, incognito },
    {
      quiet: false,
      isShown: () => Promise.resolve(isShown),
      signal: new AbortController().signal,
    },
    ports,
  )

describe('linkApp', () => {
  it('asks the person for what the app’s server wishes, and gives the page its token', async () => {
    expect(await link()).toBe('a public token')
    expect(asked).toMatchObject([
      {
        origin: APP,
        request: {
          capabilities: ['chat'],
          providers: ['anthropic'],
          budget: { usd: '12.05', window: 'month' },
        },
        link: { server: SERVER, linkToken: 'a link token' },
      },
    ])
  })

  it('C106: pins the keys the app’s own site names, and none that the server does', async () => {
    await link()

    const publicKeys = [`a key of ${APP}`]
    expect(asked[0]?.link?.details).toEqual({ ...details, app: { ...details.app, publicKeys } })
  })

  it.each([SERVER, null])(
    'is told by the server the page names, synced with it or not',
    async (own) => {
      chosen = own
      const other = 'https://other.example.test'

      await link(APP, other)
      expect(fetched).toEqual([`${other} a link token`])
      expect(asked[0]?.link?.server).toBe(other)
    },
  )

  it('C106: fetches nothing of the person’s own network for a page of the web', async () => {
    const own = 'http://127.0.0.1:8787'
    await expect(link(APP, own)).rejects.toMatchObject({ code: 'request.invalid' })
    expect([fetched, asked]).toEqual([[], []])
    // The person's own server may be there.
    chosen = own
    await link(APP, own)
    expect(fetched).toHaveLength(1)
  })

  it('C98: asks nobody for another app’s link token', async () => {
    await expect(link('https://other.example.test')).rejects.toMatchObject({
      code: 'auth.forbidden',
    })
    expect(asked).toEqual([])
  })

  it('C55: fetches nothing and asks nobody for a page in the background', async () => {
    isShown = false

    await expect(link()).rejects.toMatchObject({ code: 'grant.consent_required' })
    expect(fetched).toEqual([])
    expect(asked).toEqual([])
  })

  it('links nothing in a private window', async () => {
    await expect(link(APP, SERVER, true)).rejects.toMatchObject({ code: 'grant.missing' })
    expect(asked).toEqual([])
  })

  it('tells what the server says of the token', async () => {
    refusal = 'auth.expired'

    await expect(link()).rejects.toMatchObject({ code: 'auth.expired' })
    expect(asked).toEqual([])
  })

  it('gives no token where the person says no, and does not ask again at once', async () => {
    says = 'deny'

    await expect(link()).rejects.toMatchObject({ code: 'grant.denied' })
    await expect(link()).rejects.toMatchObject({ code: 'request.rate_limited' })
    expect(asked).toHaveLength(1)
  })

  it('says so where the worker that had the token is gone', async () => {
    token = null

    await expect(link()).rejects.toMatchObject({ code: 'wallet.lost' })
  })
})
