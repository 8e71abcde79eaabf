import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  LoopbackServer,
  data,
  events,
  hangsUp,
  json,
  newToken,
  refuses,
} from './__fixtures__/loopback-server.ts'
import { ValetKeyClient } from './client.ts'

const clientId = `vk_cid_${'0'.repeat(22)}`
const clientSecret = newToken('cs')
const accessToken = newToken()
const messages = [{ role: 'user' as const, content: 'Hello!' }]
const COMPLETION = { id: 'c', model: 'm', choices: [] }
const chunk = (content: string) => ({
  id: 'c',
  model: 'm',
  choices: [{ index: 0, delta: { content } }],
})

let server: LoopbackServer
let client: ValetKeyClient
beforeEach(async () => {
  server = await new LoopbackServer().open()
  client = new ValetKeyClient({ clientId, clientSecret, baseUrl: server.baseUrl })
})
afterEach(() => server.close())

const ask = (options = {}) =>
  client.chatCompletion({ accessToken, provider: 'openai', model: 'gpt-5', messages }, options)

describe('a client', () => {
  it.each([
    'http://sync.example',
    'ftp://127.0.0.1',
    'sync.example',
    'http://127.0.0.1.evil.example',
  ])('sends its secret to no address like %s', (baseUrl) => {
    expect(() => new ValetKeyClient({ clientId, clientSecret, baseUrl })).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    )
  })

  it('shows its secret to nobody who prints it', () => {
    expect(JSON.stringify(client)).not.toContain(clientSecret)
  })

  it('begins to link in the app’s name', async () => {
    const session = { linkToken: 'vk_lt', expiresAt: 5 }
    server.answers = [data(session)]
    const hints = { requestedProviders: ['openai'], budgetSuggestionCents: 1000 } as const

    expect(await client.createLinkSession(hints)).toEqual(session)
    const [asked] = server.asked
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    expect(asked).toMatchObject({ method: 'POST', path: '/v1/link/sessions' })
    expect(asked?.headers.authorization).toBe(`Basic ${basic}`)
    expect(asked?.body).toBe(JSON.stringify(hints))
  })

  it('takes an access token for the wallet that the public token names, and for no other', async () => {
    const walletKey = randomBytes(32).toString('base64url')
    const walletFingerprint = createHash('sha256')
      .update(Buffer.from(walletKey, 'base64url'))
      .digest('base64url')
    const linked = { accessToken, expiresAt: 1, connectionId: 'c', sealed: 'plain' }
    server.answers = [data({ ...linked, walletKey, walletFingerprint })]
    const publicToken = `vk_pt_something.${walletFingerprint}`

    expect(await client.exchangePublicToken(publicToken)).toMatchObject({ accessToken })
    // A server that puts its own key there, and its hash beside it.
    const other = `vk_pt_something.${randomBytes(32).toString('base64url')}`
    await expect(client.exchangePublicToken(other)).rejects.toMatchObject({ code: 'auth.failed' })
  })

  it('exchanges a public token once, whatever becomes of the reply', async () => {
    server.answers = [hangsUp]
    await expect(client.exchangePublicToken('vk_pt')).rejects.toMatchObject({
      ...{ code: 'provider.network', retryable: false },
    })
    expect(server.asked).toHaveLength(1)
  })

  it('lists, shows and ends connections, and reads what was used', async () => {
    server.answers = [data([]), data({ id: 'a/b' }), data({}), data({ clientId })]
    await client.connections.list({ after: 'x', limit: 5 })
    await client.connections.get('a/b')
    await client.connections.revoke('a/b')
    await client.usage({ startDate: '2026-11-01' })

    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/link/connections?after=x&limit=5',
      'GET /v1/link/connections/a%2Fb',
      'DELETE /v1/link/connections/a%2Fb',
      'GET /v1/link/usage?startDate=2026-11-01',
    ])
  })

  it('says who does not answer as a server of ours', async () => {
    server.answers = [json('<html>'), json({ success: true }, 502)]
    for (const status of [200, 502]) {
      await expect(client.usage()).rejects.toMatchObject({ code: 'internal', details: { status } })
    }
    const gone = await new LoopbackServer().open()
    const { baseUrl } = gone
    await gone.close()
    const once = new ValetKeyClient({ clientId, clientSecret, baseUrl, maxRetries: 0 })
    await expect(once.usage()).rejects.toMatchObject({
      ...{ code: 'provider.network', retryable: true },
    })
  })
})

