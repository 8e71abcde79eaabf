import { beforeEach, describe, expect, it } from 'vitest'
import { type ErrorCode, type Grant } from '../protocol/index.ts'
import type { CallReply } from './call.ts'
import type { ProxyPorts } from './ports.ts'
import { runCall } from './run-call.ts'
import {
  APP,
  KEY_ID,
  SECRET,
  VALET_KEY,
  CHAT_URL,
  World,
  chat,
  read,
  sse,
  REPLY,
} from './__fixtures__/call-world.ts'

let world: World
beforeEach(() => {
  world = new World()
})

describe('a call that is allowed', () => {
  it('goes out with the real key in the catalogue’s form and comes back as the provider sent it', async () => {
    const { status, text } = await read(await world.call())

    expect([status, JSON.parse(text)]).toEqual([200, REPLY])
    expect(world.sent).toHaveLength(1)
    expect(world.sent[0]?.url.href).toBe(CHAT_URL)
    expect(world.sent[0]?.headers.get('authorization')).toBe(`Bearer ${SECRET}`)
    expect(JSON.stringify([...(world.sent[0]?.headers ?? [])])).not.toContain(VALET_KEY)
  })

  it('is charged what the provider reported, once, and holds nothing afterwards', async () => {
    await read(await world.call())

    const [row] = await world.rows()
    expect(row).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o-mini',
      ending: 'done',
      status: 200,
      costSource: 'usage',
      tokens: { input: 9, output: 3 },
    })
    expect(row?.costNanoUsd).toBeGreaterThan(0)
    expect(await world.store.reservations()).toEqual([])
    expect(JSON.stringify(row)).not.toMatch(/Hello|Hi"|sk-/)
  })

  it('is given to the page before the disk has its entry, which is under way', async () => {
    let write = (): void => undefined
    const settle = world.store.settle.bind(world.store)
    world.store.settle = (row) =>
      new Promise((resolve) => {
        write = () => {
          resolve(settle(row))
        }
      })

    const reply = await world.call()
    const { text } = await read(reply)
    let isSettled = false
    const settled = reply.kind === 'response' ? reply.settled : undefined
    const waiting = settled?.then(() => (isSettled = true))

    expect([JSON.parse(text), isSettled]).toEqual([REPLY, false])
    write()
    await waiting
    expect([isSettled, await world.store.reservations()]).toEqual([true, []])
  })

  it('sets an output limit where the app gave none', async () => {
    await read(await world.call())

    expect(JSON.parse(world.sent[0]?.body as string)).toMatchObject({
      max_completion_tokens: 16_384,
    })
  })

  it('sends a large body whole, as what was judged', async () => {
    const call = chat({ messages: [{ role: 'user', content: 'é'.repeat(300_000) }], api_key: 'x' })
    const { text } = call.body as { text: string }
    await world.call({ body: { kind: 'blob', blob: new Blob([text]) } })

    const [sent] = world.sent
    expect(sent?.headers.get('content-type')).toBe('application/json')
    const body = JSON.parse(await new Response(sent?.body).text()) as Record<string, unknown>
    const { api_key: apiKey, ...judged } = JSON.parse(text) as Record<string, unknown>
    expect(body).toMatchObject(judged)
    expect([apiKey, body['api_key']]).toEqual(['x', undefined])
  })

  it('streams, and keeps the usage event it asked for from the app', async () => {
    world.answer = () =>
      Promise.resolve(
        sse([
          { choices: [{ delta: { content: 'Hel' } }] },
          { choices: [{ delta: { content: 'lo' } }] },
          { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } },
        ]),
      )

    const { text } = await read(await world.call({ ...chat({ stream: true }) }))

    expect(JSON.parse(world.sent[0]?.body as string)).toMatchObject({
      stream_options: { include_usage: true },
    })
    expect(text.match(/data: /g)).toHaveLength(3)
    expect(text).not.toContain('usage')
    expect((await world.rows())[0]).toMatchObject({
      ending: 'done',
      tokens: { input: 9, output: 2 },
    })
  })

  it('is charged by what was seen when the provider reports less (C71)', async () => {
    const content = 'word '.repeat(20_000)
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
    world.answer = () =>
      Promise.resolve(Response.json({ choices: [{ message: { content } }], usage }))

    await read(await world.call())

    expect((await world.rows())[0]).toMatchObject({ ending: 'done', costSource: 'floor' })
  })

  it('is whole where its entry finds no room, and stays held as spent', async () => {
    const reply = await world.call()
    world.store.failWrites(true)

    expect((await read(reply)).text).toBe(JSON.stringify(REPLY))
    expect(await world.store.reservations()).toHaveLength(1)
  })

  it('loses the key from a reply that echoes it', async () => {
    world.answer = () => Promise.resolve(Response.json({ ...REPLY, echo: `Bearer ${SECRET}` }))

    expect((await read(await world.call())).text).not.toContain(SECRET)
  })
})

