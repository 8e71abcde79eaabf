import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'

interface Props {
  readonly label: string
  readonly value: string
  readonly children: ReactNode
}

/** A bordered row that says what is decided, and unfolds to change it. */
export function FoldRow({ label, value, children }: Props) {
  return (
    <details className="group rounded-control border border-line">
      <summary className="flex min-h-10.5 items-center gap-3 rounded-control py-1 pr-2.5 pl-3">
        <span className="shrink-0 text-ink2">{label}</span>
        <span className="min-w-0 flex-1 text-right font-medium">{value}</span>
        <ChevronDown
          size={17}
          aria-hidden="true"
          className="-ml-2 shrink-0 text-ink2 group-open:rotate-180"
        />
      </summary>
      <div className="border-t border-line px-3 py-1.5">{children}</div>
    </details>
  )
}