describe('a chat call', () => {
  it('goes to the relay with the token where a key would stand, and not in its body', async () => {
    server.answers = [json(COMPLETION)]

    expect(await ask()).toEqual(COMPLETION)
    const [asked] = server.asked
    expect(asked?.path).toBe('/v1/proxy/chat/completions')
    expect(asked?.headers.authorization).toBe(`Bearer ${accessToken}`)
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      ...{ model: 'openai/gpt-5', messages, stream: false },
    })
  })

  it('streams, and ends with an error where the stream is no whole one', async () => {
    const read = async () => {
      const words: string[] = []
      const chunks = await client.chatCompletion({
        ...{ accessToken, model: 'openai/gpt-5', messages, stream: true },
      })
      for await (const part of chunks) words.push(part.choices[0]?.delta.content ?? '')
      return words
    }
    server.answers = [
      events(chunk('a'), chunk('b'), '[DONE]'),
      events(chunk('a'), { error: { code: 'relay.wallet_lost', message: 'x' } }),
      events(chunk('a'), null),
    ]

    expect(await read()).toEqual(['a', 'b'])
    await expect(read()).rejects.toMatchObject({ code: 'relay.wallet_lost', status: 502 })
    await expect(read()).rejects.toMatchObject({ code: 'relay.wallet_lost' })
    expect(server.asked).toHaveLength(3)
  })

  it.each([
    ['relay.wallet_locked', 423],
    ['budget.exceeded', 402],
    ['grant.model_denied', 403],
    ['relay.sealed_required', 403],
  ] as const)('ends with %s, once, with all the table says', async (code, status) => {
    server.answers = [refuses(code)]
    const failed = expect(ask()).rejects
    await failed.toMatchObject({ name: 'ValetKeyError', code, status, requestId: 'req-1' })
    expect(server.asked).toHaveLength(1)
  })

  it('tells a provider’s own refusal from one of the wallet', async () => {
    server.answers = [json({ error: { code: 'relay.wallet_locked', message: 'no' } }, 429)]
    await expect(ask()).rejects.toMatchObject({
      ...{ code: 'provider.rate_limited', details: { status: 429, message: 'no' } },
    })
    expect(server.asked).toHaveLength(1)
  })

  it('knows a code of a newer server by its name and its sentence', async () => {
    server.answers = [
      (reply) => {
        reply.writeHead(418, { 'x-valetkey-error': 'grant.new' })
        reply.end(JSON.stringify({ error: { code: 'grant.new', message: 'Something new.' } }))
      },
    ]
    await expect(ask()).rejects.toMatchObject({
      ...{ code: 'grant.new', message: 'Something new.', status: 418, retryable: false },
    })
  })
})

describe('another try', () => {
  it.each(['relay.wallet_offline', 'relay.wallet_timeout', 'request.rate_limited'] as const)(
    'follows %s, with the same idempotency key',
    async (code) => {
      server.answers = [refuses(code, { safe: true, retryAfterMs: 10 }), json(COMPLETION)]
      await ask()
      await ask()

      const keys = server.asked.map(({ headers }) => headers['idempotency-key'])
      expect(keys).toHaveLength(3)
      expect(keys[1]).toBe(keys[0])
      expect(keys[2]).not.toBe(keys[0])
    },
  )

  it('C105: follows no call that may have been made', async () => {
    for (const answer of [hangsUp, refuses('relay.wallet_lost'), refuses('internal')]) {
      server.answers = [answer]
      server.asked.length = 0
      await expect(ask()).rejects.toMatchObject({ retryable: false })
      expect(server.asked).toHaveLength(1)
    }
  })

  it('does not follow a code that is safe where the server says otherwise', async () => {
    server.answers = [refuses('relay.wallet_timeout')]
    await expect(ask()).rejects.toMatchObject({ code: 'relay.wallet_timeout' })
    expect(server.asked).toHaveLength(1)
  })

  it('is not waited for longer than half a minute, nor after an abort', async () => {
    server.answers = [refuses('request.rate_limited', { safe: true, retryAfterMs: 60_000 })]
    await expect(ask()).rejects.toMatchObject({ details: { retryAfterMs: 60_000 } })
    server.answers = [refuses('request.rate_limited', { safe: true, retryAfterMs: 20_000 })]
    const stop = new AbortController()
    const call = ask({ signal: stop.signal })
    setTimeout(() => {
      stop.abort(new Error('enough'))
    }, 50)
    await expect(call).rejects.toThrow('enough')
  })

  it('carries a key of the app’s own', async () => {
    server.answers = [json(COMPLETION)]
    await ask({ idempotencyKey: 'mine' })
    expect(server.asked[0]?.headers['idempotency-key']).toBe('mine')
  })
})

describe('passthrough', () => {
  it('gives the provider’s reply as it is, its refusals too', async () => {
    server.answers = [json({ error: { message: 'no such model' } }, 404)]
    const body = JSON.stringify({ input: 'x' })
    const headers = { 'content-type': 'application/json' }
    const reply = await client.passthrough('openai', '/v1/embeddings?a=1', {
      ...{ accessToken, body, headers },
    })

    expect(reply.status).toBe(404)
    expect(server.asked[0]).toMatchObject({
      ...{ method: 'POST', path: '/v1/proxy/passthrough/openai/v1/embeddings?a=1', body },
    })
  })

  it('sends a form with its boundary', async () => {
    const form = new FormData()
    form.set('model', 'whisper-1')
    await client.passthrough('openai', '/v1/audio/transcriptions', { accessToken, body: form })

    const [asked] = server.asked
    const [, boundary = '?'] = /boundary=(.+)$/.exec(asked?.headers['content-type'] ?? '') ?? []
    expect(asked?.body).toContain(boundary)
  })

  it.each(['v1/models', '/../../../v1/link/usage', '/..', '', '/%2e%2e/google/v1'])(
    'stays below its provider, whatever the path %s says',
    async (path) => {
      await expect(client.passthrough('openai', path, { accessToken })).rejects.toMatchObject({
        code: 'request.invalid',
      })
      expect(server.asked).toEqual([])
    },
  )
})
