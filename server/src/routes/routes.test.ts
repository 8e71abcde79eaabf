import { toBase64url } from '@valetkey/wallet/protocol'
import { parseServerToken } from '@valetkey/wallet/sync/formats'
import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addUsage, dropOldUsage } from '../stores/usage.ts'
import { DATABASES, openSqliteFile, type TestDatabase } from '../testing/databases.ts'
import { openTestServer, type TestServer } from '../testing/open-test-server.ts'

/** The list KeyPass published (docs: compatibility), as method and path. */
const KEYPASS = [
  ...['POST /v1/auth/register', 'POST /v1/auth/login', 'GET /v1/keys', 'POST /v1/keys'],
  ...['DELETE /v1/keys/openai', 'POST /v1/apps', 'GET /v1/apps', 'POST /v1/link/sessions'],
  ...['POST /v1/link/authorize', 'POST /v1/link/exchange', 'POST /v1/proxy/chat/completions'],
  ...['POST /v1/proxy/passthrough/openai/v1/models', 'GET /v1/connections'],
  ...['DELETE /v1/connections/AAAAAAAAAAAAAAAAAAAAAA', 'GET /v1/usage'],
] as const

describe.each(DATABASES)('apps and usage on %s', (_name, openDatabase) => {
  let database: TestDatabase
  let test: TestServer
  beforeAll(async () => {
    database = await openDatabase()
    test = await openTestServer(database.address)
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
  const random = (sizeBytes: number) => Uint8Array.from(randomBytes(sizeBytes))
  const clientId = `vk_cid_${'0'.repeat(22)}`

  it('shows an app’s secret once, and stores its hash', async () => {
    const device = await registered()
    const asked = { name: 'Notes', origin: 'https://notes.example', publicKeys: [] }
    const made = await device.ask<{ clientSecret: string }>('POST', '/v1/apps', asked)
    const { clientSecret } = made.body.data
    const listed = await device.ask<object[]>('GET', '/v1/apps')
    const stored = await test.server.database.queries.selectFrom('apps').selectAll().execute()
    const token = parseServerToken(clientSecret)

    expect(made.status).toBe(201)
    expect(listed.body.data).toHaveLength(1)
    expect(JSON.stringify([listed.body, stored])).not.toContain(clientSecret.slice(30))
    expect(stored[0]?.secret_hash).toBe(typeof token === 'string' ? '' : toBase64url(token.atRest))
    const plain = await device.ask('POST', '/v1/apps', { ...asked, origin: 'http://notes.example' })
    expect(plain.status).toBe(400)
  })

  it('C91: ends a connection of its own account, and none of another', async () => {
    const device = await registered()
    const other = await registered()
    const id = toBase64url(random(16))
    const stub = { id, account_id: device.keys.accountId, client_id: clientId, status: 'active' }
    const { queries } = test.server.database
    await queries
      .insertInto('connections')
      .values({ ...stub, created_at: 1, expires_at: null, wallet_key: null, sealed: null })
      .execute()

    expect((await other.ask('DELETE', `/v1/connections/${id}`)).status).toBe(404)
    expect((await other.ask<object[]>('GET', '/v1/connections')).body.data).toEqual([])
    expect((await device.ask('DELETE', `/v1/connections/${id}`)).status).toBe(200)
    const listed = await device.ask<object[]>('GET', '/v1/connections')
    expect(listed.body.data).toEqual([
      { id, clientId, status: 'revoked', createdAt: 1, expiresAt: null },
    ])
  })

  it('keeps of linked calls what the user allows, and no longer than told', async () => {
    const device = await registered()
    const { queries } = test.server.database
    const day = 24 * 60 * 60_000
    const call = (connectionId: string, at: number) => ({
      ...{ accountId: device.keys.accountId, connectionId, clientId, at },
      ...{
        provider: 'openai',
        model: 'm',
        inputTokens: 2,
        outputTokens: 3,
        nanoUsd: 5,
        status: 200,
      },
    })
    const [none, totals, calls] = [1, 2, 3].map(() => toBase64url(random(16))) as [
      string,
      string,
      string,
    ]
    for (const at of [day + 1, day + 2]) {
      await addUsage(queries, call(none, at), 'none', random)
      await addUsage(queries, call(totals, at), 'totals', random)
      await addUsage(queries, call(calls, at), 'calls', random)
    }
    type Rows = { connectionId: string; requests: number; provider: string | null; at: number }[]
    const list = async (query = '') =>
      (await device.ask<Rows>('GET', `/v1/usage${query}`)).body.data

    const rows = await list()
    expect(rows.filter(({ connectionId }) => connectionId === none)).toEqual([])
    expect(rows.find(({ connectionId }) => connectionId === totals)).toMatchObject({
      ...{ requests: 2, inputTokens: 4, nanoUsd: 10, provider: null, model: null, at: day },
    })
    expect(await list(`?connectionId=${calls}&provider=openai`)).toHaveLength(2)
    expect(await list(`?from=${String(day + 2)}`)).toHaveLength(1)
    expect(await list('?model=other')).toEqual([])
    expect(await (await registered()).ask('GET', '/v1/usage')).toMatchObject({ body: { data: [] } })
    await dropOldUsage(queries, day + 2)
    expect(await list()).toHaveLength(1)
  })
})

it('C108: asks nobody: no address that an app or a client names is ever fetched', () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('testing'),
  )
  const asking = sources.filter((path) =>
    /\bfetch\(|import \{[^}]*\} from '(?:undici|node:(?:http|https|http2|net|tls|dns|dgram))'/.test(
      readFileSync(join(root, path), 'utf8'),
    ),
  )

  expect(sources.length).toBeGreaterThan(30)
  expect(asking).toEqual([])
})

