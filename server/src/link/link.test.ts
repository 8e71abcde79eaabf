import { randomBytes } from 'node:crypto'
import { createKeySeed, sign, signingPublicKey } from '@valetkey/wallet/crypto/signing'
import {
  toBase64url,
  type ExchangeReply,
  type GrantStub,
  type LinkDetails,
  type RelayKey,
  type RelayKeyReply,
} from '@valetkey/wallet/protocol'
import { linkMessage, parseServerToken } from '@valetkey/wallet/sync/formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findAppAccess } from '../auth/app-access.ts'
import { addUsage } from '../stores/usage.ts'
import { DATABASES, type TestDatabase } from '../testing/databases.ts'
import type { Reply, TestDevice } from '../testing/device.ts'
import { openTestServer, type TestServer } from '../testing/open-test-server.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const random = (sizeBytes: number) => Uint8Array.from(randomBytes(sizeBytes))

interface MadeApp {
  readonly clientId: string
  readonly clientSecret: string
  readonly origin: string
}

describe.each(DATABASES)('Link on %s', (_name, openDatabase) => {
  let database: TestDatabase
  let test: TestServer
  let lateMs = 0
  beforeAll(async () => {
    database = await openDatabase()
    const open = { VALETKEY_GUESTS_PER_MINUTE: '1000' }
    test = await openTestServer(database.address, open, () => Date.now() + lateMs)
  }, 30_000)
  afterAll(async () => {
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  const registered = async () => {
    const device = test.newDevice()
    await device.register()
    return device
  }
  const makeApp = async (origin = 'https://notes.example'): Promise<MadeApp> => {
    const owner = await registered()
    const asked = { name: 'Notes', origin, publicKeys: [] }
    return { ...(await owner.ask<MadeApp>('POST', '/v1/apps', asked)).body.data, origin }
  }
  /** As the server of an app asks. */
  const asClient = <T>(
    app: MadeApp,
    url: string,
    body: object,
    headers = {},
  ): Promise<Reply<T>> => {
    const pair = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')
    return test.send({
      ...{ method: 'POST', url, body: JSON.stringify(body) },
      headers: { authorization: `Basic ${pair}`, 'content-type': 'application/json', ...headers },
    })
  }
  /** The same, where there is nothing to send. */
  const askAs = <T>(app: MadeApp, method: 'GET' | 'DELETE', path: string): Promise<Reply<T>> => {
    const pair = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')
    return test.send({
      ...{ method, url: `/v1/link/${path}`, headers: { authorization: `Basic ${pair}` } },
    })
  }
  const begin = async (app: MadeApp, hints = {}): Promise<string> => {
    const reply = await asClient<{ linkToken: string }>(app, '/v1/link/sessions', hints)
    expect(reply.status).toBe(201)
    return reply.body.data.linkToken
  }
  const details = (linkToken: string) =>
    test.newDevice().guest<LinkDetails>('POST', '/v1/link/details', { linkToken })
  const newStub = (changes: Partial<GrantStub> = {}): GrantStub => ({
    grant: toBase64url(random(16)),
    walletKey: toBase64url(signingPublicKey(createKeySeed(random))),
    ...{ sealed: 'required', expiresAt: null, ...changes },
  })
  const approve = async (
    device: TestDevice,
    linkToken: string,
    { stub = newStub(), origin }: { stub?: GrantStub; origin?: string } = {},
  ): Promise<Reply<{ publicToken: string }>> => {
    const { sessionId, app } = (await details(linkToken)).body.data
    const session = { id: sessionId, clientId: app.clientId, appOrigin: origin ?? app.origin }
    const sig = toBase64url(sign(device.device.seed, linkMessage(session, { ...stub })))
    return device.ask('POST', '/v1/link/authorize', { linkToken, stub, sig })
  }
  const exchange = (app: MadeApp, publicToken: string) =>
    asClient<ExchangeReply>(app, '/v1/link/exchange', { publicToken })
  const linked = async () => {
    const app = await makeApp()
    const device = await registered()
    const stub = newStub()
    const { publicToken } = (await approve(device, await begin(app), { stub })).body.data
    const given = (await exchange(app, publicToken)).body.data
    return { app, device, stub, publicToken, ...given }
  }
  const codeOf = ({ status, body }: Reply<unknown>) => [
    status,
    (body as { error?: { code: string } }).error?.code,
  ]
  const access = (token: string) => findAppAccess(test.server, `Bearer ${token}`)

  it('C91: keeps the key that calls are sealed to, as the person’s device named it, for whoever may call', async () => {
    const { device, stub, accessToken } = await linked()
    const read = (token: string) =>
      test.send({
        ...{ method: 'GET', url: '/v1/relay/key', headers: { authorization: `Bearer ${token}` } },
      }) as Promise<Reply<RelayKeyReply>>
    const key: RelayKey = {
      ...{ pk: toBase64url(random(32)), notBefore: 1, notAfter: 2 },
      sig: toBase64url(random(64)),
    }
    const write = (from: TestDevice, id: string) =>
      from.ask('PUT', `/v1/connections/${id}/key`, key)

    expect((await read(accessToken)).body.data).toEqual({
      ...{ walletKey: stub.walletKey, relayKey: null },
    })
    expect(codeOf(await write(await registered(), stub.grant))).toEqual([404, 'request.not_found'])
    expect((await write(device, stub.grant)).status).toBe(200)
    expect((await read(accessToken)).body.data.relayKey).toEqual(key)
    expect(codeOf(await read('vk_at_no'))).toEqual([401, 'auth.failed'])

    await device.ask('DELETE', `/v1/connections/${stub.grant}`)
    expect(codeOf(await write(device, stub.grant))).toEqual([404, 'request.not_found'])
    expect(codeOf(await read(accessToken))).toEqual([403, 'grant.revoked'])
  })

  it('leads from an app’s wish to a token for the grant that the person made', async () => {
    const app = await makeApp()
    const device = await registered()
    const hints = { requestedProviders: ['openai', 'anthropic'], budgetSuggestionCents: 1000 }
    const linkToken = await begin(app, hints)
    const shown = await details(linkToken)
    expect(shown.body.data).toMatchObject({ ...hints, app: { name: 'Notes', origin: app.origin } })

    const stub = newStub({ sealed: 'plain' })
    const approved = await approve(device, linkToken, { stub })
    const { publicToken } = approved.body.data
    const given = (await exchange(app, publicToken)).body.data

    const token = parseServerToken(publicToken)
    const inToken = typeof token === 'string' ? undefined : token.fingerprint
    expect(given).toMatchObject({ connectionId: stub.grant, walletKey: stub.walletKey })
    expect(given.walletFingerprint).toBe(toBase64url(inToken ?? new Uint8Array()))
    expect(await access(given.accessToken)).toMatchObject({
      ...{ connectionId: stub.grant, accountId: device.keys.accountId },
      ...{ clientId: app.clientId, sealed: 'plain' },
    })
    const listed = await device.ask<object[]>('GET', '/v1/connections')
    expect(listed.body.data).toMatchObject([{ id: stub.grant, status: 'active' }])
  })

  it('keeps hashes of tokens, never a token', async () => {
    const { publicToken, accessToken } = await linked()
    const { queries } = test.server.database
    const stored = JSON.stringify([
      await queries.selectFrom('app_tokens').selectAll().execute(),
      await queries.selectFrom('link_sessions').selectAll().execute(),
    ])
    for (const token of [publicToken, accessToken])
      expect(stored).not.toContain(token.slice(30, 60))
  })

  it('C101: takes a link token once, of many that agree at the same time', async () => {
    const app = await makeApp()
    const device = await registered()
    const linkToken = await begin(app)
    const { sessionId } = (await details(linkToken)).body.data
    const session = { id: sessionId, clientId: app.clientId, appOrigin: app.origin }
    const all = await Promise.all(
      Array.from({ length: 5 }, () => {
        const stub = newStub()
        const sig = toBase64url(sign(device.device.seed, linkMessage(session, { ...stub })))
        return device.ask('POST', '/v1/link/authorize', { linkToken, stub, sig })
      }),
    )
    expect(all.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409])
    expect((await device.ask<object[]>('GET', '/v1/connections')).body.data).toHaveLength(1)
    expect(codeOf(await details(linkToken))).toEqual([409, 'request.replayed'])
  })

  it('C101: takes a public token once, and ends what a second showing was after', async () => {
    const { app, publicToken, accessToken } = await linked()
    expect(codeOf(await exchange(app, publicToken))).toEqual([409, 'request.replayed'])
    await expect(access(accessToken)).rejects.toMatchObject({ code: 'auth.failed' })
  })

  it('C101: gives one of ten parallel exchanges a token', async () => {
    const app = await makeApp()
    const device = await registered()
    const { publicToken } = (await approve(device, await begin(app))).body.data
    const all = await Promise.all(Array.from({ length: 10 }, () => exchange(app, publicToken)))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('C101: refuses a public token of another app, and leaves it to its own', async () => {
    const app = await makeApp()
    const other = await makeApp('https://other.example')
    const device = await registered()
    const { publicToken } = (await approve(device, await begin(app))).body.data
    expect(codeOf(await exchange(other, publicToken))).toEqual([403, 'auth.forbidden'])
    expect((await exchange(app, publicToken)).status).toBe(200)
  })

  it('C101: a link token lives half an hour, a public token five minutes', async () => {
    const app = await makeApp()
    const device = await registered()
    const linkToken = await begin(app)
    const { publicToken } = (await approve(device, await begin(app))).body.data
    try {
      lateMs = 5 * MINUTE_MS + 1000
      expect(codeOf(await exchange(app, publicToken))).toEqual([401, 'auth.expired'])
      expect((await details(linkToken)).status).toBe(200)
      lateMs = 30 * MINUTE_MS + 1000
      expect(codeOf(await details(linkToken))).toEqual([401, 'auth.expired'])
    } finally {
      lateMs = 0
    }
  })

  it('refuses an approval for another origin, another stub or by another device', async () => {
    const app = await makeApp()
    const [device, stranger] = [await registered(), await registered()]
    const linkToken = await begin(app)
    const elsewhere = await approve(device, linkToken, { origin: 'https://evil.example' })
    expect(codeOf(elsewhere)).toEqual([403, 'auth.forbidden'])

    const { sessionId } = (await details(linkToken)).body.data
    const stub = newStub()
    const session = { id: sessionId, clientId: app.clientId, appOrigin: app.origin }
    const signed = (by: TestDevice) =>
      toBase64url(sign(by.device.seed, linkMessage(session, { ...stub })))
    const changed = { ...stub, sealed: 'plain' as const }
    const asked = [
      { linkToken, stub: changed, sig: signed(device) },
      { linkToken, stub, sig: signed(stranger) },
    ]
    for (const body of asked) {
      const reply = await device.ask('POST', '/v1/link/authorize', body)
      expect(codeOf(reply)).toEqual([403, 'auth.forbidden'])
    }
    expect((await approve(device, linkToken, { stub })).status).toBe(200)
  })

  it('a grant’s id is taken once, whoever shows it again', async () => {
    const { stub } = await linked()
    const app = await makeApp()
    const other = await registered()
    const reply = await approve(other, await begin(app), { stub: newStub({ grant: stub.grant }) })
    expect(codeOf(reply)).toEqual([422, 'request.unprocessable'])
  })

  it('a connection that is ended is dead at once; one that is over, too', async () => {
    const { device, stub, accessToken } = await linked()
    await device.ask('DELETE', `/v1/connections/${stub.grant}`)
    await expect(access(accessToken)).rejects.toMatchObject({ code: 'grant.revoked' })

    const app = await makeApp()
    const short = newStub({ expiresAt: Date.now() + MINUTE_MS })
    const { publicToken } = (await approve(device, await begin(app), { stub: short })).body.data
    const given = (await exchange(app, publicToken)).body.data
    try {
      lateMs = 2 * MINUTE_MS
      await expect(access(given.accessToken)).rejects.toMatchObject({ code: 'grant.expired' })
    } finally {
      lateMs = 0
    }
  })

  it('a token slides while it is used, and dies ninety days after its last use', async () => {
    const { accessToken } = await linked()
    try {
      for (const days of [60, 120, 180]) {
        lateMs = days * DAY_MS
        await access(accessToken)
      }
      lateMs = (180 + 91) * DAY_MS
      await expect(access(accessToken)).rejects.toMatchObject({ code: 'auth.expired' })
    } finally {
      lateMs = 0
    }
  })

  it('rotates a token: one of ten at once gets the next, and the old one is dead', async () => {
    const { app, accessToken } = await linked()
    const all = await Promise.all(
      Array.from({ length: 10 }, () =>
        asClient<{ accessToken: string }>(app, '/v1/link/rotate', { accessToken }),
      ),
    )
    const won = all.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    await expect(access(accessToken)).rejects.toMatchObject({ code: 'auth.failed' })
    await expect(access(won[0]?.body.data.accessToken ?? '')).resolves.toMatchObject({
      clientId: app.clientId,
    })
    const other = await makeApp('https://other.example')
    const next = { accessToken: won[0]?.body.data.accessToken }
    expect(codeOf(await asClient(other, '/v1/link/rotate', next))).toEqual([403, 'auth.forbidden'])
  })

  it('C104: a client secret is for servers: wrong ones, and any from a page, are refused', async () => {
    const app = await makeApp()
    const other = await makeApp('https://other.example')
    const wrong = [
      { ...app, clientSecret: other.clientSecret },
      { ...app, clientSecret: app.clientSecret.slice(0, -1) },
      { ...app, clientId: `vk_cid_${'0'.repeat(22)}` },
    ]
    for (const client of wrong) {
      expect(codeOf(await asClient(client, '/v1/link/sessions', {}))).toEqual([401, 'auth.failed'])
    }
    const fromPage = await asClient(app, '/v1/link/sessions', {}, { origin: app.origin })
    expect(codeOf(fromPage)).toEqual([403, 'auth.forbidden'])
    expect((await asClient(app, '/v1/link/sessions', {})).status).toBe(201)
  })

  it('tokens of other kinds, and none, open nothing', async () => {
    const { app, device, publicToken, accessToken } = await linked()
    for (const text of ['', 'vk_at_', publicToken, app.clientSecret, device.token]) {
      await expect(access(text)).rejects.toMatchObject({ code: 'auth.failed' })
    }
    expect(codeOf(await exchange(app, accessToken))).toEqual([401, 'auth.failed'])
    expect(codeOf(await details(accessToken))).toEqual([401, 'auth.failed'])
  })

  it('is gone with the account of the person, tokens too', async () => {
    const { device, accessToken } = await linked()
    const body = await device.signedByAccount('delete', {})
    expect((await device.guest('DELETE', '/v1/account', body)).status).toBe(200)
    await expect(access(accessToken)).rejects.toMatchObject({ code: 'auth.failed' })
  })
  it('C91: shows an app its own connections, in pages, and ends these alone', async () => {
    const { app, stub, accessToken } = await linked()
    const device = await registered()
    const second = newStub({ sealed: 'plain', expiresAt: Date.now() + DAY_MS })
    await approve(device, await begin(app), { stub: second })
    const stranger = await linked()
    type Stub = { id: string; status: string; sealed: string; expiresAt: number | null }
    const ids = [stub.grant, second.grant].sort()

    const first = (await askAs<Stub[]>(app, 'GET', 'connections?limit=1')).body.data
    const rest = await askAs<Stub[]>(app, 'GET', `connections?after=${String(ids[0])}`)
    expect([...first, ...rest.body.data].map(({ id }) => id)).toEqual(ids)
    const one = await askAs<Stub>(app, 'GET', `connections/${second.grant}`)
    expect(one.body.data).toMatchObject({ sealed: 'plain', expiresAt: second.expiresAt })

    const foreign = `connections/${stranger.stub.grant}`
    for (const method of ['GET', 'DELETE'] as const) {
      expect(codeOf(await askAs(app, method, foreign))).toEqual([404, 'request.not_found'])
    }
    await expect(access(stranger.accessToken)).resolves.toBeDefined()
    expect((await askAs(app, 'DELETE', `connections/${stub.grant}`)).status).toBe(200)
    await expect(access(accessToken)).rejects.toMatchObject({ code: 'grant.revoked' })
  })

  it('tells an app what it used, by day, and nothing of another app', async () => {
    const { app, stub, device } = await linked()
    const { queries } = test.server.database
    await addUsage(
      queries,
      {
        ...{ accountId: device.keys.accountId, connectionId: stub.grant, clientId: app.clientId },
        ...{ at: Date.now(), provider: 'openai', model: 'm', status: 200 },
        ...{ inputTokens: 2, outputTokens: 3, nanoUsd: 5 },
      },
      'totals',
      random,
    )
    const of = async (asker: MadeApp) =>
      (await askAs<{ totals: object; clientId: string }>(asker, 'GET', 'usage')).body.data
    expect(await of(app)).toMatchObject({
      ...{ clientId: app.clientId, totals: { inputTokens: 2, outputTokens: 3, nanoUsd: 5 } },
    })
    expect(await of(await makeApp())).toMatchObject({ totals: { inputTokens: 0, nanoUsd: 0 } })
  })
})
