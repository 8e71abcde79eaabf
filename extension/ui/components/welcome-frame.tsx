import { useEffect, useRef, type ReactNode } from 'react'
import { MESSAGES } from '../messages.ts'
import { WindowHeader } from './window-header.tsx'

interface Props {
  readonly title: string
  readonly text?: string
  readonly step?: number
  /** Whether the heading takes the focus: what led here is gone. */
  readonly takesFocus?: boolean
  readonly children: ReactNode
}

const STEPS = 3

/** One step of the first run: a sheet of paper with one question on top. */
export function WelcomeFrame({ title, text, step, takesFocus, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)

  // The button that led here is gone: a keyboard or screen reader goes on at the new question.
  useEffect(() => {
    if (takesFocus ?? (step !== undefined && step > 1)) heading.current?.focus()
  }, [step, takesFocus, title])

  return (
    <div className="mx-auto max-w-120 px-4 py-6">
      <div className="overflow-hidden rounded-window bg-paper shadow-[0_0_0_1px_var(--line)]">
        <WindowHeader title={MESSAGES.product}>
          {step !== undefined && (
            <span className="pr-1 text-small text-ink2">{MESSAGES.welcome.step(step, STEPS)}</span>
          )}
        </WindowHeader>
        <main className="p-6">
          <h1
            ref={heading}
            tabIndex={-1}
            className="text-question font-bold tracking-tight text-balance outline-none"
          >
            {title}
          </h1>
          {text !== undefined && <p className="mt-1 text-ink2">{text}</p>}
          {children}
        </main>
      </div>
    </div>
  )
}
