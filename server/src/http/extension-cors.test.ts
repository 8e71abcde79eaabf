import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqliteFile } from '../testing/databases.ts'
import { openTestServer, type TestServer } from '../testing/open-test-server.ts'

const EXTENSION = `chrome-extension://${'a'.repeat(32)}`

describe('who may ask from a browser', () => {
  let database: Awaited<ReturnType<typeof openSqliteFile>>
  let test: TestServer
  beforeAll(async () => {
    database = await openSqliteFile()
    test = await openTestServer(database.address)
  })
  afterAll(async () => {
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  const ask = (origin: string, method: 'OPTIONS' | 'POST', url = '/v1/auth/prelogin') =>
    test.app.fastify.inject({
      ...{ method, url },
      headers: { origin, 'access-control-request-method': 'POST' },
      ...(method === 'POST' && { payload: { accountId: 'A'.repeat(22) } }),
    })

  it.each([EXTENSION, 'moz-extension://3f5f4b4e-6f0c-4a3e-8d3a-0a9b4c1d2e3f'])(
    'is an extension: %s',
    async (origin) => {
      const before = await ask(origin, 'OPTIONS')
      expect(before.statusCode).toBe(204)
      expect(before.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': expect.stringContaining('PUT') as string,
        'access-control-allow-headers': expect.stringContaining('signature-input') as string,
        vary: 'Origin',
      })
      expect(before.headers['access-control-allow-credentials']).toBeUndefined()
      const asked = await ask(origin, 'POST')
      expect(asked.statusCode).toBe(200)
      expect(asked.headers['access-control-allow-origin']).toBe(origin)
      const refused = await ask(origin, 'POST', '/v1/nothing')
      expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([
        404,
        origin,
      ])
    },
  )

  it.each(['https://app.example', 'null', `https://evil.example/${EXTENSION}`, 'file://'])(
    'C103: is no page: %s',
    async (origin) => {
      for (const method of ['OPTIONS', 'POST'] as const) {
        const { headers } = await ask(origin, method)
        expect(headers['access-control-allow-origin']).toBeUndefined()
        expect(headers['access-control-allow-headers']).toBeUndefined()
      }
    },
  )
})
