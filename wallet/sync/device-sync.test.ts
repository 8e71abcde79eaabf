import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WalletError, type RecordId } from '../protocol/index.ts'
import type { SyncOutcome } from './sync-client.ts'
import type { OpenVault } from '../vault/index.ts'
import { DeviceSync, LOOK_AGAIN_MS, SIGN_AGAIN_MS, type SyncRecord } from './device-sync.ts'

/** Handed on as it is. */
const vault: unknown = 'the open vault'
const GATHERED_MS = 200

let record: SyncRecord
let isOpen: boolean
let runs: number
let held: number
let outcome: () => Promise<SyncOutcome>
let due: boolean[]
let changed: (readonly RecordId[])[]
let sync: DeviceSync

const done = (seq: number, ids: readonly string[] = []): Promise<SyncOutcome> =>
  Promise.resolve({ seq, changed: ids as readonly RecordId[] })
const fails = (code: ConstructorParameters<typeof WalletError>[0]) => () =>
  Promise.reject(new WalletError(code))

const wake = (): DeviceSync =>
  new DeviceSync({
    record: {
      read: () => Promise.resolve(record),
      write: (next) => Promise.resolve(void (record = next)),
    },
    open: () => Promise.resolve(isOpen ? (vault as OpenVault) : null),
    run(_vault, signsAnyway) {
      due.push(signsAnyway)
      runs += 1
      return outcome()
    },
    onChanged: (_vault, ids) => Promise.resolve(void changed.push(ids)),
    onState: () => undefined,
    keepalive: {
      hold: () => {
        held += 1
        return () => (held -= 1)
      },
    },
    clock: () => Date.now(),
    draw: () => 1,
  })

