import type { ReactNode } from 'react'
import { MESSAGES } from '../messages.ts'
import { hasForeignLetters, hostOf } from '../site-address.ts'
import { Notice } from './notice.tsx'

interface Props {
  readonly origin: string
  /** What it wants, read on from its name. */
  readonly wants: string
  /** What else there is to know of it. */
  readonly children?: ReactNode
}

/** Who asks: the exact host, the largest thing in the window. */
export function ConsentSubject({ origin, wants, children }: Props) {
  return (
    <div className="p-4">
      <h1 className="text-question font-bold tracking-tight">{hostOf(origin)}</h1>
      <p className="mt-1 text-ink2">{wants}</p>
      {hasForeignLetters(origin) && (
        <div className="mt-3">
          <Notice tone="warn" message={MESSAGES.consent.lookalike} />
        </div>
      )}
      {children}
    </div>
  )
}
