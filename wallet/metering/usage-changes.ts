import type { UsageChanges } from '../protocol/index.ts'
import { dayAfter, dayOf, type UsageDay } from './usage-day.ts'
import { totalsOf, type AppOf } from './usage-series.ts'

const WEEK = 7
const SHOWN_RISERS = 3
/** Back to when an app or a model must not have been called to be a new one. */
const MEMORY_DAYS = 90

/** The first day whose sums the comparison needs. */
export function changesFrom(nowMs: number): string {
  return dayAfter(dayOf(nowMs), -MEMORY_DAYS)
}

/**
 * What is different in the last seven days, today among them, from the seven before.
 * @param sums at least those from `changesFrom` on: what was never called in them before is new
 */
export function changesOfWeek(
  sums: readonly UsageDay[],
  nowMs: number,
  appOf: AppOf,
): UsageChanges {
  const today = dayOf(nowMs)
  const first = dayAfter(today, 1 - WEEK)
  const beforeFirst = dayAfter(first, -WEEK)
  const week = sums.filter(({ day }) => day >= first && day <= today)
  const earlier = sums.filter(({ day }) => day < first)
  const weekBefore = earlier.filter(({ day }) => day >= beforeFirst)
  const [now, before] = [totalsOf(week), totalsOf(weekBefore)]
  return {
    ...{ nanoUsd: now.nanoUsd, beforeNanoUsd: before.nanoUsd },
    ...{ calls: now.calls, beforeCalls: before.calls },
    risers: risersOf(week, weekBefore, appOf),
    newApps: newNames(week, earlier, ({ grantId }) => appOf(grantId)),
    newModels: newNames(week, earlier, ({ model }) => (model === '' ? null : model)),
  }
}

function risersOf(
  week: readonly UsageDay[],
  weekBefore: readonly UsageDay[],
  appOf: AppOf,
): UsageChanges['risers'] {
  const costs = new Map<string | null, { nanoUsd: number; beforeNanoUsd: number }>()
  const costOf = (app: string | null) => {
    const cost = costs.get(app) ?? { nanoUsd: 0, beforeNanoUsd: 0 }
    costs.set(app, cost)
    return cost
  }
  for (const sum of week) costOf(appOf(sum.grantId)).nanoUsd += sum.nanoUsd
  for (const sum of weekBefore) costOf(appOf(sum.grantId)).beforeNanoUsd += sum.nanoUsd
  return [...costs]
    .map(([app, cost]) => ({ app, ...cost }))
    .filter(({ nanoUsd, beforeNanoUsd }) => nanoUsd > beforeNanoUsd)
    .sort((a, b) => b.nanoUsd - b.beforeNanoUsd - (a.nanoUsd - a.beforeNanoUsd))
    .slice(0, SHOWN_RISERS)
}

/** The names that stand in `week` and nowhere before it, in the order of the alphabet. */
function newNames(
  week: readonly UsageDay[],
  earlier: readonly UsageDay[],
  nameOf: (sum: UsageDay) => string | null,
): string[] {
  const known = new Set(earlier.map(nameOf))
  const names = new Set(week.map(nameOf))
  return [...names].filter((name) => name !== null && !known.has(name)).sort() as string[]
}