describe('a call that is not ours', () => {
  it('is left to the page when its host is no provider’s, and the person is told (C30)', async () => {
    const reply = await world.call({ url: 'https://proxy.evil.test/v1/chat/completions' })

    expect(reply).toEqual({ kind: 'pass' })
    expect(world.foreignHosts).toEqual(['proxy.evil.test'])
    expect(world.sent).toEqual([])
  })

  it('is left to the page when the valet key is another provider’s', async () => {
    expect(await world.call({ url: 'https://api.anthropic.com/v1/messages' })).toEqual({
      kind: 'pass',
    })
    expect(world.foreignHosts).toEqual(['api.anthropic.com'])
  })

  it('is left to the page when it carries no valet key', async () => {
    expect(await world.call({ credential: { valetKey: SECRET } })).toEqual({ kind: 'pass' })
  })
})

describe('a refusal', () => {
  const cases: [ErrorCode, number, () => Promise<CallReply>][] = [
    [
      'grant.missing',
      403,
      () => world.call({}, { ...APP, origin: 'https://app.example.test:8443' }),
    ],
    ['grant.missing', 403, () => ((world.grant = null), world.call())],
    ['vault.locked', 423, () => ((world.locked = true), world.call())],
    ['grant.paused', 403, () => ((world.paused = true), world.call())],
    ['grant.revoked', 403, () => (setGrant({ status: 'revoked' }), world.call())],
    ['grant.expired', 403, () => (world.clock.advance(31 * 86_400_000), world.call())],
    ['grant.model_denied', 403, () => (setModels(['gpt-4o']), world.call())],
    [
      'grant.capability_denied',
      403,
      () => world.call({ url: 'https://api.openai.com/v1/embeddings' }),
    ],
    [
      'grant.capability_denied',
      403,
      () =>
        world.call({
          method: 'GET',
          url: 'https://api.openai.com/v1/files',
          body: { kind: 'none' },
        }),
    ],
    ['request.unsupported', 404, () => world.call({ url: 'https://api.openai.com/v2/anything' })],
    ['request.unsupported', 404, () => world.call({ method: 'DELETE' })],
    [
      'request.invalid',
      400,
      () => world.call({ url: 'https://api.openai.com/v1/x%2f..%2fchat/completions' }),
    ],
    ['request.invalid', 400, () => world.call({ body: { kind: 'text', text: '{' } })],
    ['request.invalid', 400, () => world.call({ headers: [['x-http-method-override', 'GET']] })],
    ['budget.exceeded', 402, () => (setBudget('0.000001'), world.call())],
    ['grant.denied', 403, () => (setAskAlways(), world.call())],
    ['grant.consent_timeout', 403, () => (setAskAlways(), (world.says = 'timeout'), world.call())],
  ]

  it.each(cases)(
    '%s is a response of status %i that no SDK retries; nothing is sent',
    async (code, status, run) => {
      const reply = await read(await run())

      expect(reply.status).toBe(status)
      expect(reply.headers).toMatchObject({
        'content-type': 'application/json',
        'x-should-retry': 'false',
        'x-valetkey-error': code,
      })
      expect(JSON.parse(reply.text)).toMatchObject({ error: { code } })
      expect(world.sent).toEqual([])
      expect(world.refusals).toEqual([code])
      expect(await world.store.reservations()).toEqual([])
    },
  )

  it('goes through once the person said yes to this very call', async () => {
    setAskAlways()
    world.says = 'allow'

    expect((await read(await world.call())).status).toBe(200)
  })

  it('comes too when the grant was taken back while the person was asked (C74)', async () => {
    setAskAlways()
    const ports: ProxyPorts = {
      ...world.ports,
      ask: () => (setGrant({ status: 'revoked' }), Promise.resolve('allow')),
    }

    const reply = await read(await runCall(chat(), APP, ports, new AbortController().signal))

    expect(reply.headers['x-valetkey-error']).toBe('grant.revoked')
    expect(world.sent).toEqual([])
  })

  it('for lack of budget is in the log, and costs nothing', async () => {
    setBudget('0.000001')
    await world.call()

    expect((await world.rows())[0]).toMatchObject({ ending: 'denied', costNanoUsd: 0 })
  })

  it('of one call too many at once frees its place when a running one ends', async () => {
    const gates: (() => void)[] = []
    world.answer = () =>
      new Promise((resolve) =>
        gates.push(() => {
          resolve(Response.json(REPLY))
        }),
      )
    const running = Array.from({ length: 4 }, () => world.call())
    await expect.poll(() => gates.length).toBe(4)

    expect((await read(await world.call())).headers['x-valetkey-error']).toBe(
      'request.rate_limited',
    )
    gates.forEach((open) => {
      open()
    })
    for (const reply of await Promise.all(running)) await read(reply)
    const after = world.call()
    await expect.poll(() => gates.length).toBe(5)
    gates[4]?.()
    expect((await read(await after)).status).toBe(200)
  })

  function setGrant(changes: Partial<Grant>): void {
    if (world.grant) world.grant = { ...world.grant, ...changes }
  }
  function setTerms(changes: Partial<Grant['terms']>): void {
    if (world.grant) setGrant({ terms: { ...world.grant.terms, ...changes } })
  }
  function setModels(models: string[]): void {
    setTerms({
      providers: [{ provider: 'openai', keys: { only: KEY_ID }, models, capabilities: ['chat'] }],
    })
  }
  function setBudget(usd: string): void {
    setTerms({ budgets: [{ usd, window: 'month' }] })
  }
  function setAskAlways(): void {
    setTerms({ askAlways: true })
  }
})
