import { createApp, type App } from '../app.ts'
import { readConfig } from '../config.ts'
import { openServer, type Server } from '../server.ts'
import { TestDevice, type DeviceKeys, type Keys, type Send } from './device.ts'

export const TEST_ORIGIN = 'https://sync.example'

export interface TestServer extends AsyncDisposable {
  readonly server: Server
  readonly app: App
  readonly send: Send
  /** What a wallet reaches it with. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly log: readonly string[]
  readonly newDevice: (of?: { keys?: Keys; device?: DeviceKeys }) => TestDevice
}

/** A whole server on a database, with requests injected. Its limits are out of the way unless set. */
export async function openTestServer(
  database: string,
  settings: Readonly<Record<string, string>> = {},
  clock?: () => number,
): Promise<TestServer> {
  const config = readConfig({
    VALETKEY_DATABASE: database,
    VALETKEY_ORIGIN: TEST_ORIGIN,
    VALETKEY_PUSHES_PER_MINUTE: '1000000',
    VALETKEY_REQUESTS_PER_MINUTE: '1000000',
    VALETKEY_GUESTS_PER_MINUTE: '1000000',
    ...settings,
  })
  const server = await openServer(config, clock ? { clock } : {})
  const log: string[] = []
  const app = await createApp(server, { write: (line) => log.push(line) })
  const send: Send = async ({ method, url, headers, body }) => {
    const reply = await app.fastify.inject({
      ...{ method, url, headers },
      ...(body === undefined ? {} : { payload: body }),
    })
    return { status: reply.statusCode, body: reply.json(), headers: reply.headers }
  }
  const fetch = async (url: string, { method, headers, body }: RequestInit) => {
    const { pathname, search } = new URL(url)
    const reply = await app.fastify.inject({
      method: method as 'GET' | 'POST' | 'PUT' | 'DELETE',
      url: pathname + search,
      headers: Object.fromEntries(new Headers(headers)),
      ...(typeof body === 'string' ? { payload: body } : {}),
    })
    return new Response(reply.body, { status: reply.statusCode })
  }
  return {
    ...{ server, app, send, log, fetch },
    newDevice: (of = {}) => new TestDevice({ send, origin: config.origin, ...of }),
    async [Symbol.asyncDispose]() {
      await app.close()
      await server[Symbol.asyncDispose]()
    },
  }
}
