import { useId, useState } from 'react'
import { ChevronDown } from 'lucide-react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { moneyForPeople } from '../money.ts'
import { keyName } from '../provider-facts.ts'
import { KeyActions } from './key-actions.tsx'
import { Pill } from './pill.tsx'
import { Tile } from './tile.tsx'

/** One key: its name, what it spent, whether it works; pressed, what can be done with it. */
export function KeyRow({ summary }: { readonly summary: KeySummary }) {
  const words = MESSAGES.keys
  const [open, setOpen] = useState(false)
  const panelId = useId()
  const spent = words.spentThisMonth(moneyForPeople(summary.spentThisMonthNanoUsd))
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
        <Tile of={keyName(summary)} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{keyName(summary)}</span>
          <span className="block text-small text-ink2 tabular-nums">
            {spent} · {words.sites(summary.sites.length)}
          </span>
        </span>
        {summary.lastTest && <Pill outcome={summary.lastTest.outcome} />}
        <ChevronDown
          size={17}
          aria-hidden="true"
          className={`glide shrink-0 text-ink3 ${open ? 'rotate-180' : ''}`}
        />
      </button>
      <div id={panelId} hidden={!open} className="pb-3">
        {open && <KeyActions summary={summary} />}
      </div>
    </li>
  )
}
