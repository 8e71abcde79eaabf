import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeClock } from '@valetkey/wallet/testing'
import { CLIPBOARD_CLEAR_MS, ClipboardClearing } from './clipboard-clearing.ts'

const clock = createFakeClock()
let dueAt: number | null
let cleared: number
let held: number
let mayClear: boolean
let fails: boolean

const wake = () =>
  new ClipboardClearing({
    clock: clock.now,
    clipboard: {
      mayClear: () => Promise.resolve(mayClear),
      clear: () => {
        if (fails) return Promise.reject(new Error('no document'))
        cleared += 1
        return Promise.resolve()
      },
    },
    keepalive: {
      hold: () => {
        held += 1
        return () => (held -= 1)
      },
    },
    memory: {
      read: () => Promise.resolve(dueAt),
      write: (next) => Promise.resolve(void (dueAt = next)),
    },
  })

let clearing: ClipboardClearing

beforeEach(() => {
  vi.useFakeTimers()
  dueAt = null
  cleared = 0
  held = 0
  mayClear = true
  fails = false
  clearing = wake()
})
afterEach(() => {
  vi.useRealTimers()
})

const pass = async (ms: number) => {
  clock.advance(ms)
  await vi.advanceTimersByTimeAsync(ms)
}

describe('a copied key', () => {
  it('is overwritten once, after 30 s, and the worker lives until then', async () => {
    expect(await clearing.noteCopy(true)).toBe(clock.now() + CLIPBOARD_CLEAR_MS)
    await pass(CLIPBOARD_CLEAR_MS - 1)
    expect([cleared, held]).toEqual([0, 1])

    await pass(1)
    await clearing.clearIfDue()

    expect([cleared, held]).toEqual([1, 0])
  })

  it('is left alone when we copied something harmless since', async () => {
    await clearing.noteCopy(true)
    await pass(10_000)
    expect(await clearing.noteCopy(false)).toBeNull()
    await pass(CLIPBOARD_CLEAR_MS)

    expect([cleared, held]).toEqual([0, 0])
  })

  it('gets its own 30 s when another key was copied before it', async () => {
    await clearing.noteCopy(true)
    await pass(20_000)
    await clearing.noteCopy(true)
    await pass(20_000)
    expect(cleared).toBe(0)

    await pass(10_000)
    expect(cleared).toBe(1)
  })

  it('stays where the browser does not let us, and the person is not told otherwise', async () => {
    mayClear = false

    expect(await clearing.noteCopy(true)).toBeNull()
    await pass(CLIPBOARD_CLEAR_MS)
    expect([cleared, held]).toEqual([0, 0])
  })

  it('is overwritten by the next worker, if the one that saw the copy died', async () => {
    await clearing.noteCopy(true)
    vi.clearAllTimers()
    const woken = wake()
    await woken.clearIfDue()
    expect(cleared).toBe(0)

    clock.advance(CLIPBOARD_CLEAR_MS)
    await woken.clearIfDue()

    expect(cleared).toBe(1)
  })

  it('is tried again at the next alarm when the document failed', async () => {
    fails = true
    await clearing.noteCopy(true)
    await pass(CLIPBOARD_CLEAR_MS)
    expect([cleared, held]).toEqual([0, 0])

    fails = false
    await clearing.clearIfDue()
    expect(cleared).toBe(1)
  })
})
