import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  RELAY_CREDIT_BYTES,
  RELAY_STREAMS_PER_WALLET,
  WalletError,
  decodeRelayFrame,
  encodeRelayFrame,
  type GrantId,
  type RelayFrame,
} from '../protocol/index.ts'
import { concat, createKeySeed } from '../crypto/index.ts'
import { createSeededRandom } from '../testing/index.ts'
import { CHAT, GRANT, RelayWorld, createClaims, dataOf, newId } from './__fixtures__/relay-world.ts'

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe('a relayed call in plain mode', () => {
  it('is taken, answered and ended', async () => {
    const world = new RelayWorld()
    world.plain(2)
    const frames = await world.until(2)

    expect(frames.map(({ type }) => type)).toEqual(['accept', 'accept', 'data', 'end'])
    expect(text(concat(...dataOf(frames)))).toBe('hello')
    expect(world.made.map(({ call }) => ({ ...call, body: text(call.body) }))).toEqual([
      { ...CHAT, body: '{}' },
    ])
  })

  it('sends nothing before its whole body came', async () => {
    const world = new RelayWorld()
    world.tell({ type: 'open', stream: 2, open: { grant: GRANT, requestId: newId(), ...CHAT } })
    await world.until(2, 'accept')
    world.tell({ type: 'rst', stream: 2, error: new WalletError('request.aborted') })

    expect(await world.refusal(2)).toBe('request.aborted')
    expect(world.made).toEqual([])
  })

  it('sends no more than was granted, and goes on when more is', async () => {
    const world = new RelayWorld()
    let pulled = 0
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull(controller) {
          pulled += 1
          if (pulled > 64) controller.close()
          else controller.enqueue(new Uint8Array(16 * 1024))
        },
      },
      { highWaterMark: 0 },
    )
    world.answer = () => Promise.resolve({ status: 200, headers: [], body })
    world.plain(2)
    await world.until(2, 'data')
    await new Promise((resolve) => setTimeout(resolve, 50))
    const sent = () => concat(...dataOf(world.heard)).length

    expect([sent(), pulled]).toEqual([RELAY_CREDIT_BYTES, 16])
    world.tell({ type: 'window', stream: 2, bytes: 1024 * 1024 })
    await world.until(2)
    expect(sent()).toBe(1024 * 1024)
  })

  it('grants what it read of a long body, and not for each piece of it', async () => {
    const world = new RelayWorld()
    world.tell({ type: 'open', stream: 2, open: { grant: GRANT, requestId: newId(), ...CHAT } })
    await world.until(2, 'accept')
    for (let sent = 0; sent < RELAY_CREDIT_BYTES; sent += 16 * 1024) {
      world.tell({ type: 'data', stream: 2, bytes: new Uint8Array(16 * 1024) })
    }
    world.tell({ type: 'end', stream: 2 })
    const frames = await world.until(2)

    const granted = frames.flatMap((frame) => (frame.type === 'window' ? [frame.bytes] : []))
    expect(granted).toEqual(Array(4).fill(RELAY_CREDIT_BYTES / 4))
    expect(world.made[0]?.call.body.length).toBe(RELAY_CREDIT_BYTES)
  })

  it('stops the provider when the app goes away', async () => {
    const world = new RelayWorld()
    let cancelled = false
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        controller.enqueue(new Uint8Array(1))
      },
      cancel: () => {
        cancelled = true
      },
    })
    world.answer = () => Promise.resolve({ status: 200, headers: [], body })
    world.plain(2)
    await world.until(2, 'data')
    world.tell({ type: 'rst', stream: 2, error: new WalletError('request.aborted') })

    expect(await world.refusal(2)).toBe('request.aborted')
    expect([cancelled, world.made[0]?.signal.aborted]).toEqual([true, true])
  })

  it('waits until it knows of every grant that was taken back', async () => {
    const world = new RelayWorld()
    world.synced = false
    world.plain(2)

    expect(await world.refusal(2)).toBe('relay.wallet_timeout')
    world.synced = true
    world.plain(4)
    expect(await world.refusal(4)).toBeUndefined()
  })

  it('C105: makes no call twice, whatever the stream', async () => {
    const world = new RelayWorld()
    const requestId = newId()
    world.plain(2, { requestId })
    world.plain(4, { requestId })
    await world.until(2)

    expect([await world.refusal(4), world.made.length]).toEqual(['request.replayed', 1])
  })

  it('C106: serves no unknown grant, nothing while locked, and nothing readable unless allowed', async () => {
    const world = new RelayWorld()
    world.plain(2, { grant: newId() as string as GrantId })
    world.locked = true
    world.plain(4)
    await world.until(4)
    world.locked = false
    world.connection = { ...world.connection, sealed: 'required' }
    world.plain(6)

    const refusals = [await world.refusal(2), await world.refusal(4), await world.refusal(6)]
    expect(refusals).toEqual(['grant.missing', 'relay.wallet_locked', 'relay.sealed_required'])
    expect(world.made).toEqual([])
  })

  it('C106: takes so many calls at once and no more', async () => {
    const world = new RelayWorld()
    world.answer = () => new Promise(() => undefined)
    for (let index = 1; index <= RELAY_STREAMS_PER_WALLET + 1; index++) world.plain(2 * index)

    expect(world.session.openCalls).toBe(RELAY_STREAMS_PER_WALLET)
    expect(await world.refusal(2 * RELAY_STREAMS_PER_WALLET + 2)).toBe('request.rate_limited')
  })
})

