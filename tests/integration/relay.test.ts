import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { sealRelayRequest, sign } from '@valetkey/wallet/crypto'
import { LIVE_CLOSE_LOCKED, toBase64url, type RequestId } from '@valetkey/wallet/protocol'
import { openNats, openSqliteFile, openTestServer } from '@valetkey/server/testing'
import OpenAI from 'openai'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  PROVIDER_KEY,
  RelayWallet,
  linkApp,
  newToken,
  listen,
  openProvider,
} from './__fixtures__/relay-wallet.ts'

const MODEL = 'openai/gpt-4o-mini'
const messages = [{ role: 'user' as const, content: 'a prompt nobody else may read' }]
const SECRET_REPLY = 'a reply nobody else may read'

/** A server, a wallet connected to it, and an app server's client. */
async function world(settings: { nats?: string; apart?: boolean; sealed?: 'required' } = {}) {
  const database = await openSqliteFile()
  const provider = await openProvider()
  const wallet = new RelayWallet(provider)
  const token = newToken()
  const set: Record<string, string> = { VALETKEY_LOG: 'info' }
  if (settings.nats !== undefined) set['VALETKEY_NATS'] = settings.nats
  const test = await openTestServer(database.address, set)
  const port = await listen(test)
  const device = test.newDevice()
  await device.register()
  const linked = {
    ...{ accountId: device.keys.accountId, grantId: wallet.grantId, token },
    ...{ clientId: 'vk_cid_0000000000000000000000', sealed: settings.sealed ?? ('plain' as const) },
  }
  await linkApp(test, linked)
  onTestFinished(async () => {
    wallet.kill()
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
    await provider[Symbol.asyncDispose]()
  })
  let appPort = port
  if (settings.apart === true) {
    const other = await openSqliteFile()
    const front = await openTestServer(other.address, set)
    await linkApp(front, linked)
    appPort = await listen(front)
    onTestFinished(async () => {
      await front[Symbol.asyncDispose]()
      await other[Symbol.asyncDispose]()
    })
  }
  const baseURL = `http://127.0.0.1:${String(appPort)}/v1/proxy`
  const client = new OpenAI({ apiKey: token, baseURL })
  return { test, database, provider, wallet, token, client, device, port, appPort, baseURL }
}

const chunk = (content: string) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content } }] })}\n\n`
const USAGE = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }
const usageChunk = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: USAGE })}\n\n`
const streams = (reply: ServerResponse, words: readonly string[]) => {
  reply.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const word of words) reply.write(chunk(word))
}
const whole = (reply: ServerResponse) => {
  reply.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'a=b' })
  const choices = [{ index: 0, message: { role: 'assistant', content: SECRET_REPLY } }]
  reply.end(
    JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, choices, usage: USAGE }),
  )
}

async function codeOf(call: Promise<unknown>): Promise<string | null | undefined> {
  try {
    await call
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error.code
    throw error
  }
  return undefined
}

