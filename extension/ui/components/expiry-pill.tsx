import { CalendarClock } from 'lucide-react'
import { MESSAGES } from '../messages.ts'
import { PillFrame } from './pill-frame.tsx'

/** A key that wants to be renewed, in a word. */
export function ExpiryPill({ state }: { readonly state: 'soon' | 'over' }) {
  const words = MESSAGES.dashboardKeys.expiry
  const look = state === 'soon' ? 'warn' : 'stop'
  return (
    <PillFrame
      tone={look}
      icon={CalendarClock}
      word={state === 'soon' ? words.pillSoon : words.pillOver}
    />
  )
}
