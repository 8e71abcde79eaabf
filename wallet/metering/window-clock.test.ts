import { describe, expect, it } from 'vitest'
import { createFakeClock, createMemoryLedgerStore } from '../testing/index.ts'
import { periodOf } from './budget-window.ts'
import { createWindowClock, windowTime } from './window-clock.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const noon = Date.UTC(2026, 10, 21, 12)

function setUp() {
  const store = createMemoryLedgerStore()
  const clock = createFakeClock(noon)
  const ports = { store, clock: clock.now }
  const open = async (windows = createWindowClock(ports)) =>
    periodOf('day', (await windows.open()).timeMs)
  return { store, clock, windows: createWindowClock(ports), open }
}

describe('the time of budget windows', () => {
  it('is the local clock until a provider was heard', () => {
    expect(windowTime(noon, { lastProviderDate: null, lastPeriodTime: null })).toEqual({
      timeMs: noon,
      confirmed: true,
    })
  })

  it.each([
    [DAY, true, noon + DAY],
    [DAY + 1, false, noon],
  ])('follows a clock %i ms ahead of the last provider date: %s', (ahead, confirmed, timeMs) => {
    const state = { lastProviderDate: noon, lastPeriodTime: noon - HOUR }

    expect(windowTime(noon + ahead, state)).toEqual({ timeMs, confirmed })
  })

  it('never goes back behind a period it opened', () => {
    const state = { lastProviderDate: noon, lastPeriodTime: noon + HOUR }

    expect(windowTime(noon - 400 * DAY, state).timeMs).toBe(noon + HOUR)
  })
})

describe('the window clock', () => {
  it('opens no period for a clock that jumped ahead, until a provider confirms it (C68)', async () => {
    const { clock, windows, open } = setUp()
    await windows.noteProviderDate(noon)
    expect(await open(windows)).toBe('day/2026-11-21')

    clock.advance(3 * DAY)
    expect(await open(windows)).toBe('day/2026-11-21')
    await windows.noteProviderDate(noon + 3 * DAY)
    expect(await open(windows)).toBe('day/2026-11-24')
  })

  it('reopens no period for a clock set back, also after a restart (C68)', async () => {
    const { clock, windows, open } = setUp()
    await windows.noteProviderDate(noon)
    clock.advance(DAY / 2)
    expect(await open(windows)).toBe('day/2026-11-22')

    clock.advance(-300 * DAY)
    expect(await open(windows)).toBe('day/2026-11-22')
    expect(await open()).toBe('day/2026-11-22')
  })

  it('remembers over a restart what a provider confirmed', async () => {
    const { clock, windows, open } = setUp()
    await windows.noteProviderDate(noon)
    await open(windows)

    clock.advance(2 * DAY)
    expect(await open()).toBe('day/2026-11-21')
  })

  it('is not locked for a year by a wrong clock at the very first call', async () => {
    const { clock, windows, open } = setUp()
    clock.advance(365 * DAY)
    expect(await open(windows)).toBe('day/2027-11-21')
    await windows.noteProviderDate(noon)
    clock.set(noon + HOUR)

    expect(await open(windows)).toBe('day/2026-11-21')
  })

  it('does not believe an older date, nor one that is none', async () => {
    const { store, windows } = setUp()
    await windows.noteProviderDate(noon)
    await windows.noteProviderDate(noon - 5 * DAY)
    await windows.noteProviderDate(NaN)

    expect(await store.readWindowClock()).toEqual({ lastProviderDate: noon, lastPeriodTime: noon })
  })

  it('writes an opened period before it is used', async () => {
    const { store, windows } = setUp()
    store.failWrites(true)

    await expect(windows.open()).rejects.toMatchObject({ code: 'vault.quota' })
    store.failWrites(false)
    await windows.open()
    expect((await store.readWindowClock()).lastPeriodTime).toBe(noon)
  })

  it('never fails a call over a date it cannot write down', async () => {
    const { store, windows, open, clock } = setUp()
    await open(windows)
    store.failWrites(true)
    await windows.noteProviderDate(noon)
    clock.advance(2 * DAY)

    expect(await open(windows)).toBe('day/2026-11-21')
  })
})
