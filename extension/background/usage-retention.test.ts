import { describe, expect, it } from 'vitest'
import { createLedger } from '@valetkey/wallet/metering'
import {
  createId,
  type GrantId,
  type KeyId,
  type RequestId,
  type UsageRetention,
} from '@valetkey/wallet/protocol'
import {
  createFakeClock,
  createMemoryLedgerStore,
  createSeededRandom,
} from '@valetkey/wallet/testing'
import { UsageTrimming } from './usage-retention.ts'

const random = createSeededRandom('usage retention')
const DAY = 86_400_000

async function setUp(ages: readonly number[]) {
  const store = createMemoryLedgerStore()
  const clock = createFakeClock()
  const ledger = createLedger({ store, clock: clock.now })
  for (const age of ages) {
    await store.append({
      requestId: createId<RequestId>(random),
      grantId: createId<GrantId>(random),
      keyId: createId<KeyId>(random),
      ...{ provider: 'openai', model: null, capability: 'chat', lane: 'proxy' },
      ...{ startedAt: clock.now() - age * DAY, durationMs: 0, status: 0, ending: 'denied' },
      ...{ tokens: null, costNanoUsd: 0, costSource: 'none' },
    })
  }
  let kept: UsageRetention = { keepDays: null }
  const trimming = new UsageTrimming({
    ledger,
    kept: {
      read: () => Promise.resolve(kept),
      write: (value) => {
        kept = value
        return Promise.resolve()
      },
    },
  })
  const ages_ = async () =>
    (await store.usage(100_000)).map(({ startedAt }) =>
      Math.round((createFakeClock().now() - startedAt) / DAY),
    )
  return { store, clock, ledger, trimming, ages: ages_ }
}

describe('how long usage rows are kept', () => {
  it('is for ever until the person says otherwise', async () => {
    const { trimming, ages } = await setUp([0, 400, 4000])
    await trimming.trim()
    expect(await ages()).toEqual([0, 400, 4000])
  })

  it.each([
    [30, [0, 29, 30]],
    [365, [0, 29, 30, 31, 365]],
  ] as const)('is %d days when the person chose so, at once', async (keepDays, left) => {
    const { trimming, ages, store } = await setUp([0, 29, 30, 31, 365, 366])
    const sums = await store.days('0000-01-01', '9999-12-31')
    await trimming.choose({ keepDays })

    expect(await ages()).toEqual(left)
    expect(await trimming.read()).toEqual({ keepDays })
    expect(await store.days('0000-01-01', '9999-12-31')).toEqual(sums)
  })

  it('goes in steps where there is much to remove', async () => {
    const { trimming, ages } = await setUp(Array<number>(10_700).fill(40))
    await trimming.choose({ keepDays: 30 })
    expect(await ages()).toHaveLength(700)
    await trimming.trim()
    expect(await ages()).toEqual([])
  })

  it('goes by the time a provider confirmed when the clock jumped ahead (C68)', async () => {
    const { trimming, clock, ledger, ages } = await setUp([0, 29, 31])
    await ledger.noteProviderDate(new Date(clock.now()).toUTCString())
    clock.advance(365 * DAY)
    await trimming.choose({ keepDays: 30 })
    expect(await ages()).toEqual([0, 29])
  })
})
