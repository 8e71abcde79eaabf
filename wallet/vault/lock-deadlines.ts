/** When an open vault locks by itself, as pure decisions over the clock (security §5). */

/** Unused for this long, the vault locks. */
export const IDLE_LOCK_MS = 15 * 60_000
/** Unlocked for this long, it locks whatever happens. */
export const ABSOLUTE_LOCK_MS = 8 * 60 * 60_000
/** A clock set back further than this locks: the deadlines would never come. */
const CLOCK_BACK_MS = 2 * 60_000

/** All in Unix ms, kept beside the root keys in memory that outlives the worker. */
export interface LockDeadlines {
  /** After which the vault is locked whatever happens. */
  readonly lockAt: number
  /** After which an unused vault is locked. */
  readonly idleLockAt: number
  /** The latest the clock has shown: one set back in small steps is set back all the same. */
  readonly seenAt: number
}

/** How long the person lets the vault stay open, in ms. There is no "never". */
export interface LockPeriods {
  readonly idleMs: number
  readonly absoluteMs: number
}

const USUAL: LockPeriods = { idleMs: IDLE_LOCK_MS, absoluteMs: ABSOLUTE_LOCK_MS }

/** The deadlines of a vault unlocked now. */
export function startDeadlines(nowMs: number, { idleMs, absoluteMs } = USUAL): LockDeadlines {
  return { lockAt: nowMs + absoluteMs, idleLockAt: nowMs + idleMs, seenAt: nowMs }
}

/** The deadlines after a use of the vault now: only the idle one moves. */
export function extendDeadlines(
  deadlines: LockDeadlines,
  nowMs: number,
  { idleMs } = USUAL,
): LockDeadlines {
  const { lockAt, seenAt } = deadlines
  return { lockAt, idleLockAt: nowMs + idleMs, seenAt: Math.max(seenAt, nowMs) }
}

/** Whether the vault must be locked now: a deadline came, or the clock was set back by over two minutes. */
export function isLockDue(deadlines: LockDeadlines, nowMs: number): boolean {
  const { lockAt, idleLockAt, seenAt } = deadlines
  return nowMs >= lockAt || nowMs >= idleLockAt || nowMs < seenAt - CLOCK_BACK_MS
}
