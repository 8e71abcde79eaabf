import type { BudgetWindow, NanoUsd } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { dollarsForPeople, moneyForPeople, shareUsed } from '../money.ts'

interface Props {
  /** Spent and held. */
  readonly usedNanoUsd: NanoUsd
  /** The part of it that is held for calls that still run; drawn apart. */
  readonly heldNanoUsd?: NanoUsd
  readonly limitUsd: string
  readonly window: BudgetWindow
  /** Beside other limits, each says which period it is for. */
  readonly amongOthers: boolean
  /** Beside the amount: how long the grant still holds. */
  readonly note?: string | undefined
}

/** Money with its limit, in words and as a bar. */
export function SpendMeter(props: Props) {
  const { usedNanoUsd, heldNanoUsd = 0, limitUsd, window, amongOthers, note } = props
  const spent = moneyForPeople(usedNanoUsd)
  const limit = dollarsForPeople(limitUsd)
  const percent = Math.round(shareUsed(usedNanoUsd, limitUsd) * 100)
  const spentPercent = Math.round(shareUsed(usedNanoUsd - heldNanoUsd, limitUsd) * 100)
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
        className="flex h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div className="h-full bg-brass" style={{ width: `${spentPercent}%` }} />
        <div
          className="h-full bg-brass opacity-50"
          style={{ width: `${percent - spentPercent}%` }}
        />
      </div>
    </div>
  )
}
