import { describe, expect, it, vi } from 'vitest'
import { createKeepalive } from './keepalive.ts'

describe('keepalive', () => {
  it('touches the browser when a call begins: what came by a direct channel woke nothing', () => {
    let now = 0
    const touch = vi.fn()
    const keepalive = createKeepalive(() => now, touch)

    keepalive.hold()()
    expect(touch).toHaveBeenCalledTimes(1)
    now += 4_999
    keepalive.hold()()
    expect(touch).toHaveBeenCalledTimes(1)
    now += 1
    keepalive.hold()()
    expect(touch).toHaveBeenCalledTimes(2)
  })

  it('touches it every 20 s while a call runs, and no longer', () => {
    vi.useFakeTimers()
    const touch = vi.fn()
    const release = createKeepalive(Date.now, touch).hold()

    vi.advanceTimersByTime(60_000)
    expect(touch).toHaveBeenCalledTimes(4)
    release()
    vi.advanceTimersByTime(60_000)
    expect(touch).toHaveBeenCalledTimes(4)
    vi.useRealTimers()
  })
})
