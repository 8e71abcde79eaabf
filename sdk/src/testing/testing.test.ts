import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type * as Sdk from '../index.ts'
import { fakeWalletScript, installFakeWallet, type FakeWallet } from './index.ts'

/** As much of a window as the package asks for. */
class FakeWindow extends EventTarget {
  readonly origin = 'https://app.example.test'
  readonly top = this
}

let page: FakeWindow
let sdk: typeof Sdk
let wallet: FakeWallet

beforeEach(async () => {
  page = new FakeWindow()
  vi.stubGlobal('window', page)
  vi.stubGlobal('document', { prerendering: false })
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  // One channel a page: each test has a page of its own.
  vi.resetModules()
  sdk = await import('../index.ts')
})

afterEach(() => {
  wallet.remove()
  vi.unstubAllGlobals()
})

const install = (options?: Parameters<typeof installFakeWallet>[1]): FakeWallet =>
  (wallet = installFakeWallet(page as unknown as Window, options))
const CHAT = 'https://api.openai.com/v1/chat/completions'

describe('a session over the fake wallet', () => {
  it('connects, calls and spends as with the real one', async () => {
    install({ replies: { '/chat/completions': { chunks: ['{"id":', '"c1"}'] } } })

    const session = await sdk.connect({ reason: 'To test.' })
    const reply = await session.fetch(CHAT, { method: 'POST', body: '{"model":"gpt-4o-mini"}' })

    expect(await reply.json()).toEqual({ id: 'c1' })
    expect([reply.status, reply.url]).toEqual([200, CHAT])
    expect(wallet.calls).toMatchObject([
      { method: 'POST', url: CHAT, body: '{"model":"gpt-4o-mini"}' },
    ])
    expect((await session.usage()).total.calls).toBe(0)
  })

  it.each([
    ['deny', 'grant.denied'],
    ['timeout', 'grant.consent_timeout'],
  ] as const)('is refused with %s, in words for the person', async (answer, code) => {
    install({ answer })

    await expect(sdk.connect()).rejects.toMatchObject({
      ...{
        name: 'ValetKeyError',
        code,
        message: expect.stringMatching(/^[A-Z].* .*\.$/) as string,
      },
    })
    expect(await sdk.reconnect()).toBeNull()
  })

  it('comes back without a question', async () => {
    install({ isConnected: true, answer: 'deny' })

    expect((await sdk.reconnect())?.status).toBe('on')
    expect(await sdk.walletState()).toBe('connected')
  })

  it('tells what the person does, and refuses as a response', async () => {
    install()
    const session = await sdk.connect()
    const heard: string[] = []
    for (const event of ['locked', 'resumed', 'revoked'] as const) {
      session.on(event, () => heard.push(event))
    }

    wallet.setStatus('locked')
    await expect.poll(() => heard).toEqual(['locked'])
    const locked = await session.fetch(CHAT)
    expect([locked.status, locked.headers.get('x-valetkey-error')]).toEqual([423, 'vault.locked'])
    wallet.setStatus('on')
    wallet.setStatus('none')
    await expect.poll(() => heard).toEqual(['locked', 'resumed', 'revoked'])
    expect((await session.fetch(CHAT)).headers.get('x-valetkey-error')).toBe('grant.revoked')
    expect(wallet.calls).toEqual([])
  })

  it('streams a chat in one format, and stops with its reader', async () => {
    const data = (delta: object) => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`
    install({
      replies: {
        'unified.valetkey.invalid': {
          headers: { 'content-type': 'text/event-stream' },
          chunks: [
            data({ content: 'Hel' }).slice(0, 9),
            data({ content: 'Hel' }).slice(9),
            data({ content: 'lo' }),
            'data: [DONE]\n\n',
          ],
        },
      },
    })
    const session = await sdk.connect()

    const stream = await session.chat({
      ...{ model: 'anthropic/claude-sonnet-5', stream: true },
      messages: [{ role: 'user', content: 'Hi' }],
    })
    let text = ''
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''

    expect(text).toBe('Hello')
  })

  it('tells a provider’s own refusal of a chat with its words', async () => {
    const chunks = ['{"error":{"message":"No such model."}}']
    install({ replies: { 'unified.valetkey.invalid': { status: 404, chunks } } })
    const session = await sdk.connect()

    await expect(
      session.chat({ model: 'openai/none', messages: [{ role: 'user', content: 'Hi' }] }),
    ).rejects.toMatchObject({
      code: 'provider.unavailable',
      details: { status: 404, message: 'No such model.' },
    })
  })

  it.each([
    ['provider.network', 'The provider could not be reached.'],
    ['budget.exceeded', 'This call could cost more than is left.'],
  ])('tells %s in the wallet’s words, refused at once or in the middle', async (code, message) => {
    const error = `{"error":{"code":"${code}","message":"${message}"}}`
    const headers = { 'content-type': 'text/event-stream' }
    const asked = {
      model: 'openai/gpt-4o-mini',
      stream: true,
      messages: [{ role: 'user', content: 'Hi' }],
    } as const
    install({
      replies: { 'unified.valetkey.invalid': { headers, chunks: [`data: ${error}\n\n`] } },
    })
    const session = await sdk.connect()
    const chunks = await session.chat(asked)
    const read = async (): Promise<void> => {
      for await (const chunk of chunks) expect(chunk).toBeNull()
    }
    await expect(read()).rejects.toMatchObject({ code, message, details: {} })

    const refused = { status: 402, headers: { 'x-valetkey-error': code }, chunks: [error] }
    wallet.reply('unified.valetkey.invalid', refused)
    await expect(session.chat(asked)).rejects.toMatchObject({ code, message })
  })

  it('fails as a network does where the status is none a response can have', async () => {
    install({ replies: { '/chat/completions': { status: 999 } } })
    const session = await sdk.connect()

    await expect(session.fetch(CHAT)).rejects.toThrow(new TypeError('Failed to fetch'))
  })

  it('aborts while it still looks for the wallet', async () => {
    install()
    const session = await sdk.connect()
    const abort = new AbortController()
    const body = new ReadableStream({ pull: () => new Promise(() => undefined) })
    const init = { method: 'POST', body, duplex: 'half', signal: abort.signal } as const
    const reply = session.fetch(CHAT, init)
    abort.abort('enough')

    await expect(reply).rejects.toBe('enough')
    expect(wallet.calls).toEqual([])
  })

  it('aborts as fetch does', async () => {
    install()
    const session = await sdk.connect()
    const abort = new AbortController()
    abort.abort()

    await expect(session.fetch(CHAT, { signal: abort.signal })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })

  it('is announced to libraries that ask, once somebody uses it', async () => {
    install()
    const found: string[] = []
    const stop = sdk.onWallet(({ info }) => found.push(info.name))
    expect(found).toEqual([])

    await sdk.connect()

    expect(found).toContain('ValetKey')
    stop()
  })
})

describe('fakeWalletScript', () => {
  it('is a script that needs nothing else', async () => {
    const scope = page as unknown as { valetkeyFake: FakeWallet }
    // As a browser runs an init script: its text, and nothing of this file.
    const run = globalThis.eval as (text: string) => unknown
    run(fakeWalletScript({ answer: 'deny' }))
    wallet = scope.valetkeyFake

    await expect(sdk.connect()).rejects.toMatchObject({ code: 'grant.denied' })
  })
})

describe('without a wallet', () => {
  it('is refused in a frame, before anything is loaded (C113)', async () => {
    install()
    vi.stubGlobal(
      'window',
      Object.assign(new EventTarget(), { origin: 'https://app.example.test', top: null }),
    )

    await expect(sdk.connect()).rejects.toMatchObject({
      ...{ code: 'request.unsupported', details: { reason: 'framed' } },
    })
  })

  it.each([[-1], [Number.NaN], ['5'], ['5.000'], ['five']])(
    'takes %s for no budget',
    async (budget) => {
      install()

      await expect(sdk.connect({ budget })).rejects.toMatchObject({ code: 'request.invalid' })
    },
  )
})
