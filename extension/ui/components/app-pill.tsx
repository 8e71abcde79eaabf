import { Check, CircleAlert, Clock, Pause, Power, type LucideIcon } from 'lucide-react'
import type { AppSummary } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { PillFrame, type PillTone } from './pill-frame.tsx'

const LOOKS: Record<AppSummary['state'], { readonly icon: LucideIcon; readonly tone: PillTone }> = {
  on: { icon: Check, tone: 'go' },
  paused: { icon: Pause, tone: 'warn' },
  asking: { icon: Clock, tone: 'warn' },
  expired: { icon: Clock, tone: 'plain' },
  blocked: { icon: CircleAlert, tone: 'stop' },
  off: { icon: Power, tone: 'plain' },
}

/** How an app stands, in a word. */
export function AppPill({ state }: { readonly state: AppSummary['state'] }) {
  return <PillFrame {...LOOKS[state]} word={MESSAGES.apps.states[state]} />
}
