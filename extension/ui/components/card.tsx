import type { ReactNode } from 'react'

/** A sheet of paper in the dashboard, around the sections that belong together. */
export function Card({ children }: { readonly children: ReactNode }) {
  return (
    <div className="mt-4 max-w-180 overflow-hidden rounded-window bg-paper shadow-[0_0_0_1px_var(--line)]">
      {children}
    </div>
  )
}
