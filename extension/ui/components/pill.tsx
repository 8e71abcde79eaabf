import { Check, CircleAlert, type LucideIcon } from 'lucide-react'
import type { KeyTest } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { PillFrame, type PillTone } from './pill-frame.tsx'

const LOOKS: Record<KeyTest['outcome'], { readonly icon: LucideIcon; readonly tone: PillTone }> = {
  works: { icon: Check, tone: 'go' },
  refused: { icon: CircleAlert, tone: 'stop' },
  limited: { icon: CircleAlert, tone: 'warn' },
  unreachable: { icon: CircleAlert, tone: 'warn' },
}

/** How the last test of a key went, in a word. */
export function Pill({ outcome }: { readonly outcome: KeyTest['outcome'] }) {
  return <PillFrame {...LOOKS[outcome]} word={MESSAGES.keys.pills[outcome]} />
}
