import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findAppAccess } from '../auth/app-access.ts'
import { DATABASES, type TestDatabase } from '../testing/databases.ts'
import type { TestDevice } from '../testing/device.ts'
import {
  agree,
  makeClient,
  registered,
  sendForm,
  type FormReply,
  type TestClient,
} from '../testing/oauth.ts'
import { openTestServer, type TestServer } from '../testing/open-test-server.ts'

describe.each(DATABASES)('for a device without a browser, on %s', (_name, openDatabase) => {
  let database: TestDatabase
  let test: TestServer
  let owner: TestDevice
  let person: TestDevice
  let client: TestClient
  beforeAll(async () => {
    database = await openDatabase()
    test = await openTestServer(database.address)
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
  const answerOf = ({ status, body }: FormReply) => [status, body.error]
  const INVALID_GRANT = [400, 'invalid_grant']
  const begin = async (more = {}) =>
    (await sendForm(test, '/oauth2/device_authorization', more, { client })).body as unknown as {
      device_code: string
      user_code: string
      interval: number
    }
  const poll = (device_code: string, of = client) =>
    token({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code }, of)
  const type = (userCode: string, device = person) =>
    device.ask<{ requestId: string }>('POST', '/v1/oauth/device', { userCode })

  it('gives a token once the person typed its code and agreed', async () => {
    const begun = await begin({ scope: 'api:access' })
    expect(answerOf(await poll(begun.device_code))).toEqual([400, 'authorization_pending'])
    expect(answerOf(await poll(begun.device_code))).toEqual([400, 'slow_down'])
    const { requestId } = (await type(begun.user_code.toLowerCase())).body.data
    const shown = await person.guest('POST', '/v1/oauth/details', { requestId })
    // C102: app, site and the address it asks from.
    expect(shown.body.data).toMatchObject({
      ...{ client: { name: 'Notes', origin: 'https://notes.example' }, redirectUri: null },
      fromAddress: '127.0.0.1',
    })
    expect((await agree(person, requestId)).body.data).toEqual({ redirect: null })
    expect(answerOf(await poll(begun.device_code, await makeClient(owner)))).toEqual(INVALID_GRANT)
    const all = await Promise.all([1, 2, 3].map(() => poll(begun.device_code)))
    expect(all.map(({ status }) => status).sort()).toEqual([200, 400, 400])
    const [won] = all.filter(({ status }) => status === 200)
    const { access_token = '', refresh_token = '' } = won?.body ?? {}
    expect(await findAppAccess(test.server, `Bearer ${access_token}`)).toMatchObject({
      accountId: person.keys.accountId,
    })
    expect((await token({ grant_type: 'refresh_token', refresh_token })).status).toBe(200)
  })

  it('hears that the person said no, or that it took too long', async () => {
    const begun = await begin()
    const { requestId } = (await type(begun.user_code)).body.data
    expect((await person.guest('POST', '/v1/oauth/deny', { requestId })).status).toBe(200)
    expect(answerOf(await poll(begun.device_code))).toEqual([400, 'access_denied'])
    const late = await begin()
    const { queries } = test.server.database
    await queries
      .updateTable('oauth_requests')
      .set({ expires_at: Date.now() - 1 })
      .execute()
    expect(answerOf(await poll(late.device_code))).toEqual([400, 'expired_token'])
    expect((await type(late.user_code)).status).toBe(404)
  })

  it('C102: five tries at a code, one use of it, and no address that holds it', async () => {
    const begun = await begin()
    const thief = await registered(test)
    const tries = []
    for (let time = 0; time < 6; time++) tries.push((await type('BBBB-BBBB', thief)).status)
    expect(tries).toEqual([404, 404, 404, 404, 404, 429])
    expect((await type(begun.user_code, thief)).status).toBe(429)
    const other = await registered(test)
    expect((await type(begun.user_code, other)).status).toBe(200)
    expect((await type(begun.user_code, other)).status).toBe(404)
    expect(begun.user_code).toMatch(/^[BCDFGHJ-NP-TV-XZ]{4}-[BCDFGHJ-NP-TV-XZ]{4}$/)
    expect(JSON.stringify({ ...begun, user_code: '' })).not.toContain(begun.user_code.slice(0, 4))
    expect(begun).not.toHaveProperty('verification_uri_complete')
    // The device's own code is no request of a wallet.
    const asRequest = await person.guest('POST', '/v1/oauth/details', {
      requestId: begun.device_code,
    })
    expect(asRequest.status).toBe(401)
  })
})
