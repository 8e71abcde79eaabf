import type { ReactNode } from 'react'
import { MESSAGES } from '../messages.ts'
import { hasForeignLetters, hostOf } from '../site-address.ts'
import { Notice } from './notice.tsx'

interface Props {
  readonly origin: string
  /** Set where no site asks, but a program of that name. */
  readonly program?: string | undefined
  /** What it wants, read on from its name. */
  readonly wants: string
  /** What else there is to know of it. */
  readonly children?: ReactNode
}

/** Who asks: the exact host, the largest thing in the window. */
export function ConsentSubject({ origin, program, wants, children }: Props) {
  return (
    <div className="p-4">
      <h1 className="text-question font-bold tracking-tight">{program ?? hostOf(origin)}</h1>
      <p className="mt-1 text-ink2">{wants}</p>
      {program === undefined && hasForeignLetters(origin) && (
        <div className="mt-3">
          <Notice tone="warn" message={MESSAGES.consent.lookalike} />
        </div>
      )}
      {children}
    </div>
  )
}