describe('an idempotency key', () => {
  it('gives the reply again, and never makes the call again', async () => {
    const world = new RelayWorld()
    world.plain(2, { idempotencyKey: 'one' })
    await world.until(2)
    world.plain(4, { idempotencyKey: 'one' })

    expect(text(concat(...dataOf(await world.until(4))))).toBe('hello')
    expect(world.made).toHaveLength(1)
  })

  it('is free again where a limit refused the call, for nothing was sent', async () => {
    const world = new RelayWorld()
    const { answer } = world
    world.answer = () =>
      Promise.reject(new WalletError('request.rate_limited', { retryAfterMs: 1 }))
    world.plain(2, { idempotencyKey: 'one' })
    expect(await world.refusal(2)).toBe('request.rate_limited')
    world.answer = answer
    world.plain(4, { idempotencyKey: 'one' })

    expect(text(concat(...dataOf(await world.until(4))))).toBe('hello')
  })

  it('is refused for another call, and for one whose end is not known', async () => {
    const world = new RelayWorld()
    world.answer = () => Promise.reject(new WalletError('provider.network'))
    world.plain(2, { idempotencyKey: 'one' })
    expect(await world.refusal(2)).toBe('provider.network')
    world.plain(4, { idempotencyKey: 'one' })
    world.plain(6, { idempotencyKey: 'one' }, '{"other":1}')

    expect([await world.refusal(4), await world.refusal(6)]).toEqual([
      'request.replayed',
      'request.replayed',
    ])
    world.clock.advance(10 * 60_000)
    world.plain(8, { idempotencyKey: 'one' })
    expect([await world.refusal(8), world.made.length]).toEqual(['provider.network', 2])
  })
})

describe('an idempotency key of a worker that ended', () => {
  const key = { idempotencyKey: 'one' }

  it('C105: makes no second call, whatever is known of the first', async () => {
    const claims = createClaims()
    const before = new RelayWorld(claims)
    before.plain(2, key)
    await before.until(2)
    const after = new RelayWorld(claims)
    after.plain(2, key)
    after.plain(4, key, '{"other":1}')

    expect([await after.refusal(2), await after.refusal(4)]).toEqual([
      'request.replayed',
      'request.replayed',
    ])
    expect([before.made.length, after.made.length]).toEqual([1, 0])
    expect(JSON.stringify([...claims.kept.values()])).not.toContain('hello')
  })

  it('C105: is written down before its call is made, and a call it cannot be written for is not made', async () => {
    const claims = createClaims()
    const world = new RelayWorld(claims)
    const seen: number[] = []
    const { answer } = world
    world.answer = () => {
      seen.push(claims.kept.size)
      return answer()
    }
    world.plain(2, key)
    await world.until(2)
    expect(seen).toEqual([1])

    const full = new RelayWorld({ ...claims, put: () => Promise.reject(new Error('full')) })
    full.plain(2, { idempotencyKey: 'two' })
    await full.refusal(2)
    expect(full.made).toEqual([])
  })

  it('is free again where nothing was sent, and after ten minutes', async () => {
    const claims = createClaims()
    const before = new RelayWorld(claims)
    const { answer } = before
    before.answer = () =>
      Promise.reject(new WalletError('request.rate_limited', { retryAfterMs: 1 }))
    before.plain(2, key)
    await before.refusal(2)
    expect(claims.kept.size).toBe(0)
    before.answer = answer
    before.plain(4, key)
    await before.until(4)

    const after = new RelayWorld(claims)
    after.clock.advance(10 * 60_000)
    after.plain(2, key)
    await after.until(2)
    expect(after.made).toHaveLength(1)
  })
})

