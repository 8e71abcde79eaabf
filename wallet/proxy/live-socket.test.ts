import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WalletError, type ErrorCode } from '../protocol/index.ts'
import { SECRET, LIVE, USAGE, DONE, World } from './__fixtures__/socket-world.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Some dollars' worth, and less than the budget. */
const OUTPUT_OF_DOLLARS = 40_000

describe('the frames of a page', () => {
  it('are sent as they were judged, text as text and bytes as bytes', async () => {
    const world = new World()
    await world.open()
    world.handle?.send('{ "type": "response.create" }')
    world.handle?.send(new TextEncoder().encode('{"type":"input_audio_buffer.commit"}'))

    expect(world.sent[0]).toBe('{"type":"response.create"}')
    expect(new TextDecoder().decode(world.sent[1] as Uint8Array)).toBe(
      '{"type":"input_audio_buffer.commit"}',
    )
  })

  it.each<[string, string, object | string]>([
    [
      'another model (C40)',
      'request.invalid',
      { type: 'session.update', session: { model: 'gpt-5-pro' } },
    ],
    [
      'a model that is not granted writing it down (C40)',
      'grant.model_denied',
      {
        type: 'session.update',
        session: { audio: { input: { transcription: { model: 'whisper-1' } } } },
      },
    ],
    [
      'an MCP server (C43)',
      'grant.capability_denied',
      {
        type: 'session.update',
        session: { tools: [{ type: 'mcp', server_url: 'https://evil.example.test' }] },
      },
    ],
    [
      'a stored prompt (C38)',
      'grant.capability_denied',
      { type: 'response.create', response: { prompt: { id: 'pmpt_1' } } },
    ],
    [
      'a name twice (C41)',
      'request.invalid',
      '{"type":"session.update","session":{"model":"gpt-realtime","model":"gpt-5-pro"}}',
    ],
    ['no JSON', 'request.invalid', 'hello'],
  ])('end it, unsent (C40, C41, C43), where one asks for %s', async (_name, code, frame) => {
    const world = new World('openai', { models: ['gpt-realtime'] })
    await world.open()
    world.handle?.send(typeof frame === 'string' ? frame : JSON.stringify(frame))

    expect(world.sent).toEqual([])
    expect(world.ends).toMatchObject([{ reason: code, wasClean: true }])
    expect(world.ends[0]?.code).toBeGreaterThanOrEqual(4400)
    expect(world.closes).toEqual([1000])
  })

  it('name Gemini’s model first, once, and only a granted one', async () => {
    const good = new World('google', { models: ['gemini-live-*'] })
    await good.open(`${LIVE}?key=${good.valetKey}`, { protocols: [] })
    good.handle?.send(JSON.stringify({ setup: { model: 'models/gemini-live-2.5' } }))
    good.handle?.send(JSON.stringify({ setup: { model: 'models/gemini-live-2.5' } }))
    expect(good.sent).toHaveLength(1)
    expect(good.ends).toMatchObject([{ reason: 'request.invalid' }])

    const bad = new World('google', { models: ['gemini-live-*'] })
    await bad.open(`${LIVE}?key=${bad.valetKey}`, { protocols: [] })
    bad.handle?.send(JSON.stringify({ setup: { model: 'models/gemini-3.1-pro' } }))
    expect(bad.sent).toEqual([])
    expect(bad.ends).toMatchObject([{ reason: 'grant.model_denied' }])
  })
})

