import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { arbitraryOf, type JsonSchema } from '../testing/arbitrary-of.ts'
import { TestDevice, rowOf } from '../testing/device.ts'
import { TEST_ORIGIN, openTestServer, type TestServer } from '../testing/open-test-server.ts'

interface Documented {
  readonly security?: readonly unknown[]
  readonly parameters?: readonly {
    name: string
    in: string
    required?: boolean
    schema: JsonSchema
  }[]
  readonly requestBody?: { content: { 'application/json'?: { schema: JsonSchema } } }
}

interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  /** What it asks for in the address, and a body of the right form. */
  readonly query: string
  readonly body: unknown
}

let test: TestServer
let victim: TestDevice
let thief: TestDevice
/** Every endpoint that wants a device, as the OpenAPI lists them. */
let operations: readonly Operation[]

beforeAll(async () => {
  test = await openTestServer(':memory:')
  victim = test.newDevice()
  thief = test.newDevice()
  for (const device of [victim, thief]) {
    const writer = device.device.id
    const wraps = [rowOf({ writer, method: 'passphrase' }), rowOf({ writer, method: 'recovery' })]
    expect((await device.register([rowOf({ writer })], wraps)).status).toBe(201)
  }
  const document = (await test.app.fastify.inject('/openapi.json')).json<{
    paths: Record<string, Record<string, Documented>>
  }>()
  operations = Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.entries(methods)
      .filter(([, { security }]) => security !== undefined)
      .map(([method, documented]) => ({
        ...{ url, method: method.toUpperCase() as Operation['method'] },
        ...requestOf(documented),
      })),
  )
  expect(operations.length).toBeGreaterThan(10)
})
afterAll(() => test[Symbol.asyncDispose]())

function requestOf({
  parameters = [],
  requestBody,
}: Documented): Pick<Operation, 'query' | 'body'> {
  const drawn = (schema: JsonSchema): unknown =>
    fc.sample(arbitraryOf(schema), { numRuns: 1, seed: 91 })[0]
  const query = parameters
    .filter((each) => each.in === 'query' && each.required === true)
    .map(({ name, schema }) => `${name}=${String(drawn(schema))}`)
  const schema = requestBody?.content['application/json']?.schema
  return {
    query: query.length === 0 ? '' : `?${query.join('&')}`,
    body: schema && drawn(schema),
  }
}

/** All that is the victim's. */
async function kept(): Promise<unknown> {
  const { queries } = test.server.database
  const { accountId } = victim.keys
  const of = (table: 'rows' | 'heads' | 'sessions' | 'connections' | 'apps') =>
    queries.selectFrom(table).selectAll().where('account_id', '=', accountId).execute()
  return Promise.all([
    queries.selectFrom('accounts').selectAll().where('id', '=', accountId).execute(),
    // When it was last seen is its own doing.
    queries
      .selectFrom('devices')
      .select(['device_id', 'ed25519'])
      .where('account_id', '=', accountId)
      .execute(),
    ...(['rows', 'heads', 'sessions', 'connections', 'apps'] as const).map(of),
  ])
}

/** The path with the ids of the victim in it. */
const named = (url: string): readonly string[] => {
  const ids = [victim.device.id, victim.keys.accountId, [...victim.rows.keys()][0] ?? '']
  if (!url.includes('{')) return [url]
  return ids.map((id) =>
    url.replace(/\{(?:step|provider|name)\}/g, 'offer').replace(/\{[^}]+\}/g, id),
  )
}

describe('at every endpoint that wants a device', () => {
  it('C91: a stolen token opens nothing without the key of its device', async () => {
    const before = await kept()
    const stolen = new TestDevice({
      ...{ send: test.send, origin: TEST_ORIGIN, keys: victim.keys },
      device: { ...thief.device, id: victim.device.id },
    })
    stolen.token = victim.token
    for (const { method, url, query, body } of operations) {
      for (const path of named(url)) {
        const headers = {
          authorization: `Bearer ${victim.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        }
        const text = body === undefined ? undefined : JSON.stringify(body)
        const bare = await test.send({ method, url: path + query, headers, body: text })
        const signed = await stolen.ask(method, path + query, body)
        // A body is looked at first: one that no schema draws well is refused as what it is.
        const refusals = body === undefined ? [401] : [400, 401]
        for (const { status } of [bare, signed])
          expect(refusals, `${method} ${path}`).toContain(status)
      }
    }
    expect(await kept()).toEqual(before)
  })

  it('C91: another account’s device reaches nothing by the ids of this one', async () => {
    const before = await kept()
    for (const { method, url, query, body } of operations) {
      for (const path of named(url)) {
        const reply = await thief.ask(method, path + query, body)
        const text = JSON.stringify(reply.body)
        const label = `${method} ${path} ${reply.status}`
        // What has an id in its address is not there for others; what has none is about the asker.
        if (path !== url) expect([400, 401, 403, 404, 422, 501], label).toContain(reply.status)
        for (const id of [victim.keys.accountId, victim.device.id, ...victim.rows.keys()]) {
          expect(text, label).not.toContain(id)
        }
      }
    }
    expect(await kept()).toEqual(before)
  })
})
