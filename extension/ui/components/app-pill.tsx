import { Check, CircleAlert, Clock, Pause, Power, type LucideIcon } from 'lucide-react'
import type { AppSummary } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'

const LOOKS: Record<AppSummary['state'], { readonly icon: LucideIcon; readonly ink: string }> = {
  on: { icon: Check, ink: 'bg-go-soft text-go' },
  paused: { icon: Pause, ink: 'bg-warn-soft text-warn' },
  asking: { icon: Clock, ink: 'bg-warn-soft text-warn' },
  expired: { icon: Clock, ink: 'bg-sunken text-ink2' },
  blocked: { icon: CircleAlert, ink: 'bg-stop-soft text-stop' },
  off: { icon: Power, ink: 'bg-sunken text-ink2' },
}

/** How an app stands, in a word. */
export function AppPill({ state }: { readonly state: AppSummary['state'] }) {
  const { icon: Icon, ink } = LOOKS[state]
  return (
    <span
      className={`flex shrink-0 items-center gap-1 rounded-full py-0.5 pr-2 pl-1.5 text-group font-medium ${ink}`}
    >
      <Icon size={12} strokeWidth={2.5} aria-hidden="true" />
      {MESSAGES.apps.states[state]}
    </span>
  )
}
