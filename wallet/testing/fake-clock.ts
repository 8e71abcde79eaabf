import type { Clock } from '../protocol/index.ts'

/** A clock that a test moves. */
export interface FakeClock {
  readonly now: Clock
  /** May be negative: people set clocks back. */
  advance(ms: number): void
  set(ms: number): void
}

/** Starts at noon UTC of a day in November 2026, unless told otherwise. */
export function createFakeClock(startMs = 1_795_262_400_000): FakeClock {
  let nowMs = startMs
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms
    },
    set: (ms) => {
      nowMs = ms
    },
  }
}