describe('the relay, with the unmodified OpenAI client of an app server', () => {
  it('answers and streams, and every call is in the wallet’s ledger', async () => {
    const { client, provider, wallet, port, device } = await world()
    await wallet.connect(port, device)
    provider.answers(whole)
    const answer = await client.chat.completions.create({ model: MODEL, messages })
    provider.answers((reply) => {
      streams(reply, ['one ', 'two'])
      reply.end(`${usageChunk}data: [DONE]\n\n`)
    })
    const words: string[] = []
    for await (const part of await client.chat.completions.create({
      ...{ model: MODEL, messages, stream: true },
    })) {
      words.push(part.choices[0]?.delta.content ?? '')
    }

    expect(answer.choices[0]?.message.content).toBe(SECRET_REPLY)
    expect(words.join('')).toBe('one two')
    const rows = await wallet.store.usage(10)
    expect(rows.map(({ grantId }) => grantId)).toEqual([wallet.grantId, wallet.grantId])
  })

  it('lists the models of the grant by their unified names, without a call of the provider', async () => {
    const { client, provider, wallet, port, device } = await world()
    await wallet.connect(port, device)
    const { data } = await client.models.list()

    expect(data.map(({ id }) => id)).toContain(MODEL)
    expect(provider.calls).toEqual([])
  })

  it('C106: says at once that the wallet is offline, locked, or of somebody else', async () => {
    const { client, wallet, port, device, baseURL } = await world()
    const once = client.withOptions({ maxRetries: 0 })
    const ask = () => once.chat.completions.create({ model: MODEL, messages })
    const began = performance.now()
    expect(await codeOf(ask())).toBe('relay.wallet_offline')
    expect(performance.now() - began).toBeLessThan(1000)
    await wallet.connect(port, device)
    await wallet.lock(LIVE_CLOSE_LOCKED)
    await expect.poll(() => codeOf(ask())).toBe('relay.wallet_locked')
    // Without a token of ours nobody learns of any wallet.
    const stranger = new OpenAI({ apiKey: newToken(), baseURL, maxRetries: 0 })
    expect(await codeOf(stranger.chat.completions.create({ model: MODEL, messages }))).toBe(
      'auth.failed',
    )
  })

  it('C105: makes one call of the provider, though the wallet is killed and the client tries again', async () => {
    const { client, provider, wallet, port, device } = await world()
    await wallet.connect(port, device)
    provider.answers(() => {
      wallet.kill()
    })
    const call = client.chat.completions.create({ model: MODEL, messages })

    expect(await codeOf(call)).toBe('relay.wallet_lost')
    expect(provider.calls).toHaveLength(1)
    await expect.poll(async () => (await wallet.store.usage(10)).length).toBe(1)
  })

  it('ends a stream whose wallet was killed with an error, and no end that looks whole', async () => {
    const { client, provider, wallet, port, device } = await world()
    await wallet.connect(port, device)
    provider.answers((reply) => {
      streams(reply, ['one'])
    })
    const stream = await client.chat.completions.create({ model: MODEL, messages, stream: true })
    const read = async () => {
      for await (const part of stream) if (part.choices[0]?.delta.content === 'one') wallet.kill()
    }

    await expect(read()).rejects.toMatchObject({ error: { code: 'relay.wallet_lost' } })
    expect(provider.calls).toHaveLength(1)
  })

  it('stops the provider when the app goes away', async () => {
    const { client, provider, wallet, port, device } = await world()
    await wallet.connect(port, device)
    const closed = Promise.withResolvers<boolean>()
    provider.answers((reply) => {
      reply.on('close', () => {
        closed.resolve(true)
      })
      streams(reply, ['one'])
    })
    const stream = await client.chat.completions.create({ model: MODEL, messages, stream: true })
    for await (const part of stream) if (part.choices[0]) break

    expect(await closed.promise).toBe(true)
    await expect.poll(() => wallet.session?.openCalls).toBe(0)
  })

  it('makes a call of one idempotency key once', async () => {
    const { client, provider, wallet, port, device } = await world()
    await wallet.connect(port, device)
    provider.answers(whole)
    const ask = () =>
      client.chat.completions.create(
        { model: MODEL, messages },
        { headers: { 'idempotency-key': 'mine' } },
      )
    const [first, second] = [await ask(), await ask()]

    expect(second).toEqual(first)
    expect(provider.calls).toHaveLength(1)
  })

  it('reads the provider no faster than the app reads', async () => {
    const { provider, wallet, port, device, token, baseURL } = await world()
    await wallet.connect(port, device)
    let sentBytes = 0
    provider.answers((reply) => {
      reply.writeHead(200, { 'content-type': 'text/event-stream' })
      const more = () => {
        while (sentBytes < 48 * 1024 * 1024) {
          const text = `: ${'x'.repeat(64 * 1024)}\n\n`
          sentBytes += text.length
          if (!reply.write(text)) {
            reply.once('drain', more)
            return
          }
        }
        reply.end()
      }
      more()
    })
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages, stream: true })
    const reply = await fetch(`${baseURL}/passthrough/openai/v1/chat/completions`, {
      ...{ method: 'POST', body },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
    let before = -1
    // Until nothing moves any more, for nobody reads.
    await expect
      .poll(() => [before, (before = sentBytes)].every((bytes) => bytes === sentBytes), {
        ...{ interval: 500, timeout: 10_000 },
      })
      .toBe(true)

    expect(sentBytes).toBeLessThan(24 * 1024 * 1024)
    await reply.body?.cancel()
  })

  it('finds the wallet at another process, and loses it there', { timeout: 20_000 }, async () => {
    const nats = await openNats()
    onTestFinished(() => nats[Symbol.asyncDispose]())
    const { client, provider, wallet, port, device } = await world({
      ...{ nats: nats.address, apart: true },
    })
    const once = client.withOptions({ maxRetries: 0 })
    const ask = () => once.chat.completions.create({ model: MODEL, messages })
    expect(await codeOf(ask())).toBe('relay.wallet_offline')
    await wallet.connect(port, device)
    provider.answers(whole)
    await expect
      .poll(async () => (await ask().catch(() => null))?.choices[0]?.message.content)
      .toBe(SECRET_REPLY)
    const made = provider.calls.length
    provider.answers(() => {
      wallet.kill()
    })
    expect(await codeOf(ask())).toBe('relay.wallet_lost')
    expect(provider.calls).toHaveLength(made + 1)
  })
})

