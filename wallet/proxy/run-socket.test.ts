import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createValetKey, type ErrorCode } from '../protocol/index.ts'
import { type SocketReply } from './run-socket.ts'
import { SECRET, random, REALTIME, LIVE, World } from './__fixtures__/socket-world.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a socket that is asked for', () => {
  it('is opened with the key in the handshake’s header, and no credential anywhere else', async () => {
    const world = new World()
    await world.open(REALTIME, {
      protocols: [
        'realtime',
        `openai-insecure-api-key.${world.valetKey}`,
        'openai-organization.org-x',
        'openai-beta.realtime-v1',
      ],
    })

    const [socket] = world.dialled
    expect(socket?.url.href).toBe(REALTIME)
    expect(socket?.protocols).toEqual(['realtime', 'openai-beta.realtime-v1'])
    expect(socket?.credential).toEqual({ header: 'authorization', value: `Bearer ${SECRET}` })
    expect(world.asked).toBe(1)
  })

  it('loses ?key= and is opened with Google’s header', async () => {
    const world = new World('google')
    await world.open(`${LIVE}?key=${world.valetKey}`, { protocols: [] })

    expect(world.dialled[0]?.url.href).toBe(LIVE)
    expect(world.dialled[0]?.credential).toEqual({ header: 'x-goog-api-key', value: SECRET })
  })

  it.each<[string, ErrorCode, (world: World) => Promise<SocketReply>]>([
    [
      'another path of the provider',
      'request.unsupported',
      (w) => w.open('wss://api.openai.com/v1/chat/completions'),
    ],
    ['no model', 'request.invalid', (w) => w.open('wss://api.openai.com/v1/realtime')],
    ['two models', 'request.invalid', (w) => w.open(`${REALTIME}&model=gpt-realtime`)],
    [
      'somebody’s running call (C38)',
      'request.invalid',
      (w) => w.open(`${REALTIME}&call_id=rtc_1`),
    ],
    ['plain ws', 'request.invalid', (w) => w.open(REALTIME.replace('wss:', 'ws:'))],
    [
      'another port (C2)',
      'request.invalid',
      (w) => w.open(REALTIME.replace('.com/', '.com:8443/')),
    ],
    ['a person who says no', 'grant.denied', (w) => ((w.says = 'deny'), w.open())],
    [
      'a valet key of another site (C18)',
      'grant.missing',
      (w) => w.open(REALTIME, { credential: { valetKey: createValetKey('sk-48', random) } }),
    ],
    [
      'a browser that lets no rule reach it',
      'grant.capability_denied',
      (w) => ((w.mayDial = false), w.open()),
    ],
  ])('is refused before anything is sent: %s', async (_name, code, open) => {
    const world = new World()

    await expect(open(world)).rejects.toMatchObject({ code })
    expect(world.dialled).toEqual([])
    expect(world.refusals).toEqual([code])
    expect(await world.store.reservations()).toEqual([])
  })

  it('needs the capability and the model (C40)', async () => {
    const plain = new World('openai', { capabilities: ['chat'] })
    await expect(plain.open()).rejects.toMatchObject({ code: 'grant.capability_denied' })
    const other = new World('openai', { models: ['gpt-4o-mini'] })
    await expect(other.open()).rejects.toMatchObject({ code: 'grant.model_denied' })
    expect([...plain.dialled, ...other.dialled]).toEqual([])
  })

  it('is the page’s own where the host is nobody’s (C30)', async () => {
    const world = new World()

    expect(await world.open('wss://relay.example.test/v1/realtime?model=x')).toEqual({
      kind: 'pass',
    })
    expect(world.dialled).toEqual([])
    expect(world.foreign).toEqual(['relay.example.test'])
  })

  it('is the page’s own where no server of the person’s stands, and none of ours where one does', async () => {
    const world = new World('custom')
    world.baseUrl = 'https://models.example.test/v1'

    expect(await world.open('wss://relay.example.test/v1/realtime?model=x')).toEqual({
      kind: 'pass',
    })
    expect(world.foreign).toEqual(['relay.example.test'])
    await expect(world.open('wss://models.example.test/v1/realtime?model=x')).rejects.toMatchObject(
      { code: 'request.unsupported' },
    )
    expect(world.foreign).toHaveLength(1)
    expect(world.dialled).toEqual([])
  })

  it('gets no key of another provider, and none that is for another server (C27, C78)', async () => {
    const elsewhere = new World()
    elsewhere.baseUrl = 'https://models.example.test/v1'
    await expect(elsewhere.open()).rejects.toMatchObject({ code: 'request.not_found' })
    const swapped = new World()
    swapped.keyOf = 'groq'
    await expect(swapped.open()).rejects.toMatchObject({ code: 'vault.corrupt' })

    expect([...elsewhere.dialled, ...swapped.dialled]).toEqual([])
  })
})
