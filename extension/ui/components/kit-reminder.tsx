import type { ReactNode } from 'react'
import { MESSAGES } from '../messages.ts'
import { Notice } from './notice.tsx'

/** Stays until the quiz was passed with the kit that is in force. `children`: the way there. */
export function KitReminder({ children }: { readonly children: ReactNode }) {
  const { message, action } = MESSAGES.kit.reminder
  return (
    <Notice tone="warn" message={message} action={action}>
      {children}
    </Notice>
  )
}