describe('a sealed call', () => {
  it('is made, and nothing the server sees or stores holds prompt, reply or key', async () => {
    const { test, database, provider, wallet, port, device, token } = await world()
    wallet.grant = { ...wallet.grant, terms: { ...wallet.grant.terms, sealed: 'required' } }
    await wallet.connect(port, device)
    provider.answers(whole)
    const place = {
      grant: wallet.grantId,
      requestId: toBase64url(Uint8Array.from(randomBytes(16))) as RequestId,
      t: Date.now(),
    }
    const head = { method: 'POST', path: '/v1/chat/completions', headers: [] }
    const body = new TextEncoder().encode(JSON.stringify({ model: MODEL, messages }))
    const sealed = await sealRelayRequest(wallet.walletKey, place, { head, body }, (message) =>
      sign(wallet.appSeed, message),
    )
    const { requestId, t } = place
    const opening = Buffer.from(JSON.stringify({ requestId, t, enc: toBase64url(sealed.enc) }))
    const asked = Buffer.concat(
      [opening, ...sealed.chunks].flatMap((part) => [lengthOf(part), part]),
    )
    const reply = await fetch(`http://127.0.0.1:${String(port)}/v1/relay`, {
      ...{ method: 'POST', body: asked },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    })
    const answered = Buffer.from(await reply.arrayBuffer())
    const [n = Buffer.alloc(0), ...chunks] = partsOf(answered)
    const opener = await sealed.openReply(n)
    const plain: Uint8Array[] = []
    for (const each of chunks) plain.push(await opener.open(each))
    opener.end()

    expect(Buffer.concat(plain).toString()).toContain(SECRET_REPLY)
    expect(provider.calls[0]).toContain(messages[0]?.content)
    const seen = [asked, answered, ...wallet.wire, Buffer.from(test.log.join('\n'))]
    const stored = await storedBytes(database.address)
    const all = Buffer.concat([...seen, stored]).toString('latin1')
    // What it may know is found, so that the search is one that finds.
    expect(all).toContain(wallet.grantId)
    expect(all).toContain(device.keys.accountId)
    for (const hidden of [messages[0]?.content, SECRET_REPLY, 'gpt-4o', PROVIDER_KEY]) {
      expect(all).not.toContain(hidden)
    }
  })

  it('is the only way where the person did not allow another', async () => {
    const { client, wallet, port, device, provider } = await world()
    wallet.grant = { ...wallet.grant, terms: { ...wallet.grant.terms, sealed: 'required' } }
    await wallet.connect(port, device)

    const refused = (by: OpenAI) => codeOf(by.chat.completions.create({ model: MODEL, messages }))
    expect(await refused(client)).toBe('relay.sealed_required')
    expect(provider.calls).toEqual([])
    // The server knows it too, and asks no wallet.
    const known = await world({ sealed: 'required' })
    expect(await refused(known.client)).toBe('relay.sealed_required')
  })
})

function lengthOf(part: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}

function partsOf(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at)) {
    parts.push(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at)))
  }
  return parts
}

async function storedBytes(address: string): Promise<Buffer> {
  const files = [address, `${address}-wal`]
  const read = files.map((file) => readFile(file).catch(() => Buffer.alloc(0)))
  return Buffer.concat(await Promise.all(read))
}
