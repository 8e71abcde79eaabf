import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findAppAccess } from '../auth/app-access.ts'
import { DATABASES, type TestDatabase } from '../testing/databases.ts'
import type { TestDevice } from '../testing/device.ts'
import {
  authorizeQuery,
  codeForm,
  getCode,
  loadPage,
  makeClient,
  newVerifier,
  registered,
  sendForm,
  type TestClient,
} from '../testing/oauth.ts'
import { openTestServer, type TestServer } from '../testing/open-test-server.ts'

const CLIENTS = '/api/v1/oauth2/clients'
const CONSENTS = '/api/v1/oauth2/consents'

describe.each(DATABASES)('AI Pass’s endpoints on %s', (_name, openDatabase) => {
  let database: TestDatabase
  let test: TestServer
  let owner: TestDevice
  let other: TestDevice
  beforeAll(async () => {
    database = await openDatabase()
    test = await openTestServer(database.address)
    owner = await registered(test)
    other = await registered(test)
  }, 30_000)
  afterAll(async () => {
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  const signedIn = async (client: TestClient, person: TestDevice) => {
    const { code, verifier } = await getCode(test, client, person)
    const given = await sendForm(test, '/oauth2/token', codeForm(code, verifier), { client })
    expect(given.status).toBe(200)
    return given.body
  }
  const fate = (token: string) =>
    findAppAccess(test.server, `Bearer ${token}`).then(
      () => 'alive',
      (error: unknown) => (error as { code: string }).code,
    )

  it('make an app with the names and the usual values of AI Pass, its secret once', async () => {
    const made = await owner.ask<Record<string, unknown>>('POST', CLIENTS, { clientName: 'App' })
    const { clientSecret, ...rest } = made.body.data
    expect(made.status).toBe(201)
    expect(clientSecret).toMatch(/^vk_cs_/)
    expect(rest).toEqual({
      id: expect.any(Number) as number,
      clientId: expect.stringMatching(/^vk_cid_/) as string,
      ...{ clientName: 'App', clientType: 'CONFIDENTIAL', redirectUris: [], origin: '' },
      ...{ scopes: ['api:access', 'profile:read'], accessTokenTtlSeconds: 3600 },
      ...{ refreshTokenTtlSeconds: 2_592_000, requirePkce: true, requireConsent: true },
      isActive: true,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      updatedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    })
    const listed = await owner.ask<object[]>('GET', CLIENTS)
    expect(listed.body.data).toContainEqual(rest)
    for (const name of [String(rest['id']), String(rest['clientId'])]) {
      expect((await owner.ask('GET', `${CLIENTS}/${name}`)).body.data).toEqual(rest)
    }
    const stored = await test.server.database.queries.selectFrom('apps').selectAll().execute()
    const all = JSON.stringify([listed.body, stored])
    expect(all).not.toContain(String(clientSecret).slice(30))
    // What was registered for Link is one of them.
    const linked = { name: 'Linked', origin: 'https://linked.example', publicKeys: [] }
    await owner.ask('POST', '/v1/apps', linked)
    const names = (await owner.ask<{ clientName: string }[]>('GET', CLIENTS)).body.data
    expect(names.map(({ clientName }) => clientName)).toContain('Linked')
  })

  it('hold to the limits: names, times, and consent that cannot be off', async () => {
    for (const clientName of ['ab', 'x'.repeat(256), '  a  ']) {
      expect((await owner.ask('POST', CLIENTS, { clientName })).status).toBe(400)
    }
    const asked = {
      ...{ clientName: 'Long', requireConsent: false },
      ...{ accessTokenTtlSeconds: 86_400, refreshTokenTtlSeconds: 31_536_000 },
    }
    expect((await owner.ask('POST', CLIENTS, asked)).body.data).toMatchObject({
      ...{ requireConsent: true, accessTokenTtlSeconds: 3600, refreshTokenTtlSeconds: 2_592_000 },
    })
    const short = await makeClient(owner, { accessTokenTtlSeconds: 120 })
    expect(await signedIn(short, other)).toMatchObject({ expires_in: 120 })
    expect((await owner.ask('POST', CLIENTS, { clientName: 'App', more: 1 })).status).toBe(400)
  })

  it('C91: change, stop and delete an app for its owner alone', async () => {
    const client = await makeClient(owner)
    const { access_token, refresh_token } = await signedIn(client, other)
    const asked = { clientName: 'Renamed', redirectUris: ['myapp://auth/callback'] }
    for (const name of [String(client.id), client.clientId]) {
      const url = `${CLIENTS}/${name}`
      const replies = [
        await other.ask('GET', url),
        await other.ask('PUT', url, asked),
        await other.ask('POST', `${url}/deactivate`),
        await other.ask('POST', `${url}/activate`),
        await other.ask('POST', `${url}/secret`),
        await other.ask('GET', `${url}/usage`),
        await other.ask('DELETE', url),
      ]
      expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 404))
    }
    expect(await fate(access_token)).toBe('alive')
    const url = `${CLIENTS}/${String(client.id)}`
    expect((await owner.ask('PUT', url, asked)).body.data).toMatchObject(asked)
    const query = authorizeQuery(client, newVerifier())
    expect((await loadPage(test, query)).status).toBe(400)
    const redirect_uri = 'myapp://auth/callback'
    expect((await loadPage(test, { ...query, redirect_uri })).status).toBe(200)

    const stopped = await owner.ask('POST', `${url}/deactivate`)
    expect(stopped.body.data).toMatchObject({ isActive: false, clientName: 'Renamed' })
    expect(await fate(access_token)).toBe('auth.failed')
    const again = { grant_type: 'refresh_token', refresh_token }
    expect((await sendForm(test, '/oauth2/token', again, { client })).status).toBe(401)
    expect((await loadPage(test, { ...query, redirect_uri })).status).toBe(400)
    const restarted = await owner.ask('POST', `${url}/activate`)
    expect(restarted.body.data).toMatchObject({ isActive: true })
    expect((await loadPage(test, { ...query, redirect_uri })).status).toBe(200)
    expect(await fate(access_token)).not.toBe('alive')
    expect((await sendForm(test, '/oauth2/token', again, { client })).body.error).toBe(
      'invalid_grant',
    )
    expect((await owner.ask('GET', url)).status).toBe(200)
    expect((await owner.ask('DELETE', url)).status).toBe(200)
    expect((await owner.ask('GET', url)).status).toBe(404)
  })

  it('C104: put a new secret in the place of one that got out, which is dead at once', async () => {
    const client = await makeClient(owner)
    const url = `${CLIENTS}/${client.clientId}`
    const { refresh_token } = await signedIn(client, other)
    const renewed = await owner.ask<{ clientSecret: string }>('POST', `${url}/secret`)
    const { clientSecret } = renewed.body.data
    const form = { grant_type: 'refresh_token', refresh_token }

    expect(clientSecret).not.toBe(client.clientSecret)
    const byOld = await sendForm(test, '/oauth2/token', form, { client })
    expect([byOld.status, byOld.body.error]).toEqual([401, 'invalid_client'])
    const byNew = { client: { ...client, clientSecret } }
    expect((await sendForm(test, '/oauth2/token', form, byNew)).status).toBe(200)
    expect((await owner.ask('GET', url)).body.data).not.toHaveProperty('clientSecret')
    const program = await owner.ask<{ clientId: string }>('POST', CLIENTS, {
      ...{ clientName: 'Program', clientType: 'PUBLIC' },
    })
    const none = await owner.ask('POST', `${CLIENTS}/${program.body.data.clientId}/secret`)
    expect(none.status).toBe(422)
  })

  it('name the site of an app: its own word, else that of its first redirect', async () => {
    const asked = { clientName: 'Sites', redirectUris: ['https://auth.notes.example/back'] }
    const originOf = (reply: { body: { data: unknown } }) =>
      (reply.body.data as { origin: string }).origin
    const made = await owner.ask<{ clientId: string }>('POST', CLIENTS, asked)
    const url = `${CLIENTS}/${made.body.data.clientId}`

    expect(originOf(made)).toBe('https://auth.notes.example')
    const origin = 'https://notes.example'
    expect(originOf(await owner.ask('PUT', url, { ...asked, origin }))).toBe(origin)
    expect(originOf(await owner.ask('PUT', url, asked))).toBe(origin)
    expect(originOf(await owner.ask('PUT', url, { ...asked, origin: '' }))).toBe('')
    for (const wrong of ['https://notes.example/', 'notes.example', 'http://notes.example']) {
      const reply = await owner.ask('PUT', url, { ...asked, origin: wrong })
      expect([wrong, reply.status]).toEqual([wrong, 400])
    }
  })

  it('end with an app what people agreed to with it', async () => {
    const client = await makeClient(owner)
    const person = await registered(test)
    const { access_token } = await signedIn(client, person)
    expect((await owner.ask('DELETE', `${CLIENTS}/${client.clientId}`)).status).toBe(200)
    expect(await fate(access_token)).toBe('auth.failed')
    const stubs = await person.ask<{ status: string }[]>('GET', '/v1/connections')
    expect(stubs.body.data).toMatchObject([{ status: 'revoked' }])
  })

  it('list, count and take back what a person agreed to, and leave everybody else’s', async () => {
    const [first, second] = [await makeClient(owner), await makeClient(owner)]
    const [person, neighbour] = [await registered(test), await registered(test)]
    const mine = await signedIn(first, person)
    await signedIn(first, person)
    const kept = await signedIn(second, person)
    const theirs = await signedIn(first, neighbour)
    const waiting = await getCode(test, first, person)
    const count = async () => (await person.ask<number>('GET', `${CONSENTS}/count`)).body
    const listed = await person.ask<object[]>('GET', CONSENTS)

    expect(await count()).toEqual({ success: true, data: 2 })
    expect(listed.body.data[0]).toMatchObject({
      ...{ clientId: first.clientId, clientName: 'Notes', scopes: ['api:access', 'profile:read'] },
      grantedAt: expect.stringMatching(/Z$/) as string,
    })
    expect((await person.ask('DELETE', `${CONSENTS}/${first.clientId}`)).status).toBe(200)
    expect((await person.ask('DELETE', `${CONSENTS}/${first.clientId}`)).status).toBe(404)
    expect(await count()).toEqual({ success: true, data: 1 })
    expect(await fate(mine.access_token)).not.toBe('alive')
    expect(await fate(kept.access_token)).toBe('alive')
    expect(await fate(theirs.access_token)).toBe('alive')
    const form = codeForm(waiting.code, waiting.verifier)
    const late = await sendForm(test, '/oauth2/token', form, { client: first })
    expect(late.body.error).toBe('invalid_grant')
  })
})
