/** The wallet's client at the real server: sessions, proofs, and what a device may ask. */
import {
  TEST_ORIGIN,
  openTestServer,
  rowOf,
  type TestDevice,
  type TestServer,
} from '@valetkey/server/testing'
import type { DeviceId, PushRequest, TokenReply } from '@valetkey/wallet/protocol'
import {
  createDeviceSession,
  createServerClient,
  readServerOrigin,
  type ServerFetch,
} from '@valetkey/wallet/sync'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let test: TestServer
let clockMs = Date.now()
const random = (sizeBytes: number) => Uint8Array.from(randomBytes(sizeBytes))

beforeAll(async () => {
  test = await openTestServer(':memory:', {}, () => clockMs)
})
afterAll(() => test[Symbol.asyncDispose]())

/** A device of a new account, as its wallet reaches the server; `paths` are the requests it made. */
async function openSession(through: ServerFetch = test.fetch) {
  const device = test.newDevice()
  await device.register([rowOf({ writer: device.device.id })])
  const paths: string[] = []
  const fetch: ServerFetch = (url, init) => {
    paths.push(new URL(url).pathname)
    return through(url, init)
  }
  const client = createServerClient({ origin: TEST_ORIGIN, fetch, clock: () => clockMs, random })
  let stored: TokenReply | null = null
  const session = createDeviceSession({
    client,
    accountId: device.keys.accountId,
    device: { deviceId: device.device.id as DeviceId, seed: device.device.seed },
    sessions: {
      read: () => Promise.resolve(stored),
      write: (next) => {
        stored = next
        return Promise.resolve()
      },
    },
  })
  return { session, client, device, paths, forge: (token: TokenReply) => (stored = token) }
}

function pushOf(device: TestDevice): PushRequest {
  const changes = [rowOf({ writer: device.device.id })]
  return { ...device.pushBody(changes), changes }
}

const codeOf = (asking: Promise<unknown>) =>
  asking.then(
    () => 'answered',
    (error: unknown) => (error as { code: string }).code,
  )

describe('a device’s session', { timeout: 30_000 }, () => {
  it('signs in by itself, once for calls made together', async () => {
    const { session, paths } = await openSession()
    const [page, list] = await Promise.all([session.pull(null, 0), session.devices()])

    expect(page.rows).toHaveLength(1)
    expect(list.document.devices).toHaveLength(1)
    expect(paths.filter((path) => path === '/v1/auth/login')).toHaveLength(1)
  })

  it('goes on where it was, and tells the heads', async () => {
    const { session, device } = await openSession()
    const { cursor, head } = await session.pull(null, 0)
    await device.login()
    await device.push([rowOf({ writer: device.device.id })])

    const next = await session.pull(cursor, 1)
    expect(next.rows).toHaveLength(1)
    expect((await session.heads(1, 2)).heads).toEqual([head, next.head])
  })

  it('tells a conflict with the head the server has', async () => {
    const { session, device } = await openSession()
    const push = pushOf(device)
    expect(await session.push(push)).toEqual({ seq: 2 })
    expect(await session.push(push)).toEqual({ seq: 2 })

    const late = pushOf(device)
    await expect(session.push(late)).rejects.toMatchObject({
      code: 'sync.conflict',
      details: push.head,
    })
  })

  it('signs in again once its session is over', async () => {
    const { session, paths } = await openSession()
    await session.devices()
    clockMs += 16 * 60_000
    await session.devices()

    expect(paths.filter((path) => path === '/v1/auth/login')).toHaveLength(2)
  })

  it('signs in again where the server forgot the session before its time', async () => {
    const { session, paths, forge, device } = await openSession()
    const { token } = await session.login()
    await test.server.database.queries
      .deleteFrom('sessions')
      .where('account_id', '=', device.keys.accountId)
      .execute()
    forge({ token, expiresAt: clockMs + 1e6 })

    await session.devices()
    expect(paths.slice(-4)).toEqual([
      ...['/v1/devices', '/v1/auth/prelogin', '/v1/auth/login', '/v1/devices'],
    ])
  })

  it('asks once more and no oftener, where it is not wanted', async () => {
    const { session, device, paths } = await openSession()
    await session.devices()
    const body = await device.signedByAccount('delete', {})
    await device.guest('DELETE', '/v1/account', body)

    expect(await codeOf(session.devices())).toBe('auth.failed')
    expect(paths.filter((path) => path === '/v1/auth/login')).toHaveLength(2)
  })

  it('C91: proves each request anew: one taken from the wire opens nothing', async () => {
    const sent: (readonly [string, RequestInit])[] = []
    const { session } = await openSession((url, init) => {
      sent.push([url, init])
      return test.fetch(url, init)
    })
    await session.devices()
    const last = sent.at(-1)
    if (!last) throw new Error('nothing was sent')
    const [url, init] = last

    expect((await test.fetch(url, init)).status).toBe(401)
    const bare = {
      ...init,
      headers: { authorization: new Headers(init.headers).get('authorization') ?? '' },
    }
    expect((await test.fetch(url, bare)).status).toBe(401)
  })
})

