import { Check, Pause } from 'lucide-react'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { PillFrame } from './pill-frame.tsx'

/** Whether an app somebody builds may go on, in a word. */
export function OwnAppPill({ isActive }: { readonly isActive: boolean }) {
  const { states } = DEVELOPER_WORDS
  return isActive ? (
    <PillFrame tone="go" icon={Check} word={states.on} />
  ) : (
    <PillFrame tone="warn" icon={Pause} word={states.stopped} />
  )
}
