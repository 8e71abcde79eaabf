import { WalletError, createId, type ErrorCode, type OAuthDetails } from '@valetkey/wallet/protocol'
import { createDraw, createSeededRandom } from '@valetkey/wallet/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ConnectWish } from '../adapters/consent-store.ts'
import { authorizeApp, type AuthorizePorts } from './authorize-app.ts'
import type { Answer } from './consents.ts'
import { Denials } from './denials.ts'

const SERVER = 'https://sync.example.test'
const APP = 'https://app.example.test'
const REQUEST = 'the id of a request'
const draw = createDraw('authorize app')
const random = createSeededRandom('authorize app')
const NO = `${APP}/callback?error=access_denied&state=st&iss=${encodeURIComponent(SERVER)}`

let details: OAuthDetails
let standing: 'none' | 'less' | 'covered'
let isLocked: boolean
let isShown: boolean
let says: Answer
let refusal: ErrorCode | null
let seen: string[]
let asked: ConnectWish[]
let given: string | null
let again: string | null
let deniedTo: string
let abort: AbortController
let ports: AuthorizePorts

beforeEach(() => {
  details = {
    client: {
      ...{ clientId: `vk_cid_${draw('{A22}')}`, name: 'Notes', origin: APP, publicKeys: [] },
    },
    ...{ redirectUri: `${APP}/callback`, scopes: ['api:access'], fromAddress: null, expiresAt: 1 },
    details: [{ type: 'ai_inference', providers: ['openai'] }],
  }
  standing = 'none'
  isLocked = false
  isShown = true
  says = 'allow'
  refusal = null
  seen = []
  asked = []
  given = 'where the tab goes'
  again = 'where it went before'
  deniedTo = NO
  abort = new AbortController()
  let kept = {}
  const openForChore = () => Promise.resolve(isLocked ? null : {})
  ports = {
    session: { open: () => Promise.resolve({}), openForChore },
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
    random,
    readAppKeys: (origin: string) => Promise.resolve([`a key of ${origin}`]),
    linked: {
      takeToken: () => given,
      standingOf: () => Promise.resolve(standing),
      answerAgain: () => Promise.resolve(again),
    },
    serverLink: {
      client: (origin: string) => ({
        describeAuthorization: (requestId: string) => {
          seen.push(`look ${origin} ${requestId}`)
          return refusal ? Promise.reject(new WalletError(refusal)) : Promise.resolve(details)
        },
        denyAuthorization: (requestId: string) => {
          seen.push(`deny ${origin} ${requestId}`)
          return Promise.resolve(deniedTo)
        },
      }),
    },
  } as unknown as AuthorizePorts
})

const authorize = (from = SERVER, incognito = false): Promise<string> => {
  const asking = { isShown: () => Promise.resolve(isShown), signal: abort.signal }
  return authorizeApp(REQUEST, { origin: from, incognito }, asking, ports)
}

describe('authorizeApp', () => {
  it('asks the person about the site the tab goes to, and leads there', async () => {
    expect(await authorize()).toBe('where the tab goes')
    expect(asked).toMatchObject([
      {
        origin: APP,
        request: { capabilities: ['chat'], providers: ['openai'] },
        link: { server: SERVER, requestId: REQUEST },
      },
    ])
  })

  it('C106: takes an app’s keys from its own site, whatever the server names', async () => {
    const client = { ...details.client, publicKeys: ['a key of the server'] }
    details = { ...details, client }

    await authorize()
    expect(asked[0]?.link?.details).toEqual({
      ...details,
      client: { ...client, publicKeys: [`a key of ${APP}`] },
    })
  })

  it('names the site that gets the code, whatever the app was registered for', async () => {
    const client = { ...details.client, origin: 'https://bank.example.test' }
    details = { ...details, client }

    await authorize()
    expect(asked[0]?.origin).toBe(APP)
  })

  it.each(['https://evil.example.test', `${SERVER}:8443`])(
    'C98: asks the server whose page it is, and no other: %s',
    async (page) => {
      await authorize(page)
      expect(asked[0]?.link?.server).toBe(page)
      expect(seen).toEqual([`look ${page} ${REQUEST}`])
    },
  )

  it('C55: fetches nothing and asks nobody for a page in the background', async () => {
    isShown = false
    await expect(authorize()).rejects.toMatchObject({ code: 'grant.consent_required' })
    expect([seen, asked]).toEqual([[], []])
  })

  it('answers nothing in a private window', async () => {
    await expect(authorize(SERVER, true)).rejects.toMatchObject({ code: 'grant.missing' })
    expect(seen).toEqual([])
  })

  it('asks nobody about an app that is no site’s', async () => {
    details = { ...details, redirectUri: 'com.example.app:/callback' }
    const reason = { code: 'request.invalid', details: { reason: 'redirect' } }
    await expect(authorize()).rejects.toMatchObject(reason)
    expect(asked).toEqual([])
  })

  it.each<ErrorCode>(['auth.failed', 'auth.expired', 'request.replayed'])(
    'tells what the server says of the request: %s',
    async (code) => {
      refusal = code
      await expect(authorize()).rejects.toMatchObject({ code })
      expect(asked).toEqual([])
    },
  )

  it('takes a no to the server and to the app, and asks no more at once', async () => {
    says = 'deny'
    expect(await authorize()).toBe(NO)
    expect(seen.at(-1)).toBe(`deny ${SERVER} ${REQUEST}`)
    await expect(authorize()).rejects.toMatchObject({ code: 'request.rate_limited' })
    expect(asked).toHaveLength(1)
  })

  it('C93: is not led elsewhere by a no', async () => {
    says = 'deny'
    deniedTo = NO.replace(APP, 'https://evil.example.test')
    await expect(authorize()).rejects.toMatchObject({ code: 'protocol.invalid_message' })
  })

  it('says nothing to the server for a page that went away, or where nobody answered', async () => {
    says = 'timeout'
    await expect(authorize()).rejects.toMatchObject({ code: 'grant.consent_timeout' })
    abort.abort()
    says = 'deny'
    await expect(authorize()).rejects.toThrow()
    expect(seen.filter((each) => each.startsWith('deny'))).toEqual([])
  })

  it('asks nobody where the grant the app has covers it', async () => {
    standing = 'covered'
    expect(await authorize()).toBe('where it went before')
    expect(asked).toEqual([])
  })

  it('asks where it covers less, or is over at the server', async () => {
    standing = 'less'
    expect(await authorize()).toBe('where the tab goes')
    standing = 'covered'
    again = null
    expect(await authorize()).toBe('where the tab goes')
    expect(asked).toHaveLength(2)
  })

  it('answers once the vault is open where it was locked and the app has its grant', async () => {
    isLocked = true
    given = null
    expect(await authorize()).toBe('where it went before')
    expect(asked).toHaveLength(1)
  })
})

it('the id of a question is not the id of the request', async () => {
  await authorize()
  expect(asked[0]?.id).not.toBe(REQUEST)
  expect(asked[0]?.id).toHaveLength(createId(random).length)
})
