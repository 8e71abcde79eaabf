import { findAppAccess } from '../auth/app-access.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATABASES, type TestDatabase } from '../testing/databases.ts'
import {
  REDIRECT,
  agree,
  authorizeQuery,
  codeForm,
  getCode,
  loadPage,
  makeClient,
  newStub,
  newVerifier,
  registered,
  sendForm,
  type FormReply,
  type TestClient,
} from '../testing/oauth.ts'
import { TEST_ORIGIN, openTestServer, type TestServer } from '../testing/open-test-server.ts'
import type { TestDevice } from '../testing/device.ts'
import { answerRequest } from '../stores/oauth.ts'
import { hashOf } from './request.ts'

const SECOND_MS = 1000
const HOUR_MS = 60 * 60_000

describe.each(DATABASES)('OAuth 2 on %s', (_name, openDatabase) => {
  let database: TestDatabase
  let test: TestServer
  let lateMs = 0
  let owner: TestDevice
  let person: TestDevice
  let client: TestClient
  beforeAll(async () => {
    database = await openDatabase()
    test = await openTestServer(database.address, {}, () => Date.now() + lateMs)
    owner = await registered(test)
    person = await registered(test)
    client = await makeClient(owner)
  }, 30_000)
  afterAll(async () => {
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  const token = (form: Record<string, string>, of: TestClient = client): Promise<FormReply> =>
    sendForm(test, '/oauth2/token', form, { client: of })
  const refreshed = (refresh_token: string, more = {}, of: TestClient = client) =>
    token({ grant_type: 'refresh_token', refresh_token, ...more }, of)
  const access = (text: string) => findAppAccess(test.server, `Bearer ${text}`)
  const isAlive = (text: string) =>
    access(text).then(
      () => true,
      () => false,
    )
  const signedIn = async (of: TestClient = client) => {
    const got = await getCode(test, of, person)
    const given = await token(codeForm(got.code, got.verifier), of)
    expect(given.status).toBe(200)
    return { ...got, ...given.body }
  }
  const answerOf = ({ status, body }: FormReply) => [status, body.error]
  const INVALID_GRANT = [400, 'invalid_grant']
  const later = async (byMs: number, then: () => Promise<void>) => {
    lateMs += byMs
    try {
      await then()
    } finally {
      lateMs -= byMs
    }
  }

  it('leads from an app’s request to a token that works where an API key was', async () => {
    const asked = [
      { type: 'ai_inference', providers: ['openai'], budget: { usd: '5.00', window: 'month' } },
    ]
    const verifier = newVerifier()
    const query = { ...authorizeQuery(client, verifier), scope: 'api:access' }
    const page = await loadPage(test, { ...query, authorization_details: JSON.stringify(asked) })
    const shown = await person.guest('POST', '/v1/oauth/details', { requestId: page.requestId })
    const stub = newStub()
    const agreed = await agree(person, page.requestId, { stub })
    const redirect = new URL(agreed.body.data.redirect ?? '')
    const given = await token(codeForm(redirect.searchParams.get('code') ?? '', verifier))

    expect(shown.body.data).toMatchObject({
      ...{ client: { clientId: client.clientId, name: 'Notes', origin: 'https://notes.example' } },
      ...{ redirectUri: REDIRECT, scopes: ['api:access'], details: asked, fromAddress: null },
    })
    expect(redirect.href.startsWith(`${REDIRECT}?`)).toBe(true)
    expect(given.body).toMatchObject({
      ...{ token_type: 'Bearer', expires_in: 3600, scope: 'api:access', sealed: 'plain' },
      ...{ authorization_details: asked, connection_id: stub.grant, wallet_key: stub.walletKey },
    })
    expect(await access(given.body.access_token)).toMatchObject({
      ...{ accountId: person.keys.accountId, connectionId: stub.grant, sealed: 'plain' },
    })
    expect(given.headers['cache-control']).toBe('no-store')
  })

  it('follows what the person allows a connection anew, and nobody else’s', async () => {
    const stub = newStub({ sealed: 'required' })
    const page = async (): Promise<string> =>
      (await loadPage(test, authorizeQuery(client, newVerifier()))).requestId
    const connect = async (of: typeof person, changes: object = {}) =>
      (await agree(of, await page(), { stub: { ...stub, ...changes } })).status
    expect(await connect(person)).toBe(200)
    expect(await connect(owner, { sealed: 'plain' })).toBe(422)
    const verifier = newVerifier()
    const { requestId } = await loadPage(test, authorizeQuery(client, verifier))
    const agreed = await agree(person, requestId, { stub: { ...stub, sealed: 'plain' } })
    const code = new URL(agreed.body.data.redirect ?? '').searchParams.get('code') ?? ''
    const given = await token(codeForm(code, verifier))
    expect(given.body).toMatchObject({ connection_id: stub.grant, sealed: 'plain' })
    expect(await access(given.body.access_token)).toMatchObject({ sealed: 'plain' })
  })

  it('C93: takes the registered redirect_uri and nothing that looks like it', async () => {
    const query = authorizeQuery(client, newVerifier())
    const like = [
      ...[
        `${REDIRECT}/`,
        `${REDIRECT}x`,
        REDIRECT.slice(0, -1),
        `${REDIRECT}?a=b`,
        `${REDIRECT}#a`,
      ],
      ...['https://notes.example/%63allback', 'https://NOTES.example/callback'],
      ...['https://notes.example:443/callback', 'https://a@notes.example/callback'],
      ...['https://notes.example/x/../callback', 'http://notes.example/callback'],
      ...['https://notes.example.evil.example/callback', 'https://evil.example/callback'],
      ...['http://127.0.0.1:1234/callback', `${REDIRECT} `, 'javascript:alert(1)'],
    ]
    for (const redirect_uri of like) {
      const page = await loadPage(test, { ...query, redirect_uri })
      expect([page.status, page.requestId, page.headers['location']], redirect_uri).toEqual([
        400,
        '',
        undefined,
      ])
    }
    const loopback = await makeClient(owner, { redirectUris: ['http://127.0.0.1:4000/cb'] })
    const port = {
      ...authorizeQuery(loopback, newVerifier()),
      redirect_uri: 'http://127.0.0.1:4001/cb',
    }
    expect((await loadPage(test, port)).status).toBe(400)
    // At the token endpoint, too.
    const { code, verifier } = await getCode(test, client, person)
    const elsewhere = { ...codeForm(code, verifier), redirect_uri: `${REDIRECT}/` }
    expect(answerOf(await token(elsewhere))).toEqual(INVALID_GRANT)
  })

  it('C93: registers no address that a browser would run, read or hand on', async () => {
    const refused = [
      ...[
        'javascript:alert(1)',
        'data:text/html,x',
        'file:///etc/passwd',
        'http://notes.example/cb',
      ],
      ...['https://notes.example/cb#x', 'https://*.example/cb', 'https://a:b@notes.example/cb'],
      ...[
        'blob:https://notes.example/x',
        'chrome-extension://x/cb',
        'https:notes.example',
        '//x',
        'cb',
      ],
    ]
    for (const uri of refused) {
      const asked = { clientName: 'Notes', redirectUris: [uri] }
      expect((await owner.ask('POST', '/api/v1/oauth2/clients', asked)).status, uri).toBe(400)
    }
    const taken = [
      'https://notes.example',
      'http://localhost:3000/cb',
      'myapp://auth/callback',
      'com.example.app:/cb',
    ]
    expect((await makeClient(owner, { redirectUris: taken })).clientId).toMatch(/^vk_cid_/)
  })

  it('C94: a wrong request is shown to the person and sent nowhere', async () => {
    const good = authorizeQuery(client, newVerifier())
    const wrong: Record<string, string>[] = [
      ...[{ client_id: 'vk_cid_0000000000000000000000' }, { client_id: '' }],
      ...[{ redirect_uri: 'https://evil.example/' }, { response_type: 'token' }],
      ...[
        { scope: 'admin' },
        { response_mode: 'fragment' },
        { request_uri: 'https://evil.example/r' },
      ],
      ...[{ authorization_details: '[{"type":"payment"}]' }, { authorization_details: 'x' }],
    ]
    for (const change of wrong) {
      const page = await loadPage(test, { ...good, ...change })
      expect([page.status, page.headers['location'], page.requestId]).toEqual([400, undefined, ''])
    }
    const twice = `${new URLSearchParams(good).toString()}&redirect_uri=${encodeURIComponent(REDIRECT)}`
    expect((await loadPage(test, twice)).status).toBe(400)
    const marked = await loadPage(test, { ...good, scope: '<script>alert(1)</script>' })
    expect(marked.text).not.toContain('<script')
  })

  it('C95: no code without PKCE of S256, and no token without its verifier', async () => {
    const good = authorizeQuery(client, newVerifier())
    for (const change of [
      { code_challenge: '' },
      { code_challenge_method: '' },
      { code_challenge_method: 'plain' },
      { code_challenge_method: 's256' },
      { code_challenge: 'short' },
    ]) {
      expect((await loadPage(test, { ...good, ...change })).status, JSON.stringify(change)).toBe(
        400,
      )
    }
    const { code, verifier } = await getCode(test, client, person)
    const form = codeForm(code, verifier)
    expect(answerOf(await token({ ...form, code_verifier: '' }))).toEqual([400, 'invalid_request'])
    expect(answerOf(await token({ ...form, code_verifier: newVerifier() }))).toEqual(INVALID_GRANT)
    expect(answerOf(await token({ ...form, code_verifier: 'x' }))).toEqual(INVALID_GRANT)
    expect((await token(form)).status).toBe(200)
  })

  it('C96: a code shown twice ends the tokens it gave', async () => {
    const { code, verifier, access_token, refresh_token } = await signedIn()
    expect(await isAlive(access_token)).toBe(true)
    const next = (await refreshed(refresh_token)).body
    expect(answerOf(await token(codeForm(code, verifier)))).toEqual(INVALID_GRANT)
    for (const text of [access_token, next.access_token]) expect(await isAlive(text)).toBe(false)
    expect(answerOf(await refreshed(next.refresh_token))).toEqual(INVALID_GRANT)
  })

  it('C96: of many that show a code at once at most one gets a token', async () => {
    const { code, verifier } = await getCode(test, client, person)
    const all = await Promise.all(Array.from({ length: 8 }, () => token(codeForm(code, verifier))))
    expect(all.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    for (const { status, body } of all) {
      if (status === 200) expect(await isAlive(body.access_token)).toBe(false)
    }
  })

  it('C96: a code is of one app, and lives a minute', async () => {
    const other = await makeClient(owner)
    const { code, verifier } = await getCode(test, client, person)
    expect(answerOf(await token(codeForm(code, verifier), other))).toEqual(INVALID_GRANT)
    await later(61 * SECOND_MS, async () => {
      expect(answerOf(await token(codeForm(code, verifier)))).toEqual(INVALID_GRANT)
    })
    // Neither used it up.
    expect((await token(codeForm(code, verifier))).status).toBe(200)
  })

  it('C97: every answer to the app says which server it is of', async () => {
    const { redirect } = await getCode(test, client, person)
    expect(redirect.searchParams.get('iss')).toBe(TEST_ORIGIN)
    const page = await loadPage(test, authorizeQuery(client, newVerifier()))
    const { requestId } = page
    const denied = await person.guest<{ redirect: string }>('POST', '/v1/oauth/deny', { requestId })
    const { searchParams } = new URL(denied.body.data.redirect)
    expect([...searchParams]).toEqual([
      ['error', 'access_denied'],
      ['state', 'st'],
      ['iss', TEST_ORIGIN],
    ])
    const again = await agree(person, requestId)
    expect([again.status, again.body.error.code]).toEqual([409, 'request.replayed'])
    const about = (
      await test.app.fastify.inject('/.well-known/oauth-authorization-server')
    ).json<object>()
    expect(about).toMatchObject({
      ...{ issuer: TEST_ORIGIN, authorization_response_iss_parameter_supported: true },
      ...{ code_challenge_methods_supported: ['S256'], response_types_supported: ['code'] },
    })
  })

  it('C98: wants a state and gives it back, and takes a yes from the wallet alone', async () => {
    const good = authorizeQuery(client, newVerifier())
    expect((await loadPage(test, { ...good, state: '' })).status).toBe(400)
    const state = 'a b&c=d"é'.replace('é', '%')
    const page = await loadPage(test, { ...good, state })
    // No cookie is set, so none can be ridden on.
    expect(page.headers['set-cookie']).toBeUndefined()
    const { requestId } = page
    const body = {
      requestId,
      stub: newStub(),
      details: [{ type: 'ai_inference' }],
      sig: 'A'.repeat(86),
    }
    expect((await person.guest('POST', '/v1/oauth/authorize', body)).status).toBe(401)
    expect((await person.ask('POST', '/v1/oauth/authorize', body)).status).toBe(403)
    for (const signed of [
      { redirectUri: 'https://evil.example/' },
      { clientId: 'vk_cid_0000000000000000000000' },
      { stub: newStub() },
    ]) {
      expect((await agree(person, requestId, { signed })).status).toBe(403)
    }
    const agreed = await agree(person, requestId)
    expect(new URL(agreed.body.data.redirect ?? '').searchParams.get('state')).toBe(state)
    expect((await agree(person, requestId)).status).toBe(409)
  })

  it('C98: a request is good once, for ten minutes, and is nobody else’s guess', async () => {
    const { requestId } = await loadPage(test, authorizeQuery(client, newVerifier()))
    const both = await Promise.all([agree(person, requestId), agree(person, requestId)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    // Two that both saw it open: which of them is first is for the database to say.
    const raced = hashOf((await loadPage(test, authorizeQuery(client, newVerifier()))).requestId)
    const { queries } = test.server.database
    expect(await answerRequest(queries, raced, { status: 'agreed' })).toBe(true)
    expect(await answerRequest(queries, raced, { status: 'denied' })).toBe(false)
    const late = await loadPage(test, authorizeQuery(client, newVerifier()))
    await later(601 * SECOND_MS, async () => {
      const details = await person.guest('POST', '/v1/oauth/details', { requestId: late.requestId })
      expect([details.status, details.body.error.code]).toEqual([401, 'auth.expired'])
    })
    const unknown = 'A'.repeat(43)
    expect((await person.guest('POST', '/v1/oauth/details', { requestId: unknown })).status).toBe(
      401,
    )
  })

  it('C99: a refresh token is good once; shown again late it ends its family', async () => {
    const first = await signedIn()
    const second = (await refreshed(first.refresh_token)).body
    expect(second.refresh_token).not.toBe(first.refresh_token)
    // The app asked twice at once: refused, and nothing ends.
    expect(answerOf(await refreshed(first.refresh_token))).toEqual(INVALID_GRANT)
    expect(await isAlive(second.access_token)).toBe(true)
    await later(11 * SECOND_MS, async () => {
      expect(answerOf(await refreshed(first.refresh_token))).toEqual(INVALID_GRANT)
    })
    for (const text of [first.access_token, second.access_token]) {
      expect(await isAlive(text)).toBe(false)
    }
    expect(answerOf(await refreshed(second.refresh_token))).toEqual(INVALID_GRANT)
  })

  it('C99: of ten refreshes at once one wins', async () => {
    const { refresh_token } = await signedIn()
    const all = await Promise.all(Array.from({ length: 10 }, () => refreshed(refresh_token)))
    expect(all.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(400)])
    const [won] = all.filter(({ status }) => status === 200)
    expect(await isAlive(won?.body.access_token ?? '')).toBe(true)
  })

  it('C99: a refresh token is its own app’s, and ends with its time', async () => {
    const { refresh_token, access_token } = await signedIn()
    const other = await makeClient(owner)
    expect(answerOf(await refreshed(refresh_token, {}, other))).toEqual(INVALID_GRANT)
    await later(HOUR_MS + SECOND_MS, async () => {
      await expect(access(access_token)).rejects.toMatchObject({ code: 'auth.expired' })
    })
    await later(30 * 24 * HOUR_MS + SECOND_MS, async () => {
      expect(answerOf(await refreshed(refresh_token))).toEqual(INVALID_GRANT)
    })
    expect((await refreshed(refresh_token)).status).toBe(200)
  })

  it('C100: nobody gets more at a refresh or an exchange than the person gave', async () => {
    const { code, verifier } = await getCode(test, client, person, { scope: 'profile:read' })
    const form = codeForm(code, verifier)
    const more = { ...form, scope: 'profile:read api:access' }
    expect(answerOf(await token(more))).toEqual([400, 'invalid_scope'])
    const given = (await token(form)).body
    await expect(access(given.access_token)).rejects.toMatchObject({ code: 'auth.forbidden' })
    const grown = await refreshed(given.refresh_token, { scope: 'api:access' })
    expect(answerOf(grown)).toEqual([400, 'invalid_scope'])
    const details = JSON.stringify([{ type: 'ai_inference', providers: ['openai'] }])
    const wider = await refreshed(given.refresh_token, { authorization_details: details })
    expect(answerOf(wider)).toEqual([400, 'invalid_authorization_details'])
    expect((await refreshed(given.refresh_token)).body['scope']).toBe('profile:read')
    const asks = await makeClient(owner, { requestedScopes: ['profile:read'] })
    const query = { ...authorizeQuery(asks, newVerifier()), scope: 'api:access' }
    expect((await loadPage(test, query)).status).toBe(400)
  })

  it('C103: the page is in no frame, runs no script and sets nothing', async () => {
    const { headers, text } = await loadPage(test, authorizeQuery(client, newVerifier()))
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('script-src')
    expect(headers).toMatchObject({
      ...{ 'x-frame-options': 'DENY', 'cross-origin-opener-policy': 'same-origin' },
      ...{ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(text).not.toMatch(/<(?:script|form|input|button|a|img|link)\b/)
    const named = await makeClient(owner, { clientName: '<img src=x onerror=alert(1)>' })
    const marked = await loadPage(test, authorizeQuery(named, newVerifier()))
    expect(marked.text).not.toContain('<img')
  })

  it('C104: an app proves itself in one way, and a secret in a page proves nothing', async () => {
    const { code, verifier } = await getCode(test, client, person)
    const form = codeForm(code, verifier)
    const { clientId: client_id, clientSecret: client_secret = '' } = client
    const INVALID_CLIENT = [401, 'invalid_client']
    const send = (more: Record<string, string>, headers = {}) =>
      sendForm(test, '/oauth2/token', { ...form, ...more }, { headers })
    expect(answerOf(await send({ client_id }))).toEqual(INVALID_CLIENT)
    expect(
      answerOf(await send({ client_id, client_secret: client_secret.replace(/.$/, '-') })),
    ).toEqual(INVALID_CLIENT)
    const other = await makeClient(owner)
    expect(answerOf(await send({ client_id, client_secret: other.clientSecret ?? '' }))).toEqual(
      INVALID_CLIENT,
    )
    const origin = 'https://notes.example'
    expect(answerOf(await send({ client_id, client_secret }, { origin }))).toEqual(INVALID_CLIENT)
    const twice = await sendForm(test, '/oauth2/token', { ...form, client_secret }, { client })
    expect(answerOf(twice)).toEqual([400, 'invalid_request'])
    const open = await makeClient(owner, { clientType: 'PUBLIC' })
    expect(open.clientSecret).toBeUndefined()
    const got = await getCode(test, open, person)
    const asOpen = { ...codeForm(got.code, got.verifier), client_id: open.clientId }
    expect(answerOf(await sendForm(test, '/oauth2/token', { ...asOpen, client_secret }))).toEqual(
      INVALID_CLIENT,
    )
    expect((await sendForm(test, '/oauth2/token', asOpen, { headers: { origin } })).status).toBe(
      200,
    )
    // In the form as well as in the header.
    expect((await send({ client_id, client_secret })).status).toBe(200)
  })

  it('has neither the implicit grant nor one by password, and takes a parameter once', async () => {
    for (const grant_type of ['password', 'implicit', 'client_credentials', '']) {
      expect((await token({ grant_type, username: 'a', password: 'b' })).status).toBe(400)
    }
    const twice = await sendForm(test, '/oauth2/token', 'grant_type=a&grant_type=b', { client })
    expect(answerOf(twice)).toEqual([400, 'invalid_request'])
    const json = await sendForm(test, '/oauth2/token', '{}', {
      client,
      headers: { 'content-type': 'application/json' },
    })
    expect(answerOf(json)).toEqual([400, 'invalid_request'])
  })

  it('keeps hashes of codes, requests and tokens, never one of them', async () => {
    const { code, access_token, refresh_token } = await signedIn()
    const { requestId } = await loadPage(test, authorizeQuery(client, newVerifier()))
    const { queries } = test.server.database
    const tables = [
      'oauth_codes',
      'oauth_requests',
      'oauth_families',
      'app_tokens',
      'apps',
    ] as const
    const stored = JSON.stringify(
      await Promise.all(tables.map((table) => queries.selectFrom(table).selectAll().execute())),
    )
    const secrets = [
      code,
      requestId,
      access_token.slice(30),
      refresh_token.slice(30),
      client.clientSecret?.slice(30) ?? '',
    ]
    for (const secret of secrets) expect(stored).not.toContain(secret)
    expect(secrets.every(({ length }) => length > 20)).toBe(true)
  })

  it('ends tokens that are given back: one, or with a refresh token all', async () => {
    const end = (text: string, of = client) =>
      sendForm(test, '/oauth2/revoke', { token: text }, { client: of })
    const one = await signedIn()
    const other = await makeClient(owner)
    expect((await end(one.access_token, other)).status).toBe(200)
    expect(await isAlive(one.access_token)).toBe(true)
    expect((await end(one.access_token)).status).toBe(200)
    expect(await isAlive(one.access_token)).toBe(false)
    const next = (await refreshed(one.refresh_token)).body
    expect((await end(next.refresh_token)).status).toBe(200)
    expect(await isAlive(next.access_token)).toBe(false)
    expect((await end('no token at all')).status).toBe(200)
  })

  it('tells an app of its own tokens, and nobody of another’s', async () => {
    const given = await signedIn()
    const ask = async (text: string, of = client) =>
      (await sendForm(test, '/oauth2/introspect', { token: text }, { client: of })).body
    expect(await ask(given.access_token)).toMatchObject({
      ...{ active: true, client_id: client.clientId, iss: TEST_ORIGIN, sub: given.stub.grant },
      ...{ scope: 'api:access profile:read', authorization_details: [{ type: 'ai_inference' }] },
    })
    expect(await ask(given.refresh_token)).toMatchObject({ active: true })
    expect(JSON.stringify(await ask(given.access_token))).not.toContain(person.keys.accountId)
    expect(await ask(given.access_token, await makeClient(owner))).toEqual({ active: false })
    expect(await ask('x')).toEqual({ active: false })
    await refreshed(given.refresh_token)
    expect(await ask(given.refresh_token)).toEqual({ active: false })
    const open = await makeClient(owner, { clientType: 'PUBLIC' })
    const asOpen = await sendForm(
      test,
      '/oauth2/introspect',
      { token: given.access_token },
      { client: open },
    )
    expect(answerOf(asOpen)).toEqual([401, 'invalid_client'])
  })

  it('a connection that ends takes its tokens along, and no token outlives it', async () => {
    const given = await signedIn()
    await person.ask('DELETE', `/v1/connections/${given.stub.grant}`)
    await expect(access(given.access_token)).rejects.toMatchObject({ code: 'grant.revoked' })
    expect(answerOf(await refreshed(given.refresh_token))).toEqual(INVALID_GRANT)
    const soon = newStub({ expiresAt: Date.now() + lateMs + 60 * SECOND_MS })
    const verifier = newVerifier()
    const page = await loadPage(test, authorizeQuery(client, verifier))
    const agreed = await agree(person, page.requestId, { stub: soon })
    const code = new URL(agreed.body.data.redirect ?? '').searchParams.get('code') ?? ''
    const short = await token(codeForm(code, verifier))
    expect(short.body['expires_in']).toBeLessThanOrEqual(60)
  })

  it('comes back to a grant that stands, and to no other’s', async () => {
    const { stub } = await signedIn()
    const back = async (device: TestDevice, of: TestClient, again = stub) => {
      const page = await loadPage(test, authorizeQuery(of, newVerifier()))
      return (await agree(device, page.requestId, { stub: again })).status
    }
    expect(await back(person, client)).toBe(200)
    expect(await back(await registered(test), client)).toBe(422)
    expect(await back(person, await makeClient(owner))).toBe(422)
    expect(await back(person, client, { ...newStub(), grant: stub.grant })).toBe(422)
  })
})