describe('a relayed call in sealed mode', () => {
  it('is opened, made and answered so that only the app reads it', async () => {
    const world = new RelayWorld()
    world.connection = { ...world.connection, sealed: 'required' }
    const sealed = await world.seal()
    world.sendSealed(2, sealed)
    const [n = new Uint8Array(), ...chunks] = dataOf(await world.until(2))
    const opener = await sealed.openReply(n)
    const parts: Uint8Array[] = []
    for (const chunk of chunks) parts.push(await opener.open(chunk))
    opener.end()
    const plain = concat(...parts)
    const head = new TextEncoder().encode('{"headers":[],"status":200}')

    expect(text(plain.subarray(4))).toBe(`${text(head)}hello`)
    expect(text(world.made[0]?.call.body ?? new Uint8Array())).toBe('{"a":1}')
    expect(text(concat(...dataOf(world.heard)))).not.toContain('hello')
  })

  it('C105: is refused twice, late, early, from before this wallet began, changed or cut off', async () => {
    const world = new RelayWorld()
    const began = world.clock.now()
    const sealed = await world.seal()
    world.sendSealed(2, sealed)
    world.sendSealed(4, sealed)
    await world.until(2)
    world.sendSealed(6, await world.seal({ t: began - 1 }))
    world.sendSealed(8, await world.seal({ t: began + 5 * 60_000 + 1 }))
    world.clock.advance(20 * 60_000)
    world.sendSealed(10, { ...sealed, open: { ...sealed.open, requestId: newId() } })
    const fresh = await world.seal()
    world.sendSealed(12, { ...fresh, open: { ...fresh.open, requestId: newId() } })
    world.sendSealed(14, { ...(await world.seal()), chunks: [] })
    const late = await Promise.all([4, 6, 8, 10, 12, 14].map((stream) => world.refusal(stream)))

    const replayed = [
      'request.replayed',
      'request.replayed',
      'request.replayed',
      'request.replayed',
    ]
    expect(late).toEqual([...replayed, 'request.invalid', 'request.invalid'])
    expect(world.made).toHaveLength(1)
  })

  it('C106: is refused from whoever holds the token and not the app’s key', async () => {
    const world = new RelayWorld()
    world.sendSealed(2, await world.seal({ seed: createKeySeed(createSeededRandom('thief')) }))

    expect([await world.refusal(2), world.made.length]).toEqual(['request.invalid', 0])
  })

  it('opens under the key of last week too', async () => {
    const world = new RelayWorld()
    const fresh = new RelayWorld().connection.exchangeKeys
    const { connection } = world
    world.connection = { ...connection, exchangeKeys: [...fresh, ...connection.exchangeKeys] }
    world.sendSealed(2, await world.seal())

    expect(await world.refusal(2)).toBeUndefined()
  })
})

describe('frames', () => {
  const frames: RelayFrame[] = [
    { type: 'open', stream: 2, open: { grant: GRANT, requestId: newId(), ...CHAT } },
    { type: 'accept', stream: 4, head: null },
    { type: 'accept', stream: 4, head: { status: 200, headers: [['a', 'b']] } },
    { type: 'data', stream: 2 ** 32 - 2, bytes: Uint8Array.of(1, 2, 3) },
    { type: 'end', stream: 2 },
    { type: 'rst', stream: 2, error: new WalletError('request.rate_limited', { retryAfterMs: 5 }) },
    { type: 'window', stream: 2, bytes: 2 ** 32 - 1 },
  ]

  it.each(frames)('come back as they were: $type', (frame) => {
    expect(decodeRelayFrame(encodeRelayFrame(frame))).toEqual(frame)
  })

  it('of anybody else are none, and break nothing', () => {
    const start = (type: number, rest: number[]) => Uint8Array.of(type, ...rest)
    const rest = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 64 })
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 21 }), rest, (type, bytes) => {
        const frame = decodeRelayFrame(start(type, bytes))
        // What is read as a frame is one that can be written.
        if (frame) encodeRelayFrame(frame)
        new RelayWorld().session.receive(start(type, bytes))
      }),
    )
    expect(decodeRelayFrame(start(19, [0, 0, 0, 0, 0, 0, 3]))).toBeNull()
    expect(decodeRelayFrame(start(19, [0, 0, 0, 0, 0, 0, 0]))).toBeNull()
    expect(decodeRelayFrame(start(19, [1, 0, 0, 0, 0, 0, 2]))).toBeNull()
    expect(decodeRelayFrame(new Uint8Array(64 * 1024 + 9).fill(18, 0, 1))).toBeNull()
  })

  it('that open what is open close the socket', () => {
    const world = new RelayWorld()
    const open = { grant: GRANT, requestId: newId(), ...CHAT }

    expect(world.tell({ type: 'open', stream: 2, open })).toBe(true)
    expect(world.tell({ type: 'open', stream: 2, open })).toBe(false)
  })
})
