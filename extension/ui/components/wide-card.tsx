import type { ReactNode } from 'react'

/** A sheet of paper for what needs the width: a chart, a table. */
export function WideCard({ children }: { readonly children: ReactNode }) {
  return (
    <div className="mt-4 max-w-240 overflow-hidden rounded-window bg-paper shadow-[0_0_0_1px_var(--line)]">
      {children}
    </div>
  )
}
