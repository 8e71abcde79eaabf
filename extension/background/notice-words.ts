import { formatUsd, type AppNotice, type BudgetWindow } from '@valetkey/wallet/protocol'

const CENT = 10_000_000

const PERIODS: Record<BudgetWindow, string> = {
  day: 'today',
  week: 'this week',
  month: 'this month',
  total: 'in total',
}

/** What is told outside of our windows: a headline, and what to do. */
export function wordsOf({ origin, about }: AppNotice): { title: string; text: string } {
  const host = origin.replace(/^https:\/\//, '')
  if (about.kind === 'unusual') {
    return {
      title: `${host} spends far more than usual`,
      text: `${dollars(about.todayNanoUsd)} today, usually ${dollars(about.usualNanoUsd)} a day. Pause it in ValetKey if you do not know why.`,
    }
  }
  const { usedNanoUsd, limitUsd, window, percent } = about
  const spent = `${dollars(usedNanoUsd)} of $${limitUsd} ${PERIODS[window]}.`
  return percent === '100'
    ? {
        title: `${host} has reached its limit`,
        text: `${spent} Raise the limit in ValetKey, or wait for the next period.`,
      }
    : { title: `${host} has used most of its limit`, text: `${spent} Nothing to do yet.` }
}

/** Whole cents, rounded up: what is told is never less than what was spent. */
function dollars(nanoUsd: number): string {
  return `$${formatUsd(Math.ceil(nanoUsd / CENT) * CENT)}`
}
