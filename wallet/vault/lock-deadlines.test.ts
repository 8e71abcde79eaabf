import { describe, expect, it } from 'vitest'
import {
  ABSOLUTE_LOCK_MS,
  IDLE_LOCK_MS,
  extendDeadlines,
  isLockDue,
  startDeadlines,
} from './lock-deadlines.ts'

const NOW = 1_795_262_400_000
const MINUTE = 60_000

describe('the deadlines of an open vault', () => {
  const deadlines = startDeadlines(NOW)

  it('are not due while it is used, and due after fifteen minutes without use', () => {
    expect(isLockDue(deadlines, NOW)).toBe(false)
    expect(isLockDue(deadlines, NOW + IDLE_LOCK_MS - 1)).toBe(false)
    expect(isLockDue(deadlines, NOW + IDLE_LOCK_MS)).toBe(true)
  })

  it('are put off by each use, but never past eight hours', () => {
    let used = deadlines
    for (let passed = 0; passed < ABSOLUTE_LOCK_MS; passed += MINUTE) {
      expect(isLockDue(used, NOW + passed)).toBe(false)
      used = extendDeadlines(used, NOW + passed)
    }

    expect(isLockDue(used, NOW + ABSOLUTE_LOCK_MS - 1)).toBe(false)
    expect(isLockDue(used, NOW + ABSOLUTE_LOCK_MS)).toBe(true)
  })

  it('are due when the clock is set back by more than two minutes', () => {
    expect(isLockDue(deadlines, NOW - 2 * MINUTE)).toBe(false)
    expect(isLockDue(deadlines, NOW - 2 * MINUTE - 1)).toBe(true)
    expect(isLockDue(deadlines, 0)).toBe(true)
  })

  it('are due when it is set back in small steps, with a use after each', () => {
    let used = deadlines
    let step = 0
    while (!isLockDue(used, NOW - step * MINUTE) && step < 100) {
      used = extendDeadlines(used, NOW - step * MINUTE)
      step += 1
    }

    expect(step).toBe(3)
  })

  it('follow the periods the person chose', () => {
    const periods = { idleMs: 5 * MINUTE, absoluteMs: 20 * MINUTE }
    const short = startDeadlines(NOW, periods)
    const used = extendDeadlines(short, NOW + 4 * MINUTE, periods)

    expect(isLockDue(short, NOW + 5 * MINUTE)).toBe(true)
    expect(isLockDue(used, NOW + 5 * MINUTE)).toBe(false)
    expect(isLockDue(used, NOW + 9 * MINUTE)).toBe(true)
    expect(isLockDue(extendDeadlines(used, NOW + 19 * MINUTE, periods), NOW + 20 * MINUTE)).toBe(
      true,
    )
  })
})
