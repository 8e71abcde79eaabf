import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arbitraryOf, type JsonSchema } from '../testing/arbitrary-of.ts'
import { openSqliteFile, type TestDatabase } from '../testing/databases.ts'
import type { TestDevice } from '../testing/device.ts'
import { DEVICE_GRANT } from '../oauth/metadata.ts'
import { makeClient, sendForm, type TestClient } from '../testing/oauth.ts'
import { openTestServer, type TestServer } from '../testing/open-test-server.ts'

/** Requests in all; `VALETKEY_FUZZ_REQUESTS=100000` for the long run. */
const FORM = 'application/x-www-form-urlencoded'
const REQUESTS = Number(process.env['VALETKEY_FUZZ_REQUESTS'] ?? 500)

interface Operation {
  readonly method: string
  readonly url: string
  readonly security?: readonly unknown[]
  readonly parameters?: readonly { name: string; in: string; schema: JsonSchema }[]
  readonly requestBody?: { content: Readonly<Record<string, { schema: JsonSchema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}

describe('whatever is sent', () => {
  let database: TestDatabase
  let test: TestServer
  let device: TestDevice
  let client: TestClient
  beforeAll(async () => {
    database = await openSqliteFile()
    test = await openTestServer(database.address)
    device = test.newDevice()
    await device.register()
    client = await makeClient(device, { clientType: 'PUBLIC' })
  })
  afterAll(async () => {
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  it('is answered with a status the endpoint names, and with nothing from inside', async () => {
    const { paths } = (await test.app.fastify.inject('/openapi.json')).json<{
      paths: Record<string, Record<string, Omit<Operation, 'method' | 'url'>>>
    }>()
    const operations: Operation[] = Object.entries(paths).flatMap(([url, methods]) =>
      Object.entries(methods).map(([method, one]) => ({
        ...one,
        url,
        method: method.toUpperCase(),
      })),
    )
    expect(operations.length).toBeGreaterThan(30)

    const one = fc.constantFrom(...operations).chain((operation) => requestFor(operation))
    await fc.assert(
      fc.asyncProperty(one, async ({ operation, url, body }) => {
        const method = operation.method as 'GET'
        const isForm = operation.requestBody?.content[FORM] !== undefined
        const reply = isForm
          ? await sendForm(test, url, formOf(body, client.clientId))
          : operation.security
            ? await device.ask(method, url, body)
            : await device.guest(method, url, body)
        const text = JSON.stringify(reply.body)

        // 404 is also the answer to a path that a drawn value makes another one.
        const named = [...Object.keys(operation.responses).map(Number), 401, 404, 413]
        expect(named, `${operation.method} ${url}`).toContain(reply.status)
        expect(reply.status === 501 || reply.status < 500).toBe(true)
        expect(text).not.toMatch(/sqlite|SELECT|node_modules|\.ts:|stack/i)
      }),
      { numRuns: REQUESTS, interruptAfterTimeLimit: Math.max(20_000, REQUESTS * 20) },
    )
  }, 3_600_000)

  function requestFor(operation: Operation) {
    const parameters = operation.parameters ?? []
    const [content] = Object.values(operation.requestBody?.content ?? {})
    const schema = content?.schema
    return fc
      .record({
        values: fc.tuple(...parameters.map((each) => arbitraryOf(each.schema))),
        body: schema ? arbitraryOf(schema) : fc.constant(undefined),
      })
      .map(({ values, body }) => {
        let url = operation.url
        const query: string[] = []
        parameters.forEach(({ name, in: place }, index) => {
          const text = encodeURIComponent(toText(values[index]))
          if (place === 'path') url = url.replace(`{${name}}`, text)
          else if (values[index] !== undefined) query.push(`${name}=${text}`)
        })
        return { operation, body, url: query.length === 0 ? url : `${url}?${query.join('&')}` }
      })
  }
})

/** Half of them as an app that is there, with a grant that is. */
function formOf(body: unknown, clientId: string): Record<string, string> {
  const drawn = Object.entries(body ?? {}).map(([name, value]) => [name, toText(value)])
  const form = Object.fromEntries(drawn) as Record<string, string>
  if (drawn.length % 2 === 0) return form
  const types = ['authorization_code', 'refresh_token', DEVICE_GRANT]
  return {
    ...form,
    client_secret: '',
    client_id: clientId,
    grant_type: types[drawn.length % 3] ?? '',
  }
}

function toText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? 'x')
  return text.isWellFormed() ? text : 'x'
}
