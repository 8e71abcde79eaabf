import type { KeySummary } from '@valetkey/wallet/protocol'
import { expiryForPeople, expiryState } from './expiry.ts'
import { MESSAGES } from './messages.ts'
import { moneyForPeople } from './money.ts'
import { momentForPeople } from './time-left.ts'

/** What stands under a key's name: its end where that is near, else what it spent and where it serves. */
export function keyLine(summary: KeySummary, now: number): string {
  const { expiresAt, spentThisMonthNanoUsd, sites } = summary
  const state = expiryState(expiresAt, now)
  const spent = MESSAGES.keys.spentThisMonth(moneyForPeople(spentThisMonthNanoUsd))
  const parts = [
    ...(expiresAt !== null && (state === 'soon' || state === 'over')
      ? [expiryForPeople(expiresAt, now)]
      : []),
    spent,
    ...(sites.length > 0 ? [MESSAGES.keys.sites(sites.length)] : []),
  ]
  return parts.join(' · ')
}

/** When a key was used last, as the list says it. */
export function lastUse({ lastUsedAt }: KeySummary, now: number): string {
  const words = MESSAGES.dashboardKeys
  return lastUsedAt === null ? words.never : words.used(momentForPeople(lastUsedAt, now))
}
