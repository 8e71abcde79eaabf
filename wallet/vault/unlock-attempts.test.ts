import { beforeEach, describe, expect, it } from 'vitest'
import { ERROR_TABLE, WalletError } from '../protocol/index.ts'
import { createFakeClock } from '../testing/index.ts'
import {
  createUnlockAttempts,
  waitAfterFailures,
  type UnlockAttemptStore,
} from './unlock-attempts.ts'

const clock = createFakeClock()
let stored: unknown
let runs: number

const store: UnlockAttemptStore = {
  read: () => Promise.resolve(structuredClone(stored)),
  write: (state) => ((stored = structuredClone(state)), Promise.resolve()),
}
/** A process: nothing but the store survives it. */
const start = (place = store) => createUnlockAttempts({ store: place, clock: clock.now })

const wrong = () => ((runs += 1), Promise.reject(new WalletError('vault.unlock_failed')))
const right = () => ((runs += 1), Promise.resolve('open'))

async function fail(times: number, attempts = start()): Promise<void> {
  for (let time = 0; time < times; time++) {
    clock.advance(await attempts.waitMs())
    await attempts.run(wrong).catch(() => undefined)
  }
}

async function assertMadeToWait(attempts = start()): Promise<number> {
  const before = runs
  const refusal: unknown = await attempts.run(right).catch((error: unknown) => error)
  expect(runs).toBe(before)
  expect(refusal).toMatchObject({
    code: 'vault.unlock_failed',
    message: ERROR_TABLE['vault.unlock_failed'].message,
  })
  return (refusal as WalletError<'vault.unlock_failed'>).details?.retryAfterMs ?? 0
}

beforeEach(() => {
  stored = undefined
  runs = 0
})

describe('attempts to unlock', () => {
  it('wait longer and longer after the fourth wrong passphrase', () => {
    const waits = [0, 1, 4, 5, 6, 7, 8, 9, 10, 1000].map(waitAfterFailures)

    expect(waits).toEqual([0, 0, 0, 5_000, 15_000, 60_000, 300_000, 900_000, 900_000, 900_000])
  })

  it('that go well give what they gave, and clear the count', async () => {
    const attempts = start()
    await fail(4, attempts)

    expect(await attempts.run(right)).toBe('open')
    await fail(4, attempts)
    expect(await attempts.waitMs()).toBe(0)
  })

  it('are not made while there is to wait, and are refused as a wrong passphrase is (C84)', async () => {
    const attempts = start()
    await fail(5, attempts)

    expect(await assertMadeToWait(attempts)).toBe(5_000)
    clock.advance(4_999)
    expect(await assertMadeToWait(attempts)).toBe(1)
    clock.advance(1)
    expect(await attempts.run(right)).toBe('open')
  })

  it('tell with the wrong passphrase itself how long to wait', async () => {
    const attempts = start()
    await fail(4, attempts)

    await expect(attempts.run(wrong)).rejects.toMatchObject({
      code: 'vault.unlock_failed',
      details: { retryAfterMs: 5_000 },
    })
  })

  it('stay counted when the process starts again (C84)', async () => {
    await fail(6)

    expect(await assertMadeToWait(start())).toBe(15_000)
    clock.advance(15_000)
    await expect(start().run(wrong)).rejects.toMatchObject({ details: { retryAfterMs: 60_000 } })
  })

  it('count as failed before they are over, so that killing the process gives no guess (C84)', async () => {
    await fail(4)
    void start().run(() => new Promise(() => undefined))
    await new Promise((resolve) => setTimeout(resolve))

    expect(await assertMadeToWait(start())).toBe(5_000)
  })

  it.each([-1, -86_400_000])('are not hastened by a clock set back by %s ms (C84)', async (ms) => {
    await fail(7)
    clock.advance(10_000)
    expect(await start().waitMs()).toBe(50_000)
    clock.advance(ms)

    expect(await start().waitMs()).toBe(50_000)
    clock.advance(49_999)
    expect(await assertMadeToWait()).toBe(1)
  })

  it('made at once are made one after another', async () => {
    const attempts = start()
    await fail(3, attempts)
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => attempts.run(wrong)))

    expect(results.every(({ status }) => status === 'rejected')).toBe(true)
    expect(runs).toBe(5)
  })

  it.each(['vault.corrupt', 'vault.quota', 'request.unprocessable'] as const)(
    'that end with %s are no guess',
    async (code) => {
      const attempts = start()
      await fail(4, attempts)
      const broken = attempts.run(() => Promise.reject(new WalletError(code)))

      await expect(broken).rejects.toMatchObject({ code })
      expect(await attempts.waitMs()).toBe(0)
      await expect(attempts.run(wrong)).rejects.toMatchObject({ details: { retryAfterMs: 5_000 } })
    },
  )

  it.each<[string, unknown]>([
    ['text', 'none'],
    ['null', null],
    ['a negative count', { failures: -1, waitMs: 0, seenAt: 0 }],
    ['a member missing', { failures: 0, waitMs: 0 }],
  ])('wait the longest where the count was replaced by %s', async (_, value) => {
    stored = value

    expect(await assertMadeToWait()).toBe(900_000)
    clock.advance(900_000)
    expect(await start().run(right)).toBe('open')
  })

  it('go on where nothing can be written, counted as long as the process lives', async () => {
    const full = { ...store, write: () => Promise.reject(new WalletError('vault.quota')) }
    const attempts = start(full)
    expect(await attempts.run(right)).toBe('open')
    await fail(5, attempts)

    expect(await assertMadeToWait(attempts)).toBe(5_000)
  })
})