describe('the frames of a provider', () => {
  it('never hold the key, whole or encoded, in text or in bytes (C35)', async () => {
    const world = new World()
    await world.open()
    world.end?.onFrame(`you sent ${SECRET} and ${btoa(SECRET)}`)
    world.end?.onFrame(new TextEncoder().encode(`you sent ${SECRET}`))
    world.end?.onFrame(
      JSON.stringify({ type: 'error', error: { message: 'Incorrect key sk-aB3d***vW4.' } }),
    )

    const heard = world.heard.map((data) =>
      typeof data === 'string' ? data : new TextDecoder().decode(data),
    )
    expect(heard.join()).not.toContain(SECRET.slice(3))
    expect(heard.join()).not.toContain(btoa(SECRET).slice(4, 20))
    expect(heard[2]).not.toContain('vW4')
  })

  it('say what it cost: the sum of its answers, one row', async () => {
    const world = new World()
    await world.open()
    for (let turn = 0; turn < 2; turn++) {
      world.handle?.send('{"type":"response.create"}')
      world.say({ type: 'response.created', response: {} })
      world.say(DONE)
    }
    world.end?.onClose({ code: 1000, reason: '', wasClean: true })

    expect(await world.row()).toMatchObject({
      ...{ model: 'gpt-realtime', capability: 'realtime', ending: 'done', costSource: 'usage' },
      tokens: { input: 160, cachedInput: 40, output: 100 },
    })
    expect(world.ends).toEqual([{ code: 1000, reason: '', wasClean: true }])
  })

  it('cost the bound on top where an answer was cut off (C72), and nothing where none was asked for', async () => {
    const cut = new World()
    await cut.open()
    cut.say(DONE)
    cut.say({ type: 'response.created', response: {} })
    const [held] = await cut.store.reservations()
    cut.abort.abort(new WalletError('request.aborted'))
    const row = await cut.row()
    expect(row).toMatchObject({ ending: 'aborted', costSource: 'bound' })
    expect(row?.costNanoUsd).toBeGreaterThan(held?.boundNanoUsd ?? Infinity)

    const idle = new World()
    await idle.open()
    idle.end?.onClose({ code: 1000, reason: '', wasClean: true })
    expect(await idle.row()).toMatchObject({ ending: 'done', costNanoUsd: 0, costSource: 'none' })
  })

  it('end it once they cost more than the budget has left', async () => {
    const world = new World()
    await world.open()
    world.say({ ...DONE, response: { usage: { ...USAGE, output_tokens: 900_000 } } })
    await vi.advanceTimersByTimeAsync(0)

    expect(world.ends).toMatchObject([{ code: 4402, reason: 'budget.exceeded' }])
    expect(world.refusals).toEqual(['budget.exceeded'])
  })

  it('end it once they cost more than this device’s part of the budget (C67)', async () => {
    const usage = { ...USAGE, output_tokens: OUTPUT_OF_DOLLARS }
    for (const [part, ends] of [
      [5_000_000_000, 0],
      [1_000_000_000, 1],
    ] as const) {
      const world = new World()
      let own = Infinity
      world.limits = { partOf: () => () => own, askForMore: () => Promise.resolve(false) }
      await world.open()
      // Lowered since it was opened.
      own = part
      world.say({ ...DONE, response: { usage } })
      await vi.advanceTimersByTimeAsync(0)
      expect(world.ends).toHaveLength(ends)
    }
  })
})

describe('an open socket', () => {
  it.each<[ErrorCode, number]>([
    ['vault.locked', 4423],
    ['grant.revoked', 4403],
    ['grant.paused', 4403],
  ])('ends at once for %s, and the page is told', async (code, told) => {
    const world = new World()
    await world.open()
    world.abort.abort(new WalletError(code))

    expect(world.ends).toEqual([{ code: told, reason: code, wasClean: true }])
    expect(world.closes).toEqual([1000])
    world.handle?.send('{"type":"response.create"}')
    world.end?.onFrame('{}')
    expect([...world.sent, ...world.heard]).toEqual([])
  })

  it('ends when nobody says anything for ten minutes, and after an hour (C63)', async () => {
    const silent = new World()
    await silent.open()
    await vi.advanceTimersByTimeAsync(10 * 60_000)
    expect(silent.ends).toMatchObject([{ reason: 'provider.unavailable' }])

    const long = new World()
    await long.open()
    for (let minute = 0; minute < 60; minute++) {
      expect(long.ends).toEqual([])
      long.say({ type: 'ping' })
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(long.ends).toMatchObject([{ reason: 'provider.unavailable' }])
  })

  it('gives its place among the calls back, and holds nothing in the ledger', async () => {
    const world = new World()
    await world.open()
    expect(await world.store.reservations()).toHaveLength(1)
    world.end?.onClose({ code: 1006, reason: '', wasClean: false })
    await vi.advanceTimersByTimeAsync(0)

    expect(await world.store.reservations()).toEqual([])
  })
})
