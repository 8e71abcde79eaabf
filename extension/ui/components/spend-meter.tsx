import type { BudgetWindow, NanoUsd } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { dollarsForPeople, moneyForPeople, shareUsed } from '../money.ts'

interface Props {
  readonly usedNanoUsd: NanoUsd
  readonly limitUsd: string
  readonly window: BudgetWindow
  /** Beside other limits, each says which period it is for. */
  readonly amongOthers: boolean
  /** Beside the amount: how long the grant still holds. */
  readonly note?: string | undefined
}

/** Money with its limit, in words and as a bar. */
export function SpendMeter({ usedNanoUsd, limitUsd, window, amongOthers, note }: Props) {
  const spent = moneyForPeople(usedNanoUsd)
  const limit = dollarsForPeople(limitUsd)
  const percent = Math.round(shareUsed(usedNanoUsd, limitUsd) * 100)
  return (
    <div className="mt-3">
      <p className="mb-1.5 flex flex-wrap justify-between gap-x-3 tabular-nums">
        <span>
          {spent}{' '}
          <span className="text-small text-ink2">
            {MESSAGES.site.spent(limit, amongOthers ? window : null)}
          </span>
        </span>
        {note !== undefined && <span className="text-small text-ink2">{note}</span>}
      </p>
      <div
        role="meter"
        aria-label={MESSAGES.site.spentLabel(spent, limit, window)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className="h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div className="h-full rounded-full bg-brass" style={{ width: `${percent}%` }} />
      </div>
    </div>
  )
}
