import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLedger, type CallOutcome, type Ledger } from '@valetkey/wallet/metering'
import {
  createId,
  type GrantId,
  type KeyId,
  type RequestId,
  type Reservation,
} from '@valetkey/wallet/protocol'
import { createFakeClock, createSeededRandom } from '@valetkey/wallet/testing'
import { createDexieLedgerStore } from '@valetkey/extension/adapters/dexie-ledger-store.ts'

const BOUND = 300_000_000
const random = createSeededRandom('known uses')
const call = {
  grantId: createId<GrantId>(random),
  keyId: createId<KeyId>(random),
  provider: 'openai',
  model: 'gpt-5-mini',
  capability: 'chat',
  boundNanoUsd: BOUND,
  boundTokens: 1000,
} as const
const TOTAL = [{ usd: '1.00', window: 'total' }] as const
const LOST: CallOutcome = {
  ...{ ending: 'lost', status: 0, usage: null },
  ...{ usageFinal: false, firstByteSeen: false },
}
const DENIED: CallOutcome = { ...LOST, ending: 'denied' }

let names = 0
const newName = (): string => `known uses ${names++}`
const openLedger = (name: string): Ledger =>
  createLedger({ store: createDexieLedgerStore(name), clock: createFakeClock().now })
const reserve = (ledger: Ledger, usd = '1.00'): Promise<Reservation> =>
  ledger.reserve({
    ...call,
    requestId: createId<RequestId>(random),
    budgets: [{ usd, window: 'total' }],
  })
const used = async (ledger: Ledger): Promise<number | undefined> =>
  (await ledger.used(call.grantId, [...TOTAL]))[0]

afterEach(() => {
  vi.restoreAllMocks()
})

describe('what a ledger store knows without reading', () => {
  it('spares a call the reads of the call before', async () => {
    const ledger = openLedger(newName())
    const get = vi.spyOn(IDBObjectStore.prototype, 'get')
    await reserve(ledger)
    const readFirst = get.mock.calls.length
    await reserve(ledger)

    expect(readFirst).toBeGreaterThan(4)
    expect(get.mock.calls.length - readFirst).toBe(1)
    expect(await used(ledger)).toBe(2 * BOUND)
  })

  it('is not believed where somebody else wrote (C66)', async () => {
    const name = newName()
    const [one, other] = [openLedger(name), openLedger(name)]
    await reserve(one)
    await reserve(other)
    await reserve(one)

    await expect(reserve(one)).rejects.toMatchObject({ code: 'budget.exceeded' })
    await expect(reserve(other)).rejects.toMatchObject({ code: 'budget.exceeded' })
    expect(await used(one)).toBe(3 * BOUND)
  })

  it('lets no id be used again once it was settled (C17)', async () => {
    const store = createDexieLedgerStore(newName())
    const ledger = createLedger({ store, clock: createFakeClock().now })
    const first = await reserve(ledger)
    await ledger.settle(first, LOST)
    await reserve(ledger)

    expect(await store.reserve(first, [])).toEqual({ outcome: 'replayed' })
    expect(await store.reserve(first, [])).toEqual({ outcome: 'replayed' })
    expect(await used(ledger)).toBe(2 * BOUND)
  })

  it('is forgotten with a write that failed', async () => {
    const ledger = openLedger(newName())
    await reserve(ledger)
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(reserve(ledger)).rejects.toMatchObject({ code: 'vault.quota' })
    put.mockRestore()
    await reserve(ledger)

    expect(await used(ledger)).toBe(2 * BOUND)
  })

  it('adds up whatever overlaps: calls that begin, end and are refused (C66)', async () => {
    const ledger = openLedger(newName())
    const open: Reservation[] = []
    let spent = 0
    for (let round = 0; round < 40; round++) {
      const steps: Promise<unknown>[] = []
      const [begin = 0, end = 0] = random(2).map((byte) => byte % 4)
      for (let each = 0; each < begin; each++) {
        steps.push(reserve(ledger, '9000.00').then((held) => open.push(held)))
      }
      for (const [index, held] of open.splice(0, end).entries()) {
        const outcome = index % 2 === 0 ? LOST : DENIED
        if (outcome === LOST) spent += BOUND
        steps.push(ledger.settle(held, outcome))
      }
      await Promise.all(steps)
      expect(await used(ledger)).toBe(spent + open.length * BOUND)
    }
  })
})
