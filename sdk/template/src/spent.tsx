import type { GrantUsage } from 'valetkey'

const PERIODS = { day: 'today', week: 'this week', month: 'this month', total: 'in all' }

/** What was spent of the tightest limit, in words and as a bar. */
export function Spent({ usage }: { readonly usage: GrantUsage }) {
  const [budget] = [...usage.budgets].sort((a, b) => leftOf(a) - leftOf(b))
  if (!budget) return <p className="spent">{dollars(usage.total.usd)} spent</p>
  const { usd, usedUsd, window } = budget
  const share = Math.min(1, Number(usedUsd) / Math.max(Number(usd), 0.01))
  return (
    <p className="spent">
      <span>
        <b>{dollars(usedUsd)}</b> of {dollars(usd)} {PERIODS[window]}
      </span>
      <span className="bar" aria-hidden="true">
        <span style={{ inlineSize: `${String(share * 100)}%` }} />
      </span>
    </p>
  )
}

function leftOf({ usd, usedUsd }: GrantUsage['budgets'][number]): number {
  return Number(usd) - Number(usedUsd)
}

/** A call can cost less than a cent: then it is said to four places. */
function dollars(usd: string): string {
  const value = Number(usd)
  const places = value > 0 && value < 0.01 ? 4 : 2
  return `$${value.toFixed(places)}`
}
