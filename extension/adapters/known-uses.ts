/**
 * What periods of grants have used, as the last write of this worker left it: a call need not read again
 * what nobody else writes. Nothing is known while something is written, nor after writes that overlapped.
 */
import type { PeriodUse } from '@valetkey/wallet/metering'

/** A period of a grant, and what is used in it. */
export type NoteUse = (grantId: string, period: string, use: PeriodUse) => void

export interface KnownUses {
  /** The uses of a grant in these periods; null where one of them has to be read. */
  recall(grantId: string, periods: readonly string[]): ReadonlyMap<string, PeriodUse> | null
  /** Runs a write, which notes what it writes. */
  during<T>(write: (note: NoteUse) => Promise<T>): Promise<T>
}

/** Some grants with their periods; a worker lives for days, and each day has a period of its own. */
const KNOWN = 256

export function createKnownUses(): KnownUses {
  let known = new Map<string, PeriodUse>()
  let running = 0
  let begun = 0
  return {
    recall(grantId, periods) {
      const uses = new Map<string, PeriodUse>()
      for (const period of periods) {
        const use = known.get(nameOf(grantId, period))
        if (!use) return null
        uses.set(period, use)
      }
      return uses
    },
    async during(write) {
      const before = running === 0 && known.size < KNOWN ? known : null
      const turn = (begun += 1)
      const after = new Map(before)
      known = new Map()
      running += 1
      try {
        const written = await write((grantId, period, use) => {
          after.set(nameOf(grantId, period), use)
        })
        if (before && turn === begun) known = after
        return written
      } finally {
        running -= 1
      }
    },
  }
}

function nameOf(grantId: string, period: string): string {
  return `${grantId} ${period}`
}
