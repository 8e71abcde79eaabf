import { ArrowDownRight, ArrowUpRight } from 'lucide-react'
import { MESSAGES } from '../messages.ts'
import type { ChangeLine } from '../terms-change.ts'
import { Notice } from './notice.tsx'
import { PillFrame } from './pill-frame.tsx'

/** What saving would change: old and new, and whether a line allows more. */
export function AppChange({ lines }: { readonly lines: readonly ChangeLine[] }) {
  const words = MESSAGES.apps
  return (
    <>
      <ul className="grid gap-2">
        {lines.map(({ what, from, to, wider }) => (
          <li key={what} className="rounded-control border border-line px-3 py-2">
            <p className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
              <span className="font-medium">{what}</span>
              {wider ? (
                <PillFrame tone="warn" icon={ArrowUpRight} word={words.wider} />
              ) : (
                <PillFrame tone="go" icon={ArrowDownRight} word={words.narrower} />
              )}
            </p>
            <p className="mt-0.5 text-ink2 wrap-anywhere tabular-nums">{words.fromTo(from, to)}</p>
          </li>
        ))}
      </ul>
      <div className="mt-3">
        {lines.some(({ wider }) => wider) ? (
          <Notice tone="warn" message={words.widerHint} />
        ) : (
          <Notice tone="plain" message={words.narrowerHint} />
        )}
      </div>
    </>
  )
}
