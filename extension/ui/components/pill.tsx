import { Check, CircleAlert, type LucideIcon } from 'lucide-react'
import type { KeyTest } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'

const LOOKS: Record<KeyTest['outcome'], { readonly icon: LucideIcon; readonly ink: string }> = {
  works: { icon: Check, ink: 'bg-go-soft text-go' },
  refused: { icon: CircleAlert, ink: 'bg-stop-soft text-stop' },
  limited: { icon: CircleAlert, ink: 'bg-warn-soft text-warn' },
  unreachable: { icon: CircleAlert, ink: 'bg-warn-soft text-warn' },
}

/** How the last test of a key went, in a word. */
export function Pill({ outcome }: { readonly outcome: KeyTest['outcome'] }) {
  const { icon: Icon, ink } = LOOKS[outcome]
  return (
    <span
      className={`flex shrink-0 items-center gap-1 rounded-full py-0.5 pr-2 pl-1.5 text-group font-medium ${ink}`}
    >
      <Icon size={12} strokeWidth={2.5} aria-hidden="true" />
      {MESSAGES.keys.pills[outcome]}
    </span>
  )
}
