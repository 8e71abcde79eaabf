import { createHash } from 'node:crypto'
import { defaultTerms } from '../grants/index.ts'
import {
  WalletError,
  createId,
  type DeviceId,
  type ErrorCode,
  type GrantId,
  type KeyId,
  type LinkApproval,
  type LinkDetails,
  type RelayKey,
  type OAuthApproval,
  type RecordId,
  type Terms,
} from '../protocol/index.ts'
import {
  createDraw,
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '../testing/index.ts'
import { createVault, type OpenVault } from '../vault/index.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { findGrantOfServer } from './grants-of-servers.ts'
import { LinkedApps, assertOwnPage } from './linked-apps.ts'
import type { LinkedDevice } from '../sync/index.ts'
import type { LinkWish } from './link-wish.ts'

const SERVER = 'https://sync.example.test'
const APP = 'https://app.example.test'
const QUESTION = 'a question'
const random = createSeededRandom('linked apps')
const draw = createDraw('linked apps')
const clock = createFakeClock(1_800_000_000_000)
const details: LinkDetails = {
  sessionId: createId(random),
  app: { clientId: `vk_cid_${draw('{A22}')}`, name: 'Notes', origin: APP, publicKeys: [] },
  requestedProviders: [],
  expiresAt: clock.now() + 1,
}
const wish: LinkWish = { server: SERVER, linkToken: 'a link token', details }

let vault: OpenVault
let keyId: KeyId
let apps: LinkedApps
let server: string | null
let refusal: ErrorCode | null
let approvals: LinkApproval[]
let agreed: OAuthApproval[]
let redirect: string | null
let overAtServer: string | null
let ended: GrantId[]
let givenBack: GrantId[]
let looks: number
let named: [GrantId, RelayKey][]
let stopped: [GrantId | 'all', ErrorCode][]
let changes: number
let opened: string[]
let used: string[]
let closed: string[]

beforeEach(async () => {
  server = SERVER
  refusal = null
  approvals = []
  agreed = []
  overAtServer = null
  redirect = `${APP}/callback?code=the+code&state=st&iss=${encodeURIComponent(SERVER)}`
  ended = []
  givenBack = []
  looks = 0
  named = []
  stopped = []
  changes = 0
  const ports = { store: createMemoryVaultStore(), kdf: fastTestKdf, clock: clock.now, random }
  ;({ vault } = await createVault(ports, 'correct horse battery staple'))
  keyId = await vault.createRecord('key', {
    ...{ provider: 'openai', baseUrl: null, secret: draw('sk-proj-{A156}'), label: 'Mine' },
    ...{ notes: '', createdAt: 1, expiresAt: null, lastTest: null, order: 0, archived: false },
  })
  const refuse = (): void => {
    if (refusal) throw new WalletError(refusal)
  }
  const device = {
    proof: { seed: random(32) },
    session: {
      authorizeLink: async (approval: LinkApproval) => {
        await Promise.resolve()
        refuse()
        approvals.push(approval)
        return { publicToken: `public token ${approvals.length}`, expiresAt: 1 }
      },
      writeRelayKey: async (grantId: GrantId, key: RelayKey) => {
        await Promise.resolve()
        refuse()
        named.push([grantId, key])
      },
      authorize: async (approval: OAuthApproval) => {
        await Promise.resolve()
        refuse()
        if (approval.stub.grant === overAtServer) throw new WalletError('request.unprocessable')
        agreed.push(approval)
        return redirect
      },
      endedConnections: async () => {
        await Promise.resolve()
        looks += 1
        refuse()
        return givenBack
      },
      endConnection: async (grantId: GrantId) => {
        await Promise.resolve()
        refuse()
        ended.push(grantId)
      },
    },
  } as unknown as LinkedDevice
  const devices = new Map<string, LinkedDevice>()
  const deviceAt = (origin: string, accountId = 'the vault’s own'): LinkedDevice => {
    const name = `${accountId} at ${origin}`
    const known = devices.get(name) ?? { ...device, origin }
    devices.set(name, known)
    return known
  }
  opened = []
  used = []
  closed = []
  apps = new LinkedApps({
    device: () => Promise.resolve(server === null ? null : deviceAt(server)),
    accounts: {
      at: (origin, { accountId }) => deviceAt(origin, accountId),
      open: (origin) => {
        opened.push(origin)
        const account = { accountId: createId(random), deviceId: createId<DeviceId>(random) }
        return Promise.resolve({ ...account, seed: draw('{A43}') })
      },
      use: (origin) => used.push(origin),
      close: (origin, { accountId }) =>
        Promise.resolve(void closed.push(`${accountId} at ${origin}`)),
    },
    usableKeys: async (open) => (await open.listRecords('key')).records,
    ledger: {
      budgetUses: (grants) =>
        Promise.resolve(
          grants.map(({ budgets }) =>
            budgets.map(() => ({ usedNanoUsd: 5, heldNanoUsd: 2 }) as never),
          ),
        ),
    },
    ...{ clock: clock.now, random },
    stopCalls: (of, why) => stopped.push([of, why]),
    onChange: () => Promise.resolve(void (changes += 1)),
  })
})

const terms = (change: Partial<Terms> = {}): Terms => ({
  ...defaultTerms({ now: clock.now(), keys: [{ provider: 'openai', keyId }] }),
  ...change,
})

async function linked(change?: Partial<Terms>): Promise<GrantId> {
  const before = new Set((await apps.list(vault)).map(({ grantId }) => grantId))
  await apps.allow(vault, { id: QUESTION, origin: APP, link: wish }, terms(change))
  const app = (await apps.list(vault)).find(({ grantId }) => !before.has(grantId))
  if (!app) throw new Error('nothing is linked')
  return app.grantId
}

describe('LinkedApps', () => {
  it('tells the server the grant’s id, its key and how it is sealed, and nothing else', async () => {
    const grantId = await linked()

    const [approval] = approvals
    expect(approval?.linkToken).toBe('a link token')
    expect(Object.keys(approval?.stub ?? {}).sort()).toEqual([
      ...['expiresAt', 'grant', 'sealed', 'walletKey'],
    ])
    expect(approval?.stub).toMatchObject({ grant: grantId, sealed: 'required' })
    const relay = (await findGrantOfServer(vault, grantId))?.fields.relay
    expect(JSON.stringify(approval)).not.toContain(relay?.signingSeed)
    expect(JSON.stringify(approval)).not.toContain(relay?.exchangeKeys[0]?.seed)
  })

  it('gives the public token to the page that asked, once', async () => {
    await linked()

    expect(apps.takeToken('another question')).toBeNull()
    expect(apps.takeToken(QUESTION)).toBe('public token 1')
    expect(apps.takeToken(QUESTION)).toBeNull()
  })

  it('names the key that calls are sealed to before the app’s server can ask, and renews it each week', async () => {
    const grantId = await linked()
    const [[first]] = [named.map(([, { pk }]) => pk)]
    expect(named.map(([id]) => id)).toEqual([grantId])

    await apps.publishKeys(vault)
    expect(named).toHaveLength(1)
    clock.advance(7 * 24 * 60 * 60_000)
    await apps.publishKeys(vault)

    expect(named).toHaveLength(2)
    expect(named[1]?.[1].pk).not.toBe(first)
    const relay = (await findGrantOfServer(vault, grantId))?.fields.relay
    expect(relay?.exchangeKeys).toHaveLength(2)
  })

  it('names it again where the server did not take it, and none for what was taken back', async () => {
    const grantId = await linked()
    clock.advance(7 * 24 * 60 * 60_000)
    refusal = 'provider.network'
    await apps.publishKeys(vault)
    expect(named).toHaveLength(1)
    refusal = null
    await apps.publishKeys(vault)
    expect(named).toHaveLength(2)

    await apps.revoke(vault, grantId)
    clock.advance(7 * 24 * 60 * 60_000)
    await apps.publishKeys(vault)
    expect(named).toHaveLength(2)
  })

  it('forgets what an app’s server gave back, and asks for that every ten minutes', async () => {
    const first = await linked()
    clock.advance(1)
    const kept = await linked()
    await apps.publishKeys(vault)
    givenBack = [first, createId<GrantId>(random)]
    await apps.publishKeys(vault)
    expect([looks, await apps.list(vault)]).toEqual([1, [expect.anything(), expect.anything()]])

    clock.advance(10 * 60_000)
    await apps.publishKeys(vault)
    expect((await apps.list(vault)).map(({ grantId }) => grantId)).toEqual([kept])
    expect(stopped).toEqual([[first, 'grant.revoked']])
    expect(ended).toEqual([])
    await apps.publishKeys(vault)
    expect(looks).toBe(2)
  })

  it('keeps what it has where the server does not answer, or has forgotten it', async () => {
    const grantId = await linked()
    refusal = 'provider.network'
    await apps.publishKeys(vault)
    expect(await apps.list(vault)).toMatchObject([{ grantId }])
  })

  it('keeps no grant that the server refused', async () => {
    refusal = 'auth.expired'

    await expect(linked()).rejects.toMatchObject({ code: 'auth.expired' })
    expect((await vault.listRecords('grant')).records).toEqual([])
    expect(apps.takeToken(QUESTION)).toBeNull()
    expect(changes).toBe(0)
  })

  it.each([null, 'https://other.example.test'])(
    'links at a server that is not its own by an account for that alone: %s',
    async (other) => {
      server = other
      const first = await linked()
      const second = await linked()

      const accountOf = async (id: GrantId) =>
        (await findGrantOfServer(vault, id))?.fields.relay.account
      const account = await accountOf(first)
      expect(account).toMatchObject({ accountId: expect.any(String) as string })
      expect(await accountOf(second)).toEqual(account)
      expect([opened, approvals.length, named.length]).toEqual([[SERVER], 2, 2])
      // No socket of the vault's own server is held for them.
      expect(await apps.isAny(vault)).toBe(false)
      expect(await apps.accounts(vault)).toEqual([{ server: SERVER, account }])
    },
  )

  it('has one account at a server for all apps there, and ends it with the last of them', async () => {
    server = null
    const [first, second] = [await linked(), await linked()]
    const [at] = await apps.accounts(vault)
    await apps.revoke(vault, first)
    expect([ended, closed]).toEqual([[first], []])
    await apps.revoke(vault, second)
    expect(ended).toEqual([first, second])
    expect(closed).toEqual([`${at?.account.accountId} at ${SERVER}`])
  })

  it('goes on by the account it was linked by, where the vault is synced with that server later', async () => {
    server = null
    const grantId = await linked()
    server = SERVER
    await apps.revoke(vault, grantId)
    expect([ended, closed.length]).toEqual([[grantId], 1])
  })

  it('notes that an account is used once a grant names it', async () => {
    server = null
    refusal = 'auth.expired'
    await expect(linked()).rejects.toMatchObject({ code: 'auth.expired' })
    expect(used).toEqual([])
    refusal = null
    await linked()
    expect(used).toEqual([SERVER])
  })

  it('takes no key that cannot be used', async () => {
    await vault.removeRecord(keyId)

    await expect(linked()).rejects.toMatchObject({ code: 'request.unprocessable' })
    expect(approvals).toEqual([])
  })

  it('lists what an app may do and what it used', async () => {
    await linked()

    expect(await apps.list(vault)).toMatchObject([
      { name: 'Notes', origin: APP, server: SERVER, status: 'active', usedNanoUsd: [7] },
    ])
    expect(await apps.isAny(vault)).toBe(true)
  })

  it('pauses, and stops what runs', async () => {
    const grantId = await linked()

    await apps.setPaused(vault, grantId, true)

    expect(stopped).toEqual([[grantId, 'grant.paused']])
    expect(await apps.list(vault)).toMatchObject([{ status: 'paused' }])
    await apps.setPaused(vault, grantId, false)
    expect(await apps.list(vault)).toMatchObject([{ status: 'active' }])
    expect(stopped).toHaveLength(1)
  })

  it('is taken back here and at the server', async () => {
    const grantId = await linked()

    await apps.revoke(vault, grantId)

    expect(stopped).toEqual([[grantId, 'grant.revoked']])
    expect(ended).toEqual([grantId])
    expect(await apps.list(vault)).toEqual([])
    expect(await apps.isAny(vault)).toBe(false)
    await expect(apps.setPaused(vault, grantId, false)).rejects.toMatchObject({
      code: 'grant.missing',
    })
    await expect(apps.revoke(vault, grantId)).rejects.toMatchObject({ code: 'grant.missing' })
  })

  it('is taken back here also where the server is not reached', async () => {
    const grantId = await linked()
    refusal = 'auth.failed'

    await apps.revoke(vault, grantId)

    expect(await apps.list(vault)).toEqual([])
  })

  it('stops what another device paused or took back (C74)', async () => {
    const grantId = await linked()
    const ids = [grantId, createId(random)] as unknown as RecordId[]
    await apps.follow(vault, ids.slice(0, 1))
    expect(stopped).toEqual([])

    await vault.updateRecord('grant', grantId, { status: 'paused' })
    await apps.follow(vault, ids)

    expect(stopped).toEqual(ids.map((id) => [id, 'grant.revoked']))
  })
})

describe('an app that asked by OAuth', () => {
  const client = { ...details.app, origin: '' }
  const oauthWish: LinkWish = {
    server: SERVER,
    requestId: createId(random) + createId(random).slice(0, 21),
    details: {
      ...{ client, redirectUri: `${APP}/callback`, scopes: [], fromAddress: null, expiresAt: 1 },
      details: [{ type: 'ai_inference' }],
    },
  }
  const request = { capabilities: ['chat' as const] }
  const allow = async (change: Partial<Terms> = {}, link: LinkWish = oauthWish) => {
    await apps.allow(vault, { id: QUESTION, origin: APP, link }, terms(change))
    return apps.takeToken(QUESTION)
  }
  const standing = (link: LinkWish = oauthWish, origin = APP) =>
    apps.standingOf(vault, { origin, link, request })

  it('goes back with its code, and with the fingerprint that the server never saw', async () => {
    const back = new URL((await allow({ sealed: 'plain' })) ?? '')
    const [approval] = agreed
    const key = Buffer.from(approval?.stub.walletKey ?? '', 'base64url')
    const fingerprint = createHash('sha256').update(key).digest('base64url')

    expect(back.origin + back.pathname).toBe(`${APP}/callback`)
    expect([...back.searchParams]).toEqual([
      ...[
        ['code', 'the code'],
        ['state', 'st'],
      ],
      ...[
        ['iss', SERVER],
        ['wallet_fpr', fingerprint],
      ],
    ])
    expect(approval?.details).toMatchObject([{ type: 'ai_inference', sealed: 'plain' }])
  })

  it('is not led elsewhere by the server, and then keeps no grant', async () => {
    redirect = 'https://evil.example.test/callback'
    await expect(allow()).rejects.toMatchObject({ code: 'protocol.invalid_message' })
    expect((await vault.listRecords('grant')).records).toEqual([])
  })

  it('keeps its grant, its key and what was spent when it is allowed more', async () => {
    await allow({ sealed: 'plain' })
    const [before] = await apps.list(vault)
    const budgets = [{ usd: '9.00', window: 'month' as const }]
    await allow({ sealed: 'plain', budgets })

    expect(await apps.list(vault)).toMatchObject([{ grantId: before?.grantId, terms: { budgets } }])
    const [first, second] = agreed.map(({ stub }) => [stub.grant, stub.walletKey])
    expect(second).toEqual(first)
  })

  it('changes nothing where the server refuses', async () => {
    await allow({ sealed: 'plain' })
    const before = await apps.list(vault)
    refusal = 'auth.expired'
    await expect(allow({ budgets: [] })).rejects.toMatchObject({ code: 'auth.expired' })
    expect(await apps.list(vault)).toEqual(before)
  })

  it('gets a new grant where the old one is over at the server', async () => {
    await allow({ sealed: 'plain' })
    const [before] = await apps.list(vault)
    overAtServer = before?.grantId ?? null
    expect(await apps.answerAgain(vault, APP, oauthWish as never)).toBeNull()
    expect(await apps.list(vault)).toEqual([])
    await allow({ sealed: 'plain' })
    const [after] = await apps.list(vault)
    expect(after?.grantId).not.toBe(before?.grantId)
  })

  describe('by a code that was typed', () => {
    const byCode: LinkWish = {
      ...oauthWish,
      details: { ...oauthWish.details, redirectUri: null, fromAddress: '203.0.113.7' },
    }
    beforeEach(() => {
      redirect = null
    })

    it('C102: is known by its name alone, whatever site it was registered for', async () => {
      const registered = { ...client, origin: 'https://bank.example.test' }
      const link = { ...byCode, details: { ...byCode.details, client: registered } }
      expect(await allow({ sealed: 'plain' }, link)).toBeNull()
      expect(await apps.list(vault)).toMatchObject([{ name: 'Notes', origin: null }])
      expect(agreed).toHaveLength(1)
    })

    it('C102: is asked about each time, and keeps its grant and what was spent', async () => {
      await allow({ sealed: 'plain' }, byCode)
      expect(await standing(byCode)).toBe('less')
      const [before] = await apps.list(vault)
      await allow({ sealed: 'plain', budgets: [] }, byCode)
      expect(await apps.list(vault)).toMatchObject([{ grantId: before?.grantId }])
    })

    it('C102: has no part in what its site was given in a tab, nor that in this', async () => {
      await allow({ sealed: 'plain' }, byCode)
      expect(await standing()).toBe('none')
      redirect = `${APP}/callback?code=c&state=st&iss=${encodeURIComponent(SERVER)}`
      await allow({ sealed: 'plain' })
      expect((await apps.list(vault)).map(({ origin }) => origin).sort()).toEqual([APP, null])
    })

    it('leads no tab, whatever the server answers', async () => {
      redirect = 'https://evil.example.test/'
      await expect(allow({}, byCode)).rejects.toMatchObject({ code: 'protocol.invalid_message' })
      expect(await apps.list(vault)).toEqual([])
    })
  })

  it('is asked about no more while its grant covers what it asks for', async () => {
    expect(await standing()).toBe('none')
    await allow({ sealed: 'plain' })
    expect(await standing()).toBe('covered')
    expect(await apps.answerAgain(vault, APP, oauthWish as never)).toContain('code=')
  })

  it.each<[string, 'none' | 'less', () => Promise<unknown>]>([
    ['paused', 'less', () => pauseFirst()],
    ['taken back', 'none', () => revokeFirst()],
  ])('is asked about again when it was %s', async (_, expected, change) => {
    await allow({ sealed: 'plain' })
    await change()
    expect(await standing()).toBe(expected)
  })

  it('is asked about again for another site, another app, other keys, or another server', async () => {
    await allow({ sealed: 'plain' })
    const of = (change: object): LinkWish => ({
      ...oauthWish,
      details: { ...oauthWish.details, client: { ...client, ...change } } as never,
    })
    expect(await standing(oauthWish, 'https://other.example.test')).toBe('none')
    expect(await standing(of({ clientId: `vk_cid_${draw('{A22}')}` }))).toBe('none')
    expect(await standing(of({ publicKeys: [draw('{A43}')] }))).toBe('none')
    expect(await standing({ ...oauthWish, server: 'https://other.example.test' })).toBe('none')
  })

  it('has nothing of a grant that was made by Link', async () => {
    await linked({ sealed: 'plain' })
    expect(await standing()).toBe('none')
    expect(await standing(wish)).toBe('none')
  })

  const firstId = async (): Promise<GrantId> => {
    const [app] = await apps.list(vault)
    if (!app) throw new Error('nothing is linked')
    return app.grantId
  }
  const pauseFirst = async (): Promise<void> => apps.setPaused(vault, await firstId(), true)
  const revokeFirst = async (): Promise<void> => apps.revoke(vault, await firstId())
})

it('C98: a page has only its own app linked', () => {
  expect(() => {
    assertOwnPage(details, APP)
  }).not.toThrow()
  expect(() => {
    assertOwnPage(details, 'https://other.example.test')
  }).toThrow(expect.objectContaining({ code: 'auth.forbidden' }) as Error)
})