describe('the client', { timeout: 30_000 }, () => {
  it('never follows a redirect, sends no cookie and keeps nothing', async () => {
    let seen: RequestInit = {}
    const { session } = await openSession((url, init) => {
      seen = init
      return test.fetch(url, init)
    })
    await session.devices()

    expect(seen).toMatchObject({ redirect: 'error', credentials: 'omit', cache: 'no-store' })
  })

  it('tells a lost network from a server that says no', async () => {
    const broken = (fetch: ServerFetch) => {
      const ports = { origin: TEST_ORIGIN, clock: () => clockMs, random, timeoutMs: 50 }
      return codeOf(createServerClient({ ...ports, fetch }).prelogin('A'.repeat(22)))
    }
    const reply =
      (text: string, status = 200) =>
      () =>
        Promise.resolve(new Response(text, { status }))

    expect(await broken(() => Promise.reject(new TypeError('failed to fetch')))).toBe(
      'provider.network',
    )
    expect(await broken(reply('<h1>Sign in to this network</h1>'))).toBe('provider.network')
    expect(await broken(reply('{"message":"Bad Gateway"}', 502))).toBe('provider.network')
    expect(await broken(reply('{"success":true,"data":{"suite":1}}'))).toBe(
      'protocol.invalid_message',
    )
    expect(await broken(test.fetch)).toBe('answered')
    // No answer within the time that is given.
    expect(
      await broken(
        (_url, { signal }) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => {
              reject(new Error('aborted'))
            })
          }),
      ),
    ).toBe('provider.network')
  })

  it('C83: reads no reply without an end', async () => {
    let sentBytes = 0
    const endless = () =>
      Promise.resolve(
        new Response(
          new ReadableStream<Uint8Array>({
            pull: (controller) => {
              sentBytes += 1 << 20
              controller.enqueue(new Uint8Array(1 << 20).fill(32))
            },
          }),
        ),
      )
    const ports = { origin: TEST_ORIGIN, clock: () => clockMs, random, fetch: endless }

    expect(await codeOf(createServerClient(ports).prelogin('A'.repeat(22)))).toBe(
      'provider.network',
    )
    expect(sentBytes).toBeLessThan(32 << 20)
  })

  it('takes an origin, and nothing a token could leak from', () => {
    expect(readServerOrigin(' Sync.Example ')).toBe('https://sync.example')
    expect(readServerOrigin('http://localhost:8787/')).toBe('http://localhost:8787')
    for (const bad of [
      ...[
        'http://sync.example',
        'https://a.example/path',
        'https://u:p@a.example',
        'ftp://a.example',
      ],
      ...['', 'https://a.example?x', 'https://a.example#x'],
    ]) {
      expect(() => readServerOrigin(bad)).toThrow()
    }
  })
})
