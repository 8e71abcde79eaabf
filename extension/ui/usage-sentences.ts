/** What usage says in words. */
import {
  providerIdSchema,
  type UsageChanges,
  type UsageGroup,
  type UsageGrouping,
  type UsageRange,
  type UsageSeries,
} from '@valetkey/wallet/protocol'
import { LOCALE, MESSAGES } from './messages.ts'
import { moneyForPeople } from './money.ts'
import { providerName } from './provider-facts.ts'
import { list } from './sentences.ts'

/** How many names a sentence holds. */
const NAMED = 4

/** What is different in the last seven days, a sentence each. */
export function changeSentences(changes: UsageChanges): readonly string[] {
  const words = MESSAGES.usage.changes
  const { nanoUsd, beforeNanoUsd, calls, beforeCalls, risers, newApps, newModels } = changes
  if (calls === 0 && beforeCalls === 0) return [words.none]
  const callWords = MESSAGES.usage.calls
  return [
    totalSentence(nanoUsd, beforeNanoUsd),
    words.calls(callWords(calls), callWords(beforeCalls)),
    ...risers.map(riserSentence),
    ...(newApps.length > 0 ? [words.newApps(names(newApps))] : []),
    ...(newModels.length > 0 ? [words.newModels(names(newModels))] : []),
  ]
}

function totalSentence(nanoUsd: number, beforeNanoUsd: number): string {
  const words = MESSAGES.usage.changes
  const [now, before] = [moneyForPeople(nanoUsd), moneyForPeople(beforeNanoUsd)]
  if (beforeNanoUsd === 0 && nanoUsd > 0) return words.first(now)
  if (now === before) return words.same(now)
  return nanoUsd > beforeNanoUsd ? words.more(now, before) : words.less(now, before)
}

function riserSentence({ app, nanoUsd, beforeNanoUsd }: UsageChanges['risers'][number]): string {
  const words = MESSAGES.usage.changes
  const name = app ?? MESSAGES.usage.unknownApp
  const cost = moneyForPeople(nanoUsd)
  if (beforeNanoUsd === 0) return words.riserNew(name, cost)
  return words.riser(name, cost, moneyForPeople(beforeNanoUsd))
}

function names(all: readonly string[]): string {
  const more = all.length - NAMED
  return list(more > 1 ? [...all.slice(0, NAMED), `${more} others`] : all)
}

/** How a part of the chart is called. */
export function groupName({ kind, name }: UsageGroup, by: UsageGrouping): string {
  const words = MESSAGES.usage
  if (kind === 'other') return words.other
  if (name === null) return by === 'model' ? words.unknownModel : words.unknownApp
  if (by !== 'provider') return name
  const provider = providerIdSchema.safeParse(name)
  return provider.success ? providerName(provider.data) : name
}

/** What one column of the chart holds: `21 November: $0.61, 40 calls`. */
export function bucketSentence(
  { start, calls, nanoUsd }: UsageSeries['buckets'][number],
  range: UsageRange,
): string {
  const time = range === 'year' ? monthForPeople(start) : dayForPeople(start)
  const cost = nanoUsd.reduce((sum, part) => sum + part, 0)
  return `${time}: ${moneyForPeople(cost)}, ${MESSAGES.usage.calls(calls)}`
}

/** A UTC day as a person reads it: `21 November`. */
export function dayForPeople(day: string): string {
  return format(day, { day: 'numeric', month: 'long' })
}

/** The same, short, for an axis: `21 Nov`. */
export function shortDay(day: string): string {
  return format(day, { day: 'numeric', month: 'short' })
}

/** The month a UTC day lies in: `November 2026`; short, for an axis: `Nov`. */
export function monthForPeople(day: string, length: 'short' | 'long' = 'long'): string {
  return format(day, length === 'short' ? { month: 'short' } : { month: 'long', year: 'numeric' })
}

function format(day: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  )
}