beforeEach(() => {
  vi.useFakeTimers()
  record = { syncedAt: null, seq: 0, problem: null }
  isOpen = true
  runs = 0
  due = []
  held = 0
  changed = []
  outcome = () => done(1)
  sync = wake()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('when a device syncs', () => {
  it('sends what comes in a burst at once, and holds the worker only meanwhile', async () => {
    for (let change = 0; change < 5; change++) sync.soon()
    await vi.advanceTimersByTimeAsync(GATHERED_MS)
    expect(runs).toBe(1)
    expect(held).toBe(0)
    expect(record).toMatchObject({ seq: 1, problem: null, syncedAt: Date.now() - 50 })
  })

  it('runs again for a change that came during a run, never two at a time', async () => {
    let end: (first: SyncOutcome) => void = () => undefined
    const first = new Promise<SyncOutcome>((resolve) => (end = resolve))
    outcome = () => (runs === 1 ? first : done(2))
    sync.soon()
    await vi.advanceTimersByTimeAsync(GATHERED_MS)
    sync.soon()
    await vi.advanceTimersByTimeAsync(GATHERED_MS)
    expect(runs).toBe(1)
    expect(sync.isRunning).toBe(true)
    end({ seq: 1, changed: [] })
    await vi.advanceTimersByTimeAsync(0)
    expect(runs).toBe(2)
    expect(sync.isRunning).toBe(false)
  })

  it('looks up a head it does not have, and leaves its own alone', async () => {
    record = { syncedAt: Date.now(), seq: 4, problem: null }
    await sync.onHead(4)
    await vi.advanceTimersByTimeAsync(GATHERED_MS)
    expect(runs).toBe(0)
    await sync.onHead(5)
    await vi.advanceTimersByTimeAsync(GATHERED_MS)
    expect(runs).toBe(1)
  })

  it('hands on what other devices changed', async () => {
    outcome = () => done(3, ['a', 'b'])
    await sync.now()
    expect(changed).toEqual([['a', 'b']])
  })

  it('does nothing while the vault is locked', async () => {
    isOpen = false
    await sync.now()
    expect(runs).toBe(0)
    expect(record.problem).toBeNull()
  })

  it('tries again what a network lost, later each time, and says so meanwhile', async () => {
    outcome = fails('provider.network')
    await expect(sync.now()).rejects.toMatchObject({ code: 'provider.network' })
    expect(record.problem).toMatchObject({ code: 'provider.network' })
    await vi.advanceTimersByTimeAsync(1_999)
    expect(runs).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(runs).toBe(2)
    await vi.advanceTimersByTimeAsync(3_999)
    expect(runs).toBe(2)
    outcome = () => done(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(runs).toBe(3)
    expect(record.problem).toBeNull()
  })

  // C80, C82: going on by itself would bury the only sign a person gets.
  it.each(['sync.rollback', 'auth.failed', 'auth.forbidden', 'vault.newer'] as const)(
    'stops at %s until the person asks',
    async (code) => {
      outcome = fails(code)
      await expect(sync.now()).rejects.toMatchObject({ code })
      outcome = () => done(9)
      await vi.advanceTimersByTimeAsync(LOOK_AGAIN_MS * 2)
      sync.soon()
      await sync.lookIfDue(true)
      await vi.advanceTimersByTimeAsync(GATHERED_MS)
      expect(runs).toBe(1)
      await sync.now()
      expect(runs).toBe(2)
      expect(record.problem).toBeNull()
    },
  )

  it('looks after an unlock and every quarter of an hour, not each minute', async () => {
    await sync.lookIfDue(true)
    expect(runs).toBe(1)
    await vi.advanceTimersByTimeAsync(60_000)
    await sync.lookIfDue()
    expect(runs).toBe(1)
    await vi.advanceTimersByTimeAsync(LOOK_AGAIN_MS)
    await sync.lookIfDue()
    expect(runs).toBe(2)
  })

  it('has a head signed once a week, also by a worker that knows of it from the disk alone', async () => {
    await sync.now()
    await vi.advanceTimersByTimeAsync(SIGN_AGAIN_MS - 1)
    await sync.now()
    sync = wake()
    await vi.advanceTimersByTimeAsync(1)
    await sync.now()
    outcome = async () => ({ ...(await done(2)), signed: true })
    await sync.now()
    await sync.now()
    expect(due).toEqual([false, false, true, true, false])
  })

  it('notes when it heard of another device last', async () => {
    await sync.now()
    const begun = Date.now()
    await vi.advanceTimersByTimeAsync(1_000)
    await sync.now()
    expect(record.heardAt).toBe(begun)
    outcome = async () => ({ ...(await done(2)), heard: true })
    await sync.now()
    expect(record.heardAt).toBe(begun + 1_000)
  })

  // Protocols §1: silence is of others while this device listens, not of a holiday of all of them.
  it('C80: counts a week of the time it was off itself as silence, and no more', async () => {
    const day = 24 * 60 * 60_000
    await sync.now()
    const begun = Date.now()
    const silentDays = () => ((record.syncedAt ?? 0) - (record.heardAt ?? 0)) / day
    const offFor = async (days: number) => {
      vi.setSystemTime(Date.now() + days * day)
      await sync.now()
    }
    await offFor(3)
    expect(record.heardAt).toBe(begun)
    await offFor(60)
    expect(silentDays()).toBeCloseTo(10, 3)
    // A server that answers every other week is silent after two of them.
    await offFor(14)
    expect(silentDays()).toBeCloseTo(17, 3)
    outcome = async () => ({ ...(await done(2)), heard: true })
    await sync.now()
    expect(record.heardAt).toBe(record.syncedAt)
  })

  it('takes a lock during a run for no problem', async () => {
    outcome = fails('vault.locked')
    await sync.now()
    expect(record.problem).toBeNull()
  })

  it('begins nothing once it is settled', async () => {
    sync.soon()
    await sync.settle()
    await vi.advanceTimersByTimeAsync(LOOK_AGAIN_MS)
    expect(runs).toBe(0)
  })
})
