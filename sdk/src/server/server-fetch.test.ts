import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LoopbackServer, hangsUp, json, newToken, refuses } from './__fixtures__/loopback-server.ts'
import { ValetKeyClient } from './client.ts'

const accessToken = newToken()
const COMPLETIONS = 'https://api.openai.com/v1/chat/completions'
const bearer = { authorization: `Bearer ${accessToken}` }

let server: LoopbackServer
let client: ValetKeyClient
/** Every address that was asked for, this machine's or not. */
let sentTo: string[]
beforeEach(async () => {
  server = await new LoopbackServer().open()
  sentTo = []
  client = new ValetKeyClient({
    ...{ clientId: `vk_cid_${'0'.repeat(22)}`, clientSecret: newToken('cs') },
    baseUrl: server.baseUrl,
    fetch: (input, init) => {
      sentTo.push(new Request(input).url)
      return fetch(input, init)
    },
  })
})
afterEach(async () => {
  for (const address of sentTo) expect(new URL(address).origin).toBe(server.baseUrl)
  await server.close()
})

const post = (headers: Record<string, string> = bearer, body = '{"a":1}') =>
  client.fetch(COMPLETIONS, { method: 'POST', headers, body })
const codeOf = async (reply: Response) => {
  const { error } = (await reply.json()) as { error: { code: string; message: string } }
  expect(reply.headers.get('x-valetkey-error')).toBe(error.code)
  return error.code
}

describe('where a call goes', () => {
  it.each([
    ['passthrough/openai/v1/chat/completions', COMPLETIONS, bearer],
    [
      'passthrough/anthropic/v1/messages?beta=true',
      'https://api.anthropic.com/v1/messages?beta=true',
      { 'x-api-key': accessToken },
    ],
    [
      'passthrough/google/v1beta/models/g:generateContent',
      'https://generativelanguage.googleapis.com/v1beta/models/g:generateContent',
      { 'x-goog-api-key': accessToken },
    ],
    [
      'passthrough/google/v1beta/models?pageSize=2',
      `https://generativelanguage.googleapis.com/v1beta/models?key=${accessToken}&pageSize=2`,
      {},
    ],
    ['models', 'https://unified.valetkey.invalid/v1/models', bearer],
  ])('becomes the relay’s %s', async (path, address, headers) => {
    await client.fetch(address, { headers })

    const [asked] = server.asked
    expect(asked?.path).toBe(`/v1/proxy/${path}`)
    expect(asked?.headers.authorization).toBe(`Bearer ${accessToken}`)
    expect(JSON.stringify({ ...asked?.headers, authorization: '' })).not.toContain(accessToken)
  })

  it('is the relay itself where a library was given its address', async () => {
    await client.fetch(`${client.baseURL}/chat/completions`, { headers: bearer })
    expect(server.asked[0]?.path).toBe('/v1/proxy/chat/completions')
  })

  it.each([
    'https://evil.example/v1/chat/completions',
    'http://api.openai.com/v1/chat/completions',
    'https://api.openai.com:8443/v1/chat/completions',
    'https://api.openai.com.evil.example/v1',
    'https://sub.api.openai.com/v1',
    'https://queue.fal.run/fal-ai/x',
  ])('is nowhere for %s', async (address) => {
    const reply = await client.fetch(address, { headers: bearer })

    expect(await codeOf(reply)).toBe('request.unsupported')
    expect(sentTo).toEqual([])
  })

  it('is nowhere else of the server', async () => {
    const reply = await client.fetch(`${server.baseUrl}/v1/link/connections`, { headers: bearer })
    expect(await codeOf(reply)).toBe('request.unsupported')
  })

  it('follows no redirect', async () => {
    server.answers = [
      (reply) => {
        reply.writeHead(307, { location: 'https://evil.example/' }).end()
      },
    ]
    const reply = await post()

    expect(await codeOf(reply)).toBe('internal')
    expect(server.asked).toHaveLength(1)
    expect(reply.headers.get('location')).toBeNull()
  })
})

