import { useId, useState } from 'react'
import { ChevronDown } from 'lucide-react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { expiryState } from '../expiry.ts'
import { useNow } from '../hooks/use-now.ts'
import { keyLine } from '../key-line.ts'
import { keyName } from '../provider-facts.ts'
import { ExpiryPill } from './expiry-pill.tsx'
import { KeyActions } from './key-actions.tsx'
import { Pill } from './pill.tsx'
import { ProviderTile } from './provider-tile.tsx'

interface Props {
  readonly summary: KeySummary
  readonly onRemove: (summary: KeySummary) => void
}

/** One key: its name, what it spent, whether it works; pressed, what can be done with it. */
export function KeyRow({ summary, onRemove }: Props) {
  const [open, setOpen] = useState(false)
  const panelId = useId()
  const now = useNow()
  const state = expiryState(summary.expiresAt, now)
  return (
    <li className="not-first:border-t not-first:border-line">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={panelId}
        onClick={() => {
          setOpen(!open)
        }}
        className="flex min-h-11 w-full items-center gap-2.5 rounded-control py-1.5 text-left"
      >
        <ProviderTile provider={summary.provider} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{keyName(summary)}</span>
          <span className="block text-small text-ink2 tabular-nums">{keyLine(summary, now)}</span>
        </span>
        {state === 'soon' || state === 'over' ? (
          <ExpiryPill state={state} />
        ) : (
          summary.lastTest && <Pill outcome={summary.lastTest.outcome} />
        )}
        <ChevronDown
          size={17}
          aria-hidden="true"
          className={`glide shrink-0 text-ink3 ${open ? 'rotate-180' : ''}`}
        />
      </button>
      <div id={panelId} hidden={!open} className="pb-3">
        {open && <KeyActions summary={summary} onRemove={onRemove} />}
      </div>
    </li>
  )
}
