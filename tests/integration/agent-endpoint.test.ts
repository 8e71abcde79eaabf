/** C112: the local endpoint of the headless wallet, at the hands of pages, other hosts and other users. */
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startTestAgent, type TestAgent } from '@valetkey/agent/testing'
import { forwardToFake } from '../support/forward-to-fake.ts'
import { chat, keys, useFakes } from './__fixtures__/four-fakes.ts'

const { fakes } = useFakes()
vi.setConfig({ testTimeout: 30_000 })

let agent: TestAgent
let token: string
beforeEach(async () => {
  agent = await startTestAgent({ forward: (sent) => forwardToFake(fakes(), sent), keys })
  token = await agent.allow('tool')
})
afterEach(() => agent.stop())

interface Sent {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
}

/** Headers exactly as they are named here, as no browser and no `fetch` would let one send them. */
function send({ method = 'POST', path = '/v1/chat/completions', headers, body }: Sent) {
  return new Promise<{ status: number; text: string; headers: object }>((resolve, reject) => {
    const call = request(
      {
        ...{ host: '127.0.0.1', port: agent.port, method, path, agent: false },
        headers: {
          authorization: `Bearer ${token}`,
          ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (reply) => {
        let text = ''
        reply.setEncoding('utf8')
        reply.on('data', (part: string) => (text += part))
        reply.on('end', () => {
          resolve({ status: reply.statusCode ?? 0, text, headers: reply.headers })
        })
        reply.on('error', reject)
      },
    )
    call.on('error', reject)
    call.end(method === 'POST' ? (body ?? chat()) : undefined)
  })
}

/** Served as it stands, so that a refusal of the same request says something. */
async function expectServed(): Promise<void> {
  expect((await send({})).status).toBe(200)
  expect(fakes().requests).toHaveLength(1)
  fakes().reset()
}

async function expectRefused(sent: Sent, status: number): Promise<void> {
  const reply = await send(sent)
  expect([reply.status, reply.text], JSON.stringify(sent)).toEqual([
    status,
    expect.stringMatching(/"(?:code|type)"/),
  ])
  expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  expect(reply.text).not.toContain(token)
  expect(fakes().requests).toEqual([])
}

describe('a page', () => {
  it.each(['https://evil.example', 'null', 'http://localhost', 'http://127.0.0.1:8421', ''])(
    'C112: is refused by its origin, be it %j',
    async (origin) => {
      await expectServed()
      await expectRefused({ headers: { origin } }, 403)
      await expectRefused({ method: 'OPTIONS', headers: { origin } }, 403)
      await expectRefused({ method: 'GET', path: '/v1/models', headers: { origin } }, 403)
    },
  )

  it('C112: is refused where a browser sends no origin: pictures, links, frames', async () => {
    for (const site of ['cross-site', 'same-origin', 'none']) {
      await expectRefused(
        { method: 'GET', path: '/v1/models', headers: { 'sec-fetch-site': site } },
        403,
      )
    }
  })

  it.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example:PORT',
    '127.0.0.1.nip.io:PORT',
    '0.0.0.0:PORT',
    '[::1]:PORT',
  ])('C112: whose name was turned to this computer is refused by its host: %s', async (name) => {
    await expectServed()
    await expectRefused({ headers: { host: name.replace('PORT', String(agent.port)) } }, 403)
  })

  it.each([
    'text/plain',
    'text/plain; application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    '',
  ])('C112: sends no body but JSON, which it may not send unasked: %s', async (type) => {
    await expectServed()
    await expectRefused({ headers: { 'content-type': type } }, 400)
  })
})