describe('what is sent', () => {
  it('holds no key and no cookie of the app’s own', async () => {
    const own = { ...bearer, cookie: 'session=1', 'x-api-key': 'a key of the app', 'x-app': 'y' }
    await post({ ...own, 'openai-beta': 'b', 'content-type': 'application/json' })

    expect(server.asked[0]?.headers).toMatchObject({
      ...{ 'openai-beta': 'b', 'content-type': 'application/json' },
    })
    for (const name of ['cookie', 'x-api-key', 'x-app']) {
      expect(server.asked[0]?.headers[name]).toBeUndefined()
    }
    expect(server.asked[0]?.body).toBe('{"a":1}')
  })

  it('is nothing without a token, or with two', async () => {
    for (const headers of [
      {},
      { authorization: 'Bearer sk' },
      { ...bearer, 'x-api-key': newToken() },
    ]) {
      expect(await codeOf(await post(headers as Record<string, string>))).toBe('auth.failed')
    }
    expect(sentTo).toEqual([])
  })

  it('has a key for each call, and the app’s own where it has one', async () => {
    await post()
    await post()
    await post({ ...bearer, 'idempotency-key': 'mine' })

    const keys = server.asked.map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(3)
    expect(keys[2]).toBe('mine')
  })
})

describe('a refusal', () => {
  it('C105: of what may have been made has a status that no library tries again', async () => {
    const ends = [
      ['relay.wallet_lost', refuses('relay.wallet_lost')],
      ['internal', refuses('internal')],
      ['request.replayed', refuses('request.replayed')],
      ['relay.wallet_lost', hangsUp],
    ] as const
    for (const [code, answer] of ends) {
      server.answers = [answer]
      const reply = await post()

      expect(reply.status).toBe(424)
      expect(reply.headers.get('x-should-retry')).toBe('false')
      expect(await codeOf(reply)).toBe(code)
    }
  })

  it.each([
    ['relay.wallet_offline', 503],
    ['relay.wallet_timeout', 504],
    ['request.rate_limited', 429],
  ] as const)('%s keeps its own, for nothing was begun', async (code, status) => {
    server.answers = [refuses(code, { safe: true, retryAfterMs: 1500 })]
    const reply = await post()

    expect(reply.status).toBe(status)
    expect(reply.headers.get('x-should-retry')).toBe('true')
    expect(reply.headers.get('retry-after')).toBe(code === 'request.rate_limited' ? '2' : null)
  })

  it('of the provider’s is passed on as it is', async () => {
    server.answers = [json({ error: { message: 'slow down' } }, 429)]
    const reply = await post()

    expect(reply.status).toBe(429)
    expect(await reply.json()).toEqual({ error: { message: 'slow down' } })
  })
})

describe('a library’s own retry', () => {
  const counted = (count: number) => ({ ...bearer, 'x-stainless-retry-count': String(count) })
  const keys = () => server.asked.map(({ headers }) => headers['idempotency-key'])
  /** A call that reached the server, which answers nothing to it. */
  const givenUp = async (body: string | FormData = '{"a":1}') => {
    const given = new AbortController()
    server.answers = [
      () => {
        given.abort()
      },
    ]
    const init = { method: 'POST', headers: counted(0), body, signal: given.signal }
    await expect(client.fetch(COMPLETIONS, init)).rejects.toThrow()
  }

  it('C105: of a call it gave up waiting for is that call', async () => {
    await givenUp()
    server.answers = [json({})]
    await post(counted(1))
    // The next one of the same bytes is a call of its own.
    await post(counted(0))

    const [first, second, third] = keys()
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  it('of two calls alike is each of them once, and of others none', async () => {
    await givenUp()
    await givenUp()
    await givenUp('{"other":1}')
    server.answers = [json({})]
    await post(counted(1))
    await post(counted(1))
    await client.fetch(COMPLETIONS, {
      ...{ method: 'POST', body: '{"a":1}' },
      headers: { ...counted(1), authorization: `Bearer ${newToken()}` },
    })

    const [first, second, , ...retried] = keys()
    expect(retried.slice(0, 2)).toEqual([first, second])
    expect(new Set(keys()).size).toBe(4)
  })

  it('of a form is known by its length, for its boundary is another', async () => {
    const form = () => {
      const made = new FormData()
      made.set('file', new Blob(['sound']), 'a.wav')
      return made
    }
    await givenUp(form())
    server.answers = [json({})]
    await client.fetch(COMPLETIONS, { method: 'POST', headers: counted(1), body: form() })

    const [first, second] = keys()
    expect(second).toBe(first)
  })

  it('of a call that is stopped before it began sends nothing', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(client.fetch(COMPLETIONS, { headers: bearer, signal })).rejects.toThrow('stopped')
    expect(sentTo).toEqual([])
  })
})
