import { GripVertical } from 'lucide-react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { expiryState } from '../expiry.ts'
import type { KeyOrder } from '../hooks/use-key-order.ts'
import { linkTo } from '../hooks/use-route.ts'
import { keyLine, lastUse } from '../key-line.ts'
import { MESSAGES } from '../messages.ts'
import { keyName } from '../provider-facts.ts'
import { ExpiryPill } from './expiry-pill.tsx'
import { Pill } from './pill.tsx'
import { ProviderTile } from './provider-tile.tsx'

interface Props {
  readonly summary: KeySummary
  readonly index: number
  readonly count: number
  readonly offsetPx: number
  readonly isCurrent: boolean
  /** Null where rows cannot be moved. */
  readonly order: KeyOrder | null
  readonly hintId: string
  readonly now: number
}

/** One key of the list: a link to all about it, and a handle to move it. */
export function KeysRow(props: Props) {
  const { summary, index, count, offsetPx, isCurrent, order, hintId, now } = props
  const { lastTest } = summary
  const name = keyName(summary)
  const state = expiryState(summary.expiresAt, now)
  return (
    <li
      data-index={index}
      data-key={summary.id}
      aria-setsize={count}
      aria-posinset={index + 1}
      style={{ transform: `translateY(${offsetPx}px)` }}
      className={`absolute inset-x-0 top-0 flex items-center gap-1 border-b border-line pr-2 pl-1 ${isCurrent ? 'bg-sunken' : ''}`}
      {...order?.targetOf(index)}
    >
      {order?.dropAt === index && <DropLine className="-top-px" />}
      {order?.dropAt === count && index === count - 1 && <DropLine className="-bottom-px" />}
      <a
        href={linkTo('keys', summary.id)}
        aria-current={isCurrent ? 'true' : undefined}
        className="flex min-h-14 min-w-0 flex-1 items-center gap-2.5 rounded-control px-3 py-1.5 hover:bg-sunken"
      >
        <ProviderTile provider={summary.provider} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{name}</span>
          <span className="block truncate text-small text-ink2 tabular-nums">
            {keyLine(summary, now)} · {lastUse(summary, now)}
          </span>
        </span>
        {state === 'soon' || state === 'over' ? (
          <ExpiryPill state={state} />
        ) : (
          lastTest && <Pill outcome={lastTest.outcome} />
        )}
      </a>
      {order && (
        <button
          type="button"
          data-handle=""
          aria-label={MESSAGES.dashboardKeys.move(name)}
          aria-describedby={hintId}
          title={MESSAGES.dashboardKeys.moveHint}
          className="grid size-8 shrink-0 cursor-grab place-items-center rounded-control text-ink2 hover:bg-sunken hover:text-ink"
          {...order.handleOf(summary, index)}
        >
          <GripVertical size={17} aria-hidden="true" />
        </button>
      )}
    </li>
  )
}

/** Where a dragged key will stand. */
function DropLine({ className }: { readonly className: string }) {
  return (
    <span
      aria-hidden="true"
      className={`pointer-events-none absolute inset-x-3 z-10 h-0.5 rounded-full bg-brass ${className}`}
    />
  )
}
