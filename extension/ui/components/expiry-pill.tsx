import { CalendarClock } from 'lucide-react'
import { MESSAGES } from '../messages.ts'

/** A key that wants to be renewed, in a word. */
export function ExpiryPill({ state }: { readonly state: 'soon' | 'over' }) {
  const words = MESSAGES.dashboardKeys.expiry
  return (
    <span
      className={`flex shrink-0 items-center gap-1 rounded-full py-0.5 pr-2 pl-1.5 text-group font-medium ${state === 'soon' ? 'bg-warn-soft text-warn' : 'bg-stop-soft text-stop'}`}
    >
      <CalendarClock size={12} strokeWidth={2.5} aria-hidden="true" />
      {state === 'soon' ? words.pillSoon : words.pillOver}
    </span>
  )
}