describe('the endpoints', () => {
  let database: TestDatabase
  let test: TestServer
  beforeAll(async () => {
    database = await openSqliteFile()
    test = await openTestServer(database.address, {
      VALETKEY_LOG: 'info',
      VALETKEY_GUESTS_PER_MINUTE: '60',
      VALETKEY_PUSHES_PER_MINUTE: '2',
      VALETKEY_METRICS_TOKEN: 'a token of the operator',
    })
  })
  afterAll(async () => {
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  it.each(KEYPASS)('%s of KeyPass’s list is there', async (line) => {
    const [method = '', url = ''] = line.split(' ')
    const device = test.newDevice()
    const reply = await device.guest(method as 'GET', url, method === 'POST' ? {} : undefined)

    expect([400, 401]).toContain(reply.status)
    expect(reply.body).toMatchObject({ success: false, error: { code: /./, retryable: false } })
  })

  it('tells who deletes a key by its name to do it in the client', async () => {
    const device = test.newDevice()
    await device.register()
    const reply = await device.ask('DELETE', '/v1/keys/openai')

    expect([reply.status, reply.body.error.code]).toEqual([400, 'request.use_client_sdk'])
  })

  it('limits the pushes of an account', async () => {
    const device = test.newDevice()
    await device.register()
    const replies = [await device.push([]), await device.push([]), await device.push([])]

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 429])
    expect(replies[2]?.body.error.details?.['retryAfterMs']).toBeGreaterThan(0)
  })

  it('describes itself, with a page from its own origin', async () => {
    const { fastify } = test.app
    const document = (await fastify.inject('/openapi.json')).json<{ paths: object }>()
    const page = await fastify.inject('/docs')
    const script = await fastify.inject('/docs/redoc.js')

    expect(Object.keys(document.paths)).toContain('/v1/sync/push')
    expect(page.body).not.toMatch(/https?:/)
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(script.statusCode).toBe(200)
  })

  it('shows its figures to the operator alone', async () => {
    const { fastify } = test.app
    const url = '/metrics'
    const authorization = 'Bearer a token of the operator'

    expect((await fastify.inject(url)).statusCode).toBe(404)
    const figures = await fastify.inject({ url, headers: { authorization } })
    expect(figures.body).toContain('valetkey_live_sockets')
  })

  it('logs no id, no token, no address and no body', async () => {
    const device = test.newDevice()
    await device.register()
    await device.pull()
    await device.guest('POST', '/v1/auth/login', { canary: 'a-canary-in-a-body' })
    await device.guest('GET', '/v1/canary-in-a-path?canary-in-a-query')
    const log = test.log.join('')

    expect(test.log.length).toBeGreaterThan(4)
    for (const secret of [
      device.token,
      device.token.slice(-20),
      device.keys.accountId,
      device.device.id,
    ]) {
      expect(log).not.toContain(secret)
    }
    expect(log).not.toMatch(/canary|127\.0\.0\.1|authorization|vk_ds/)
  })

  it('limits who has no session by address', async () => {
    const device = test.newDevice()
    const statuses = []
    for (let time = 0; time < 61; time++) {
      const { accountId } = device.keys
      statuses.push((await device.guest('POST', '/v1/auth/prelogin', { accountId })).status)
    }

    expect(statuses.at(-1)).toBe(429)
  })
})