it('C112: is refused with no host, and with two', async () => {
  for (const host of ['', `Host: 127.0.0.1:${agent.port}\r\nHost: evil.example\r\n`]) {
    const version = host === '' ? '1.0' : '1.1'
    const reply = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connect(agent.port, '127.0.0.1', () => {
        socket.write(
          `GET /v1/models HTTP/${version}\r\n${host}Authorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
        )
      })
      socket.on('data', (bytes) => (text += bytes.toString('latin1')))
      socket.on('end', () => {
        resolve(text)
      })
      socket.on('error', reject)
    })
    expect(reply).toMatch(/^HTTP\/1\.1 40[03] /)
  }
  expect(fakes().requests).toEqual([])
})

describe('another process of this computer', () => {
  it('C112: is refused without a token, with another one, or with two', async () => {
    await expectServed()
    const other = await agent.allow('other')
    const wrong = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0')
    for (const shown of [
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${wrong}`,
      `Basic ${token}`,
      `bearer ${keys.openai}`,
    ]) {
      await expectRefused({ headers: { authorization: shown } }, 401)
    }
    await expectRefused({ headers: { 'x-api-key': other } }, 401)
    expect((await send({ headers: { authorization: `bearer ${token}` } })).status).toBe(200)
  })

  it('C112: finds no token in the wallet’s files, and no file it may read', async () => {
    await send({})
    const names = readdirSync(agent.folder)
    const stored = names.map((name) => readFileSync(join(agent.folder, name), 'latin1'))

    expect(names).toContain('wallet.db')
    for (const text of stored)
      for (const secret of [token, ...Object.values(keys)]) expect(text).not.toContain(secret)
    for (const name of names) expect(statSync(join(agent.folder, name)).mode & 0o077, name).toBe(0)
    expect(statSync(agent.folder).mode & 0o077).toBe(0)
  })

  it('C112: cannot serve the same wallet beside it', async () => {
    const second = startTestAgent({
      ...{ forward: (sent) => forwardToFake(fakes(), sent), keys },
      at: agent.folder,
    })

    await expect(second).rejects.toThrow('Another process serves this wallet already.')
    await expectServed()
  })
})

it('C112: another computer finds nobody who listens', async () => {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
  for (const host of [...own, '127.0.0.2', '::1']) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect({ host, port: agent.port }, () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => {
        resolve(false)
      })
    })
    expect(reached, host).toBe(false)
  }
})

describe('a client', () => {
  it('C112: has its own budget: one that is used up takes nothing of another’s', async () => {
    const small = await agent.allow('small', { budgets: [{ usd: '0.0045', window: 'month' }] })
    const body = chat({ max_completion_tokens: 2000 })
    const own = { authorization: `Bearer ${small}` }
    const replies = await Promise.all(Array.from({ length: 4 }, () => send({ headers: own, body })))
    const served = replies.filter(({ status }) => status === 200).length
    let last = await send({ headers: own, body })
    for (let count = 0; last.status === 200 && count < 50; count++)
      last = await send({ headers: own, body })

    expect(served).toBeGreaterThan(0)
    expect(last.status).toBe(402)
    const spent = (await agent.usage()).reduce((sum, row) => sum + row.costNanoUsd, 0)
    expect(spent).toBeLessThanOrEqual(4_500_000)
    await expectServedBy(token)
  })

  async function expectServedBy(shown: string): Promise<void> {
    expect((await send({ headers: { authorization: `Bearer ${shown}` } })).status).toBe(200)
  }

  it('C112: reaches what its terms name, and no administration', async () => {
    const narrow = await agent.allow('narrow', { expiresAt: 1 })
    await expectRefused({ headers: { authorization: `Bearer ${narrow}` } }, 403)
    await expectRefused(
      { path: '/v1/embeddings', body: '{"model":"text-embedding-3-small","input":"x"}' },
      403,
    )
    await expectRefused({ method: 'GET', path: '/v1/organization/admin_api_keys' }, 403)
    await expectRefused({ path: '/v1/unknown' }, 404)
    await expectRefused({ path: '/nobody/v1/chat/completions' }, 404)
    await expectRefused({ path: '//evil.example/v1/chat/completions' }, 404)
    await expectRefused({ path: 'http://evil.example/v1/chat/completions' }, 404)
    await expectRefused({ path: '/openai/../../evil' }, 404)
    expect(fakes().attackerRequests).toEqual([])
  })

  it('gets no key that a provider sends back', async () => {
    fakes().behave({ text: `my key is ${keys.openai}` })
    const reply = await send({})

    expect(reply.status).toBe(200)
    expect(reply.text).not.toContain(keys.openai)
  })
})
