import { WalletError, type GrantId, type Terms } from '../protocol/index.ts'

const MINUTE_MS = 60_000
/** When a running call ends cannot be known; an app is told to look again after this. */
const PARALLEL_RETRY_MS = 1000

/** A place among the calls a grant may have running. */
export interface CallSlot {
  /** Gives the place back; the second time does nothing. */
  release(): void
}

/** Counts calls of grants in memory: a restarted worker begins anew, the budget does not. */
export interface RateLimits {
  /** @throws `request.rate_limited` with `retryAfterMs` */
  take(
    grantId: GrantId,
    limits: Pick<Terms['limits'], 'perMinute' | 'parallel'>,
    nowMs: number,
  ): CallSlot
}

interface Count {
  /** When the calls of the last minute started, oldest first. */
  starts: number[]
  running: number
}

export function createRateLimits(): RateLimits {
  const counts = new Map<GrantId, Count>()
  return {
    take(grantId, limits, nowMs) {
      const count = counts.get(grantId) ?? { starts: [], running: 0 }
      counts.set(grantId, count)
      // A clock set back would keep old calls "recent" for as long as it was ahead.
      count.starts = count.starts
        .map((start) => Math.min(start, nowMs))
        .filter((start) => start > nowMs - MINUTE_MS)
      const oldest = count.starts[count.starts.length - limits.perMinute]
      if (oldest !== undefined) throw limited(oldest + MINUTE_MS - nowMs)
      if (count.running >= limits.parallel) throw limited(PARALLEL_RETRY_MS)
      count.starts.push(nowMs)
      count.running += 1
      return slotOf(count)
    },
  }
}

function slotOf(count: Count): CallSlot {
  let held = true
  return {
    release() {
      if (!held) return
      held = false
      count.running -= 1
    },
  }
}

function limited(retryAfterMs: number): WalletError {
  return new WalletError('request.rate_limited', { retryAfterMs })
}
