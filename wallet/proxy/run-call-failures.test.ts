import { beforeEach, describe, expect, it } from 'vitest'
import { WalletError, type ErrorCode, type KeyId } from '../protocol/index.ts'
import { providerById } from '../providers/index.ts'
import type { ProxyPorts } from './ports.ts'
import { runCall } from './run-call.ts'
import { APP, KEY_ID, SECRET, World, chat, read, AT_HOSTS } from './__fixtures__/call-world.ts'

let world: World
beforeEach(() => {
  world = new World()
})

describe('what goes wrong on the way of a call', () => {
  it('the provider’s own error reaches the app, masked, and costs nothing', async () => {
    const message = `Incorrect API key provided: ${SECRET.slice(0, 8)}****${SECRET.slice(-4)}.`
    world.answer = () =>
      Promise.resolve(
        Response.json({ error: { message, type: 'invalid_request_error' } }, { status: 401 }),
      )

    const reply = await read(await world.call())

    expect(reply.status).toBe(401)
    expect(reply.headers['x-valetkey-error']).toBeUndefined()
    expect(JSON.parse(reply.text)).toMatchObject({ error: { type: 'invalid_request_error' } })
    expect(reply.text).not.toContain(SECRET.slice(-4))
    expect((await world.rows())[0]).toMatchObject({
      ending: 'refused',
      status: 401,
      costNanoUsd: 0,
    })
  })

  it('a lost network rejects, and holds the bound: it may have been sent', async () => {
    world.answer = () => Promise.reject(walletError('provider.network'))

    await expect(world.call()).rejects.toMatchObject({ code: 'provider.network' })
    expect((await world.rows())[0]).toMatchObject({ ending: 'failed', costSource: 'bound' })
  })

  it('a call that was sent before the network went is charged, whatever the machine says now', async () => {
    const online = Object.getOwnPropertyDescriptor(navigator, 'onLine')
    world.answer = () => {
      Object.defineProperty(navigator, 'onLine', { value: false, configurable: true })
      return Promise.reject(walletError('provider.network'))
    }
    await expect(world.call()).rejects.toMatchObject({ code: 'provider.network' })
    const [sent] = await world.rows()
    world.clock.advance(1)
    await expect(world.call()).rejects.toMatchObject({ code: 'provider.network' })
    const [unsent] = await world.rows()
    if (online) Object.defineProperty(navigator, 'onLine', online)
    else Reflect.deleteProperty(navigator, 'onLine')

    expect(sent).toMatchObject({ ending: 'failed', costSource: 'bound' })
    expect(unsent).toMatchObject({ ending: 'denied', costNanoUsd: 0 })
  })

  it('is told to the person too: a lost network, a key the provider refuses', async () => {
    world.answer = () => Promise.reject(walletError('provider.network'))
    await world.call().catch(() => undefined)
    world.answer = () => Promise.resolve(Response.json({ error: {} }, { status: 401 }))
    await world.call()

    expect(world.refusals).toEqual(['provider.network', 'provider.unauthorized'])
  })

  it('the second key of a pool serves when the first is gone', async () => {
    const other = 'CCCCCCCCCCCCCCCCCCCCCA' as KeyId
    if (world.grant) {
      const terms = {
        ...world.grant.terms,
        providers: world.grant.terms.providers.map((one) => ({
          ...one,
          keys: { pool: [KEY_ID, other] },
        })),
      }
      world.grant = { ...world.grant, terms }
    }
    const openVault = world.ports.openVault.bind(world.ports)
    const ports: ProxyPorts = {
      ...world.ports,
      async openVault() {
        const vault = await openVault()
        return (
          vault && {
            ...vault,
            openKey: (id) =>
              id === KEY_ID ? Promise.reject(walletError('request.not_found')) : vault.openKey(id),
          }
        )
      },
    }

    expect(
      (await read(await runCall(chat(), APP, ports, new AbortController().signal))).status,
    ).toBe(200)
    expect((await world.rows())[0]).toMatchObject({ keyId: other })
  })

  it('a refused redirect is a 503 of ours (C28)', async () => {
    world.answer = () => Promise.reject(walletError('provider.unavailable'))

    expect((await read(await world.call())).headers['x-valetkey-error']).toBe(
      'provider.unavailable',
    )
  })

  it('an abort mid-stream stops the provider and is charged the whole bound (C72)', async () => {
    let cancelled = false
    world.answer = () =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            pull: (controller) => {
              controller.enqueue(new TextEncoder().encode('data: {"choices":[]}\n\n'))
            },
            cancel: () => {
              cancelled = true
            },
          }),
          { headers: { 'content-type': 'text/event-stream' } },
        ),
      )
    const reply = await world.call({ ...chat({ stream: true }) })
    const reader = reply.kind === 'response' ? reply.body?.getReader() : undefined
    await reader?.read()

    await reader?.cancel()

    expect(cancelled).toBe(true)
    expect((await world.rows())[0]).toMatchObject({ ending: 'aborted', costSource: 'bound' })
    expect(await world.store.reservations()).toEqual([])
  })

  it('an abort while the provider is silent is an abort, not an end (C72)', async () => {
    world.answer = () =>
      Promise.resolve(
        new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }), {
          headers: { 'content-type': 'text/event-stream' },
        }),
      )
    const reply = await world.call({ ...chat({ stream: true }) })
    const reader = reply.kind === 'response' ? reply.body?.getReader() : undefined
    const reading = reader?.read()

    await reader?.cancel()

    expect(await reading).toMatchObject({ done: true })
    expect((await world.rows())[0]).toMatchObject({ ending: 'aborted', costSource: 'bound' })
  })

  it('a stream cut midway ends with the provider’s own error event, then breaks', async () => {
    world.answer = () =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(
                new TextEncoder().encode('data: {"choices":[{"delta":{"content":"a"}}]}\n\n'),
              )
            },
            pull: (controller) => {
              controller.error(new TypeError('reset'))
            },
          }),
          { headers: { 'content-type': 'text/event-stream' } },
        ),
      )
    const reply = await world.call({ ...chat({ stream: true }) })
    const reader = reply.kind === 'response' ? reply.body?.getReader() : undefined
    const seen: string[] = []

    await expect(
      (async () => {
        for (;;) seen.push(new TextDecoder().decode((await reader?.read())?.value))
      })(),
    ).rejects.toMatchObject({ code: 'provider.network' })

    expect(seen.join('')).toContain('"a"')
    expect(seen.join('')).toContain('provider.network')
    expect((await world.rows())[0]).toMatchObject({ ending: 'failed', costSource: 'bound' })
  })

  it('a key that is another provider’s is never sent (C78)', async () => {
    const openVault = world.ports.openVault.bind(world.ports)
    const ports: ProxyPorts = {
      ...world.ports,
      async openVault() {
        const vault = await openVault()
        return (
          vault && {
            ...vault,
            openKey: (keyId) => Promise.resolve({ keyId, provider: 'groq', ...AT_HOSTS }),
          }
        )
      },
    }

    const reply = await read(await runCall(chat(), APP, ports, new AbortController().signal))

    expect(reply.headers['x-valetkey-error']).toBe('vault.corrupt')
    expect(world.sent).toEqual([])
  })

  it('a refusal is worded in the shape of each provider', () => {
    for (const id of ['openai', 'anthropic', 'google', 'groq'] as const) {
      const body = providerById(id).errorBody({ code: 'vault.locked', message: 'm', status: 423 })

      expect(JSON.stringify(body)).toContain('vault.locked')
    }
  })
})

function walletError(code: ErrorCode): WalletError {
  return new WalletError(code)
}
