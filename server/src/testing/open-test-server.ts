import { createApp, type App } from '../app.ts'
import { readConfig } from '../config.ts'
import { openServer, type Server } from '../server.ts'
import { TestDevice, type DeviceKeys, type Keys, type Send } from './device.ts'

export const TEST_ORIGIN = 'https://sync.example'

export interface TestServer extends AsyncDisposable {
  readonly server: Server
  readonly app: App
  readonly send: Send
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
  return {
    ...{ server, app, send, log },
    newDevice: (of = {}) => new TestDevice({ send, origin: config.origin, ...of }),
    async [Symbol.asyncDispose]() {
      await app.close()
      await server[Symbol.asyncDispose]()
    },
  }
}
