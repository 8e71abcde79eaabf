import type { ReactNode } from 'react'
import { MESSAGES } from '../messages.ts'
import { WindowHeader } from './window-header.tsx'

interface Props {
  /** The one thing this state is about, and a sentence on it. */
  readonly title?: string
  readonly text?: string
  readonly buttons?: ReactNode
  readonly children: ReactNode
}

/** What every state of the popup stands in. */
export function PopupFrame({ title, text, buttons, children }: Props) {
  return (
    <>
      <WindowHeader title={MESSAGES.product}>{buttons}</WindowHeader>
      <main>
        {title === undefined ? (
          <h1 className="sr-only">{MESSAGES.product}</h1>
        ) : (
          <div className="px-4 pt-4 pb-3">
            <h1 className="text-question font-bold tracking-tight">{title}</h1>
            {text !== undefined && <p className="mt-1 text-ink2">{text}</p>}
          </div>
        )}
        {children}
      </main>
    </>
  )
}
